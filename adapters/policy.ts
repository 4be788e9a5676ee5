import {
  BrokenCircuitError,
  BulkheadRejectedError,
  CountBreaker,
  DelegateBackoff,
  TaskCancelledError,
  TimeoutStrategy,
  bulkhead,
  circuitBreaker,
  decorrelatedJitterGenerator,
  handleWhen,
  retry,
  timeout,
  wrap,
} from 'cockatiel';

import { ExpectedError, Deferred, ProviderBusy, ProviderUnreachable } from '../actors/errors.ts';
import type { Log } from '../telemetry.ts';

/** One try of a call. */
export interface Attempt {
  /** Aborts at the attempt's time-out, and when the caller's signal does. */
  readonly signal: AbortSignal;
  /** 0 for the first try of this execution. */
  readonly retries: number;
}

/** How a provider is called: tried again, bounded in time and number, and left alone when it is down. */
export interface CallPolicy {
  /**
   * Runs `call`, perhaps several times, one after the other. Stops waiting as soon as `signal` aborts.
   * Rejects with what the last try threw, but never says "nothing was done" (`ProviderBusy`, `Deferred`) once a try
   * has ended in doubt: then it is that `ProviderUnreachable`.
   *
   * @throws {ProviderBusy} also when the circuit is open (`circuit_open`) or too many calls wait (`bulkhead_full`)
   */
  execute<T>(call: (attempt: Attempt) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface PolicyOptions {
  /** For each attempt. */
  readonly timeoutMs: number;
  /** Which errors another attempt may follow, e.g. `whenRetryable`. `Deferred` never is one: it waits in the ledger. */
  readonly retryWhen: (error: ExpectedError) => boolean;
  /** After the first attempt. */
  readonly maxRetries?: number;
  /** About the first wait; each further one doubles, with decorrelated jitter. */
  readonly initialDelayMs?: number;
  /** The longest we hold a call back. A provider that asks for more is not retried here, but later, by the performer. */
  readonly maxDelayMs?: number;
  readonly concurrency?: number;
  /** Calls that wait for one of those places. */
  readonly queue?: number;
  /** How long a circuit stays open before one call may try. */
  readonly openMs?: number;
}

/** For calls that are safe to repeat, because they only read or carry an idempotency key. */
export function whenRetryable(error: ExpectedError): boolean {
  return error.retryable;
}

/** For calls that must not happen twice: only where the provider certainly did nothing. */
export function whenNothingWasDone(error: ExpectedError): boolean {
  return error instanceof ProviderBusy;
}

/**
 * A policy for one provider; share it between all calls to it, since it counts them. From the outside in:
 *
 * 1. retry – outermost, so that each attempt passes everything below anew and gives its place back while it waits
 * 2. bulkhead – outside the breaker, so that calls which queued while the provider went down meet an open circuit
 *    when their turn comes, instead of adding to its trouble
 * 3. breaker – counts what the provider did, not how long our own queue was
 * 4. timeout – innermost, so that it times the provider alone, and a time-out counts as a failure for the breaker
 */
export function callPolicy(provider: string, options: PolicyOptions, log?: Log): CallPolicy {
  const {
    timeoutMs,
    retryWhen,
    maxRetries = 3,
    initialDelayMs = 250,
    maxDelayMs = 5_000,
  } = options;
  const { concurrency = 32, queue = 1_024, openMs = 5_000 } = options;

  const retries = retry(
    handleWhen(
      (error) =>
        error instanceof ExpectedError &&
        !(error instanceof Deferred) &&
        retryWhen(error) &&
        (askedToWaitMs(error) ?? 0) <= maxDelayMs,
    ),
    { maxAttempts: maxRetries, backoff: backoff(initialDelayMs, maxDelayMs) },
  );
  const breaker = circuitBreaker(handleWhen(speaksForTheProvider), {
    halfOpenAfter: openMs,
    breaker: new CountBreaker({ threshold: 0.5, size: 20, minimumNumberOfCalls: 10 }),
  });
  breaker.onBreak(() => log?.('warn', 'circuit_opened', { provider }));
  breaker.onReset(() => log?.('info', 'circuit_closed', { provider }));
  const policy = wrap(
    retries,
    bulkhead(concurrency, queue),
    breaker,
    // Cooperative: the call itself ends at its signal and says in what state. Nothing is left running behind our back.
    timeout(timeoutMs, TimeoutStrategy.Cooperative),
  );

  return {
    async execute(call, signal) {
      let inDoubt: ProviderUnreachable | undefined;
      let running = false;
      let tries = 0;
      const outcome = policy.execute(async (attempt) => {
        running = true;
        try {
          return await call({ signal: attempt.signal, retries: tries++ });
        } catch (error) {
          if (error instanceof ProviderUnreachable) inDoubt = error;
          throw error;
        } finally {
          running = false;
        }
      }, signal);
      try {
        return await Promise.race([outcome, abortedBetweenTries(signal, () => running, outcome)]);
      } catch (error) {
        const failure = inOurWords(provider, error, openMs);
        const nothingDone = failure instanceof ProviderBusy || failure instanceof Deferred;
        throw nothingDone && inDoubt ? inDoubt : failure;
      }
    },
  };
}

/** Cockatiel sleeps through an abort between two tries; this rejects then. A try that runs ends by itself. */
function abortedBetweenTries(
  signal: AbortSignal,
  running: () => boolean,
  outcome: Promise<unknown>,
): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    if (!running()) reject(new TaskCancelledError());
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const stop = () => signal.removeEventListener('abort', onAbort);
  outcome.then(stop, stop);
  return promise;
}

function inOurWords(provider: string, error: unknown, openMs: number): unknown {
  if (error instanceof BrokenCircuitError)
    return new ProviderBusy(provider, 'circuit_open', openMs);
  if (error instanceof BulkheadRejectedError) return new ProviderBusy(provider, 'bulkhead_full');
  if (error instanceof TaskCancelledError) return new ProviderBusy(provider, 'not_sent');
  return error;
}

/** A refusal or a rate limit shows a provider that works; only silence and confusion open the circuit. */
function speaksForTheProvider(error: unknown): boolean {
  return (
    error instanceof ProviderUnreachable ||
    (error instanceof ProviderBusy && error.reason === 'not_connected')
  );
}

function askedToWaitMs(error: unknown): number | undefined {
  return error instanceof ProviderBusy ? error.retryAfterMs : undefined;
}

/** Exponential with decorrelated jitter, and at least as long as the provider asked for. */
function backoff(initialDelay: number, maxDelay: number) {
  const jitter = { initialDelay, maxDelay, exponent: 2, generator: decorrelatedJitterGenerator };
  return new DelegateBackoff<{ result: { error: unknown } | { value: unknown } }, [number, number]>(
    ({ result }, state) => {
      const [delay, next] = decorrelatedJitterGenerator(state, jitter);
      const asked = 'error' in result ? askedToWaitMs(result.error) : undefined;
      return { delay: Math.max(delay, asked ?? 0), state: next };
    },
  );
}
