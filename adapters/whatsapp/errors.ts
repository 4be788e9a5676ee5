import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import { type ProviderAnswer, retryAfterHeader } from '../http.ts';

const GraphError = v.object({ error: v.object({ code: v.number() }) });

/** App, WABA and number limits: come back later. The first two are counted by the hour. */
const BUSY_MS: ReadonlyMap<number, number | undefined> = new Map([
  [4, 60_000],
  [80007, 60_000],
  [130429, undefined],
]);
/** One message every 6 s to one person, with a burst: wait 4^X seconds, X from 0. */
const PAIR_RATE = 131056;
/** The service says that it is down: nothing was accepted. */
const UNAVAILABLE: ReadonlySet<number> = new Set([2, 131016, 133004]);
/** "Something went wrong", which says nothing about the message. */
const UNCLEAR: ReadonlySet<number> = new Set([1, 131000]);

/**
 * What an answer other than 2xx means. Meta's rule is to branch on `error.code`, not on the title or the HTTP status.
 *
 * A code is final (131026 undeliverable, 131047 outside the 24 h window, 131048 and 131049 quality and marketing caps,
 * 131051, 132xxx templates, 368 policy, …) unless it is named above: an unknown refusal is still a refusal.
 *
 * @param tries how often this message was refused for its rate before
 * @see https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
 */
export function whatsappError(answer: ProviderAnswer, tries: number): ExpectedError {
  const code = codeOf(answer.text);
  if (code === undefined) return withoutCode(answer);
  const reason = String(code);
  if (code === PAIR_RATE)
    return new ProviderBusy('whatsapp', reason, 4 ** Math.min(tries, 5) * 1_000);
  if (BUSY_MS.has(code)) {
    return new ProviderBusy(
      'whatsapp',
      reason,
      retryAfterHeader(answer.headers) ?? BUSY_MS.get(code),
    );
  }
  if (UNAVAILABLE.has(code)) return new ProviderBusy('whatsapp', reason);
  if (UNCLEAR.has(code)) return new ProviderUnreachable('whatsapp', reason);
  if (code === 0 || code === 3 || code === 10 || code === 190 || (code >= 200 && code <= 299)) {
    return new ProviderCredentialsRefused('whatsapp', reason);
  }
  // A 5xx with some other code: the error is theirs, so the message may still be on its way.
  if (answer.status >= 500) return new ProviderUnreachable('whatsapp', reason);
  return new ProviderRefused('whatsapp', reason);
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
  if (status === 401) return new ProviderCredentialsRefused('whatsapp', 'status_401');
  if (status === 429) return new ProviderBusy('whatsapp', 'status_429', retryAfterHeader(headers));
  return new ProviderUnreachable('whatsapp', `status_${status}`);
}
