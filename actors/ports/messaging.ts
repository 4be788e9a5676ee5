import type { Recipient } from '../shapes/messages.ts';
import type { Performing } from './performing.ts';

/** What we say in our own words. A choice comes back as the `id` the patient pressed. */
export type OutboundMessage =
  | { readonly kind: 'text'; readonly body: string }
  | {
      readonly kind: 'buttons';
      readonly body: string;
      /** One to three; `title` at most 20 characters. */
      readonly buttons: readonly { readonly id: string; readonly title: string }[];
    }
  | {
      readonly kind: 'list';
      readonly body: string;
      /** What opens the list, at most 20 characters. */
      readonly button: string;
      /** One to ten; `title` at most 24 characters, `description` at most 72. */
      readonly rows: readonly {
        readonly id: string;
        readonly title: string;
        readonly description?: string;
      }[];
    }
  | {
      readonly kind: 'media';
      readonly media: 'image' | 'document' | 'audio' | 'video';
      /** As `upload` answered it. */
      readonly mediaId: string;
      /** Not for audio. */
      readonly caption?: string;
      /** Only for documents: what the patient sees. */
      readonly filename?: string;
    };

/** A text that the provider has approved before, the only kind it takes when the patient has been silent for long. */
export interface Template {
  readonly name: string;
  /** The provider's code of one of the template's languages. */
  readonly language: string;
  /** What goes in the gaps of its body, in order. No line breaks. */
  readonly parameters: readonly string[];
  /** What comes back when its quick-reply buttons are pressed, in order. */
  readonly buttons: readonly string[];
}

export interface SendMessage {
  readonly recipient: Recipient;
  /** Said while the provider takes free text. */
  readonly message: OutboundMessage;
  /** Said in its place when it does not. */
  readonly template: Template;
  /** When the patient was last heard, by the provider's clock: ISO 8601 with offset, or null if never or not any more of use. */
  readonly heardAt: string | null;
}

export interface Upload {
  readonly bytes: Uint8Array;
  /** MIME type. */
  readonly contentType: string;
  readonly filename: string;
}

/** Where messages to patients go. */
export interface MessagingPort {
  /**
   * Hands a message to the provider, or the template where its rules ask for one. There is no idempotency key: an
   * unknown outcome must be settled by the provider's status callback, which carries the effect id, and never by
   * sending again. A limit, ours or the provider's, makes it wait and never lose.
   *
   * `at` is when the provider took it, by its own clock where it says so: what patients write is dated by that clock. `isTemplate`
   * says that the template went in the message's place.
   *
   * @throws {ProviderRefused} not sent, and will not be
   * @throws {Deferred} not sent yet: a limit, or credentials that a person must renew
   * @throws {ProviderBusy} not sent
   * @throws {ProviderUnreachable} perhaps sent
   */
  send(
    input: SendMessage,
    performing: Performing,
  ): Promise<{ messageId: string; at?: string; isTemplate?: boolean }>;
  /**
   * Leaves a file with the provider, for `send`. Repeating it does no harm.
   *
   * @throws as `send`
   */
  upload(file: Upload, performing: Performing): Promise<{ mediaId: string }>;
}
