import { type PolicyOptions, whenNothingWasDone, whenRetryable } from '../policy.ts';

/** For what only reads. No rate limit is documented, so we keep to few at a time. */
export const nilveraPolicy: PolicyOptions = {
  timeoutMs: 20_000,
  retryWhen: whenRetryable,
  maxRetries: 2,
  initialDelayMs: 500,
  concurrency: 8,
};

/**
 * For sending. A document that was perhaps taken is not sent again at once, though its ETTN would be refused the second
 * time: its status is asked first, when the effect is tried again.
 */
export const nilveraSendPolicy: PolicyOptions = {
  ...nilveraPolicy,
  timeoutMs: 30_000,
  retryWhen: whenNothingWasDone,
};
