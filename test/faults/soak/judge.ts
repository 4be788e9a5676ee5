import type { Cluster } from '../cluster.ts';
import { gather, invariants, type Evidence } from '../invariants.ts';
import { moneyFindings } from '../money.ts';
import { seeded } from '../random.ts';
import { invoicesOf, isPaidRight, type PlannedBooking, type PlannedPatient } from './plan.ts';

export interface Sold {
  readonly bookingId: string;
  readonly caseId: string;
  readonly patient: PlannedPatient;
  readonly booking: PlannedBooking;
}

export interface Verdict {
  /** The findings of each invariant that does not hold. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
  /** The last line of `npm run audit:verify`. */
  readonly audit: string;
}

/** Replaying all histories would take longer than the soak: so many cases, drawn by the seed, are read and replayed whole. */
const replayed = 40;

/** Everything at rest, its processes stopped: our books, the sandboxes' files, and what was planned. */
export async function judge(
  cluster: Cluster,
  {
    sold,
    clean,
    rested,
    seed,
  }: {
    readonly sold: readonly Sold[];
    /** How the last `npm run reconcile` ended. */
    readonly clean: number | null;
    readonly rested: boolean;
    readonly seed: number;
  },
): Promise<Verdict> {
  const verified = await cluster.run('deploy/tools/verify-audit.ts');
  const audit = verified.output.trim().split('\n').at(-1) ?? '';
  const patients = new Map(sold.map(({ caseId, patient }) => [caseId, patient.patient]));
  const drawn = drawnFrom([...patients.keys()], seed);
  const evidence = await gather(
    cluster,
    // Effects in doubt are those of processes that were killed.
    { patients: patients.size, mayDoubt: true, recoverySeconds: 0 },
    (caseId) => drawn.has(caseId),
  );
  const some = sampleOf(evidence, drawn, patients);
  const fated = new Map(sold.map(({ bookingId, booking }) => [bookingId, booking]));
  const found: Readonly<Record<string, readonly string[]>> = {
    I1: invariants.I1(some),
    I2: invariants.I2(evidence),
    I3: invariants.I3(some),
    I4: [...statesOf(evidence, sold), ...(rested ? [] : ['it did not come to rest'])],
    I5: invariants.I5(some),
    I6: [
      ...invariants.I6(evidence),
      ...(verified.code === 0 && /[1-9]\d* checkpoints verified/.test(audit)
        ? []
        : [`audit:verify ended with ${verified.code}: ${verified.output}`]),
    ],
    I9: [
      ...moneyFindings({ ...evidence.books, ...evidence, invoicesDue: invoicesDue(sold) }).map(
        (finding) => withFate(finding, fated),
      ),
      ...(clean === 0 ? [] : [`reconcile ended with ${clean}`]),
    ],
    I11: invariants.I11(evidence),
    I12: invariants.I12(some),
  };
  return {
    findings: Object.fromEntries(Object.entries(found).filter(([, wrong]) => wrong.length > 0)),
    audit,
  };
}

function drawnFrom(caseIds: readonly string[], seed: number): ReadonlySet<string> {
  const random = seeded(seed + 2);
  const shuffled = caseIds.map((caseId) => ({ caseId, at: random() }));
  return new Set(
    shuffled
      .toSorted((one, other) => one.at - other.at)
      .slice(0, replayed)
      .map(({ caseId }) => caseId),
  );
}

/** Of the patients whose histories were read; and all payments' webhooks, which are found in the ledger. */
function sampleOf(
  evidence: Evidence,
  drawn: ReadonlySet<string>,
  patients: ReadonlyMap<string, number>,
): Evidence {
  const numbers = new Set([...drawn].map((caseId) => patients.get(caseId)));
  return {
    ...evidence,
    cases: evidence.cases.filter(({ caseId }) => drawn.has(caseId)),
    generator: evidence.generator.filter(
      ({ kind, patient }) => kind === 'payment' || numbers.has(patient),
    ),
  };
}

/** Each booking is in the state that its fate leads to, and for what was quoted. */
function statesOf({ books, cases }: Evidence, sold: readonly Sold[]): string[] {
  const rows = new Map(books.bookings.map((row) => [row.bookingId, row]));
  const known = new Set(sold.map(({ bookingId }) => bookingId));
  return [
    ...books.bookings.flatMap(({ bookingId }) =>
      known.has(bookingId) ? [] : [`booking ${bookingId} was quoted by nobody`],
    ),
    ...(cases.length === new Set(sold.map(({ caseId }) => caseId)).size
      ? []
      : [`there are ${cases.length} cases`]),
    ...sold.flatMap(({ bookingId, booking }) => {
      const row = rows.get(bookingId);
      const { fate, returned, totalMinor, currency } = booking;
      const told = `booking ${bookingId} (${fate}; ${returned})`;
      if (row === undefined) return [`${told} is not in the books`];
      const expected = stateAfter(booking);
      return [
        ...(row.state === expected
          ? []
          : [`${told} is ${row.state} for ${row.heldFor ?? 'nothing'}, not ${expected}`]),
        ...(row.totalMinor === String(totalMinor) && row.currency === currency
          ? []
          : [`${told} is for ${row.totalMinor} ${row.currency}, not ${totalMinor} ${currency}`]),
      ];
    }),
  ];
}

function stateAfter({ fate, returned, wrongGoesBack }: PlannedBooking): string {
  if (fate === 'pays another amount') return wrongGoesBack ? 'refunded' : 'held';
  // A page that ended before its time: the patient may ask for another link for a day.
  if (!isPaidRight(fate)) return 'awaiting-payment';
  if (returned === 'staff: all of it' || returned === 'dashboard: all of it') return 'refunded';
  return returned === 'dispute open' || returned === 'dispute lost' ? 'disputed' : 'confirmed';
}

function invoicesDue(sold: readonly Sold[]): ReadonlyMap<string, number> {
  return new Map(
    sold.map(({ bookingId, patient, booking }) => [
      bookingId,
      patient.billing !== 'never' && isPaidRight(booking.fate) ? invoicesOf(booking) : 0,
    ]),
  );
}

function withFate(finding: string, fated: ReadonlyMap<string, PlannedBooking>): string {
  const booking = fated.get(/\S+-b\d+/.exec(finding)?.[0] ?? '');
  return booking === undefined ? finding : `${finding} (${booking.fate}; ${booking.returned})`;
}
