import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One effect that a provider applied: the outside evidence of the fault suite. */
export interface LedgerEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly provider: string;
  /** `message`, `checkout`, `payment`, `expiry`, `search` or `token`. */
  readonly kind: string;
  /** The sender's own id of the effect: idempotency key, callback data or client reference. Null where it sent none. */
  readonly key: string | null;
  /** SHA-256 of the request body, hex. */
  readonly digest: string;
  /** What is needed to answer for it after a restart. No credentials. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface SandboxLedger {
  /** Returns once the line is in the file, so before any answer: a SIGKILL afterwards loses nothing. */
  append(entry: Omit<LedgerEntry, 'at'>): void;
  /** Everything in the file, oldest first. */
  read(): readonly LedgerEntry[];
}

/** A file of JSON lines that only grows. Continues an existing one. */
export function openLedger(file: string): SandboxLedger {
  mkdirSync(dirname(file), { recursive: true });
  return {
    append(entry) {
      // One write in append mode; the page cache outlives the process, and that is what gets killed.
      appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
    },
    read() {
      return readLedger(file);
    },
  };
}

/** The entries of a ledger file, also while its sandbox is dead. A missing file is an empty ledger. */
export function readLedger(file: string): readonly LedgerEntry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerEntry);
}
