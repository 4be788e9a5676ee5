import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import { plainDecimal } from './exact-json.ts';

/** What authenticates us at iyzico: a pair from the merchant panel. Never logged. */
export interface IyzicoKeys {
  readonly apiKey: string;
  readonly secretKey: string;
}

/** One request as it is signed. */
export interface SignedRequest {
  /** New for each request. */
  readonly random: string;
  /** Without the query, which iyzico does not sign. */
  readonly path: string;
  /** Exactly the bytes sent; empty for a GET. */
  readonly body: string;
}

/** The signature of a request by IYZWSv2, hex. */
export function requestSignature(secretKey: string, { random, path, body }: SignedRequest): string {
  return hmac(secretKey, random + path + body);
}

/**
 * The value of `Authorization`. `x-iyzi-rnd` has to hold the same `random`.
 *
 * @see https://docs.iyzico.com/en/getting-started/preliminaries/authentication/hmacsha256-auth
 */
export function authorization({ apiKey, secretKey }: IyzicoKeys, request: SignedRequest): string {
  const signature = requestSignature(secretKey, request);
  const text = `apiKey:${apiKey}&randomKey:${request.random}&signature:${signature}`;
  return `IYZWSv2 ${Buffer.from(text).toString('base64')}`;
}

/** Fields of an answer, in the order in which iyzico signs them. Each call has its own. */
export const signedFields = {
  checkoutOpened: ['conversationId', 'token'],
  checkoutRead: [
    'paymentStatus',
    'paymentId',
    'currency',
    'basketId',
    'conversationId',
    'paidPrice',
    'price',
    'token',
  ],
  paymentRead: ['paymentId', 'currency', 'basketId', 'conversationId', 'paidPrice', 'price'],
  moneyReturned: ['paymentId', 'conversationId'],
} as const;
export type SignedAnswer = keyof typeof signedFields;

const PRICES: ReadonlySet<string> = new Set(['paidPrice', 'price']);

/** A parsed answer by field. Numbers are strings already, see `exactJson`. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The signature that an answer of this kind has to carry, hex: the fields joined by colons, prices without trailing zeros,
 * missing fields empty.
 *
 * @see https://docs.iyzico.com/en/advanced/response-signature-validation
 */
export function answerSignature(secretKey: string, kind: SignedAnswer, answer: Fields): string {
  const values = signedFields[kind].map((name) => {
    const value = answer[name];
    if (typeof value !== 'string') return '';
    return PRICES.has(name) ? plainDecimal(value) : value;
  });
  return hmac(secretKey, values.join(':'));
}

/** Whether an answer carries the signature it has to, compared in constant time. */
export function isSigned(secretKey: string, kind: SignedAnswer, answer: Fields): boolean {
  const { signature } = answer;
  if (typeof signature !== 'string') return false;
  return isSameText(signature, answerSignature(secretKey, kind, answer));
}

/** Compares digests, which are of one length whatever came. */
function isSameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function hmac(secretKey: string, message: string): string {
  return createHmac('sha256', secretKey).update(message).digest('hex');
}
