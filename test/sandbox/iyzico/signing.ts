import { createHmac } from 'node:crypto';

import type { SandboxRequest } from '../simulator.ts';

/** Written apart from the adapter's, from the facts: else both could be wrong alike. */
export interface IyzicoSecrets {
  readonly apiKey: string;
  readonly secretKey: string;
}

export const iyzicoMerchantId = 3_300_000;

/** `1000` for a signature that does not fit, `1001` for a key nobody has; null if all is well. */
export function credentialsFault(
  { apiKey, secretKey }: IyzicoSecrets,
  { headers, url, body }: SandboxRequest,
): '1000' | '1001' | null {
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
  const match = /^apiKey:(.*)&randomKey:(.*)&signature:([0-9a-f]{64})$/.exec(
    Buffer.from(encoded, 'base64').toString(),
  );
  if (scheme !== 'IYZWSv2' || !match) return '1000';
  const [, key, random = '', signature] = match;
  if (key !== apiKey) return '1001';
  if (random === '' || headers['x-iyzi-rnd'] !== random) return '1000';
  // The path without its query, and the body as it came.
  return signature === hmac(secretKey, random + url.pathname + body) ? null : '1000';
}

/** Of an answer's fields, which come in the order of their call; missing ones are empty. */
export function signAnswer(
  secretKey: string,
  fields: readonly (string | null | undefined)[],
): string {
  return hmac(secretKey, fields.map((field) => field ?? '').join(':'));
}

/** What a webhook says, in the three formats that iyzico has. */
export type IyzicoNotification =
  | {
      readonly format: 'hpp';
      readonly iyziEventType: string;
      readonly iyziPaymentId: number;
      readonly token: string;
      readonly paymentConversationId: string;
      readonly status: string;
    }
  | {
      readonly format: 'direct';
      readonly iyziEventType: string;
      readonly paymentId: number;
      readonly paymentConversationId: string;
      readonly status: string;
    }
  | {
      readonly format: 'subscription';
      readonly iyziEventType: string;
      readonly subscriptionReferenceCode: string;
      readonly orderReferenceCode: string;
      readonly customerReferenceCode: string;
    };

/** The value of `X-IYZ-SIGNATURE-V3`: over some fields, neither over the raw body nor over a time. */
export function signIyzico(
  secretKey: string,
  merchantId: number,
  notification: IyzicoNotification,
): string {
  return hmac(secretKey, messageOf(secretKey, merchantId, notification));
}

function messageOf(secretKey: string, merchantId: number, said: IyzicoNotification): string {
  if (said.format === 'subscription') {
    const codes = [
      said.subscriptionReferenceCode,
      said.orderReferenceCode,
      said.customerReferenceCode,
    ];
    return [merchantId, secretKey, said.iyziEventType, ...codes].join('');
  }
  const about = said.format === 'hpp' ? [said.iyziPaymentId, said.token] : [said.paymentId];
  return [secretKey, said.iyziEventType, ...about, said.paymentConversationId, said.status].join(
    '',
  );
}

function hmac(secretKey: string, message: string): string {
  return createHmac('sha256', secretKey).update(message).digest('hex');
}
