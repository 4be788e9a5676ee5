import { assign, emit, sendParent, setup, type DoneActorEvent } from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import type {
  Buyer,
  IntegratorStatus,
  InvoiceOrder,
  IssuedInvoice,
  SaleLine,
} from '../actors/shapes/invoices.ts';
import type { StateMeta } from './money-types.ts';

export interface InvoiceInput {
  readonly tenant: string;
  readonly caseId: string;
  readonly bookingId: string;
  /** `{bookingId}-i{n}`, n below 100. A correction's is a hundred more. */
  readonly invoiceId: string;
  readonly lines: readonly SaleLine[];
  /** ISO 8601 with offset. */
  readonly paidAt: string;
  readonly payment: { readonly provider: string; readonly paymentId: string };
  /** Null until staff say whom it is made out to. */
  readonly buyer: Buyer | null;
  /** The invoice that this one gives back. */
  readonly credits: string | null;
}

/** Why staff have to look at an invoice. Part of what staff see, so a name never changes. */
export type InvoiceHeldFor =
  | 'buyer-missing'
  | 'invoice-invalid'
  | 'invoice-not-queued'
  | 'invoice-not-sent'
  | 'invoice-not-settled'
  | 'invoice-rejected'
  | 'invoice-not-archived';

interface InvoiceContext extends InvoiceInput {
  readonly issued: IssuedInvoice | null;
  /** The refused invoice that this one stands in for. */
  readonly replaces: string | null;
  /** How often the integrator was asked. */
  readonly polls: number;
  /** An integrator spoke of it while it was being sent. */
  readonly wasPushed: boolean;
  readonly heldFor: InvoiceHeldFor | null;
}

export type InvoiceEvent =
  | { readonly type: 'invoice.buyer'; readonly buyer: Buyer }
  | {
      readonly type: 'efatura.status.update';
      readonly invoiceId: string;
      readonly status: 'submitted' | 'accepted' | 'rejected' | 'archived';
    }
  | { readonly type: 'staff.resume'; readonly at: string };

interface Seen {
  readonly context: InvoiceContext;
}

const minute = 60 * 1_000; // ms
const hour = 60 * minute;

/** After so many polls an answer is hours late: staff ask the integrator. */
const maxPolls = 24;

const initialContext = ({ input }: { input: InvoiceInput }): InvoiceContext => ({
  ...input,
  issued: null,
  replaces: null,
  polls: 0,
  wasPushed: false,
  heldFor: null,
});

const invoiceOrder = ({ context }: Seen): InvoiceOrder => {
  const { tenant, caseId, bookingId, invoiceId, lines, paidAt, payment, buyer } = context;
  const { credits, replaces } = context;
  if (buyer === null) throw new Error('An invoice needs a buyer');
  return {
    tenant,
    caseId,
    bookingId,
    invoiceId,
    lines,
    paidAt,
    payment,
    buyer,
    credits,
    replaces,
  };
};

const invoiceOf = ({ context }: Seen): { invoiceId: string } => ({ invoiceId: context.invoiceId });

/** A correction is another invoice with another number: `…-i2` becomes `…-i102`. */
const correctionOf = (invoiceId: string): string =>
  invoiceId.replace(/\d+$/, (number) => String(Number(number) + 100));

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

const codeOf = ({ event }: { event: { readonly error?: unknown } }): string => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'failed';
};

/**
 * One e-invoice: made out, numbered, sent, followed until the tax authority has it, and kept for ten years. What is not
 * valid never gets a number; what is refused is corrected as another invoice.
 */
export const invoiceMachine = setup({
  types: {} as {
    context: InvoiceContext;
    events: InvoiceEvent;
    emitted: {
      readonly type: 'efatura.status.update';
      readonly invoiceId: string;
      readonly status: 'submitted' | 'accepted' | 'rejected' | 'archived';
    };
    input: InvoiceInput;
    meta: StateMeta;
    tags: 'awaiting-provider' | 'held';
  },
  actors: {
    queueInvoice: {} as Effect<'queueInvoice'>,
    submitInvoice: {} as Effect<'submitInvoice'>,
    readInvoice: {} as Effect<'readInvoice'>,
    archiveInvoice: {} as Effect<'archiveInvoice'>,
  },
  actions: {
    keepBuyer: assign(({ event }) =>
      event.type === 'invoice.buyer' ? { buyer: event.buyer, heldFor: null } : {},
    ),
    keepIssued: assign((_, issued: IssuedInvoice) => ({
      issued,
      heldFor: null,
      polls: 0,
      wasPushed: false,
    })),
    countPoll: assign(({ context }) => ({ polls: context.polls + 1 })),
    noteHeld: assign((_, { heldFor }: { heldFor: InvoiceHeldFor }) => ({ heldFor })),
    forgetHeld: assign({ heldFor: null }),
    notePush: assign({ wasPushed: true }),
    beginCorrection: assign(({ context, event }) => ({
      ...(event.type === 'invoice.buyer' ? { buyer: event.buyer } : {}),
      replaces: context.invoiceId,
      invoiceId: correctionOf(context.invoiceId),
      issued: null,
      heldFor: null,
    })),
    publish: emit(
      (
        { context },
        { status }: { status: 'submitted' | 'accepted' | 'rejected' | 'archived' },
      ) => ({ type: 'efatura.status.update' as const, invoiceId: context.invoiceId, status }),
    ),
    tellHeld: sendParent(({ context }) => ({
      type: 'invoice.held',
      invoiceId: context.invoiceId,
      heldFor: context.heldFor,
    })),
    tellSettled: sendParent(({ context }) => ({
      type: 'invoice.settled',
      invoiceId: context.invoiceId,
    })),
    tellArchived: sendParent(({ context }) => ({
      type: 'invoice.archived',
      invoiceId: context.invoiceId,
      number: context.issued?.number ?? '',
    })),
  },
  guards: {
    hasBuyer: ({ context }) => context.buyer !== null,
    isInvalid: (_, code: string) => code === 'invoice_invalid',
    isAccepted: (_, { status }: IntegratorStatus) => status === 'accepted',
    isRejected: (_, { status }: IntegratorStatus) => status === 'rejected',
    wasPushed: ({ context }) => context.wasPushed,
    isOverdue: ({ context }) => context.polls >= maxPolls,
    // A push only says when to ask. One about an invoice that was corrected since says nothing about this one.
    isAboutThis: ({ context, event }) =>
      event.type === 'efatura.status.update' && event.invoiceId === context.invoiceId,
  },
  delays: {
    // 5 min, 10 min, 20 min, … at most 6 h.
    poll: ({ context }) => Math.min(5 * minute * 2 ** context.polls, 6 * hour),
    archiveAgain: hour,
  },
}).createMachine({
  id: 'invoice',
  version: '1',
  description: 'One e-invoice: made out, numbered, sent, accepted, and kept for ten years.',
  meta: { label: 'Invoice', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'beginning',
  states: {
    beginning: {
      description: 'Is it known whom it is made out to?',
      meta: { label: 'Invoice begins', waitsFor: 'nobody', targetMinutes: null },
      always: [
        { guard: 'hasBuyer', target: 'draft' },
        {
          target: 'withStaff',
          actions: { type: 'noteHeld', params: { heldFor: 'buyer-missing' } },
        },
      ],
    },
    withStaff: {
      description:
        'The buyer is missing, or the invoice is not valid as it is. It has no number yet. Staff enter the buyer.',
      meta: { label: 'Invoice waits for its buyer', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['held'],
      entry: 'tellHeld',
      exit: 'tellSettled',
      on: {
        'invoice.buyer': { target: 'draft', actions: 'keepBuyer' },
        'staff.resume': { guard: 'hasBuyer', target: 'draft' },
      },
    },
    draft: {
      description: 'It is added up, checked, and given its number.',
      meta: { label: 'Making out the invoice', waitsFor: 'provider', targetMinutes: 15 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'queueInvoice',
        src: 'queueInvoice',
        input: invoiceOrder,
        onDone: { target: 'sending', actions: { type: 'keepIssued', params: outputOf } },
        onError: [
          {
            guard: { type: 'isInvalid', params: codeOf },
            target: 'withStaff',
            actions: { type: 'noteHeld', params: { heldFor: 'invoice-invalid' } },
          },
          {
            target: 'withStaff',
            actions: { type: 'noteHeld', params: { heldFor: 'invoice-not-queued' } },
          },
        ],
      },
    },
    sending: {
      description: 'The integrator gets it. Its ETTN sees to it that it is there once.',
      meta: { label: 'Sending the invoice', waitsFor: 'provider', targetMinutes: 60 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'submitInvoice',
        src: 'submitInvoice',
        input: invoiceOf,
        onDone: [
          {
            guard: { type: 'isAccepted', params: outputOf },
            target: 'archiving',
            actions: { type: 'publish', params: { status: 'accepted' } },
          },
          { guard: { type: 'isRejected', params: outputOf }, target: 'rejected' },
          { guard: 'wasPushed', target: 'asking' },
          { target: 'submitted', actions: { type: 'publish', params: { status: 'submitted' } } },
        ],
        onError: {
          target: 'unsent',
          actions: { type: 'noteHeld', params: { heldFor: 'invoice-not-sent' } },
        },
      },
      on: { 'efatura.status.update': { guard: 'isAboutThis', actions: 'notePush' } },
    },
    unsent: {
      description: 'The integrator did not take it. It has its number; staff look, and resume.',
      meta: { label: 'Invoice not sent', waitsFor: 'staff', targetMinutes: 240 },
      tags: ['held'],
      entry: 'tellHeld',
      exit: 'tellSettled',
      on: {
        'staff.resume': { target: 'sending' },
        // The integrator refuses these very bytes: another invoice stands in for it.
        'invoice.buyer': { target: 'draft', actions: 'beginCorrection' },
        'efatura.status.update': { guard: 'isAboutThis', target: 'asking' },
      },
    },
    submitted: {
      description: 'The integrator has it. It is asked again and again, more and more seldom.',
      meta: { label: 'Invoice sent', waitsFor: 'provider', targetMinutes: 1440 },
      tags: ['awaiting-provider'],
      entry: 'forgetHeld',
      after: {
        poll: [
          {
            guard: 'isOverdue',
            target: 'overdue',
            actions: { type: 'noteHeld', params: { heldFor: 'invoice-not-settled' } },
          },
          { target: 'asking' },
        ],
      },
      on: {
        'efatura.status.update': { guard: 'isAboutThis', target: 'asking' },
        'staff.resume': { target: 'asking' },
      },
    },
    asking: {
      description: 'The integrator is asked what became of it.',
      meta: { label: 'Asking about the invoice', waitsFor: 'provider', targetMinutes: 15 },
      tags: ['awaiting-provider'],
      entry: 'countPoll',
      invoke: {
        id: 'readInvoice',
        src: 'readInvoice',
        input: invoiceOf,
        onDone: [
          {
            guard: { type: 'isAccepted', params: outputOf },
            target: 'archiving',
            actions: { type: 'publish', params: { status: 'accepted' } },
          },
          { guard: { type: 'isRejected', params: outputOf }, target: 'rejected' },
          { target: 'submitted' },
        ],
        onError: { target: 'submitted' },
      },
      on: {
        // What is being read may be older than this word.
        'efatura.status.update': { guard: 'isAboutThis', target: 'asking', reenter: true },
      },
    },
    overdue: {
      description: 'No answer for days. Staff ask the integrator; on resume we ask again.',
      meta: { label: 'Invoice without an answer', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['held'],
      entry: 'tellHeld',
      exit: 'tellSettled',
      on: {
        'staff.resume': { target: 'asking' },
        'efatura.status.update': { guard: 'isAboutThis', target: 'asking' },
      },
    },
    rejected: {
      description:
        'Refused by the authority or the buyer. Staff correct the buyer: another invoice with another number stands in for it.',
      meta: { label: 'Invoice refused', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['held'],
      entry: [
        { type: 'publish', params: { status: 'rejected' } },
        { type: 'noteHeld', params: { heldFor: 'invoice-rejected' } },
        'tellHeld',
      ],
      exit: 'tellSettled',
      on: {
        'invoice.buyer': { target: 'draft', actions: 'beginCorrection' },
        'staff.resume': { target: 'draft', actions: 'beginCorrection' },
      },
    },
    archiving: {
      description: 'Its PDF and signed XML are fetched and kept.',
      meta: { label: 'Keeping the invoice', waitsFor: 'provider', targetMinutes: 60 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'archiveInvoice',
        src: 'archiveInvoice',
        input: invoiceOf,
        onDone: { target: 'archived' },
        onError: {
          target: 'unarchived',
          actions: { type: 'noteHeld', params: { heldFor: 'invoice-not-archived' } },
        },
      },
    },
    unarchived: {
      description: 'It is valid, but not kept yet. Tried again each hour, and when staff resume.',
      meta: { label: 'Invoice not kept yet', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['held'],
      entry: 'tellHeld',
      exit: 'tellSettled',
      on: { 'staff.resume': { target: 'archiving' } },
      after: { archiveAgain: { target: 'archiving' } },
    },
    archived: {
      description: 'Accepted, and kept for ten years.',
      meta: { label: 'Invoice kept', waitsFor: 'nobody', targetMinutes: null },
      entry: [{ type: 'publish', params: { status: 'archived' } }, 'tellArchived'],
      type: 'final',
    },
  },
});
