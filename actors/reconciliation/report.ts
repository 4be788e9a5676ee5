import type { Difference } from '../ports/books.ts';
import type { ProviderMovement } from '../ports/payments.ts';
import { decimalFromMoney, subtractMoney, sumMoney, type Money } from '../shapes/money.ts';
import type { PaymentProvider } from '../shapes/payments.ts';

/** Sums of one side. */
export interface SideTotals {
  readonly captures: Money;
  readonly refunds: Money;
  /** But for those that were reversed. */
  readonly chargebacks: Money;
  /** captures − refunds − chargebacks */
  readonly net: Money;
}

export interface CurrencyTotals {
  readonly currency: string;
  readonly theirs: SideTotals;
  readonly ours: SideTotals;
}

export interface ProviderReport {
  readonly provider: PaymentProvider;
  /** By currency, in alphabetical order. Ours are counted on the provider's day, so they agree if nothing differs. */
  readonly totals: readonly CurrencyTotals[];
  readonly differences: readonly Difference[];
  /** Differences that were gone after their cases had been told. */
  readonly repaired: number;
  /** Why this provider could not be compared, as codes; null if it was. Then the rest is empty. */
  readonly problem: string | null;
}

export interface DayReport {
  readonly day: string;
  /** What was compared: the day in UTC, or as much of it as is over. ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly providers: readonly ProviderReport[];
  /** `clean` only if every provider was looked at and nothing differs. */
  readonly outcome: 'clean' | 'differences' | 'incomplete';
}

export function outcomeOf(providers: readonly ProviderReport[]): DayReport['outcome'] {
  if (providers.some(({ problem }) => problem !== null)) return 'incomplete';
  return providers.some(({ differences }) => differences.length > 0) ? 'differences' : 'clean';
}

export function totalsOf(
  theirs: readonly ProviderMovement[],
  ours: readonly ProviderMovement[],
): readonly CurrencyTotals[] {
  const currencies = new Set([...theirs, ...ours].map(({ amount }) => amount.currency));
  return [...currencies].toSorted().map((currency) => ({
    currency,
    theirs: sideTotals(currency, theirs),
    ours: sideTotals(currency, ours),
  }));
}

function sideTotals(currency: string, movements: readonly ProviderMovement[]): SideTotals {
  const sumOf = (kind: ProviderMovement['kind']) =>
    sumMoney(
      currency,
      movements.flatMap((movement) =>
        movement.kind === kind && movement.amount.currency === currency ? movement.amount : [],
      ),
    );
  const [captures, refunds] = [sumOf('capture'), sumOf('refund')];
  const chargebacks = subtractMoney(sumOf('chargeback'), sumOf('chargeback-reversed'));
  const net = subtractMoney(subtractMoney(captures, refunds), chargebacks);
  return { captures, refunds, chargebacks, net };
}

/** The report for people: sums of both sides, a line for each difference, and at the end `clean` or how many. */
export function textOf({ day, from, to, providers, outcome }: DayReport): string {
  const count = providers.reduce((sum, { differences }) => sum + differences.length, 0);
  const differing = `${count} ${count === 1 ? 'difference' : 'differences'}`;
  return [
    `Reconciliation of ${day}, from ${from} to ${to}`,
    ...providers.flatMap(providerLines),
    outcome === 'incomplete'
      ? `incomplete, ${differing} so far`
      : count === 0
        ? 'clean'
        : differing,
    '',
  ].join('\n');
}

function providerLines(report: ProviderReport): string[] {
  const { provider, totals, differences, repaired, problem } = report;
  if (problem !== null) return [`${provider}: could not be compared: ${problem}`];
  return [
    ...(totals.length === 0 ? [`${provider}: no movements`] : []),
    ...totals.flatMap(({ currency, theirs, ours }) => [
      `${provider} ${currency}${'theirs'.padStart(31 - provider.length - currency.length)}${'ours'.padStart(20)}`,
      ...linesOf(theirs, ours).map(
        (name) =>
          `  ${name.padEnd(12)}${decimalFromMoney(theirs[name]).padStart(18)}${decimalFromMoney(ours[name]).padStart(20)}`,
      ),
    ]),
    ...(repaired === 0 ? [] : [`${provider}: ${repaired} repaired`]),
    ...differences.map(differenceLine),
  ];
}

/** Chargebacks are rare: without any there is no line for them. */
function linesOf(...sides: readonly SideTotals[]): readonly (keyof SideTotals)[] {
  const hasChargebacks = sides.some(({ chargebacks }) => chargebacks.amountMinor !== '0');
  return ['captures', 'refunds', ...(hasChargebacks ? (['chargebacks'] as const) : []), 'net'];
}

function differenceLine({ provider, kind, subject, bookingId, theirs, ours }: Difference): string {
  return `${provider}: ${kind} ${subject} of ${bookingId ?? 'no booking of ours'}: theirs ${amountOf(theirs)}, ours ${amountOf(ours)}`;
}

const amountOf = (money: Money | null): string =>
  money === null ? 'none' : `${decimalFromMoney(money)} ${money.currency}`;
