import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';

import * as v from 'valibot';

import type { Values } from './addresses.ts';
import { bucket, integer, list, settingsGroup } from './kit.ts';

/** A key for the audit trail's checkpoints. */
interface AuditKey {
  /** Stored with what it signed. */
  readonly id: string;
  readonly key: KeyObject;
}

/** An Ed25519 key whose 32 bytes spell what they are. */
const developmentKey =
  'development:MC4CAQAwBQYDK2VwBCIEIGRldmVsb3BtZW50LWF1ZGl0LWtleS1ub3QtcmVhbCEh';

/** `id:base64` of an Ed25519 key's DER: what stands between a PEM file's first and last line. Null for anything else. */
function auditKey(item: string, type: 'private' | 'public'): AuditKey | null {
  const [, id, encoded] = /^([\w-]{1,64}):([A-Za-z0-9+/]+=*)$/.exec(item) ?? [];
  if (id === undefined || encoded === undefined) return null;
  const der = { key: Buffer.from(encoded, 'base64'), format: 'der' } as const;
  try {
    const key =
      type === 'private'
        ? createPrivateKey({ ...der, type: 'pkcs8' })
        : createPublicKey({ ...der, type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? { id, key } : null;
  } catch {
    return null;
  }
}

function auditKeys(type: 'private' | 'public') {
  const form = type === 'private' ? 'PKCS #8' : 'SubjectPublicKeyInfo';
  return v.pipe(
    v.string(),
    v.check(
      (value) => list(value).every((item) => auditKey(item, type) !== null),
      `must be a comma separated list of \`id:base64\`, each an Ed25519 ${type} key as DER (${form})`,
    ),
    v.transform((value) => list(value).flatMap((item) => auditKey(item, type) ?? [])),
    v.check((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'repeats a key id'),
  );
}

function developmentAuditKey(): AuditKey & { readonly publicKey: KeyObject } {
  const found = auditKey(developmentKey, 'private');
  if (found === null) throw new Error('The development key for the audit trail is none');
  return { ...found, publicKey: createPublicKey(found.key) };
}

const s3Place = new RegExp(`^s3:(${bucket.source.slice(1, -1)})(?:/([\\w./-]{0,200}))?$`);

const RetiredKeys = v.optional(
  v.pipe(
    auditKeys('public'),
    v.check(
      (keys) => keys.every(({ key }) => !key.equals(developmentAuditKey().publicKey)),
      'holds the development key, with which anybody can sign',
    ),
  ),
);

const Checkpoints = v.optional(
  v.pipe(
    v.string(),
    v.check(
      (value) => !value.startsWith('s3:') || s3Place.test(value),
      'must be a path, `s3:bucket` or `s3:bucket/prefix`',
    ),
  ),
);

/** The audit trail's checkpoints: with what they are signed and verified, and where they are. */
export const auditSettings = settingsGroup({
  title: 'The audit trail',
  variables: {
    AUDIT_SIGNING_KEY: {
      schema: v.optional(auditKeys('private')),
      about:
        "Ed25519 private keys, `id:base64` of PKCS #8 (DER) each. The first one signs the audit trail's checkpoints, the public halves of all verify them. Belongs to nobody who can write to the database.",
      development: developmentKey,
      chosen: 'key',
      needed: true,
    },
    AUDIT_RETIRED_KEYS: {
      schema: RetiredKeys,
      about:
        'Public halves of keys that signed before, `id:base64` of SubjectPublicKeyInfo (DER) each. Enough to verify alone.',
    },
    AUDIT_CHECKPOINTS: {
      schema: Checkpoints,
      about:
        "Where signed checkpoints go: a file's path, or `s3:bucket` or `s3:bucket/prefix` on the server of S3_ENDPOINT.",
      fallback: 'DATA_DIR/audit-checkpoints.jsonl, in development only',
      needed: 'must be set in production, to a place that the database’s owner cannot write',
    },
    AUDIT_COVER_MINUTES: {
      schema: integer(1, 10_080, 15),
      unit: 'minutes',
      about:
        'After which `npm run audit:verify` wants an entry of the audit trail to be in a checkpoint.',
    },
  },
  problems: (env) =>
    env['NODE_ENV'] === 'production' ? placeProblems(env) : checkpointServerProblems(env),
  /** By the folder of data. */
  read: (env) => (dataDir: string) => {
    const { AUDIT_SIGNING_KEY: given, AUDIT_RETIRED_KEYS: retired = [] } = env;
    const own = given ?? [];
    const { publicKey, ...development } = developmentAuditKey();
    const signing = own[0] ?? development;
    const place = env.AUDIT_CHECKPOINTS ?? join(dataDir, 'audit-checkpoints.jsonl');
    const [, s3Bucket, prefix] = s3Place.exec(place) ?? [];
    return {
      signingKey: { keyId: signing.id, key: signing.key },
      /** Whether it signs with the key that everybody knows. */
      isDevelopmentKey: own.length === 0,
      /** Of all keys whose signatures count, by their id. The development key's do where no other is known. */
      publicKeys: new Map<string, KeyObject>([
        ...(own.length + retired.length === 0 ? [[development.id, publicKey] as const] : []),
        ...retired.map(({ id, key }) => [id, key] as const),
        ...own.map(({ id, key }) => [id, createPublicKey(key)] as const),
      ]),
      checkpoints:
        s3Bucket === undefined
          ? { kind: 'file' as const, path: place }
          : {
              kind: 's3' as const,
              bucket: s3Bucket,
              /** Empty, or ends with a slash. */
              prefix: (prefix ?? '').replace(/\/*$/, prefix ? '/' : ''),
            },
      coverMs: env.AUDIT_COVER_MINUTES * 60_000,
    };
  },
});

/** Of checkpoints on an S3 server that is not named. */
export function checkpointServerProblems(env: Values): string[] {
  return env['AUDIT_CHECKPOINTS']?.startsWith('s3:') === true && env['S3_ENDPOINT'] === undefined
    ? ['AUDIT_CHECKPOINTS is on an S3 server: S3_ENDPOINT must be set']
    : [];
}

/** Whoever can write to the application's own folder could rewrite trail and checkpoints together. */
function placeProblems({ AUDIT_CHECKPOINTS: place, DATA_DIR: folder = '.data' }: Values): string[] {
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
