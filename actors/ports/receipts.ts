/** The provider's word on a message we sent. They come in any order, and more than once. */
export interface ReceiptWord {
  /** The effect that sent it. */
  readonly effectId: string;
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  /** The provider's code, for `failed`. */
  readonly errorCode: string | null;
  /** By the provider's clock: ISO 8601 with offset. */
  readonly at: string;
}

/** How far each message got. */
export interface Receipts {
  /**
   * A message's status only moves forward: sent, failed, delivered, read. What was delivered did not fail, whichever
   * word came first.
   * Words on effects we do not know are dropped. One statement for all.
   */
  advance(words: readonly ReceiptWord[]): Promise<void>;
  /** Which effect sent which message, as the provider answered. The first word stands. Kept without the patient's number. */
  note(sent: readonly SentMessage[]): Promise<void>;
  /** The effect that sent each message, in order; null where nobody noted one. */
  effectsOf(messageIds: readonly string[]): Promise<readonly (string | null)[]>;
}

/** A message that the provider took. */
export interface SentMessage {
  readonly effectId: string;
  readonly messageId: string;
}
