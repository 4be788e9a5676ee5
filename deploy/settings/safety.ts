import { createPrivateKey } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import { isAddressName, isLoopback, outsideAddresses, type Values } from './addresses.ts';
import { DEVELOPMENT_SECRETS } from './development-secrets.ts';
import { neededInProduction, whyNeeded } from './groups.ts';
import { guessableBits, guessableKeyBits, isStrong } from './strength.ts';

/** Whether a setting's name is known, and `NODE_ENV=production` or not, what is refused and why: a line for each. */
export function safetyProblems(names: readonly string[], env: Values): string[] {
  const production = env['NODE_ENV'] === 'production';
  const outside = outsideAddresses(names, env);
  if (!production && outside.length === 0) return [];
  return [
    ...missingProblems(env, production, reachOf(outside)),
    ...developmentSecretProblems(env, production ? 'which production refuses' : reachOf(outside)),
    ...weaknessProblems(env),
    ...(production ? productionProblems(names, env) : []),
  ];
}

/** What makes development secrets unsafe here. */
function reachOf([name]: readonly string[]): string {
  return name === undefined ? '' : `refused because ${name} leads off this machine`;
}

function missingProblems(env: Values, production: boolean, reach: string): string[] {
  if (production) {
    return neededInProduction(env)
      .filter((name) => env[name] === undefined)
      .map(
        (name) =>
          `${name} ${whyNeeded[name] ?? 'must be set in production, which has no sandbox and no development secrets'}`,
      );
  }
  const secret = neededInProduction(env).filter((name) => name in DEVELOPMENT_SECRETS);
  const staff = env['ADMIN_JWT_JWKS_URL'] === undefined ? ['ADMIN_JWT_SECRET'] : [];
  return [...secret, ...staff]
    .filter((name) => env[name] === undefined)
    .map((name) => `${name} must be set: its development value is ${reach}`);
}

/** What is secret in a list's item: key bytes where it is a key, whatever its id or base64 padding; else all of it. */
function secretOf(item: string): string {
  const [, encoded] = /^[\w-]+:(.+)$/.exec(item) ?? [];
  return encoded === undefined ? item : Buffer.from(encoded, 'base64').toString('hex');
}

function itemsOf(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',').map((item) => item.trim());
}

function developmentSecretProblems(env: Values, why: string): string[] {
  const known = new Set<string>(Object.values(DEVELOPMENT_SECRETS).map(secretOf));
  const ofKeys = new Set<string>(
    ['KEYRING', 'INDEX_KEY', 'DOCUMENTS_LINK_KEY'].flatMap((name) =>
      keysIn(name, DEVELOPMENT_SECRETS[name as keyof typeof DEVELOPMENT_SECRETS]).map(hexOf),
    ),
  );
  const isKnown = (name: string) =>
    itemsOf(env[name]).some((item) => known.has(secretOf(item))) ||
    keysIn(name, env[name]).some((key) => ofKeys.has(hexOf(key)));
  return Object.keys(DEVELOPMENT_SECRETS)
    .filter(isKnown)
    .map((name) => `${name} is a development secret, ${why}`);
}

/** Secrets that we choose, as text. The others are given to us by providers. */
const chosenTexts = [
  'WHATSAPP_VERIFY_TOKEN',
  'DOCUMENTS_WEBHOOK_TOKEN',
  'EFATURA_WEBHOOK_SECRET',
  'ADMIN_JWT_SECRET',
] as const;
/** And as bytes. */
const chosenKeys = ['KEYRING', 'INDEX_KEY', 'DOCUMENTS_LINK_KEY', 'AUDIT_SIGNING_KEY'] as const;

const howToMake = '`openssl rand -base64 32` makes one';

function weaknessProblems(env: Values): string[] {
  const texts = chosenTexts
    .filter((name) => itemsOf(env[name]).some((item) => !isStrong(guessableBits(item))))
    .map((name) => `${name} can be guessed: it needs 32 random bytes (${howToMake})`);
  const keys = chosenKeys.flatMap((name) => {
    const weak = keysIn(name, env[name]).filter((key) => !isStrong(guessableKeyBits(key)));
    if (weak.length === 0) return [];
    const what = weak.some((key) => key.every((byte) => byte === 0))
      ? 'is all zero'
      : 'can be guessed';
    const how =
      name === 'AUDIT_SIGNING_KEY' ? '`openssl genpkey -algorithm ed25519` makes one' : howToMake;
    return [`${name} ${what}: it needs 32 random bytes (${how})`];
  });
  return [...texts, ...keys, ...equalityProblems(env)];
}

/** One key for two purposes makes one leak two, so every key is its own, within a list too. */
function equalityProblems(env: Values): string[] {
  const keys = [...chosenKeys, ...chosenTexts].flatMap((name) => {
    const own = (chosenKeys as readonly string[]).includes(name)
      ? keysIn(name, env[name])
      : // A text may be the base64 of a key that stands elsewhere.
        itemsOf(env[name]).flatMap((item) => [Buffer.from(item), Buffer.from(item, 'base64')]);
    return own.map((key) => ({ name, hex: hexOf(key) }));
  });
  const problems = new Set<string>();
  for (const [index, { name, hex }] of keys.entries()) {
    const same = keys.slice(0, index).find((other) => other.hex === hex && hex !== '');
    if (same === undefined) continue;
    problems.add(
      same.name === name
        ? `${name} holds one key twice: each of its keys must be another`
        : `${name} is the same key as ${same.name}: each needs its own`,
    );
  }
  return [...problems];
}

const hexOf = (key: Uint8Array): string => Buffer.from(key).toString('hex');

/** The keys' own bytes in a setting of one or several; none where it is malformed, which is refused by itself. */
function keysIn(name: string, value: string | undefined): Buffer[] {
  return itemsOf(value).flatMap((item) => {
    const encoded = item.slice(item.indexOf(':') + 1);
    if (name !== 'AUDIT_SIGNING_KEY') return [Buffer.from(encoded, 'base64')];
    try {
      const der = Buffer.from(encoded, 'base64');
      const { d = '' } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({
        format: 'jwk',
      });
      return [Buffer.from(d, 'base64url')];
    } catch {
      return [];
    }
  });
}

function productionProblems(names: readonly string[], env: Values): string[] {
  // Plain HTTP to loopback is a sidecar that speaks TLS onwards; anywhere else credentials or patients would travel in the clear.
  const plain = names
    .filter(isAddressName)
    .filter((name) => /^http:/i.test(env[name] ?? '') && !isLoopback(env[name] ?? ''))
    .map((name) => `${name} must be https in production`);
  const shared =
    env['ADMIN_JWT_SECRET'] === undefined
      ? []
      : ['ADMIN_JWT_SECRET is for development: production verifies with ADMIN_JWT_JWKS_URL'];
  const databases = names
    .filter((name) => name.endsWith('DATABASE_URL'))
    .flatMap((name) => databaseProblems(name, env[name]));
  return [
    ...plain,
    ...shared,
    ...databases,
    ...redisProblems(env['REDIS_URL']),
    ...checkpointProblems(env),
  ];
}

/** `pg` verifies the server's certificate in all three, unless it is told to do as libpq does. */
const verifyingModes = ['require', 'verify-ca', 'verify-full'];

function databaseProblems(name: string, value: string | undefined): string[] {
  const url = URL.parse(value ?? '');
  if (value === undefined || url === null || isLoopback(value)) return [];
  const modes = url.searchParams.getAll('sslmode');
  const asLibpq = url.searchParams.has('uselibpqcompat') && modes.includes('require');
  return modes.length > 0 && modes.every((mode) => verifyingModes.includes(mode)) && !asLibpq
    ? []
    : [`${name} must say sslmode=verify-full in production: its host is not this machine`];
}

function redisProblems(value: string | undefined): string[] {
  const url = URL.parse(value ?? '');
  if (value === undefined || url === null || isLoopback(value)) return [];
  const { protocol, password } = url;
  return [
    ...(protocol === 'rediss:'
      ? []
      : ['REDIS_URL must be rediss:// in production: its host is not this machine']),
    ...(password === '' ? ['REDIS_URL must have a password in production'] : []),
  ];
}

/** Whoever can write to the application's own folder could rewrite trail and checkpoints together. */
function checkpointProblems(env: Values): string[] {
  const { AUDIT_CHECKPOINTS: place, DATA_DIR: folder = '.data' } = env;
  if (place === undefined || place.startsWith('s3:')) return [];
  const [inner, outer] = [realPath(place), realPath(folder)];
  return inner === outer || inner.startsWith(outer + sep)
    ? ['AUDIT_CHECKPOINTS must be outside DATA_DIR in production, best on another machine']
    : [];
}

/** Without symbolic links, as far as the path is there. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(realPath(parent), basename(whole));
  }
}
