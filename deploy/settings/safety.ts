import { createPrivateKey } from 'node:crypto';

import {
  isAddressName,
  isLoopback,
  outsideAddresses,
  type PublicAddress,
  type Values,
} from './addresses.ts';
import { isNeeded, type Settings } from './kit.ts';
import { guessableBits, guessableKeyBits, isStrong } from './strength.ts';

/** What is to be judged: all settings, and which of them somebody reads. */
export interface Judged {
  readonly settings: Settings;
  /** Of those that are read: only their addresses count. */
  readonly names: readonly string[];
  readonly publicAddresses: readonly PublicAddress[];
}

/** What is refused, in production or with an address that leads off this machine, and why: a line for each. */
export function safetyProblems(
  { settings, names, publicAddresses }: Judged,
  env: Values,
): string[] {
  const production = env['NODE_ENV'] === 'production';
  const outside = outsideAddresses(names, publicAddresses, env);
  if (!production && outside.length === 0) return [];
  const reach = reachOf(outside);
  return [
    ...missingProblems(settings, env, production, reach),
    ...developmentSecretProblems(settings, env, production ? 'which production refuses' : reach),
    ...weaknessProblems(settings, env),
    ...(production ? productionProblems(settings, names, env) : []),
  ];
}

/** What makes development secrets unsafe here. */
function reachOf([name]: readonly string[]): string {
  return name === undefined ? '' : `refused because ${name} leads off this machine`;
}

function missingProblems(
  settings: Settings,
  env: Values,
  production: boolean,
  reach: string,
): string[] {
  const missing = Object.entries(settings).filter(([name]) => env[name] === undefined);
  if (production) {
    return missing
      .filter(([, setting]) => isNeeded(setting, env))
      .map(([name, { needed }]) =>
        typeof needed === 'string'
          ? `${name} ${needed}`
          : `${name} must be set in production, which has no sandbox and no development secrets`,
      );
  }
  return (
    missing
      .filter(([, setting]) => setting.development !== undefined && isNeeded(setting, env))
      // What is looked up at a provider first, and then what is made.
      .toSorted(
        ([, one], [, other]) => Number(one.chosen === 'key') - Number(other.chosen === 'key'),
      )
      .map(([name]) => `${name} must be set: its development value is ${reach}`)
  );
}

/** What is secret in a list's item: key bytes where it is a key, whatever its id or base64 padding; else all of it. */
function secretOf(item: string): string {
  const [, encoded] = /^[\w-]+:(.+)$/.exec(item) ?? [];
  return encoded === undefined ? item : Buffer.from(encoded, 'base64').toString('hex');
}

function itemsOf(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',').map((item) => item.trim());
}

function developmentSecretProblems(settings: Settings, env: Values, why: string): string[] {
  const secrets = Object.entries(settings).flatMap(([name, { development, chosen }]) =>
    development === undefined ? [] : [{ name, development, chosen }],
  );
  const known = new Set(secrets.map(({ development }) => secretOf(development)));
  const ofKeys = new Set(
    secrets
      // The key that signs is known by its whole form.
      .filter(({ name, chosen }) => chosen === 'key' && name !== 'AUDIT_SIGNING_KEY')
      .flatMap(({ name, development }) => keysIn(name, development).map(hexOf)),
  );
  return secrets
    .filter(
      ({ name }) =>
        itemsOf(env[name]).some((item) => known.has(secretOf(item))) ||
        keysIn(name, env[name]).some((key) => ofKeys.has(hexOf(key))),
    )
    .map(({ name }) => `${name} is a development secret, ${why}`);
}

/** Secrets that we choose, by their kind. The others are given to us by providers. */
function chosenIn(settings: Settings, kind: 'text' | 'key'): string[] {
  return Object.entries(settings).flatMap(([name, { chosen }]) => (chosen === kind ? [name] : []));
}

const howToMake = '`openssl rand -base64 32` makes one';

function weaknessProblems(settings: Settings, env: Values): string[] {
  const texts = chosenIn(settings, 'text')
    .filter((name) => itemsOf(env[name]).some((item) => !isStrong(guessableBits(item))))
    .map((name) => `${name} can be guessed: it needs 32 random bytes (${howToMake})`);
  const keys = chosenIn(settings, 'key').flatMap((name) => {
    const weak = keysIn(name, env[name]).filter((key) => !isStrong(guessableKeyBits(key)));
    if (weak.length === 0) return [];
    const what = weak.some((key) => key.every((byte) => byte === 0))
      ? 'is all zero'
      : 'can be guessed';
    const how =
      name === 'AUDIT_SIGNING_KEY' ? '`openssl genpkey -algorithm ed25519` makes one' : howToMake;
    return [`${name} ${what}: it needs 32 random bytes (${how})`];
  });
  return [...texts, ...keys, ...equalityProblems(settings, env)];
}

/** One key for two purposes makes one leak two, so every key is its own, within a list too. */
function equalityProblems(settings: Settings, env: Values): string[] {
  const ofKeys = chosenIn(settings, 'key');
  const keys = [...ofKeys, ...chosenIn(settings, 'text')].flatMap((name) => {
    const own = ofKeys.includes(name)
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

function productionProblems(settings: Settings, names: readonly string[], env: Values): string[] {
  // Plain HTTP to loopback is a sidecar that speaks TLS onwards; anywhere else credentials or patients would travel in the clear.
  const plain = names
    .filter(isAddressName)
    .filter((name) => /^http:/i.test(env[name] ?? '') && !isLoopback(env[name] ?? ''))
    .map((name) => `${name} must be https in production`);
  const refused = Object.entries(settings).flatMap(([name, { refused }]) =>
    refused === undefined || env[name] === undefined ? [] : [`${name} ${refused}`],
  );
  return [...plain, ...refused];
}
