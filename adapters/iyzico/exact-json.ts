import { ProviderUnreachable } from '../../actors/errors.ts';

/** Java's decimals come as `1250.50`, `100.0` and even `0E-8`. */
const NUMBER = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * A number as iyzico signs it: plain, without an exponent or trailing zeros. `1250.50` is `1250.5`, `100.0` is `100`, `0E-8`
 * is `0`. Worked on as text, so that nothing is rounded; what is no number stays as it is.
 */
export function plainDecimal(text: string): string {
  const match = NUMBER.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const figures = whole + fraction;
  const padded = point <= 0 ? '0'.repeat(1 - point) + figures : figures.padEnd(point, '0');
  const split = Math.max(point, 1);
  const integer = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const decimals = padded.slice(split).replace(/0+$/, '');
  const plain = decimals === '' ? integer : `${integer}.${decimals}`;
  return plain === '0' ? plain : sign + plain;
}

/**
 * JSON whose numbers are strings, each the plain decimal of what was written: no price passes through a float, and an id
 * is the same whether it came as a number or as a string.
 *
 * @throws {ProviderUnreachable} it is none; the parser's message is not kept as a cause, since it quotes the text
 */
export function exactJson(text: string): unknown {
  const exact = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? plainDecimal(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, exact);
  } catch {
    throw new ProviderUnreachable('iyzico', 'not_json');
  }
}
