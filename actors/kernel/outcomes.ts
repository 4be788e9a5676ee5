/** How a try of an effect ended, and what is stored by it. */
import { backoffMs } from './loop.ts';
import type { Observer } from './observing.ts';
import { caseEventsTopic } from './ports.ts';
import type {
  Announcement,
  ClaimedEffect,
  EffectOutcome,
  EffectRow,
  EventBody,
  FailedEffect,
  NewEvent,
  NewPublication,
  OpenEffect,
  Outward,
  Performer,
  SettledEffect,
} from './ports.ts';

const defaultAttempts = 8;
/** Between tries of one effect, at most. */
const maxBackoffMs = 5 * 60 * 1_000;
/** How long an unknown outcome waits for the provider's word. */
export const unknownWaitMs = 15 * 60 * 1_000;
/** A daily limit is over within 24 h; a credential is renewed within a weekend. */
const defaultPatienceMs = 48 * 60 * 60 * 1_000;

/** Longest that an error may put a try off, ms: no clock can be set by a provider's `Infinity`. */
const mostRetryAfterMs = 30 * 24 * 60 * 60 * 1_000;

const boundedMs = (wanted: unknown): number =>
  typeof wanted === 'number' && wanted > 0 ? Math.min(wanted, mostRetryAfterMs) : 0;

export const firstText = (...values: readonly unknown[]) =>
  values.find((value): value is string => typeof value === 'string') ?? '';

/** What a machine sees of a failed effect, in `event.error`. */
export const failure = (name: string, code: string, message: string) => ({
  name,
  code,
  message: message.slice(0, 500),
});

/** An effect whose outcome is told. Its input is there unless nobody can read it. */
export type Settling = OpenEffect & { readonly deferred?: number };

/** What a try is recorded as: an output that is not JSON cannot reach the case, and another try would not change that. */
export function toldAs(effect: Settling, outcome: EffectOutcome, told: Told): SettledEffect {
  try {
    return settledAs(effect, outcome, told);
  } catch {
    const value = failure(
      'UnstorableOutput',
      'unstorable_output',
      `What ${effect.name} returned is not JSON`,
    );
    return settledAs(effect, { status: 'failed', value }, told);
  }
}

/** With whom an outcome is told to the case and to the world outside, and when it came. */
interface Told {
  readonly performer: Performer | undefined;
  readonly outward: Outward;
  readonly observer: Observer;
  /** Epoch ms. */
  readonly at: number;
}

/** How a try ended, with all that is stored by it. @throws what JSON cannot keep of the outcome */
export function settledAs(
  effect: Settling,
  outcome: EffectOutcome,
  { performer, outward, observer, at }: Told,
): SettledEffect {
  const { effectId, attempt } = effect;
  const event = outcomeEvent(effect, outcome, performer);
  let publication: NewPublication | null = null;
  try {
    publication = publicationOf(effect, outcome, outward, at);
  } catch (error) {
    observer.trouble?.('outward', error); // The outcome counts all the same.
  }
  return { effectId, attempt, outcome, event, publication };
}

function publicationOf(
  { effectId, name, tenant, caseId, attempt, deferred = 0 }: EffectRow & { deferred?: number },
  outcome: EffectOutcome,
  outward: Outward,
  at: number,
): NewPublication | null {
  if (outcome.status === 'done')
    return outward.done?.(name, outcome.value, { tenant, caseId, at }) ?? null;
  if (outcome.status !== 'failed') return null;
  const { code } = (outcome.value ?? {}) as { code?: unknown };
  const failed: FailedEffect = {
    effectId,
    name,
    tenant,
    caseId,
    provider: outcome.provider ?? null,
    code: firstText(code, 'failed'),
    attempts: attempt - deferred,
    at,
  };
  return outward.failed?.(failed) ?? null;
}

/** The event that brings an outcome, or a doubt about it, to its case; null where the case need not know. */
function outcomeEvent(
  effect: OpenEffect,
  outcome: EffectOutcome,
  performer: Performer | undefined,
): NewEvent | null {
  const { effectId, tenant, caseId, partition, name, traceparent } = effect;
  const told = toldTo(effect, outcome, performer);
  if (!told) return null;
  // The outcome may still come after the doubt, and is an event of its own.
  const isDoubt = outcome.status === 'unknown';
  const body = JSON.stringify(told);
  return {
    tenant,
    caseId,
    partition,
    source: 'effect',
    dedupeKey: isDoubt ? `${effectId}/doubt` : effectId,
    topic: caseEventsTopic,
    type: `${name}.${outcome.status}`,
    body,
    content: body,
    opens: false,
    traceparent,
  };
}

function toldTo(
  { kind, effectId, name, input }: OpenEffect,
  outcome: EffectOutcome,
  performer: Performer | undefined,
): EventBody | null {
  const { status } = outcome;
  if (kind === 'invoke')
    return status === 'done' || status === 'failed'
      ? { outcome: { effectId, ok: status === 'done', value: outcome.value } }
      : null;
  const { failedAs, doneAs, doubtedAs } = performer ?? {};
  const about = (type: string, told: object | null): EventBody | null =>
    told && { event: Object.assign({ ...told }, { type, effectId, name }) };
  if (status === 'failed' && failedAs !== undefined) {
    const { code } = (outcome.value ?? {}) as { code?: unknown };
    return about(failedAs, { code: firstText(code, 'failed') });
  }
  if (input === undefined) return null;
  if (status === 'done' && doneAs)
    return about(doneAs.type, doneAs.tell(JSON.parse(input), outcome.value));
  if (status === 'unknown' && doubtedAs)
    return about(doubtedAs.type, doubtedAs.tell(JSON.parse(input)));
  return null;
}

/** The case does not have what the effect needs. It must be told only if it waits for the outcome. */
export function notPermitted({ kind, name }: ClaimedEffect): EffectOutcome {
  const reason = 'not_permitted';
  if (kind !== 'invoke') return { status: 'cancelled', reason };
  const message = `The case does not permit ${name} now`;
  return { status: 'failed', value: failure('NotPermitted', reason, message) };
}

/** This process stood still for longer than its lease: what the case permitted then, it may have withdrawn since. */
export function late({ doubtful }: ClaimedEffect): EffectOutcome {
  return { status: 'retry', delayMs: 0, doubtful, deferred: true, reason: 'late' };
}

/** What a try comes to that threw. `cutOff`: we gave the try up, because it took too long or because this process stops. Nobody knows how far it got. */
export function outcomeOf(
  error: unknown,
  performer: Performer,
  { attempt: claims, deferred: putOff, ageMs }: ClaimedEffect,
  cutOff: boolean,
  random: () => number,
): EffectOutcome {
  const {
    name,
    code,
    message,
    provider,
    retryable,
    deferred,
    reason: why,
    unknown: mayHaveActed,
    retryAfterMs,
  } = (error ?? {}) as Record<string, unknown>;
  const timedOut = name === 'TimeoutError' || name === 'AbortError';
  const doubtful = mayHaveActed === true || timedOut || cutOff;
  const stopped = cutOff && !timedOut;
  const reason = firstText(code, name, 'failed').slice(0, 200);
  const tries = claims - putOff;
  const wanted = boundedMs(retryAfterMs);
  if (doubtful && performer.resolution === 'none')
    return { status: 'unknown', waitMs: unknownWaitMs, reason };
  if (stopped) return { status: 'retry', delayMs: 0, doubtful, reason };
  if (deferred === true && !doubtful && ageMs < (performer.patienceMs ?? defaultPatienceMs)) {
    const delayMs = Math.max(wanted, 100);
    const said = firstText(why, reason).slice(0, 200);
    return { status: 'retry', delayMs, doubtful, deferred: true, reason: said };
  }
  if (
    deferred !== true &&
    (retryable === true || doubtful) &&
    tries < (performer.attempts ?? defaultAttempts)
  ) {
    return {
      status: 'retry',
      delayMs: Math.max(wanted, backoffMs(tries, 1_000, maxBackoffMs, random)),
      doubtful,
      // Of several providers behind one port, staff are to see which it is.
      reason: (typeof provider === 'string' ? `${reason} ${provider}` : reason).slice(0, 200),
    };
  }
  return {
    status: 'failed',
    value: failure(
      firstText(name, 'Error'),
      reason,
      typeof message === 'string' ? message : 'failed',
    ),
    ...(typeof provider === 'string' ? { provider } : {}),
  };
}

/** Whom to notify of the events that settling stored; `stored` are their ids by effect. */
export function notificationsFor(
  settled: readonly SettledEffect[],
  stored: ReadonlyMap<string, string>,
): Announcement[] {
  return settled.flatMap(({ effectId, event }) => {
    const id = stored.get(effectId);
    if (!event || id === undefined) return [];
    const { topic, partition, type, tenant, caseId, traceparent } = event;
    return [{ topic, partition, id, type, tenant, caseId, traceparent }];
  });
}
