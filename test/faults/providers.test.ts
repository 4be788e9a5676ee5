import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import type { Fault } from '../sandbox/faults.ts';
import { waitUntil } from '../support/wait.ts';
import { assertGreen, baseSeed, full, play } from './scenario.ts';

interface Trouble {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** How long, ms. */
  readonly lastingMs: number;
  /** As `Scenario.recoverySeconds`. */
  readonly recoverySeconds?: number;
  /** Whether its faults leave messages in doubt that were perhaps never sent. */
  readonly mayDoubt?: boolean;
}

/** `seed` draws which requests a fault hits. */
const troubles: readonly Trouble[] = [
  {
    name: 'that works and then drops the connection',
    lastingMs: 6_000,
    faults: [
      {
        provider: 'stripe',
        mode: 'process-then-drop',
        operation: 'create',
        probability: 0.6,
        seed: 1,
      },
      { provider: 'whatsapp', mode: 'process-then-drop', probability: 0.3, seed: 2 },
      { provider: 'duffel', mode: 'process-then-drop', probability: 0.4, seed: 3 },
    ],
  },
  {
    name: 'that works and never answers',
    lastingMs: 6_000,
    faults: [
      { provider: 'stripe', mode: 'process-then-hang', operation: 'create', count: 4 },
      { provider: 'whatsapp', mode: 'process-then-hang', count: 8 },
    ],
  },
  {
    name: 'that works and says 500',
    lastingMs: 6_000,
    faults: [
      {
        provider: 'stripe',
        mode: 'process-then-500',
        operation: 'create',
        probability: 0.5,
        seed: 4,
      },
      { provider: 'whatsapp', mode: 'process-then-500', probability: 0.3, seed: 5 },
    ],
  },
  {
    name: 'of messages that takes calls and never does anything',
    lastingMs: 5_000,
    mayDoubt: true,
    faults: [{ provider: 'whatsapp', mode: 'hang', operation: 'send', count: 10 }],
  },
  {
    name: 'of flights that takes calls and never does anything',
    lastingMs: 70_000,
    recoverySeconds: 60,
    faults: [{ provider: 'duffel', mode: 'hang', operation: 'search' }],
  },
  {
    name: 'of payments that takes calls and never does anything',
    lastingMs: 70_000,
    recoverySeconds: 60,
    faults: [{ provider: 'stripe', mode: 'hang', operation: 'create' }],
  },
  {
    name: 'of payments that tells nothing of them',
    lastingMs: 70_000,
    recoverySeconds: 60,
    faults: [{ provider: 'stripe', mode: 'hang', operation: 'retrieve' }],
  },
  {
    name: 'that is too busy',
    lastingMs: 5_000,
    faults: [
      { provider: 'stripe', mode: 'busy429', probability: 0.5, seed: 6, retryAfterSeconds: 1 },
      // Each holds back the whole number for a while, so a few are enough.
      { provider: 'whatsapp', mode: 'busy429', count: 4 },
      { provider: 'duffel', mode: 'busy429', probability: 0.4, seed: 8, retryAfterSeconds: 1 },
    ],
  },
  {
    name: 'that is down',
    lastingMs: 5_000,
    mayDoubt: true, // A 503 does not say that nothing was done.
    faults: [
      { provider: 'stripe', mode: 'error503', count: 12 },
      { provider: 'whatsapp', mode: 'error503', probability: 0.3, seed: 9 },
      { provider: 'duffel', mode: 'error503', probability: 0.5, seed: 10 },
    ],
  },
  {
    name: 'that is slow',
    lastingMs: 6_000,
    faults: [
      { provider: 'stripe', mode: 'slow', delayMs: 1_500 },
      { provider: 'whatsapp', mode: 'slow', delayMs: 400 },
      { provider: 'duffel', mode: 'slow', delayMs: 2_000 },
    ],
  },
];

const short = ['that works and then drops the connection'];

suite('a provider', () => {
  for (const [i, trouble] of troubles.entries()) {
    const { name, faults, lastingMs, mayDoubt = false, recoverySeconds = 30 } = trouble;
    if (!full && !short.includes(name)) continue;
    test(`${name} is asked no more than once for anything`, async (t) => {
      const findings = await play(t, {
        name: `provider ${name}`,
        seed: baseSeed + 400 + i,
        mayDoubt,
        fillForm: true, // What is lost may be the answer to an order.
        recoverySeconds,
        boot: async (cluster) => {
          await cluster.start();
          for (const fault of faults) await cluster.setFault(fault);
        },
        fault: async (cluster) => {
          await delay(lastingMs); // The passing of time is the fault here.
          const hits = await waitUntil(
            async () => {
              const counted = await cluster.faultHits();
              return faults.every(({ provider }) => (counted[provider] ?? 0) > 0) && counted;
            },
            {
              timeoutMs: 30_000,
              what: 'a request to each provider to be hit, or it proves nothing',
            },
          );
          for (const { provider } of faults) await cluster.setFault({ provider, mode: 'none' });
          return {
            healedAt: Date.now(),
            figures: Object.fromEntries(Object.entries(hits).map(([p, n]) => [`${p}Hits`, n])),
          };
        },
      });
      assertGreen(findings);
    });
  }
});
