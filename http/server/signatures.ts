import {
  createHash,
  createHmac,
  createSecretKey,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

/** Keys of one webhook, newest first: during a rotation several are live. */
export type SigningKeys = readonly KeyObject[];

/** @throws {TypeError} when there is no secret, or an empty one: that would accept what anybody can sign */
export function signingKeys(secrets: readonly string[]): SigningKeys {
  if (secrets.length === 0 || secrets.includes('')) throw new TypeError('A webhook needs a secret');
  return secrets.map((secret) => createSecretKey(secret, 'utf8'));
}

/** Whether `hex` is the HMAC-SHA256 of the parts, one after the other, under any of the keys. In constant time for each key. */
export function isSigned(
  keys: SigningKeys,
  parts: readonly (string | Uint8Array)[],
  hex: string,
): boolean {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return false;
  const claimed = Buffer.from(hex, 'hex');
  return keys.some((key) => {
    const hmac = createHmac('sha256', key);
    for (const part of parts) hmac.update(part);
    return timingSafeEqual(hmac.digest(), claimed);
  });
}

/** Whether two strings are equal, without telling by time where they differ or how long the expected one is. */
export function isSameSecret(given: string, expected: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
