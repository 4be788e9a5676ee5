import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';

import { Pool } from 'undici';

import { dayAhead } from '../support/patience.ts';
import { signatureHeader, signatureOf } from './ingress.ts';
import type { Webhook } from './protocol.ts';

/** A case to play. Bodies and signatures are made beforehand: the client shares the machine's cores. */
export interface Plan {
  readonly caseId: string;
  readonly intake: Signed;
  readonly payment: Signed;
}

interface Signed {
  readonly body: Buffer;
  readonly headers: Record<string, string>;
}

/** How cases arrive: each in the place of a finished one, or whatever happens at `casesPerSecond` on average. */
export type Pace =
  | { readonly kind: 'closed'; readonly concurrency: number }
  | { readonly kind: 'open'; readonly concurrency: number; readonly casesPerSecond: number };

/** What was seen between the end of the warm-up and the last measured case. Times in ms. */
export interface LoadFigures {
  readonly windowMs: number;
  /** One for each webhook: sent to answered. */
  readonly ackMs: readonly number[];
  /** One for each case: intake sent to the news that the case is confirmed. */
  readonly endToEndMs: readonly number[];
  /** Cases played in all, with those before and after the window. */
  readonly played: number;
}

const stuckAfterMs = 30_000;

export function createPlans(count: number, secret: string): Plan[] {
  return Array.from({ length: count }, () => {
    const caseId = randomUUID();
    return {
      caseId,
      intake: sign(secret, {
        type: 'intake',
        id: `${caseId}-intake`,
        caseId,
        trip: {
          origin: 'FRA',
          destination: 'IST',
          departDate: dayAhead(90).toISOString().slice(0, 10),
          returnDate: dayAhead(97).toISOString().slice(0, 10),
          adults: 2,
          treatment: 'dental',
          note: 'Window seat, please; arrival before the evening.',
        },
      }),
      payment: sign(secret, {
        type: 'payment',
        id: `${caseId}-payment`,
        caseId,
        paymentId: `pay_${caseId}`,
        amountMinor: '21900',
        currency: 'EUR',
        payer: 'The patient of this case',
        method: 'card',
        receiptUrl: 'https://payments.example/receipts/8c51e6f29b7d',
      }),
    };
  });
}

function sign(secret: string, webhook: Webhook): Signed {
  const body = Buffer.from(JSON.stringify(webhook));
  return {
    body,
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: signatureOf(secret, body),
    },
  };
}

/**
 * Plays plans against a runtime: posts `intake`, posts `payment` as soon as the case is offered, ends when it is
 * confirmed. The first `warmupCases` always arrive in a closed loop; `onWindow` is called when measuring begins and ends.
 *
 * @throws when a webhook is not answered 200, a case fails, or no case has finished for 30 s
 */
export async function playCases({
  url,
  plans,
  pace,
  warmupCases,
  cases,
  onReached,
  onWindow,
}: {
  readonly url: string;
  /** At least `warmupCases + cases + pace.concurrency`. */
  readonly plans: readonly Plan[];
  readonly pace: Pace;
  readonly warmupCases: number;
  readonly cases: number;
  /** Subscribes to the states that cases reach. */
  readonly onReached: (listener: (caseId: string, state: string) => void) => void;
  readonly onWindow: (edge: 'begin' | 'end') => void;
}): Promise<LoadFigures> {
  const pool = new Pool(url, { connections: pace.concurrency, pipelining: 1 });
  const running = new Map<string, { plan: Plan; sentAtMs: number; offered: boolean }>();
  const { promise: broken, reject: fail } = Promise.withResolvers<never>();
  let ackMs: number[] = [];
  let endToEndMs: number[] = [];
  let played = 0;
  let finished = 0;
  let refilling = true;
  const milestones = new Map<number, () => void>();

  const post = ({ body, headers }: Signed): void => {
    const sentAtMs = performance.now();
    pool.dispatch(
      { method: 'POST', path: '/webhooks/bench', headers, body },
      {
        onRequestStart: () => {},
        onResponseStart: (_, status) => {
          if (status !== 200) fail(new Error(`a webhook was answered ${status}`));
        },
        onResponseData: () => {},
        onResponseEnd: () => ackMs.push(performance.now() - sentAtMs),
        onResponseError: (_, error) => fail(error),
      },
    );
  };

  const startCase = (): void => {
    const plan = plans[played];
    if (plan === undefined) return fail(new Error('there are too few plans'));
    played += 1;
    running.set(plan.caseId, { plan, sentAtMs: performance.now(), offered: false });
    post(plan.intake);
  };

  onReached((caseId, state) => {
    const one = running.get(caseId);
    if (one === undefined) return;
    if (state === 'failed' || state === 'lapsed') fail(new Error(`a case ended in ${state}`));
    if (state === 'offered' && !one.offered) {
      one.offered = true;
      post(one.plan.payment);
    }
    if (state !== 'confirmed') return;
    running.delete(caseId);
    endToEndMs.push(performance.now() - one.sentAtMs);
    finished += 1;
    milestones.get(finished)?.();
    if (refilling) startCase();
  });

  // `take` runs as that very case finishes: one message may bring the news of many, and a promise comes after them all.
  const whenFinished = <T>(count: number, take: () => T): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<T>();
    const reach = (): void => resolve(take());
    if (count === finished) reach();
    else milestones.set(count, reach);
    return Promise.race([promise, broken]);
  };
  let beganAtMs = 0;
  const begin = (): void => {
    ackMs = [];
    endToEndMs = [];
    onWindow('begin');
    beganAtMs = performance.now();
  };
  const end = (): Omit<LoadFigures, 'played'> => {
    const windowMs = performance.now() - beganAtMs;
    onWindow('end');
    refilling = false;
    return { windowMs, ackMs: ackMs.slice(), endToEndMs: endToEndMs.slice() };
  };

  broken.catch(() => {}); // It may break while nobody waits; the next wait throws it.

  let finishedBefore = -1;
  const watchdog = setInterval(() => {
    if (finished === finishedBefore) {
      fail(new Error(`no case has finished for 30 s; ${running.size} are under way`));
    }
    finishedBefore = finished;
  }, stuckAfterMs);

  try {
    let figures: Omit<LoadFigures, 'played'>;
    if (pace.kind === 'closed') {
      const warm = whenFinished(warmupCases, begin);
      const measured = whenFinished(warmupCases + cases, end);
      for (let slot = 0; slot < pace.concurrency; slot += 1) startCase();
      [, figures] = await Promise.all([warm, measured]);
    } else {
      const warm = whenFinished(warmupCases, () => {
        refilling = false;
      });
      for (let slot = 0; slot < pace.concurrency; slot += 1) startCase();
      await warm;
      await whenFinished(played, begin);
      const measured = whenFinished(played + cases, end);
      void arrive(cases, pace.casesPerSecond, startCase);
      figures = await measured;
    }
    await whenFinished(played, () => {});
    await pool.close();
    return { ...figures, played };
  } finally {
    clearInterval(watchdog);
    if (!pool.closed) await pool.destroy();
  }
}

/** Independent arrivals come in clumps (a Poisson process); evenly spaced ones would flatter the slow percentiles. */
async function arrive(cases: number, casesPerSecond: number, start: () => void): Promise<void> {
  let dueAtMs = performance.now();
  for (let arrived = 0; arrived < cases; arrived += 1) {
    dueAtMs += (-Math.log(1 - Math.random()) * 1_000) / casesPerSecond;
    const waitMs = dueAtMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    start();
  }
}
