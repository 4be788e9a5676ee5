/** A failure we expect. `code` is logged, counted and sent to clients, so it never changes. */
export abstract class ExpectedError extends Error {
  abstract readonly code: string;
  /** Whether the same call may succeed later. */
  abstract readonly retryable: boolean;
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
  readonly retryAfterMs: number | undefined;

  constructor(provider: string, reason: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(`${provider} is busy: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
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

  constructor(provider: string, reason: string, options?: ErrorOptions) {
    super(`${provider} gave no usable answer: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
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
export class MustWait extends ExpectedError {
  override readonly name = 'MustWait';
  readonly code = 'must_wait';
  readonly retryable = true;
  /** Tells the kernel that this was no try. */
  readonly deferred = true;
  readonly provider: string;
  readonly reason: string;
  readonly retryAfterMs: number;

  constructor(provider: string, reason: string, retryAfterMs: number, options?: ErrorOptions) {
    super(`${provider} has to wait: ${reason}`, options);
    this.provider = provider;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
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
