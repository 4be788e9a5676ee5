import { Router } from '@koa/router';
import Koa from 'koa';
import type { Registry } from 'prom-client';

/** Something this process needs before it should get work. */
export interface ReadinessCheck {
  readonly name: string;
  /** Resolves when it is well. `signal` aborts at the deadline. */
  readonly check: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds; 1,000 unless told. */
  readonly deadlineMs?: number;
}

type Finding = { readonly name: string; readonly ok: boolean; readonly tookMs: number };

async function run({ name, check, deadlineMs = 1_000 }: ReadinessCheck): Promise<Finding> {
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(deadlineMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  // Called inside a promise, so that a check that throws at once only fails itself.
  const ok = await Promise.race([Promise.resolve(signal).then(check), late]).then(
    () => true,
    () => false,
  );
  return { name, ok, tookMs: Math.round(performance.now() - startedAt) };
}

/**
 * What operators and the cluster ask, on its own port, never public: `/health/live` (the process turns),
 * `/health/ready` (200, or 503 when a check fails or is late, with each check's name and time) and `/metrics`.
 * A check's error is not shown: it may hold addresses or data.
 */
export function createOps(options: {
  readonly registry: Registry;
  readonly checks: readonly ReadinessCheck[];
}): Koa {
  const { registry, checks } = options;
  const router = new Router();

  router.get('/health/live', (ctx) => {
    ctx.body = { status: 'live' };
  });

  router.get('/health/ready', async (ctx) => {
    const findings = await Promise.all(checks.map(run));
    const ready = findings.every(({ ok }) => ok);
    ctx.status = ready ? 200 : 503;
    ctx.body = { status: ready ? 'ready' : 'unready', checks: findings };
  });

  router.get('/metrics', async (ctx) => {
    ctx.set('content-type', registry.contentType);
    ctx.body = await registry.metrics();
  });

  const app = new Koa();
  app.silent = true;
  app.use(async (ctx, next) => {
    ctx.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    await next();
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
