import type { Performing } from './performing.ts';

/** Somebody we can write to. At least one of the two is there; the phone number may be missing (usernames). */
export interface Recipient {
  /** E.164 digits without `+`. */
  readonly phone?: string;
  /** The provider's business-scoped user id. */
  readonly userId?: string;
}

/** What we say. Buttons come back as the `id` the patient pressed. */
export type OutboundMessage =
  | { readonly kind: 'text'; readonly body: string }
  | {
      readonly kind: 'buttons';
      readonly body: string;
      /** One to three; `title` at most 20 characters. */
      readonly buttons: readonly { readonly id: string; readonly title: string }[];
    };

export interface SendMessage {
  readonly recipient: Recipient;
  readonly message: OutboundMessage;
}

/** Where messages to patients go. */
export interface MessagingPort {
  /**
   * Hands a message to the provider. There is no idempotency key: an unknown outcome must be settled by the
   * provider's status callback, which carries the effect id, and never by sending again.
   *
   * @throws {ProviderRefused | ProviderCredentialsRefused} not sent, and will not be
   * @throws {ProviderBusy} not sent; a rate limit
   * @throws {ProviderUnreachable} perhaps sent
   */
  send(input: SendMessage, performing: Performing): Promise<{ messageId: string }>;
}
