import type { AttachmentsContext } from '../../machines/attachments.ts';
import type { AttentionContext } from '../../machines/attention-setup.ts';
import type { CaseContext } from '../../machines/case-types.ts';
import type { ClinicContext } from '../../machines/clinic.ts';
import type { ConversationContext } from '../../machines/conversation-types.ts';
import type { DealContext } from '../../machines/deal.ts';
import type { JourneyContext } from '../../machines/journey-types.ts';
import type { ReviewContext } from '../../machines/review.ts';
import { ticketingOf } from '../../machines/sales-rules.ts';
import type { SalesContext } from '../../machines/sales-types.ts';
import type { TicketingContext } from '../../machines/ticketing-types.ts';
import type { Leak } from '../shapes/imaging.ts';

/** A stored actor, as far as it says what it knows and where it stands. */
export interface StoredActor<Context = unknown> {
  readonly status?: string;
  readonly value?: unknown;
  readonly context?: Context;
  readonly children?: Readonly<
    Record<string, { readonly src?: unknown; readonly snapshot?: StoredActor } | undefined>
  >;
}

/** The actors that are the case for whoever looks at it from outside: what is inside them has a name of its own. */
export const familyNames: ReadonlySet<string> = new Set([
  'conversation',
  'service',
  'health-data',
  'transfer-abroad',
  'marketing',
  'journey',
  'review',
  'attachments',
  'clinic',
  'sales',
  'attention',
]);

/** What the actors of a case know, each by its name; undefined for one that does not run now. */
export interface Family {
  readonly root: Partial<CaseContext>;
  readonly conversation: ConversationContext | undefined;
  readonly journey: JourneyContext | undefined;
  readonly review: ReviewContext | undefined;
  /** Only while images are looked at. */
  readonly imaging: { readonly leaks: readonly Leak[] } | undefined;
  readonly attachments: AttachmentsContext | undefined;
  readonly clinic: ClinicContext | undefined;
  readonly deal: DealContext | undefined;
  readonly sales: SalesContext | undefined;
  readonly attention: AttentionContext | undefined;
  /** What sees to the tickets of a booking. */
  readonly ticketing: (bookingId: string) => TicketingContext | undefined;
}

/**
 * What the actors of a stored case know. Who reads it from outside reads it here, so that nobody else knows which actor has
 * what. The snapshot is of the present version, or it is not understood.
 */
export function familyOf(snapshot: unknown): Family {
  const root = (snapshot ?? {}) as StoredActor<Partial<CaseContext>>;
  const below = (parent: StoredActor | undefined, id: string): StoredActor | undefined =>
    parent?.children?.[id]?.snapshot;
  const clinic = below(root, 'clinic');
  const sales = below(root, 'sales');
  const review = below(root, 'review');
  return {
    root: root.context ?? {},
    conversation: below(root, 'conversation')?.context as ConversationContext | undefined,
    journey: below(root, 'journey')?.context as JourneyContext | undefined,
    review: review?.context as ReviewContext | undefined,
    imaging: below(review, 'imaging')?.context as Family['imaging'],
    attachments: below(root, 'attachments')?.context as AttachmentsContext | undefined,
    clinic: clinic?.context as ClinicContext | undefined,
    deal: below(clinic, 'deal')?.context as DealContext | undefined,
    sales: sales?.context as SalesContext | undefined,
    attention: below(root, 'attention')?.context as AttentionContext | undefined,
    ticketing: (bookingId) =>
      below(sales, ticketingOf(bookingId))?.context as TicketingContext | undefined,
  };
}
