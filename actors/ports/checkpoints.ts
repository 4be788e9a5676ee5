/** A line for the store: a signed batch of checkpoints (persistence/audit/checkpoint-batch.ts), as JSON without a line break. */
export interface CheckpointLine {
  /** Grows by one from batch to batch, from 1; two processes may use the same. */
  readonly number: number;
  /** The batch's own hash, 64 lower-case hex digits: no two batches share it. */
  readonly id: string;
  /** At most `longestLine` bytes. */
  readonly text: string;
}

/** A line as it was found. Nothing says that it is still as it was appended: that is its signature's part. */
export interface KeptLine {
  /** Where it stands, for a person: a line's number, an object's key. */
  readonly place: string;
  readonly text: string;
}

/** Some lines, in the order of the store. Reading after `cursor` goes on behind them. */
export interface CheckpointPage {
  readonly lines: readonly KeptLine[];
  readonly cursor: string;
}

/** Bytes. A batch of 1,000 chains takes some 100 kB; what is longer was not made by us. */
export const longestLine = 1_048_576;

/**
 * Where the signed checkpoints of the audit trail are kept: somewhere that whoever can write to the database can not.
 * Evidence, so nothing in it is ever changed, shortened or removed. Several processes may append to one store.
 *
 * It grows by one line per minute at most for each process that appends, of 250 bytes and some 90 for each chain that
 * moved: 10 chains that move in every minute of a day make 1,440 lines of 1.1 kB, 1.6 MB. Nothing makes it smaller.
 */
export interface CheckpointStore {
  /**
   * Adds a line behind all others. Durable when it resolves. The same line again does no harm.
   *
   * @throws {ProviderBusy} not added, or only a part that readers pass over; may be tried again
   * @throws {ProviderUnreachable} perhaps added; may be tried again
   */
  append(line: CheckpointLine, signal: AbortSignal): Promise<void>;
  /**
   * All lines behind `after` (a page's cursor; null for the start), those that others append meanwhile perhaps too. A
   * line that an appending process did not finish when it crashed is passed over; one that was damaged is not. Some
   * lines in front of `after` may come again, and then all behind those do. An empty store gives no page.
   *
   * @throws {ProviderBusy} {ProviderUnreachable} not read; read on behind the last page
   */
  read(after: string | null, signal: AbortSignal): AsyncIterable<CheckpointPage>;
}
