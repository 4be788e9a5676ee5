/** How a request to a provider went wrong, in the words of the platform's documents. */
export const errorTypes = [
  'timeout',
  'connection',
  'http_5xx',
  'rate_limited',
  'refused',
  'invalid_answer',
] as const;
export type ErrorType = (typeof errorTypes)[number];

/** `errorType` where the reason, a provider's own code, does not tell it. */
export interface ProviderErrorOptions extends ErrorOptions {
  readonly errorType?: ErrorType;
}

/** A failure we expect. `code` is logged, counted and sent to clients, so it never changes. */
export abstract class ExpectedError extends Error {
  abstract readonly code: string;
  /** Whether the same call may succeed later. */
  abstract readonly retryable: boolean;
  /** Of a request to a provider, where neither the class nor the reason tells it. */
  readonly errorType?: ErrorType | undefined;
}

/** The provider answered, and said no. `reason` is its own code, fit for logs but not for clients. */
export class ProviderRefused extends ExpectedError {
  override readonly name = 'ProviderRefused';
  readonly code = 'provider_refused';
  readonly retryable = false;
  readonly provider: string;
  readonly reason: string;

  constructor(provider: string, reason: string, options?: ErrorOptions) {
    super(`${provider} refused: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
  }
}

/** The provider said "not now" and did nothing: safe to send again, after `retryAfterMs` if it named a time. */
export class ProviderBusy extends ExpectedError {
  override readonly name = 'ProviderBusy';
  readonly code = 'provider_busy';
  readonly retryable = true;
  readonly provider: string;
  readonly reason: string;
  override readonly errorType: ErrorType | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    provider: string,
    reason: string,
    retryAfterMs?: number,
    options?: ProviderErrorOptions,
  ) {
    super(`${provider} is busy: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
    this.errorType = options?.errorType;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * No answer we can read: a time-out, a broken connection, a 5xx, or a body that is not what the provider documents.
 * The provider may have acted. Whether to send again is the port's decision (its way to resolve an unknown outcome).
 */
export class ProviderUnreachable extends ExpectedError {
  override readonly name = 'ProviderUnreachable';
  readonly code = 'provider_unreachable';
  readonly retryable = true;
  /** Tells the kernel that the effect may have happened. */
  readonly unknown = true;
  readonly provider: string;
  readonly reason: string;
  override readonly errorType: ErrorType | undefined;

  constructor(provider: string, reason: string, options?: ProviderErrorOptions) {
    super(`${provider} gave no usable answer: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
    this.errorType = options?.errorType;
  }
}

/**
 * The provider answered a question, with something that is no answer: none of what it lists can be read, or it is of
 * another shape. Asking again brings the same. `reason` says what was wrong, fit for logs but not for clients.
 */
export class ProviderAnswerInvalid extends ExpectedError {
  override readonly name = 'ProviderAnswerInvalid';
  readonly code = 'invalid_answer';
  readonly retryable = false;
  readonly provider: string;
  readonly reason: string;

  constructor(provider: string, reason: string, options?: ErrorOptions) {
    super(`${provider} gave an invalid answer: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
  }
}

/** Our credentials were refused. Retrying cannot help; a person must act. */
export class ProviderCredentialsRefused extends ExpectedError {
  override readonly name = 'ProviderCredentialsRefused';
  readonly code = 'provider_credentials_refused';
  readonly retryable = false;
  readonly provider: string;
  readonly reason: string;

  constructor(provider: string, reason: string, options?: ErrorOptions) {
    super(`${provider} refused our credentials: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
  }
}

/**
 * Nothing was done, and trying again now would not help: a limit of ours or the provider's, or credentials that a person
 * must renew. The effect waits, visible to staff with `reason`, and does not use up its tries by it.
 */
export class Deferred extends ExpectedError {
  override readonly name = 'Deferred';
  readonly code = 'must_wait';
  readonly retryable = true;
  /** Tells the kernel that this was no try. */
  readonly deferred = true;
  readonly provider: string;
  readonly reason: string;
  override readonly errorType: ErrorType | undefined;
  readonly retryAfterMs: number;

  constructor(
    provider: string,
    reason: string,
    retryAfterMs: number,
    options?: ProviderErrorOptions,
  ) {
    super(`${provider} has to wait: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
    this.errorType = options?.errorType;
    this.retryAfterMs = retryAfterMs;
  }
}

const typesOfReasons: Readonly<Record<string, ErrorType>> = {
  timeout: 'timeout',
  job_deadline: 'timeout',
  // The time was up before it was sent.
  not_sent: 'timeout',
  token_pending: 'timeout',
  not_connected: 'connection',
  connection_broken: 'connection',
  status_429: 'rate_limited',
};

/**
 * The kind of any error that a request to a provider can end with. What says nothing about itself is an answer that we
 * could not use, unless the provider said "not now" (`rate_limited`) or "no" (`refused`).
 */
export function errorTypeOf(error: unknown): ErrorType {
  if (error instanceof ExpectedError && error.errorType !== undefined) return error.errorType;
  if (error instanceof ProviderBusy || error instanceof Deferred)
    return typeOfReason(error.reason) ?? 'rate_limited';
  if (error instanceof ProviderUnreachable) return typeOfReason(error.reason) ?? 'invalid_answer';
  if (error instanceof ExpectedError) return 'refused';
  const { name } = (error ?? {}) as { name?: unknown };
  return name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : 'invalid_answer';
}

function typeOfReason(reason: string): ErrorType | undefined {
  if (Object.hasOwn(typesOfReasons, reason)) return typesOfReasons[reason];
  return /^status_5\d\d$/.test(reason) ? 'http_5xx' : undefined;
}

/** What a message says holds no more: it waited for too long, and is not sent. */
export class MessageOutdated extends ExpectedError {
  override readonly name = 'MessageOutdated';
  readonly code = 'message_outdated';
  readonly retryable = false;

  constructor(options?: ErrorOptions) {
    super('The message waited until it held no more', options);
  }
}

/** A patient's file that we do not take. `reason` decides what the patient is told. */
export class MediaRefused extends ExpectedError {
  override readonly name = 'MediaRefused';
  readonly code: `media_${'too_large' | 'wrong_type' | 'damaged' | 'unsafe' | 'gone'}`;
  readonly retryable = false;

  constructor(
    reason: 'too_large' | 'wrong_type' | 'damaged' | 'unsafe' | 'gone',
    options?: ErrorOptions,
  ) {
    super(`The file is refused: ${reason}`, options);
    this.code = `media_${reason}`;
  }
}

/** Why travellers' data is not taken any more. */
export type TravellersRefusal = 'ordered' | 'over' | 'too_often' | 'erased';

/** A trip's form takes no travellers. */
export class TravellersRefused extends ExpectedError {
  override readonly name = 'TravellersRefused';
  readonly code: `travellers_${TravellersRefusal}`;
  readonly retryable = false;

  constructor(reason: TravellersRefusal) {
    super(`Travellers are not taken: ${reason}`);
    this.code = `travellers_${reason}`;
  }
}
