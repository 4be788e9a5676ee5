import { seeded } from '../random.ts';
import type { BuyerName } from '../staff.ts';

/** How the patient pays, and what becomes of it before anybody gives anything back. */
export const fates = {
  stripe: {
    'pays at once': 40,
    'told twice': 8,
    'webhook lost': 6,
    'blocked, then pays': 6,
    'pays late': 8,
    'slow method pays': 7,
    'slow method fails': 4,
    'reviewed, then clear': 5,
    'pays another amount': 6,
    'page expires': 5,
    'never pays': 5,
  },
  iyzico: {
    'pays at once': 40,
    'told twice': 8,
    'webhook lost': 8,
    'declined, then pays': 10,
    'begins 3-D Secure, then pays': 6,
    'pays late': 8,
    'reviewed, then clear': 6,
    'pays another amount': 8,
    'never pays': 6,
  },
} as const;
export type Fate = keyof (typeof fates)['stripe'] | keyof (typeof fates)['iyzico'];

/** What goes back of a payment that stood. */
const returns = {
  stripe: {
    nothing: 48,
    'staff: a part': 11,
    'staff: all of it': 9,
    'staff: two parts': 8,
    'dashboard: a part': 8,
    'dashboard: all of it': 5,
    'dispute won': 4,
    'dispute lost': 4,
    'dispute open': 3,
  },
  iyzico: {
    nothing: 50,
    'staff: a part': 14,
    'staff: all of it': 12,
    'staff: two parts': 10,
    'dashboard: a part': 8,
    'dashboard: all of it': 6,
  },
} as const;
export type Return = keyof (typeof returns)['stripe'];

type Provider = keyof typeof fates;

export interface PlannedLine {
  readonly kind: 'health' | 'aesthetic' | 'accommodation' | 'transfer';
  readonly description: string;
  readonly quantity: number;
  readonly gross: { readonly amountMinor: string; readonly currency: string };
}

export interface PlannedBooking {
  /** Of its patient: 1, 2, … */
  readonly nth: number;
  readonly provider: Provider;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly PlannedLine[];
  readonly fate: Fate;
  /** `nothing` where nothing was paid as ordered. */
  readonly returned: Return;
  /** Minor units of the first and the second part; less than the whole together. */
  readonly parts: readonly [number, number];
  /** What is paid instead of the total, by those who pay another amount. */
  readonly otherMinor: number;
  /** How the webhooks of paying, of what follows, and of giving back go wrong; where a fate does not say it itself. */
  readonly mishaps: readonly [Mishap, Mishap, Mishap];
  /** Whether staff give back what was paid wrongly, or leave it held. */
  readonly wrongGoesBack: boolean;
  /** Whether the authority refuses its first invoice. */
  readonly isRefused: boolean;
}

export type Mishap = 'none' | 'lose' | 'duplicate' | 'reorder';

export interface PlannedPatient {
  readonly patient: number;
  readonly phone: string;
  /** When staff learn whom invoices are made out to. */
  readonly billing: 'before' | 'after' | 'never';
  readonly buyer: BuyerName;
  readonly bookings: readonly PlannedBooking[];
}

/** All that is done follows from the seed; who gets on first does not. */
export function planSoak({
  seed,
  bookings,
  perPatient,
}: {
  readonly seed: number;
  readonly bookings: number;
  readonly perPatient: number;
}): readonly PlannedPatient[] {
  const random = seeded(seed);
  return Array.from({ length: Math.ceil(bookings / perPatient) }, (_, patient): PlannedPatient => {
    const count = Math.min(perPatient, bookings - patient * perPatient);
    const billing = drawn(random, { before: 50, after: 40, never: 10 });
    const buyer = drawn(random, { foreigner: 60, turk: 25, company: 15 });
    // By PAYMENT_RULES: Turkish money, and whoever is known to live in Turkey.
    const livesInTurkey = billing === 'before' && buyer !== 'foreigner';
    return {
      patient,
      phone: `4478${String(seed % 1_000).padStart(3, '0')}${String(patient).padStart(5, '0')}`,
      billing,
      buyer,
      bookings: Array.from({ length: count }, (_, i) => planBooking(random, i + 1, livesInTurkey)),
    };
  });
}

function planBooking(random: () => number, nth: number, livesInTurkey: boolean): PlannedBooking {
  const currency = drawn(random, { EUR: 40, USD: 15, GBP: 15, TRY: 30 });
  const provider: Provider = currency === 'TRY' || livesInTurkey ? 'iyzico' : 'stripe';
  const lines = planLines(random, currency);
  const totalMinor = lines.reduce((sum, { gross }) => sum + Number(gross.amountMinor), 0);
  const fate = drawn<Fate>(random, fates[provider]);
  const back = drawn<Return>(random, returns[provider]);
  const mishap = () => drawn<Mishap>(random, { none: 76, lose: 8, duplicate: 8, reorder: 8 });
  const part = () => 1 + whole(random, Math.floor(totalMinor / 3));
  return {
    nth,
    provider,
    currency,
    totalMinor,
    lines,
    fate,
    returned: isPaidRight(fate) ? back : 'nothing',
    parts: [part(), part()],
    otherMinor: totalMinor - 1 - whole(random, Math.floor(totalMinor / 2)),
    mishaps: [mishap(), mishap(), mishap()],
    wrongGoesBack: random() < 0.6,
    isRefused: random() < 0.05,
  };
}

/** One to four lines; odd amounts, so that halves and shares leave units over. */
function planLines(random: () => number, currency: string): readonly PlannedLine[] {
  const mix = drawn(random, { health: 40, other: 25, both: 35 });
  const kinds: readonly PlannedLine['kind'][] = {
    health: ['health'] as const,
    other: [drawn(random, { aesthetic: 2, accommodation: 1 })],
    both: ['health', 'accommodation', 'transfer'] as const,
  }[mix];
  return kinds.map((kind) => ({
    kind,
    description: `Service: ${kind}`,
    quantity: 1 + whole(random, 3),
    gross: { amountMinor: String(1_001 + whole(random, 400_000)), currency },
  }));
}

/** Paid as it was ordered, sooner or later. */
export function isPaidRight(fate: Fate): boolean {
  return !['slow method fails', 'pays another amount', 'page expires', 'never pays'].includes(fate);
}

/** Of the sale: one for what may be exempt, one for the rest. */
export function invoicesOf({ lines }: PlannedBooking): number {
  return new Set(lines.map(({ kind }) => kind === 'health')).size;
}

/** 0 to `below` − 1. */
const whole = (random: () => number, below: number): number => Math.floor(random() * below);

function drawn<Name extends string>(
  random: () => number,
  weights: Readonly<Partial<Record<Name, number>>>,
): Name {
  const entries = Object.entries(weights) as [Name, number][];
  const sum = entries.reduce((all, [, weight]) => all + weight, 0);
  let left = random() * sum;
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  return (entries.at(-1) as [Name, number])[0];
}
