import type { CaseEvent, HeardMessage, Trip } from './case-types.ts';
import type { Known, Understood } from './conversation-answers.ts';
import type { Ask, ConsentChanged, FamilyEventOf, PatientSaid, Say } from './family-types.ts';
import type { Recipient } from './money-types.ts';

// What the conversation knows and hears.

export interface ConversationInput {
  readonly recipient: Recipient;
  readonly lang: string;
  readonly tenantName: string;
  readonly destination: string;
}

export interface ConversationContext extends Known, ConversationInput {
  /** When the patient was last heard, by the provider's clock: free text may be sent for 24 h. */
  readonly heardAt: string | null;
  /** When the patient last said stop. What was said until then is not kept. */
  readonly withdrawnAt: string | null;
  /** The message that is being understood. One said before it may come meanwhile, and waits. */
  readonly reading: HeardMessage | null;
  /** The question that the message is read as an answer to, by its number; absent in what was stored before this was kept. */
  readonly readFor?: number | null;
  readonly understood: Understood | null;
  /** Who the patient is, as they said; our messages name them where others write from their phone. */
  readonly patient: { readonly name: string; readonly isAlone: boolean } | null;
  /** What treatment was told last: a second one with a trip of its own may be somebody else's. */
  readonly procedure: Trip['procedure'];
  /**
   * Messages of ours, but for questions, of which nobody knows whether they were sent: said again when the patient writes. So are
   * those that certainly were not, because something else was sent in their place.
   */
  readonly doubted: readonly {
    readonly effectId: string;
    readonly say: Omit<Say, 'type'>;
    readonly isReplaced?: true;
  }[];
  /** Messages that answered a consent or refused something: to change one afterwards is for a person to see. */
  readonly evidence: readonly string[];
  /** When we last said that we cannot read something. */
  readonly unreadableAt: string | null;
  /** When we last said that staff see what the patient writes. */
  readonly notedAt: string | null;
  /** Whether we said that a wish to be erased is known. */
  readonly isErasureNoted: boolean;
  /** A sentence that is to be said in one message with what is asked next in this turn, or else alone. */
  readonly owed?: 'staff.handover' | 'staff.noted' | null;
  /** Messages since staff took over. */
  readonly unanswered: number;
}

export type ConversationEvent =
  | Extract<
      CaseEvent,
      {
        readonly type:
          | 'whatsapp.inbound'
          | 'whatsapp.contact'
          | 'whatsapp.edited'
          | 'whatsapp.revoked'
          | 'whatsapp.echoed'
          | 'whatsapp.status'
          | 'message.failed'
          | 'message.sent'
          | 'message.doubted'
          | 'staff.reply'
          | 'staff.send'
          | 'staff.resume';
      }
    >
  | Say
  | Ask
  | ConsentChanged
  | PatientSaid
  | FamilyEventOf<
      | 'unask'
      | 'handOver'
      | 'hearing.next'
      | 'link'
      | 'travellers.wanted'
      | 'patient.named'
      | 'withdrawn'
      | 'reopened'
    >;

export interface Seen {
  readonly context: ConversationContext;
}
export interface Heard extends Seen {
  readonly event: ConversationEvent;
}
