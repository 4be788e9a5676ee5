import { moneyFromDecimal } from '../../actors/shapes/money.ts';
import { emptyHead, verifyChain, type ChainedEntry } from '../../persistence/ledger/audit-chain.ts';
import type { LedgerEntry } from '../sandbox/ledger.ts';

/** A row of our books. */
interface MovementRow {
  readonly provider: string;
  readonly kind: string;
  readonly movementId: string;
  readonly bookingId: string;
  readonly paymentId: string;
  readonly amountMinor: string;
  readonly currency: string;
}

export interface BookingRow {
  readonly bookingId: string;
  readonly state: string;
  readonly heldFor: string | null;
  readonly totalMinor: string;
  readonly currency: string;
}

interface InvoiceRow {
  readonly invoiceId: string;
  readonly bookingId: string;
  readonly status: string;
  readonly ettn: string | null;
  readonly number: string | null;
  readonly type: string | null;
  readonly payableMinor: string | null;
  readonly currency: string | null;
  readonly replaces: string | null;
}

/** Our books as they are stored. */
export interface OurBooks {
  readonly movements: readonly MovementRow[];
  readonly bookings: readonly BookingRow[];
  readonly invoices: readonly InvoiceRow[];
}

export interface MoneyEvidence extends OurBooks {
  /** What the providers applied, by their own file. */
  readonly provider: readonly LedgerEntry[];
  readonly audit: readonly ChainedEntry[];
  /** How many invoices each booking must have once it is paid as ordered, credit notes aside. Absent: not judged. */
  readonly invoicesDue: ReadonlyMap<string, number>;
}

/** What one side says of one payment, in minor units. */
interface PaymentSums {
  bookingId: string | null;
  currency: string;
  captured: bigint;
  refunded: bigint;
  /** Held or taken by disputes. */
  disputed: bigint;
}

type Sums = Map<string, PaymentSums>;

type Query = <Row extends object>(sql: string) => Promise<Row[]>;

export async function readBooks(query: Query): Promise<OurBooks> {
  return {
    movements: await query(
      `select provider, kind, movement_id as "movementId", booking_id as "bookingId", payment_id as "paymentId",
         amount_minor::text as "amountMinor", currency from money_movements`,
    ),
    bookings: await query(
      `select booking_id as "bookingId", state, held_for as "heldFor", total_minor::text as "totalMinor", currency from bookings`,
    ),
    invoices: await query(
      `select invoice_id as "invoiceId", booking_id as "bookingId", status, ettn::text as ettn, number, type,
         payable_minor::text as "payableMinor", currency, replaces from invoices`,
    ),
  };
}

/**
 * Our books against the providers': sums, each payment, invoices against the register and the integrator, and the audit
 * trail of what moved. One line for each difference, with the booking and what both sides say.
 */
export function moneyFindings(evidence: MoneyEvidence): readonly string[] {
  const theirs = theirSums(evidence.provider);
  const ours = ourSums(evidence.movements);
  return [
    ...totalFindings(theirs, ours),
    ...paymentFindings(theirs, ours),
    ...bookingFindings(evidence, ours),
    ...invoiceFindings(evidence, ours),
    ...numberFindings(evidence),
    ...auditFindings(evidence),
  ];
}

/** What each refund of ours did at its provider: more than once is money given back twice. */
export function repeatedRefunds(provider: readonly LedgerEntry[]): readonly string[] {
  const references = provider.flatMap(({ kind, detail }) => {
    const { reference } = detail as { reference?: string | null };
    return ['refund', 'cancel'].includes(kind) && typeof reference === 'string' ? reference : [];
  });
  return repeated(references).map((reference) => `refund ${reference} was made more than once`);
}

function theirSums(provider: readonly LedgerEntry[]): Sums {
  const sums: Sums = new Map();
  for (const { provider: name, kind, detail } of provider) {
    if (name !== 'stripe' && name !== 'iyzico') continue;
    const { paymentId, bookingId, amount, currency, outcome } = detail as {
      paymentId?: string;
      bookingId?: string | null;
      amount?: number | string;
      currency?: string;
      outcome?: string;
    };
    if (paymentId === undefined || amount === undefined || currency === undefined) continue;
    // Stripe's unit is the minor one of every currency here; iyzico writes decimals.
    const code = currency.toUpperCase();
    const minor =
      typeof amount === 'number'
        ? BigInt(amount)
        : BigInt(moneyFromDecimal(amount, code).amountMinor);
    const sum = sumOf(sums, `${name} ${paymentId}`, bookingId ?? null, code);
    if (kind === 'payment') sum.captured += minor;
    if (kind === 'refund' || kind === 'cancel') sum.refunded += minor;
    if (kind === 'refund-failed') sum.refunded -= minor;
    if (kind === 'dispute') sum.disputed += minor;
    if (kind === 'dispute-closed' && outcome === 'won') sum.disputed -= minor;
  }
  return new Map([...sums].filter(([, { captured }]) => captured !== 0n));
}

function ourSums(movements: readonly MovementRow[]): Sums {
  const sums: Sums = new Map();
  for (const { provider, kind, paymentId, bookingId, amountMinor, currency } of movements) {
    const sum = sumOf(sums, `${provider} ${paymentId}`, bookingId, currency);
    const minor = BigInt(amountMinor);
    if (kind === 'capture') sum.captured += minor;
    if (kind === 'refund') sum.refunded += minor;
    if (kind === 'refund-failed') sum.refunded -= minor;
    if (kind === 'chargeback') sum.disputed += minor;
    if (kind === 'chargeback-reversed') sum.disputed -= minor;
  }
  return sums;
}

function sumOf(sums: Sums, key: string, bookingId: string | null, currency: string): PaymentSums {
  const sum = sums.get(key) ?? {
    bookingId,
    currency,
    captured: 0n,
    refunded: 0n,
    disputed: 0n,
  };
  sums.set(key, sum);
  return sum;
}

/** captured − refunded, by provider and currency. */
function totalFindings(theirs: Sums, ours: Sums): string[] {
  const [their, our] = [totalsOf(theirs), totalsOf(ours)];
  return [...new Set([...their.keys(), ...our.keys()])].flatMap((key) => {
    const [said, booked] = [their.get(key) ?? 0n, our.get(key) ?? 0n];
    return said === booked
      ? []
      : [`${key}: the provider kept ${said}, our books say ${booked}, ${said - booked} differ`];
  });
}

function totalsOf(sums: Sums): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const [key, { currency, captured, refunded }] of sums) {
    const name = `${key.split(' ')[0]} ${currency}`;
    totals.set(name, (totals.get(name) ?? 0n) + captured - refunded);
  }
  return totals;
}

function paymentFindings(theirs: Sums, ours: Sums): string[] {
  return [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((key) => {
    const [their, our] = [inWords(theirs.get(key)), inWords(ours.get(key))];
    const bookingId = ours.get(key)?.bookingId ?? theirs.get(key)?.bookingId;
    return their === our
      ? []
      : [`booking ${bookingId}, payment ${key}: theirs ${their}, ours ${our}`];
  });
}

function inWords(sums: PaymentSums | undefined): string {
  if (sums === undefined) return 'nothing';
  const { bookingId, currency, captured, refunded, disputed } = sums;
  return `captured ${captured}, refunded ${refunded}, disputed ${disputed} ${currency} of ${bookingId}`;
}

const paidStates: ReadonlySet<string> = new Set(['confirmed', 'refunding', 'refunded', 'disputed']);

/** A booking is only confirmed by one payment of just what was ordered. */
function bookingFindings({ bookings }: MoneyEvidence, ours: Sums): string[] {
  const payments = Map.groupBy(ours.values(), ({ bookingId }) => bookingId);
  return bookings.flatMap(({ bookingId, state, totalMinor, currency }) => {
    if (state !== 'confirmed' && state !== 'disputed') return [];
    const paid = payments.get(bookingId) ?? [];
    const isRight =
      paid.length === 1 &&
      paid[0]?.captured === BigInt(totalMinor) &&
      paid[0].currency === currency;
    return isRight
      ? []
      : [
          `booking ${bookingId} is ${state} for ${totalMinor} ${currency}, and its payments are ${paid.map(inWords).join('; ') || 'none'}`,
        ];
  });
}

/** An invoice that was refused stands for nothing; another one stands in for it. */
const standing = ({ status, number }: InvoiceRow): boolean =>
  number !== null && !['rejected', 'cancelled'].includes(status);

/** As many as the sale has kinds of, over the whole price; and credit notes over what went back. */
function invoiceFindings(
  { bookings, invoices, provider, invoicesDue }: MoneyEvidence,
  ours: Sums,
): string[] {
  const byBooking = Map.groupBy(invoices.filter(standing), ({ bookingId }) => bookingId);
  const sums = Map.groupBy(ours.values(), ({ bookingId }) => bookingId);
  const accepted = new Set(invoices.filter(standing).map(({ ettn }) => ettn));
  const atIntegrator = Map.groupBy(
    provider.filter(({ kind, key }) => kind === 'invoice' && accepted.has(key)),
    ({ detail }) => (detail as { bookingId?: string | null }).bookingId ?? '',
  );
  return bookings.flatMap(({ bookingId, state }) => {
    const due = invoicesDue.get(bookingId);
    if (due === undefined) return [];
    const own = byBooking.get(bookingId) ?? [];
    const sales = own.filter(({ type }) => type !== 'IADE');
    const [paid] = sums.get(bookingId) ?? [];
    const isSale = paid !== undefined && paidStates.has(state);
    const wanted = isSale ? due : 0;
    const words = own.map(({ number, type, payableMinor }) => `${number} ${type} ${payableMinor}`);
    const wrong: string[] = [];
    const say = (what: string) =>
      wrong.push(
        `booking ${bookingId} (${state}) ${what}: its invoices are ${words.join(', ') || 'none'}`,
      );
    if (sales.length !== wanted) say(`has ${sales.length} invoices, and ${wanted} are due`);
    if (wanted > 0 && isSale) {
      if (payableOf(sales) !== paid.captured) say(`was paid ${paid.captured}`);
      const credited = payableOf(own.filter(({ type }) => type === 'IADE'));
      if (credited !== paid.refunded) say(`gave back ${paid.refunded}, credited ${credited}`);
    }
    const there = atIntegrator.get(bookingId)?.length ?? 0;
    if (there !== own.length) say(`has ${there} invoices at the integrator`);
    return wrong;
  });
}

const payableOf = (invoices: readonly InvoiceRow[]): bigint =>
  invoices.reduce((sum, { payableMinor }) => sum + BigInt(payableMinor ?? '0'), 0n);

/** Contiguous by series and year on both sides, each number and each ETTN once, and the same ones. */
function numberFindings({ invoices, provider }: MoneyEvidence): string[] {
  const ours = invoices.flatMap(({ number, ettn }) =>
    number === null ? [] : { number, ettn: ettn ?? '' },
  );
  const theirs = provider.flatMap(({ kind, key, detail }) => {
    const { number } = detail as { number?: string };
    return kind === 'invoice' && number !== undefined ? { number, ettn: key ?? '' } : [];
  });
  const named = new Set(theirs.map(({ number, ettn }) => `${number} ${ettn}`));
  return [
    ...gapsIn(
      'register',
      ours.map(({ number }) => number),
    ),
    ...gapsIn(
      'integrator',
      theirs.map(({ number }) => number),
    ),
    ...repeated(theirs.map(({ ettn }) => ettn)).map((ettn) => `ETTN ${ettn} was sent twice`),
    ...repeated(theirs.map(({ number }) => number)).map((number) => `${number} was sent twice`),
    ...(ours.length === theirs.length
      ? []
      : [`${ours.length} invoices have a number, the integrator has ${theirs.length}`]),
    ...ours.flatMap(({ number, ettn }) =>
      named.has(`${number} ${ettn}`) ? [] : [`invoice ${number} (${ettn}) is not there`],
    ),
  ];
}

function gapsIn(where: string, numbers: readonly string[]): string[] {
  const bySeries = Map.groupBy(new Set(numbers), (number) => number.slice(0, 7));
  return [...bySeries].flatMap(([series, own]) => {
    const taken = new Set(own.map((number) => Number(number.slice(7))));
    const missing = Array.from({ length: Math.max(...taken) }, (_, i) => i + 1).filter(
      (number) => !taken.has(number),
    );
    return missing.length === 0
      ? []
      : [`${where}: ${series} has no ${missing.slice(0, 5).join(', ')} (${missing.length} gaps)`];
  });
}

/** The chain of each tenant's money verifies, and has one line for each movement and none besides. */
function auditFindings({ audit, movements }: MoneyEvidence): string[] {
  const money = audit.filter(({ action }) => action.startsWith('money.'));
  const chains = Map.groupBy(
    audit.filter(({ chain }) => chain.endsWith('/money')),
    ({ chain }) => chain,
  );
  const lines = money.map(({ action, subject, detail }) => {
    const { provider, bookingId, amountMinor, currency } = JSON.parse(detail) as MovementRow;
    return `${provider} ${action.slice(6)} ${subject} ${bookingId} ${amountMinor} ${currency}`;
  });
  const rows = movements.map(
    ({ provider, kind, movementId, bookingId, amountMinor, currency }) =>
      `${provider} ${kind} ${movementId} ${bookingId} ${amountMinor} ${currency}`,
  );
  const [written, moved] = [new Set(lines), new Set(rows)];
  return [
    ...[...chains].flatMap(([chain, own]) => {
      const verdict = verifyChain(own, { from: emptyHead(chain) });
      return verdict.ok ? [] : [`chain ${chain} is ${verdict.why} at ${verdict.seq}`];
    }),
    ...repeated(lines).map((line) => `the audit trail says twice: ${line}`),
    ...rows.flatMap((row) => (written.has(row) ? [] : [`no audit line for ${row}`])),
    ...lines.flatMap((line) =>
      moved.has(line) ? [] : [`the audit trail has ${line}, the books not`],
    ),
  ];
}

function repeated(all: readonly string[]): string[] {
  return [...Map.groupBy(all, (one) => one)].flatMap(([one, times]) =>
    times.length > 1 ? one : [],
  );
}
