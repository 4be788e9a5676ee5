import { familyOf, type StoredActor } from '../../actors/staff/case-view.ts';
import type { CaseContext } from '../../machines/case-types.ts';

/** Where the actors of a case stand, as if it were one machine: what a scenario asks for. */
export function valueOf(snapshot: StoredActor): unknown {
  if (typeof snapshot.value === 'string') return snapshot.value;
  const { open, withdrawn } = snapshot.value as { open?: string; withdrawn?: unknown };
  const of = (id: string) => snapshot.children?.[id]?.snapshot?.value;
  if (open === undefined) return { withdrawn: withdrawn ?? of('sales') };
  const conversation = (of('conversation') as { open?: Record<string, unknown> }).open ?? {};
  const { hearing, ...speaking } = conversation;
  const clinic = (of('clinic') ?? {}) as Record<string, unknown>;
  return {
    open: {
      journey: of('journey'),
      hearing,
      conversation: speaking,
      files: of('attachments'),
      review: of('review'),
      papers: open === 'documents' ? 'kept' : 'none',
      clinicNews: clinic['news'],
      deal: clinic['deal'],
      money: (of('sales') as { open?: unknown }).open,
    },
  };
}

/** What the actors of a case know, as if it were one machine: what a scenario asks for. */
export function wholeContext(snapshot: StoredActor) {
  const root = snapshot.context as CaseContext;
  const { conversation, journey, review, attachments, clinic, sales } = familyOf(snapshot);
  return {
    ...root,
    recipient: conversation?.recipient ?? root.recipient,
    heardAt: conversation?.heardAt ?? null,
    heard: conversation?.heard ?? [],
    handedOverFor: conversation?.handedOverFor ?? null,
    unanswered: conversation?.unanswered ?? 0,
    trip: journey?.trip ?? {
      procedure: null,
      origin: null,
      departDate: null,
      returnDate: null,
      adults: null,
      childrenAges: null,
      budget: null,
    },
    misses: journey?.misses ?? 0,
    offers: journey?.offers ?? { round: root.round, expiresAt: null, list: [] },
    booking: journey?.booking ?? null,
    review: journey?.review ?? 'unneeded',
    attachments: attachments?.attachments ?? [],
    clinic: { ...root.clinic, deal: clinic?.deal ?? null, isTold: clinic?.isTold ?? false },
    imaging: review?.imaging ?? null,
    imagingHeld: review?.imagingHeld ?? null,
    standings: sales?.bookings ?? [],
    invoices: sales?.invoices ?? [],
    buyer: sales?.buyer ?? null,
  };
}
