import { randomUUID } from 'node:crypto';

import { untilAnswered } from './answered.ts';
import { backoffMs, pause } from './loop.ts';
import type { Announcement, ClaimedEffect, EffectRow, Ledger, TellUnreadable } from './ports.ts';

export interface ClaimsOptions {
  readonly ledger: Ledger;
  readonly leaseMs: number;
  readonly announce: (announcements: readonly Announcement[]) => Promise<unknown>;
  readonly random: () => number;
  /** Aborts when this process has no more time. */
  readonly signal: AbortSignal;
  readonly onTrouble: (error: unknown) => void;
  /** Takes work that goes on behind the call. It never rejects. */
  readonly follow: (work: Promise<void>) => void;
}

/**
 * How long we try to give back. An effect that may not be performed twice counts as unknown once its lease is over, which
 * is undone too, well before the unknown is told as a failure.
 */
const giveBackWithinMs = 60_000;
/** A claim that is not there yet after this never will be: the ledger's statements are shorter. ms. */
const overAfterMs = 10_000;

/**
 * Claims effects. If the answer is lost, or cannot be read, the claim may stand although nobody will perform what it took,
 * and for what must not be performed twice that would be a doubt. But this process knows that it began nothing: so it
 * gives back what it took. Only if it dies first, the doubt stays.
 */
export function createClaims(options: ClaimsOptions) {
  const { ledger, leaseMs, announce, random, signal, onTrouble, follow } = options;

  async function giveBack(effectIds: readonly string[], claimId: string): Promise<number> {
    const back = await untilAnswered(() => ledger.giveBack(effectIds, claimId), {
      withinMs: giveBackWithinMs,
      signal,
      random,
      onTrouble,
    });
    if (back.length > 0) await announce(back);
    return back.length;
  }

  /** A connection's end may be news to its server: the statement that we gave up may be committed only after we asked. */
  async function lookAgain(effectIds: readonly string[], claimId: string): Promise<void> {
    const until = performance.now() + overAfterMs;
    try {
      for (let looks = 1; performance.now() < until && !signal.aborted; looks++) {
        await pause(backoffMs(looks, 250, 4_000, random), signal);
        if ((await giveBack(effectIds, claimId)) > 0) return;
      }
    } catch (error) {
      onTrouble(error);
    }
  }

  return {
    /** @throws what the ledger's `claim` throws, after what it took was given back, or that was given up */
    async claim(
      effectIds: readonly string[],
      tell: TellUnreadable<EffectRow>,
    ): Promise<readonly ClaimedEffect[]> {
      const claimId = randomUUID();
      try {
        return await ledger.claim(effectIds, leaseMs, { claimId, tell });
      } catch (error) {
        try {
          if ((await giveBack(effectIds, claimId)) === 0) follow(lookAgain(effectIds, claimId));
        } catch (failure) {
          onTrouble(failure);
        }
        throw error;
      }
    },
  };
}
