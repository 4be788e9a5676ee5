/** Where `FAILPOINT` may kill a process, or stop it. Each is before or after a call to a port, which wrapped/ wraps. */
export const failpointNames = [
  'cases.read',
  'cases.before-commit',
  'cases.after-commit',
  'cases.announced',
  'performer.claimed',
  'performer.performed',
  'performer.settled',
  'ledger.appended',
  'edge.after-commit',
  'outbox.added',
] as const;
export type FailpointName = (typeof failpointNames)[number];

const setting = process.env['FAILPOINT'] ?? '';
const [, pauses, name, times = '1'] = /^(pause\.)?([a-z.-]+?)(?::(\d+))?$/.exec(setting) ?? [];
if (setting !== '' && !failpointNames.some((known) => known === name))
  throw new Error(
    `FAILPOINT must be name or name:n, with pause. before it or not, and is ${setting}`,
  );
let left = Number(times);

/**
 * Kills this process when it passes the failpoint of `FAILPOINT=name:n` for the n-th time: a crash, at the worst moment. With
 * `pause.` before the name it is stopped there instead, and goes on when somebody sends SIGCONT.
 */
export function passing(passed: FailpointName): void {
  if (passed === name && --left === 0) process.kill(process.pid, pauses ? 'SIGSTOP' : 'SIGKILL');
}
