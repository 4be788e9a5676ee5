/**
 * The fast path in front of the ledger's own dedupe keys: remembers for 24 h what was committed. Never the only guard: when it
 * is away, or has forgotten, the ledger finds the duplicate.
 */
export interface SeenRequests {
  /** For each key, the digest of the body it was committed with, or null. Never throws, and never waits longer than 50 ms. */
  digestsOf(keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Call it after the commit only. Never throws; nobody waits for it. */
  remember(seen: readonly { readonly key: string; readonly digest: string }[]): void;
}
