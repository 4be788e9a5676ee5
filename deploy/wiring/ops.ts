import { createOps } from '../../http/server/ops.ts';
import { serve } from '../../http/server/serve.ts';
import { readinessChecks } from './health.ts';
import type { System } from './system.ts';

/** Health and metrics. Unready as soon as something that the work needs fails, or we drain. */
export async function startOps(
  { config, ledger, redis, telemetry, shutdown }: System,
  stalledMs: () => Readonly<Record<string, number>>,
): Promise<{ readonly url: string }> {
  const { registry, log } = telemetry;
  const { pool } = ledger;
  const { transport, shared } = redis;
  const watching = new AbortController();
  shutdown.onStop(async () => watching.abort());
  const checked = { pool, transport, redis: shared, stalledMs, registry, log };
  const checks = await readinessChecks(checked, watching.signal);
  const goingOn = async () => {
    if (shutdown.isDraining) throw new Error('This process is stopping');
  };
  const ops = createOps({ registry, checks: [...checks, { name: 'draining', check: goingOn }] });
  const server = await serve(ops.callback(), { host: config.opsHost, port: config.opsPort });
  shutdown.onStopLast(() => server.drain(500)); // Health can be asked to the end.
  return server;
}
