/**
 * Posts webhooks at a rate, whatever becomes of them, in a process of its own: it shares no event loop with the server, nor
 * with the sandbox. Forked by payments.ts; talks over the IPC channel.
 */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { Pool } from 'undici';
import * as v from 'valibot';

const Settings = v.strictObject({
  url: v.string(),
  /** A JSON array of posts. */
  file: v.string(),
  perSecond: v.number(),
  /** Of the posts, so many come before measuring begins. */
  warmup: v.number(),
});
export type GeneratorSettings = v.InferOutput<typeof Settings>;

const Posts = v.array(
  v.object({
    provider: v.picklist(['stripe', 'iyzico']),
    isDuplicate: v.boolean(),
    body: v.string(),
    headers: v.record(v.string(), v.string()),
  }),
);

/** How a post ended. Times in ms. */
const Posted = v.object({
  provider: v.picklist(['stripe', 'iyzico']),
  isDuplicate: v.boolean(),
  /** Of an answer that is no 200 it is the status. */
  outcome: v.string(),
  /** Sent to answered. */
  ackMs: v.number(),
  /** How much later than planned it was sent: the generator's own fault. */
  lateMs: v.number(),
});
export type Posted = v.InferOutput<typeof Posted>;

/** What it tells its parent. */
export const GeneratorMessage = v.variant('kind', [
  v.object({ kind: v.literal('begin') }),
  v.object({
    kind: v.literal('end'),
    windowMs: v.number(),
    /** Its own processor time in the window. */
    cpuMs: v.number(),
    posted: v.array(Posted),
  }),
]);

/** Posts that are not answered within this have failed. */
const answerTimeoutMs = 15_000;

if (import.meta.main) {
  const settings = v.parse(Settings, JSON.parse(process.argv[2] ?? ''));
  await generate(settings);
  process.disconnect?.();
}

async function generate({ url, file, perSecond, warmup }: GeneratorSettings): Promise<void> {
  const posts = v.parse(Posts, JSON.parse(readFileSync(file, 'utf8')));
  const pool = new Pool(url, { connections: 128, pipelining: 1 });
  const posted: Promise<Posted>[] = [];
  let beganAtMs = 0;
  let cpuBefore = process.cpuUsage();
  let dueAtMs = performance.now();
  for (const [index, { body, headers, ...about }] of posts.entries()) {
    // Independent arrivals come in clumps (a Poisson process); evenly spaced ones would flatter the slow percentiles.
    dueAtMs += (-Math.log(1 - Math.random()) * 1_000) / perSecond;
    const waitMs = dueAtMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    if (index === warmup) {
      beganAtMs = performance.now();
      cpuBefore = process.cpuUsage();
      process.send?.({ kind: 'begin' });
    }
    const sentAtMs = performance.now();
    const lateMs = sentAtMs - dueAtMs;
    posted.push(
      post(pool, body, headers).then((outcome) => ({
        ...about,
        outcome,
        ackMs: performance.now() - sentAtMs,
        lateMs,
      })),
    );
  }
  const all = await Promise.all(posted);
  const windowMs = performance.now() - beganAtMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1_000;
  await new Promise((resolve) =>
    process.send?.({ kind: 'end', windowMs, cpuMs, posted: all.slice(warmup) }, resolve),
  );
  await pool.close();
}

async function post(pool: Pool, body: string, headers: Record<string, string>): Promise<string> {
  const signal = AbortSignal.timeout(answerTimeoutMs);
  try {
    const answer = await pool.request({
      method: 'POST',
      path: '/webhooks/payments',
      headers,
      body,
      signal,
    });
    const counts = (await answer.body.json()) as object;
    if (answer.statusCode !== 200) return String(answer.statusCode);
    return Object.keys(counts)[0] ?? 'none';
  } catch {
    return 'unanswered';
  }
}
