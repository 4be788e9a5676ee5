import { isIP } from 'node:net';

import * as v from 'valibot';

import type { PublicAddress, Values } from './addresses.ts';

/** One environment variable, and everything there is to know of it. The README and `.env.example` are printed from these. */
export interface Setting {
  /** Of the text that was given. An empty variable counts as unset. */
  readonly schema: v.GenericSchema;
  /** What it is for, in plain sentences. */
  readonly about: string;
  /** What a number counts. */
  readonly unit?: string;
  /** What holds where it is unset, in words; the schema's own default where there are none. */
  readonly fallback?: string;
  /** Stands in where it is unset, only while every address is on this machine. It is public. */
  readonly development?: string;
  /** Whether production refuses to start without it; a text says it in other words, after the name. */
  readonly needed?: boolean | string | ((env: Values) => boolean);
  /** Why production refuses to start with it, after the name. */
  readonly refused?: string;
  /** A secret that we choose ourselves, and that has to be as good as 32 random bytes: a text, or keys as base64. */
  readonly chosen?: 'text' | 'key';
}

export type Settings = Readonly<Record<string, Setting>>;

/** What a group's variables are, once each of them was parsed. */
export type Given<Variables extends Settings> = v.InferOutput<
  v.ObjectSchema<{ [Name in keyof Variables]: Variables[Name]['schema'] }, undefined>
>;

/** Where the system stands: what is real, and what the sandbox may play. */
export interface Place {
  readonly production: boolean;
  /** Whether the sandbox may play providers: only while every address is on this machine, as development secrets do. */
  readonly hasSandbox: boolean;
  /** Our edge's address as patients reach it, without a slash at its end; null: the edge's own. */
  readonly publicUrl: string | null;
  /** A provider's address without a slash at its end; null where the sandbox plays it. */
  baseOf(address: PublicAddress): string | null;
  /** Of a provider that an installation may do without: null where it is off, `apiBase` null where the sandbox plays it. */
  optional(address: string | undefined): { readonly apiBase: string | null } | null;
}

/** What one provider or one room of ours is set up with. */
export interface SettingsGroup<Variables extends Settings = Settings, Read = unknown> {
  /** As a heading. */
  readonly title: string;
  readonly variables: Variables;
  /** Its address on the internet, which counts as soon as the credential is given. */
  readonly publicAddress?: PublicAddress;
  /** What is set whole or not at all, the first one named first. */
  readonly together?: readonly string[];
  /** What is refused although each of them makes sense by itself: a line for each, which starts with a variable's name. */
  problems?(env: Values): string[];
  read(env: Given<Variables>, place: Place): Read;
}

/** A group as it stands; only its type is worked out here. */
export function settingsGroup<const Variables extends Settings, Read>(
  group: SettingsGroup<Variables, Read>,
): SettingsGroup<Variables, Read> {
  return group;
}

/** One valibot schema of all of them. */
export function schemaOf<Variables extends Settings>(variables: Variables) {
  const entries = Object.fromEntries(
    Object.entries(variables).map(([name, { schema }]) => [name, schema]),
  );
  return v.object(entries as { [Name in keyof Variables]: Variables[Name]['schema'] });
}

/** Whether production needs it. */
export function isNeeded({ needed = false }: Setting, env: Values): boolean {
  return typeof needed === 'function' ? needed(env) : needed !== false;
}

/** What production needs beside a credential that is given. */
export function withTheRest(env: Values, credential: string, needed: readonly string[]): string[] {
  return env[credential] === undefined || env['NODE_ENV'] !== 'production'
    ? []
    : needed
        .filter((name) => env[name] === undefined)
        .map((name) => `${name} must be set in production with the rest of it`);
}

export function withoutSlash(base: string): string {
  return base.replace(/\/+$/, '');
}

export const text = v.optional(v.string());

export function textOr(fallback: string) {
  return v.optional(v.string(), fallback);
}

export const digits = v.optional(v.pipe(v.string(), v.regex(/^\d{1,32}$/, 'must be digits')));

export function integer(lowest: number, highest: number, fallback: number) {
  const message = `must be a whole number from ${lowest} to ${highest}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,15}$/, message),
      v.transform(Number),
      v.minValue(lowest, message),
      v.maxValue(highest, message),
    ),
    String(fallback),
  );
}

/** One of these words. */
export function oneOf<const Options extends readonly [string, ...string[]]>(
  options: Options,
  fallback: Options[number],
) {
  const [last, ...others] = options.toReversed();
  return v.optional(
    v.picklist(options, `must be ${others.toReversed().join(', ')} or ${last}`),
    fallback,
  );
}

export function url(...protocols: readonly string[]) {
  return v.optional(
    v.pipe(
      v.string(),
      v.check(
        // The drivers look at the first letters as they stand: `REDISS://` would be taken, and without TLS.
        (value) =>
          protocols.some((protocol) => value.startsWith(`${protocol}//`)) && URL.canParse(value),
        `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
      ),
    ),
  );
}

export const webAddress = url('http:', 'https:');

export function list(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

/** Comma separated, newest first: the first one signs, all of them verify. */
export const secrets = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check((values) => values.every((value) => value !== ''), 'has an empty value in its list'),
  ),
);

/** HMAC keys, newest first. */
export function hmacKeys(fallback: string) {
  return v.optional(
    v.pipe(
      v.string(),
      v.transform((value) => list(value).map((item) => Buffer.from(item, 'base64'))),
      v.check(
        (keys) => keys.every(({ length }) => length === 32),
        'must be a comma separated list of the base64 of 32 bytes, newest first',
      ),
    ),
    fallback,
  );
}

export const bucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** As `clientAddresses` in http/ takes them. */
export const networks = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check(
      (values) => values.every(isNetwork),
      'must be a comma separated list of addresses or networks, such as 10.0.0.0/8',
    ),
  ),
);

function isNetwork(value: string): boolean {
  const [address = '', prefix = '0', ...more] = value.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
}

/** URIs; a bare e-mail address becomes one. */
export const contacts = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.transform((values) =>
      values.map((value) => (/^[^\s@:/]+@[^\s@:/]+$/.test(value) ? `mailto:${value}` : value)),
    ),
    v.check(
      (values) =>
        values.every((value) =>
          /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+|tel:\+?[\d-]+)$/.test(value),
        ),
      'must be a comma separated list of e-mail addresses, https:// or tel: addresses',
    ),
  ),
);
