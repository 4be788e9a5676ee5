/** A file a patient sent, as the webhook tells of it. */
export interface InboundFile {
  readonly mediaId: string;
  readonly mimeType: string;
  /** SHA-256, base64. */
  readonly sha256: string;
  readonly caption?: string | undefined;
  /** Of a document. */
  readonly filename?: string | undefined;
  /** Of an audio file: recorded in the chat. */
  readonly voice?: boolean | undefined;
  /** Of a sticker. */
  readonly animated?: boolean | undefined;
}

/** What a patient wrote, pressed or shared. */
export type InboundContent =
  | { readonly kind: 'text'; readonly body: string }
  /** A button, or a row of a list, that we sent. */
  | { readonly kind: 'button'; readonly id: string; readonly title: string }
  | {
      readonly kind: 'list';
      readonly id: string;
      readonly title: string;
      readonly description?: string | undefined;
    }
  /** A button of a template. */
  | { readonly kind: 'quick-reply'; readonly payload: string; readonly text: string }
  | ({ readonly kind: 'image' | 'document' | 'audio' | 'video' | 'sticker' } & InboundFile)
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string | undefined;
      readonly address?: string | undefined;
      readonly url?: string | undefined;
    }
  /** Cards as Meta writes them: `{ name: { formatted_name }, phones: [{ phone, wa_id, type }] }`. */
  | { readonly kind: 'contacts'; readonly contacts: readonly object[] }
  /** No emoji takes the reaction back. */
  | { readonly kind: 'reaction'; readonly messageId: string; readonly emoji: string | null }
  | { readonly kind: 'order'; readonly order: object }
  /** Something this API does not pass on: a poll, a message that disappears. */
  | { readonly kind: 'unsupported'; readonly code: number }
  /** Not a patient's words: WhatsApp's own about a new number. */
  | { readonly kind: 'system'; readonly waId: string; readonly body: string };

/** The part of a message that depends on its type, in Meta's words. */
export function contentJson(content: InboundContent): Readonly<Record<string, unknown>> {
  switch (content.kind) {
    case 'text':
      return { type: 'text', text: { body: content.body } };
    case 'button': {
      const { id, title } = content;
      return {
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: { id, title } },
      };
    }
    case 'list': {
      const { id, title, description } = content;
      return {
        type: 'interactive',
        interactive: { type: 'list_reply', list_reply: { id, title, description } },
      };
    }
    case 'quick-reply':
      return { type: 'button', button: { payload: content.payload, text: content.text } };
    case 'image':
    case 'document':
    case 'audio':
    case 'video':
    case 'sticker': {
      const { kind, mediaId: id, mimeType: mime_type, ...more } = content;
      return { type: kind, [kind]: { ...more, id, mime_type } };
    }
    case 'location': {
      const { kind: _, ...location } = content;
      return { type: 'location', location };
    }
    case 'contacts':
      return { type: 'contacts', contacts: content.contacts };
    case 'reaction': {
      const { messageId: message_id, emoji } = content;
      return {
        type: 'reaction',
        reaction: emoji === null ? { message_id } : { message_id, emoji },
      };
    }
    case 'order':
      return { type: 'order', order: content.order };
    case 'unsupported':
      return {
        type: 'unsupported',
        errors: [
          {
            code: content.code,
            title: 'Message type unknown',
            message: 'Message type unknown',
            error_data: { details: 'Message type is currently not supported.' },
          },
        ],
      };
    case 'system':
      return {
        type: 'system',
        system: { type: 'user_changed_number', wa_id: content.waId, body: content.body },
      };
    default:
      throw new Error('A content of no kind');
  }
}

/** Whether the patient answers something of ours by it, which Meta then names in `context`. */
export function answersOurs({ kind }: InboundContent): boolean {
  return kind === 'button' || kind === 'list' || kind === 'quick-reply';
}
