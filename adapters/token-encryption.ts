import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

/** Encrypts what lies in Redis and opens a provider's doors. Whoever reads Redis learns nothing of use from it. */
export interface TokenEncryption {
  /** `name` is the key in Redis: what is encrypted opens under that name alone. */
  encrypt(name: string, token: string): string;
  /** Null for what is not ours, was changed, or stood under another name. */
  decrypt(name: string, encrypted: string): string | null;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';
const options = { authTagLength: tagBytes } as const;

/**
 * Over the keyring's keys, newest first: the first encrypts, all open. A key of its own is derived from each, so the keyring's
 * rotation is this one's, and what an old key encrypted is simply fetched anew once that is gone.
 * Form: `v1.key id.base64url of nonce(12) | ciphertext | tag(16)`. 10 µs.
 */
export function createTokenEncryption(
  rootKeys: readonly { readonly id: string; readonly key: Uint8Array }[],
): TokenEncryption {
  const keys = new Map<string, KeyObject>(
    rootKeys.map(({ id, key }) => {
      const derived = hkdfSync('sha256', key, '', 'provider tokens', 32);
      return [id, createSecretKey(Buffer.from(derived))];
    }),
  );
  const [newest] = keys;
  if (newest === undefined) throw new RangeError('Encrypting tokens needs at least one key');
  const associated = (id: string, name: string) => Buffer.from(`${version}\0${id}\0${name}`);

  return {
    encrypt(name, token) {
      const [id, key] = newest;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce, options);
      cipher.setAAD(associated(id, name));
      const encrypted = [nonce, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return `${version}.${id}.${Buffer.concat(encrypted).toString('base64url')}`;
    },
    decrypt(name, encrypted) {
      const [, id = '', encoded = ''] = /^v1\.([\w-]{1,64})\.([\w-]+)$/.exec(encrypted) ?? [];
      const key = keys.get(id);
      const bytes = Buffer.from(encoded, 'base64url');
      const end = bytes.length - tagBytes;
      if (key === undefined || end < nonceBytes) return null;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), options);
      decipher.setAAD(associated(id, name));
      decipher.setAuthTag(bytes.subarray(end));
      try {
        const token = decipher.update(bytes.subarray(nonceBytes, end), undefined, 'utf8');
        return token + decipher.final('utf8');
      } catch {
        return null;
      }
    },
  };
}
