import * as v from 'valibot';

import { isLoopback, type Values } from './addresses.ts';
import { list, settingsGroup, url } from './kit.ts';

/** A key-encryption key. */
interface KeyringKey {
  /** Stored beside what it wrapped. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** 32 bytes that spell what they are. */
const developmentKeyring = 'development:ZGV2ZWxvcG1lbnQta2V5LW5ldmVyLWZvci1waGkhISE=';
const developmentIndexKey = 'ZGV2ZWxvcG1lbnQtaW5kZXgta2V5LW5vdC1mb3ItcGg=';

const Keyring = v.optional(
  v.pipe(
    v.string(),
    v.transform((value): KeyringKey[] =>
      list(value).map((item) => {
        const colon = item.indexOf(':');
        return { id: item.slice(0, colon), key: Buffer.from(item.slice(colon + 1), 'base64') };
      }),
    ),
    v.check(
      (keys) => keys.every(({ id, key }) => /^[\w-]{1,64}$/.test(id) && key.length === 32),
      'must be a comma separated list of `id:base64`, each key 32 bytes, newest first',
    ),
    v.check((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'repeats a key id'),
  ),
  developmentKeyring,
);

const IndexKey = v.optional(
  v.pipe(
    v.string(),
    v.transform((value) => Buffer.from(value, 'base64')),
    v.check((key) => key.length === 32, 'must be the base64 of 32 bytes'),
  ),
  developmentIndexKey,
);

const database = url('postgres:', 'postgresql:');

/** The ledger, and the keys with which it is encrypted. */
export const databaseSettings = settingsGroup({
  title: 'The database',
  variables: {
    DATABASE_URL: {
      schema: database,
      about: 'PostgreSQL.',
      fallback: 'an embedded server under DATA_DIR (development only)',
      needed: 'must be set in production: the embedded PostgreSQL is for development',
    },
    MIGRATION_DATABASE_URL: {
      schema: database,
      about:
        'The same database for the role that owns it, with which `npm run migrate` works. In development also the start, where the role of DATABASE_URL does if this is unset.',
    },
    KEYRING: {
      schema: Keyring,
      about:
        'Key-encryption keys, `id:base64` of 32 bytes each. The first one wraps new data keys, all of them unwrap.',
      development: developmentKeyring,
      chosen: 'key',
      needed: true,
    },
    INDEX_KEY: {
      schema: IndexKey,
      about:
        'Base64 of 32 bytes that key the blind indexes of contacts and the digests of bodies. Never change it while data lives.',
      development: developmentIndexKey,
      chosen: 'key',
      needed: true,
    },
  },
  problems: (env) =>
    env['NODE_ENV'] === 'production'
      ? ['DATABASE_URL', 'MIGRATION_DATABASE_URL'].flatMap((name) => databaseProblems(name, env))
      : [],
  read: (env) => ({
    /** Null: run an embedded server. */
    databaseUrl: env.DATABASE_URL ?? null,
    migrationDatabaseUrl: env.MIGRATION_DATABASE_URL ?? null,
    keyring: env.KEYRING,
    indexKey: env.INDEX_KEY,
  }),
});

/** `pg` verifies the server's certificate in all three, unless it is told to do as libpq does. */
const verifyingModes = ['require', 'verify-ca', 'verify-full'];

function databaseProblems(name: string, env: Values): string[] {
  const value = env[name];
  const address = URL.parse(value ?? '');
  if (value === undefined || address === null || isLoopback(value)) return [];
  const modes = address.searchParams.getAll('sslmode');
  const asLibpq = address.searchParams.has('uselibpqcompat') && modes.includes('require');
  return modes.length > 0 && modes.every((mode) => verifyingModes.includes(mode)) && !asLibpq
    ? []
    : [`${name} must say sslmode=verify-full in production: its host is not this machine`];
}
