/** What a port's method is told about the effect it performs. */
export interface Performing {
  /** The effect's deterministic id: the idempotency key where a provider takes one, the correlation id where it does not. */
  readonly effectId: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborts at the effect's deadline and on shutdown. */
  readonly signal: AbortSignal;
  /** The tenant whose credentials are used. */
  readonly tenant: string;
}
