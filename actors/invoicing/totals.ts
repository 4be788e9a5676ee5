import {
  type InvoiceFinding,
  InvoiceInvalid,
  type InvoiceLine,
  type InvoiceTotals,
} from '../ports/invoicing.ts';
import type { SaleLine } from '../shapes/invoices.ts';
import { type Money, currencyExponent } from '../shapes/money.ts';

/** A line with the rate that was decided for it. `taxPercent` is whole. */
export interface PlannedLine extends SaleLine {
  readonly taxPercent: number;
}

/** What an invoice's amounts can show: the tax authority's rules refuse a third decimal, also where the currency has one. */
const INVOICE_DECIMALS = 2;

/**
 * Takes the tax out of prices that include it, so that the invoice is payable at exactly what was paid.
 *
 * The net of all lines of one rate is gross × 100 / (100 + rate), rounded half up to the invoice's unit (the currency's minor
 * unit, or a hundredth where that is finer); the tax is the rest. So the tax differs from net × rate by at most
 * (100 + rate) / 200 units, 0.6 at 20 %: no rule that keeps to what was paid can promise less. The group's net then goes to
 * its lines by largest remainder, which leaves no line below zero.
 *
 * @throws {InvoiceInvalid} no lines, several currencies, a negative amount, or one finer than an invoice can show
 */
export function totalInvoice(lines: readonly PlannedLine[]): {
  readonly lines: readonly InvoiceLine[];
  readonly totals: InvoiceTotals;
} {
  const currency = lines[0]?.gross.currency;
  if (currency === undefined) throw refusal('TOTAL-LINES', '', 'An invoice has lines.');
  const unit = 10n ** BigInt(Math.max(0, currencyExponent(currency) - INVOICE_DECIMALS));
  const money = (units: bigint): Money => ({ amountMinor: String(units * unit), currency });
  const gross = lines.map((line, index) => unitsOf(line, index, currency, unit));

  const rates = [...new Set(lines.map(({ taxPercent }) => taxPercent))].toSorted((a, b) => b - a);
  const nets: bigint[] = lines.map(() => 0n);
  const byRate = rates.map((percent) => {
    const members = [...lines.keys()].filter((index) => lines[index]?.taxPercent === percent);
    const weights = members.map((index) => gross[index] ?? 0n);
    const sum = sumOf(weights);
    const net = netOf(sum, percent);
    for (const [position, share] of sharesOf(net, weights, percent).entries()) {
      nets[members[position] ?? 0] = share;
    }
    return { percent, net, tax: sum - net };
  });

  return {
    lines: lines.map(({ description, quantity, taxPercent }, index) => {
      const net = nets[index] ?? 0n;
      const tax = (gross[index] ?? 0n) - net;
      return { description, quantity, net: money(net), tax: money(tax), taxPercent };
    }),
    totals: {
      net: money(sumOf(nets)),
      tax: money(sumOf(gross) - sumOf(nets)),
      payable: money(sumOf(gross)),
      byRate: byRate.map(({ percent, net, tax }) => ({
        percent,
        net: money(net),
        tax: money(tax),
      })),
    },
  };
}

function unitsOf({ gross }: SaleLine, index: number, currency: string, unit: bigint): bigint {
  const element = `/cac:InvoiceLine[${index + 1}]/cbc:LineExtensionAmount`;
  if (gross.currency !== currency) {
    throw refusal('TOTAL-CURRENCY', element, 'All lines are of one currency.');
  }
  const minor = BigInt(gross.amountMinor);
  if (minor < 0n) throw refusal('TOTAL-NEGATIVE', element, 'No line is below zero.');
  if (minor % unit !== 0n) {
    throw refusal(
      'TOTAL-DECIMALS',
      element,
      `An invoice shows at most two decimals: a line is a multiple of ${unit} minor units.`,
    );
  }
  return minor / unit;
}

/** Rounded half up; exact integers all the way. */
function netOf(gross: bigint, percent: number): bigint {
  const divisor = 100n + BigInt(percent);
  return (gross * 200n + divisor) / (divisor * 2n);
}

/**
 * Each line's own net, rounded down, and one unit more for those that lost most by it, until the group's net is shared out.
 * The half up of the group is less than what the lines lost together plus a half, so nobody gets a unit who lost nothing.
 */
function sharesOf(net: bigint, gross: readonly bigint[], percent: number): readonly bigint[] {
  const divisor = 100n + BigInt(percent);
  const shares = gross.map((amount) => (amount * 100n) / divisor);
  const left = Number(net - sumOf(shares));
  const byLoss = gross
    .map((amount, index) => ({ index, loss: (amount * 100n) % divisor }))
    // Equal losses: the earlier line first, so that the same order always gives the same invoice.
    .toSorted((a, b) => (a.loss === b.loss ? a.index - b.index : a.loss > b.loss ? -1 : 1));
  const raised = new Set(byLoss.slice(0, left).map(({ index }) => index));
  return shares.map((share, index) => (raised.has(index) ? share + 1n : share));
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function refusal(rule: string, element: string, message: string): InvoiceInvalid {
  const finding: InvoiceFinding = { rule, element: `/Invoice${element}`, message };
  return new InvoiceInvalid([finding]);
}
