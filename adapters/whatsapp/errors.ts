import * as v from 'valibot';

import {
  type ExpectedError,
  Deferred,
  ProviderBusy,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import { type ProviderAnswer, retryAfterHeader } from '../http.ts';

const GraphError = v.object({ error: v.object({ code: v.number() }) });

/** A limit of Meta's that we ran into, and how long whoever it is about keeps still: `firstMs · factor^X`, X from 0. */
export interface MetaLimit {
  /** What it is about: the app with all its numbers, one number, one number's templates, or one person. */
  readonly scope: 'app' | 'number' | 'templates' | 'pair';
  readonly firstMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

const HOUR_MS = 60 * 60 * 1_000;

const LIMITS: ReadonlyMap<number, MetaLimit> = new Map([
  // Requests of the app and of the WABA, counted by the hour.
  [4, { scope: 'app', firstMs: 60_000, factor: 2, maxMs: HOUR_MS }],
  [80007, { scope: 'app', firstMs: 60_000, factor: 2, maxMs: HOUR_MS }],
  // Messages a second of one number.
  [130429, { scope: 'number', firstMs: 1_000, factor: 2, maxMs: 60_000 }],
  // One message every 6 s to one person, with a burst. The factor is Meta's.
  [131056, { scope: 'pair', firstMs: 1_000, factor: 4, maxMs: 1_024_000 }],
  /*
   * Spam rate: too many people blocked or reported the number. Every further template makes it worse, up to a ban, so
   * they all wait; what a patient is answered within the window goes on. The message itself is not sent again: `SPAM`.
   */
  [131048, { scope: 'templates', firstMs: HOUR_MS, factor: 2, maxMs: 24 * HOUR_MS }],
]);
const SPAM = 131048;

/** How long an effect waits before it looks whether somebody renewed the token. */
const TOKEN_DEAD_MS = 60_000;

/** The service says that it is down: nothing was accepted. */
const UNAVAILABLE: ReadonlySet<number> = new Set([2, 131016, 133004]);
/** "Something went wrong", which says nothing about the message. */
const UNCLEAR: ReadonlySet<number> = new Set([1, 131000]);

/** The reason of `ProviderRefused` for free text outside the 24 h window: nothing was sent, and a template would be. */
export const OUTSIDE_WINDOW = '131047';

/**
 * What an answer other than 2xx means. Meta's rule is to branch on `error.code`, not on the title or the HTTP status.
 *
 * A code is final (131026 undeliverable, 131042 payment, 131048 and 131049 quality and marketing caps, 131051, 131052
 * and 131053 media, 132xxx templates, 368 policy, …) unless it is named above: an unknown refusal is still a refusal.
 *
 * @param tries how often this message was refused for its rate before
 * @param random from 0 to 1; spreads those that wait
 * @see https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export function whatsappError(
  answer: ProviderAnswer,
  tries: number,
  random: () => number = Math.random,
): ExpectedError {
  if (deadTokenReason(answer) !== undefined) return tokenDead();
  const code = codeOf(answer.text);
  if (code === undefined) return withoutCode(answer);
  const reason = String(code);
  const limit = limitOf(answer);
  if (limit && code !== SPAM) {
    const waitMs = Math.min(limit.firstMs * limit.factor ** tries, limit.maxMs);
    const asked = retryAfterHeader(answer.headers) ?? 0;
    return new Deferred('whatsapp', reason, jittered(Math.max(waitMs, asked), random));
  }
  // A code says what was meant, whatever the status; these are all Meta's own trouble.
  const theirs = { errorType: 'http_5xx' } as const;
  if (UNAVAILABLE.has(code)) return new ProviderBusy('whatsapp', reason, undefined, theirs);
  if (UNCLEAR.has(code)) return new ProviderUnreachable('whatsapp', reason, theirs);
  // A 5xx with some other code: the error is theirs, so the message may still be on its way.
  if (answer.status >= 500) return new ProviderUnreachable('whatsapp', reason, theirs);
  return new ProviderRefused('whatsapp', reason);
}

/** The limit of Meta's that an answer speaks of, if it does, with its code. */
export function limitOf({ text }: ProviderAnswer): (MetaLimit & { code: string }) | undefined {
  const code = codeOf(text);
  const limit = code === undefined ? undefined : LIMITS.get(code);
  return limit && { ...limit, code: String(code) };
}

/** What an answer says against our token, as a code; undefined if the token is not at fault. */
export function deadTokenReason({ status, text }: ProviderAnswer): string | undefined {
  const code = codeOf(text);
  if (code === undefined) return status === 401 ? 'status_401' : undefined;
  const isDead =
    code === 0 || code === 3 || code === 10 || code === 190 || (code >= 200 && code <= 299);
  return isDead ? String(code) : undefined;
}

/** Our token is dead: nobody asks Meta before there is another one. */
export function tokenDead(): Deferred {
  return new Deferred('whatsapp', 'token_dead', TOKEN_DEAD_MS, { errorType: 'refused' });
}

/** Later by up to a fifth, at least 20 ms and at most 5 min, so that those who wait do not come all at once. */
export function jittered(waitMs: number, random: () => number): number {
  return Math.ceil(waitMs + random() * Math.min(Math.max(waitMs / 5, 20), 300_000));
}

function codeOf(text: string): number | undefined {
  try {
    const result = v.safeParse(GraphError, JSON.parse(text));
    return result.success ? result.output.error.code : undefined;
  } catch {
    return undefined;
  }
}

function withoutCode({ status, headers }: ProviderAnswer): ExpectedError {
  if (status === 429) return new ProviderBusy('whatsapp', 'status_429', retryAfterHeader(headers));
  return new ProviderUnreachable('whatsapp', `status_${status}`);
}
