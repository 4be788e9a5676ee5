import { ExpectedError, ProviderRefused } from '../errors.ts';
import { pause } from '../kernel/loop.ts';
import { movementsOf } from '../performers/money-record.ts';
import type {
  BookedMovement,
  BooksReader,
  Difference,
  DifferenceRegister,
} from '../ports/books.ts';
import type { Intake } from '../ports/intake.ts';
import type {
  PaymentBooks,
  PaymentsPort,
  ProviderMovement,
  UnreadableMovement,
} from '../ports/payments.ts';
import { caseOfBooking } from '../ports/references.ts';
import type { PaymentProvider, PaymentState } from '../shapes/payments.ts';
import { compare, movementKey } from './compare.ts';
import { noticeOf, type NoticeAbout } from './notices.ts';
import { readPayments } from './reading.ts';
import { totalsOf, type ProviderReport } from './report.ts';
import type { ReconciliationSettings } from './settings.ts';

export interface DayOptions {
  readonly payments: Pick<PaymentsPort, 'readPayment'>;
  readonly books: Pick<BooksReader, 'byPayment' | 'movements' | 'uninvoiced'>;
  readonly intake: Intake;
  readonly register: Pick<DifferenceRegister, 'keep'>;
  readonly now: () => number;
  readonly settings: ReconciliationSettings;
  /** Those that make invoices here: the others' captures need none. */
  readonly invoicedTenants: readonly string[];
}

/** [from, to), ISO 8601. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What a provider lists, by `movementKey`. */
interface TheirMovements {
  readonly readable: ReadonlyMap<string, ProviderMovement>;
  readonly unreadable: ReadonlyMap<string, UnreadableMovement>;
}

/** Both sides of a provider's day, side by side. */
interface Comparison {
  readonly theirs: readonly ProviderMovement[];
  readonly ours: readonly BookedMovement[];
  readonly differences: readonly Difference[];
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Those whose lists have disputes. iyzico's has none, so what our books have of them can't be looked for there. */
const disputeListers: ReadonlySet<PaymentProvider> = new Set(['stripe']);

/**
 * Of a UTC day what is over and had time to reach us.
 *
 * @throws {RangeError} not `YYYY-MM-DD`, or nothing of it is over
 */
export function periodOf(day: string, nowMs: number, graceMs: number): Period {
  const start = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(start) || !iso(start).startsWith(day)) {
    throw new RangeError('A day is YYYY-MM-DD');
  }
  const end = Math.min(start + dayMs, nowMs - graceMs);
  if (end <= start) throw new RangeError(`Nothing of ${day} (UTC) is over yet`);
  return { from: iso(start), to: iso(end) };
}

/**
 * Compares a provider's movements of a period with ours, tells the cases of what they can repair by reading their
 * payments again, waits for the books to catch up, and keeps what is left as differences. Without `repair` it only compares.
 *
 * The period is the provider's. A movement just before midnight may be just after it in our books, whose time is the time
 * we learned of it if the provider told none, be that days later. So movements are looked for by id outside the period too,
 * and only what can't be found anywhere is a difference:
 *
 * - theirs of the period: in ours from `slackMs` before it to `slackMs` after it, then day by day until today
 * - ours of the period: in theirs with the same slack, then by reading that payment from the provider
 *
 * A refund that the provider's list has and its payment calls pending isn't compared until it is done. A movement that the
 * list has and nobody can read is a difference of its own, whatever our books have of it.
 *
 * A booking that still waits for money which our books have, and which the provider calls paid and clear, is a difference too
 * (`state-differs`): its case reads the payment again.
 *
 * A booking whose capture in the period has had no invoice for `invoicedWithinMs` is a difference too: `invoice-missing`, with the
 * payment as its subject.
 *
 * What does not answer ends up as the report's `problem`; the differences stay as they were then.
 */
export async function reconcileProvider(
  options: DayOptions,
  { provider, paymentBooks, day, period, repair }: ProviderDay,
  signal: AbortSignal,
): Promise<ProviderReport> {
  const { register, settings } = options;
  try {
    if (paymentBooks === undefined) throw new ProviderRefused(provider, 'no_books');
    const theirs = await theirMovements(paymentBooks, period, settings, signal);
    const states = new Map<string, PaymentState | null>();
    const look = async () => lookAt(options, { provider, period, theirs, states }, signal);
    let comparison = await look();
    let repaired = 0;
    if (repair) {
      const told = await tellCases(options, provider, comparison);
      const deadline = options.now() + settings.catchUpMs;
      const waiting = () =>
        comparison.differences.filter((found) => told.has(differenceKey(found)));
      while (waiting().length > 0 && options.now() < deadline && !signal.aborted) {
        await pause(settings.pollMs, signal);
        comparison = await look();
      }
      repaired = told.size - waiting().length;
      signal.throwIfAborted();
    }
    const missing = await missingInvoices(options, provider, period);
    const differences = [...comparison.differences, ...missing];
    if (repair) await register.keep(provider, day, differences);
    const totals = totalsOf(comparison.theirs, comparison.ours);
    return { provider, totals, differences, repaired, problem: null };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    const problem = `${error.code}${'reason' in error ? ` ${String(error.reason)}` : ''}`;
    return { provider, totals: [], differences: [], repaired: 0, problem };
  }
}

interface ProviderDay {
  readonly provider: PaymentProvider;
  /** Absent where the provider has no list of its movements. */
  readonly paymentBooks: PaymentBooks | undefined;
  readonly day: string;
  readonly period: Period;
  readonly repair: boolean;
}

/** By id: pages may overlap while new movements come in. */
async function theirMovements(
  paymentBooks: PaymentBooks,
  period: Period,
  { slackMs, maxMovements }: ReconciliationSettings,
  signal: AbortSignal,
): Promise<TheirMovements> {
  const readable = new Map<string, ProviderMovement>();
  const unreadable = new Map<string, UnreadableMovement>();
  const onUnreadable = (movement: UnreadableMovement) =>
    void unreadable.set(movementKey(movement), movement);
  const pages = paymentBooks.movements(widened(period, slackMs), signal, onUnreadable);
  for await (const page of pages) {
    for (const movement of page) readable.set(movementKey(movement), movement);
    if (readable.size + unreadable.size > maxMovements) {
      throw new ProviderRefused(paymentBooks.provider, 'too_many_movements');
    }
  }
  return { readable, unreadable };
}

async function lookAt(
  { payments, books, now, settings }: DayOptions,
  {
    provider,
    period,
    theirs,
    states,
  }: {
    readonly provider: PaymentProvider;
    readonly period: Period;
    readonly theirs: TheirMovements;
    /** By payment, what was read before: a provider's word stays as it is for one report. */
    readonly states: Map<string, PaymentState | null>;
  },
  signal: AbortSignal,
): Promise<Comparison> {
  const wide = widened(period, settings.slackMs);
  const ours = new Map<string, BookedMovement>();
  const add = (movements: readonly BookedMovement[]) => {
    for (const movement of movements) {
      if (isListed(movement)) ours.set(movementKey(movement), movement);
    }
  };
  add(await books.movements(provider, wide));
  const { readable, unreadable } = theirs;
  const strays = [...ours].flatMap(([key, our]) =>
    isIn(period, our) && !readable.has(key) && !unreadable.has(key) ? our : [],
  );

  const expected = [...readable].filter(([, their]) => isIn(period, their));
  const isComplete = () => expected.every(([key]) => ours.has(key));
  let from = Date.parse(wide.to);
  for (let ahead = 0; ahead < settings.lookAheadDays && from <= now(); ahead++) {
    if (isComplete()) break;
    signal.throwIfAborted();
    add(await books.movements(provider, { from: iso(from), to: iso(from + dayMs) }));
    from += dayMs;
  }

  const unbooked = expected.flatMap(([key, their]) => (ours.has(key) ? [] : their));
  const doubtful = [...strays, ...unbooked.filter(({ kind }) => kind === 'refund')];
  await readDoubtful({ payments, books, settings }, { provider, doubtful, states }, signal);
  const settled = expected.filter(([, their]) => !isPending(states.get(their.paymentId), their));
  const left = strays.flatMap((our) => {
    const their = movementIn(states.get(our.paymentId) ?? null, our);
    // The provider has it, on another of its days.
    return their !== null && compare([their], [our]).length === 0 ? [] : { our, their };
  });
  const sides = {
    theirs: [...settled.map(([, their]) => their), ...left.flatMap(({ their }) => their ?? [])],
    ours: [...settled.flatMap(([key]) => ours.get(key) ?? []), ...left.map(({ our }) => our)],
  };
  const odd = [...unreadable].flatMap(([key, their]) =>
    isIn(period, their) ? unreadableDifference(their, ours.get(key)) : [],
  );
  const overlooked = await undecided(
    { payments, books, settings },
    { provider, ...sides, states },
    signal,
  );
  return { ...sides, differences: [...compare(sides.theirs, sides.ours), ...odd, ...overlooked] };
}

/** The states of a booking that still waits for its money. */
const waitingStates: ReadonlySet<string> = new Set(['opening', 'awaiting-payment']);

/**
 * Captures that our books have, while their booking still waits: it saw the money under review, and that the review ended
 * well nobody told it.
 */
async function undecided(
  { payments, books, settings }: Pick<DayOptions, 'payments' | 'books' | 'settings'>,
  {
    provider,
    ours,
    states,
  }: {
    readonly provider: PaymentProvider;
    readonly ours: readonly BookedMovement[];
    readonly states: Map<string, PaymentState | null>;
  },
  signal: AbortSignal,
): Promise<readonly Difference[]> {
  const captures = ours.filter(({ kind }) => kind === 'capture');
  if (captures.length === 0) return [];
  const bookings = await books.byPayment(
    provider,
    captures.map(({ paymentId }) => paymentId),
  );
  const waiting = new Set(
    bookings.flatMap(({ state, paymentId }) => (waitingStates.has(state) ? (paymentId ?? []) : [])),
  );
  const doubtful = captures.filter(({ paymentId }) => waiting.has(paymentId));
  await readDoubtful({ payments, books, settings }, { provider, doubtful, states }, signal);
  return doubtful.flatMap(({ movementId, paymentId, bookingId, amount }): Difference[] => {
    const state = states.get(paymentId);
    if (state?.status !== 'paid' || state.fraud !== 'clear') return [];
    const { captured } = state;
    const about = { provider, subject: movementId, bookingId };
    return [{ ...about, kind: 'state-differs', ours: amount, theirs: captured }];
  });
}

function isListed({ provider, kind }: ProviderMovement): boolean {
  return kind === 'capture' || kind === 'refund' || disputeListers.has(provider);
}

function unreadableDifference(
  { provider, movementId, bookingId }: UnreadableMovement,
  our: BookedMovement | undefined,
): Difference {
  return {
    provider,
    subject: movementId,
    bookingId: our?.bookingId ?? bookingId,
    kind: 'movement-unreadable',
    ours: our?.amount ?? null,
    theirs: null,
  };
}

async function missingInvoices(
  { books, now, settings, invoicedTenants: tenants }: DayOptions,
  provider: PaymentProvider,
  period: Period,
): Promise<readonly Difference[]> {
  const before = iso(now() - settings.invoicedWithinMs);
  const captures = await books.uninvoiced(provider, { ...period, before, tenants });
  return captures.map(({ paymentId, bookingId, amount }) => ({
    provider,
    subject: paymentId,
    bookingId,
    kind: 'invoice-missing',
    ours: amount,
    theirs: null,
  }));
}

/** Adds to `states` the payments of movements that only one side has: null for those that the provider does not know. */
async function readDoubtful(
  { payments, books, settings }: Pick<DayOptions, 'payments' | 'books' | 'settings'>,
  {
    provider,
    doubtful,
    states,
  }: {
    readonly provider: PaymentProvider;
    readonly doubtful: readonly ProviderMovement[];
    readonly states: Map<string, PaymentState | null>;
  },
  signal: AbortSignal,
): Promise<void> {
  const unread = new Set(
    doubtful.flatMap(({ paymentId }) => (states.has(paymentId) ? [] : paymentId)),
  );
  // So many are no late refunds but another account or another database: a person must look.
  const ids = [...unread].slice(0, Math.max(0, settings.maxReads - states.size));
  if (ids.length === 0) return;
  const bookings = await books.byPayment(provider, ids);
  const readings = await readPayments(payments, bookings, settings.concurrency, signal);
  for (const reading of readings) {
    const { paymentId } = reading.booking;
    if (paymentId === null) continue;
    // A refusal is the answer that there is no such payment; silence is none.
    if ('error' in reading && reading.error.retryable) throw reading.error;
    states.set(paymentId, 'error' in reading ? null : reading.state);
  }
}

/** The same movement as the payment's state has it; null if it does not, or not any more. */
function movementIn(state: PaymentState | null, our: BookedMovement): ProviderMovement | null {
  if (state === null || state.paymentId !== our.paymentId) return null;
  const movements = movementsOf(state, our.at).filter(
    ({ movementId }) => movementId === our.movementId,
  );
  if (movements.some(({ kind }) => kind === 'refund-failed')) return null;
  const found = movements.find(({ kind }) => kind === our.kind);
  return found === undefined ? null : { ...our, bookingId: state.bookingId, amount: found.amount };
}

/** A refund that is on its way: some lists have it already, and our books will when it is done. */
function isPending(
  state: PaymentState | null | undefined,
  { kind, movementId }: ProviderMovement,
): boolean {
  if (kind !== 'refund') return false;
  const refund = state?.refunds.find(({ refundId }) => refundId === movementId);
  return refund?.status === 'pending';
}

/** By difference: those whose case was told just now. A case that reads its payment again books what it finds, so nothing else is needed. */
async function tellCases(
  { books, intake, now, settings }: DayOptions,
  provider: PaymentProvider,
  { theirs, ours, differences }: Comparison,
): Promise<ReadonlySet<string>> {
  const repairable = differences.filter(({ kind }) => repairableKinds[kind] !== undefined);
  if (repairable.length === 0) return new Set();
  const movements = new Map(
    [...theirs, ...ours].map((movement) => [subjectKey(movement), movement]),
  );
  const paired = repairable.flatMap((difference) => {
    const movement = movements.get(differenceSubject(difference));
    return movement === undefined ? [] : { difference, movement };
  });
  const known = new Map(
    (
      await books.byPayment(provider, [
        ...new Set(paired.map(({ movement }) => movement.paymentId)),
      ])
    ).map((booking) => [booking.paymentId, booking]),
  );
  const notices = paired.flatMap(({ difference, movement }) => {
    const about = known.get(movement.paymentId) ?? aboutOf(movement);
    const state = [difference, movement.paymentId];
    return about === null
      ? []
      : {
          key: differenceKey(difference),
          delivery: noticeOf({ ...about, paymentId: movement.paymentId }, state, {
            nowMs: now(),
            repeatMs: settings.repeatMs,
          }),
        };
  });
  if (notices.length === 0) return new Set();
  const receipts = await intake.receive(notices.map(({ delivery }) => delivery));
  // A duplicate was told a while ago, and nothing came of it. Parked: the provider's account serves others too.
  return new Set(notices.flatMap(({ key }, i) => (receipts[i]?.outcome === 'stored' ? key : [])));
}

/** With the kind of movement each is about. A refund that is missing has perhaps failed since; the case would see that too. */
const repairableKinds: Readonly<Partial<Record<Difference['kind'], ProviderMovement['kind']>>> = {
  'payment-unknown': 'capture',
  'state-differs': 'capture',
  'refund-unknown': 'refund',
  'refund-missing': 'refund',
  'chargeback-unknown': 'chargeback',
  'reversal-unknown': 'chargeback-reversed',
};

/** Whose payment it is by the provider's word, for one that our books don't know. */
function aboutOf({ provider, bookingId, paymentId }: ProviderMovement): NoticeAbout | null {
  const caseId = bookingId === null ? null : caseOfBooking(bookingId);
  if (caseId === null || bookingId === null) return null;
  return { provider, caseId, bookingId, checkoutId: null, paymentId };
}

const differenceKey = ({ kind, subject }: Difference): string => `${kind}/${subject}`;

const subjectKey = ({ kind, movementId }: ProviderMovement): string => `${kind}/${movementId}`;

const differenceSubject = ({ kind, subject }: Difference): string =>
  `${repairableKinds[kind] ?? kind}/${subject}`;

function isIn({ from, to }: Period, { at }: Pick<ProviderMovement, 'at'>): boolean {
  const time = Date.parse(at);
  return time >= Date.parse(from) && time < Date.parse(to);
}

function widened({ from, to }: Period, slackMs: number): Period {
  return { from: iso(Date.parse(from) - slackMs), to: iso(Date.parse(to) + slackMs) };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
