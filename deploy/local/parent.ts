const lookEveryMs = 500;

/**
 * Calls `end` once if the npm that started this process has gone. npm forwards SIGTERM and SIGINT, but of its SIGKILL
 * nobody hears. `deploy/run` says who npm is; started without it, by a supervisor or a shell, nobody is watched.
 */
export function onParentGone(end: () => void, env: NodeJS.ProcessEnv = process.env): void {
  // Of a process further up the variables would say nothing about us.
  if (Number(env['LAUNCHED_PID']) !== process.pid) return;
  const parent = Number(env['LAUNCHED_BY']);
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    end();
  }, lookEveryMs);
  looking.unref();
}
