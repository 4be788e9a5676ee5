import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** One process, and never another that was given its number later. `startedAt` is opaque: compare it, nothing else. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

const pollMs = 10;

/** Who runs under `pid` now, or `null` for nobody. A zombie is nobody: where init doesn't reap, it would live for ever. */
export function identify(pid: number): ProcessIdentity | null {
  const found = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return found === null || found.state.startsWith('Z') ? null : { pid, startedAt: found.startedAt };
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * Sends `signal` to that very process and waits until it has gone, or `timeoutMs` have passed.
 * Answers whether it has gone; `true` at once if it already had.
 */
export async function endProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  if (!isRunning(identity)) return true;
  signalTo(identity.pid, signal);
  const deadline = Date.now() + timeoutMs;
  while (isRunning(identity)) {
    if (Date.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // ESRCH: it ended between our look and our signal, which is what we wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function fromProc(pid: number): { state: string; startedAt: string } | null {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the command in parentheses and may hold spaces, so count from the last ')'.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields?.[0], fields?.[19]];
  return state === undefined || startedAt === undefined
    ? null
    : { state, startedAt: `${bootId()}/${startedAt}` };
}

function fromPs(pid: number): { state: string; startedAt: string } | null {
  const args = ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)];
  const line = textOf(() => execFileSync('ps', args, { encoding: 'utf8', stdio: 'pipe' }))?.trim();
  const [state, ...startedAt] = line?.split(/\s+/) ?? [];
  return state === undefined || state === '' ? null : { state, startedAt: startedAt.join(' ') };
}

/** Start times count from boot, so after a reboot an old one could come up again. */
function bootId(): string {
  return textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))?.trim() ?? '';
}

function textOf(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null; // No such process, which is an answer.
  }
}
