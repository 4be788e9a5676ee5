import * as v from 'valibot';

import { outsideAddresses, providerBase, type Values } from './deploy/settings/addresses.ts';
import { checkpointServerProblems } from './deploy/settings/audit.ts';
import { groups, providers } from './deploy/settings/groups.ts';
import {
  isNeeded,
  schemaOf,
  withoutSlash,
  type Place,
  type Setting,
  type Settings,
  type SettingsGroup,
} from './deploy/settings/kit.ts';
import { safetyProblems } from './deploy/settings/safety.ts';

/**
 * Every setting, from environment variables: read from the groups in `deploy/settings/groups.ts`, each of which stands with its
 * provider or its room and knows its own facts. Here they are only put together. An empty variable counts as unset. Errors name
 * the variable and never repeat its value.
 *
 * `NODE_ENV=production`, or any address that is not on this machine, changes what is allowed, not what anything means:
 * see deploy/settings/safety.ts.
 */

export { isLoopback } from './deploy/settings/addresses.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const {
  database,
  minio,
  documents,
  flights,
  duffel,
  amadeus,
  payments,
  nilvera,
  tcmb,
  invoices,
  audit,
} = groups;

type Variables = Flat<(typeof groups)[keyof typeof groups]['variables']>;
/** One object with the members of all in a union. */
type Flat<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

const variables = Object.assign(
  {},
  ...Object.values(groups).map((group) => group.variables),
) as Variables;

/** Of every setting. */
export const settingNames: readonly string[] = Object.keys(variables);

type DevelopmentSecrets = {
  readonly [
    Name in keyof Variables as Variables[Name] extends { readonly development: string }
      ? Name
      : never
  ]: string;
};

/**
 * What stands in for secrets that are not set, only while every address is on this machine. They are public: the README
 * lists them, the sandbox and the demo sign with them, and no start with any other address accepts one of them.
 */
export const DEVELOPMENT_SECRETS = Object.fromEntries(
  Object.entries<Setting>(variables).flatMap(([name, { development }]) =>
    development === undefined ? [] : [[name, development]],
  ),
) as DevelopmentSecrets;

const everyGroup: readonly Pick<SettingsGroup, 'publicAddress' | 'together' | 'problems'>[] =
  Object.values(groups);
const publicAddresses = everyGroup.flatMap(({ publicAddress = [] }) => publicAddress);

const judged = (names: readonly string[]) => ({
  settings: variables as Settings,
  names,
  publicAddresses,
});

/** What is refused although each setting makes sense by itself. */
function ruleProblems(env: Values): string[] {
  return [
    ...safetyProblems(judged(settingNames), env),
    ...everyGroup.flatMap(({ together = [] }) => togetherProblems(together, env)),
    ...everyGroup.flatMap(({ problems }) => problems?.(env) ?? []),
  ];
}

/** Of settings that belong together and are there only in part. */
function togetherProblems(group: readonly string[], env: Values): string[] {
  const unset = group.filter((name) => env[name] === undefined);
  if (unset.length === group.length || env[group[0] ?? ''] === 'none') return [];
  const provider = group[0]?.split('_')[0];
  const production = env['NODE_ENV'] === 'production';
  // What production needs in any case it says by itself.
  const isSaid = (name: string) =>
    production && isNeeded((variables as Settings)[name] as Setting, env);
  return unset
    .filter((name) => !isSaid(name))
    .map((name) => `${name} must be set with the other ${provider}_*`);
}

const AllVariables = schemaOf(variables as Pick<Variables, keyof Variables>);

/** Variables in, settings out. */
function settingsOf(env: v.InferOutput<typeof AllVariables>, given: Values) {
  const production = env.NODE_ENV === 'production';
  // The sandbox exists only while every address is on this machine, as development secrets do.
  const hasSandbox =
    !production && outsideAddresses(settingNames, publicAddresses, given).length === 0;
  const place: Place = {
    production,
    hasSandbox,
    publicUrl: env.PUBLIC_URL === undefined ? null : withoutSlash(env.PUBLIC_URL),
    baseOf: (address) => {
      const base = providerBase(address, given, hasSandbox);
      return base === null ? null : withoutSlash(base);
    },
    optional: (address) =>
      !hasSandbox && address === undefined
        ? null
        : { apiBase: address === undefined ? null : withoutSlash(address) },
  };

  const s3 = minio.read(env, place);
  const integrator = nilvera.read(env, place);
  const invoicing = invoices.read(env, place);
  const ofProviders = readProviders(env, place);
  /** Only the chosen provider's settings are used. */
  const ofFlights = {
    provider: flights.read(env, place),
    duffel: duffel.read(env, place),
    amadeus: amadeus.read(env, place),
  };
  /** Null: nothing is invoiced. A null `apiBase` or `ratesBase`: the sandbox. */
  const efatura = integrator && {
    ...integrator,
    ratesBase: tcmb.read(env, place),
    bucket: invoicing.bucket,
    seller: invoicing.sellerOf(env.TENANT_NAME),
    vatPercent: invoicing.vatPercent,
  };
  return {
    production,
    /** Whether a database that the settings name is migrated by whoever starts. One of our own always is. */
    migratesAtStart: hasSandbox,
    ...groups.process.read(env, place),
    ...groups.edge.read(env, place),
    /** Null: the edge's own address. */
    publicUrl: place.publicUrl,
    ...database.read(env, place),
    ...groups.streams.read(env, place),
    ...groups.tracing.read(env, place),
    ...ofProviders,
    documents: { s3, ...documents.read(env, place) },
    flights: ofFlights,
    paymentRules: payments.read(env, place)(ofProviders.iyzico !== null),
    efatura,
    /** Whether some provider is played by the sandbox. */
    sandbox:
      efatura?.ratesBase === null ||
      [...Object.values(ofProviders), ofFlights[ofFlights.provider], efatura].some(isPlayed),
    efaturaWebhookSecrets: invoicing.webhookSecrets,
    staffTokens: groups.staff.read(env, place),
    tenant: {
      tenant: env.TENANT,
      name: env.TENANT_NAME,
      whatsappAccount: env.WHATSAPP_PHONE_NUMBER_ID,
    },
    audit: { ...audit.read(env, place)(env.DATA_DIR), s3: s3?.server ?? null },
  };
}

/** Whether the sandbox plays it: a provider that has an address, and none of its own. */
const isPlayed = (provider: object | null): boolean =>
  provider !== null && 'apiBase' in provider && provider.apiBase === null;

/** Providers whose settings are the adapter's and nobody else's, by the names of their groups. */
function readProviders(env: v.InferOutput<typeof AllVariables>, place: Place) {
  const read = Object.entries(providers).map(([name, group]) => [
    name,
    (group.read as (env: unknown, place: Place) => unknown)(env, place),
  ]);
  return Object.fromEntries(read) as {
    readonly [Name in keyof typeof providers]: ReturnType<(typeof providers)[Name]['read']>;
  };
}

export type Config = ReturnType<typeof settingsOf>;

/** For groups that do not ask where the system stands. */
const noPlace: Place = {
  production: false,
  hasSandbox: false,
  publicUrl: null,
  baseOf: () => null,
  optional: () => null,
};

/** No browser reads checkpoints. */
const { S3_PUBLIC_ENDPOINT: _, ...ofS3 } = minio.variables;

/** What verifying the audit trail needs: neither the providers' settings nor a private key. */
const AuditVariables = schemaOf({
  DATABASE_URL: variables.DATABASE_URL,
  DATA_DIR: variables.DATA_DIR,
  ...ofS3,
  ...audit.variables,
});

function auditRuleProblems(env: Values): string[] {
  const names = Object.keys(AuditVariables.entries);
  const problems = [
    ...checkpointServerProblems(env),
    ...safetyProblems(judged(names), env),
    ...(database.problems?.(env) ?? []),
    ...(audit.problems?.(env) ?? []),
  ].filter((problem) => /^(AUDIT_|DATABASE_URL must say|S3_ENDPOINT must be https)/.test(problem));
  // An auditor has public keys alone, and says so by giving them.
  const hasPublicKeys = env['AUDIT_RETIRED_KEYS'] !== undefined;
  return problems.filter(
    (problem) => !hasPublicKeys || !problem.startsWith('AUDIT_SIGNING_KEY must be set'),
  );
}

const MigrationVariables = schemaOf({
  DATABASE_URL: variables.DATABASE_URL,
  MIGRATION_DATABASE_URL: variables.MIGRATION_DATABASE_URL,
  DATA_DIR: variables.DATA_DIR,
});

/**
 * Reads only what migrating needs, which is no secret of the application's.
 *
 * @throws {ConfigInvalid} with every problem found
 */
export function loadMigrationConfig(env: Environment) {
  const given = withoutEmpty(env);
  const found = parsed(v.safeParse(MigrationVariables, given), database.problems?.(given) ?? []);
  return {
    databaseUrl: found.DATABASE_URL ?? null,
    migrationDatabaseUrl: found.MIGRATION_DATABASE_URL ?? null,
    dataDir: found.DATA_DIR,
  };
}

/** Settings that make no sense: the process should print `message` and end. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly code = 'config_invalid';
  readonly retryable = false;
  /** One line each, starting with the variable's name. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Settings refused:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the settings; call it once, in main.ts, with `process.env`.
 *
 * @throws {ConfigInvalid} with every problem found
 */
export function loadConfig(env: Environment): Config {
  const given = withoutEmpty(env);
  return settingsOf(parsed(v.safeParse(AllVariables, given), ruleProblems(given)), given);
}

/**
 * Reads only what verifying the audit trail needs. In production AUDIT_RETIRED_KEYS may stand in for AUDIT_SIGNING_KEY.
 *
 * @throws {ConfigInvalid} with every problem found
 */
export function loadAuditConfig(env: Environment) {
  const given = withoutEmpty(env);
  const found = parsed(v.safeParse(AuditVariables, given), auditRuleProblems(given));
  return {
    databaseUrl: found.DATABASE_URL ?? null,
    dataDir: found.DATA_DIR,
    audit: {
      ...audit.read(found, noPlace)(found.DATA_DIR),
      s3: minio.read(found, noPlace)?.server ?? null,
    },
  };
}

function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value.trim() === '' ? [] : [[name, value.trim()]],
    ),
  );
}

function parsed<Schema extends v.GenericSchema>(
  result: v.SafeParseResult<Schema>,
  broken: readonly string[],
): v.InferOutput<Schema> {
  const malformed = (result.issues ?? []).map((issue) => {
    const name = v.getDotPath(issue)?.split('.')[0];
    return name === undefined ? issue.message : `${name} ${issue.message}`;
  });
  const problems = new Set([...malformed, ...broken]);
  if (problems.size > 0) throw new ConfigInvalid([...problems]);
  if (!result.success) throw new Error('Settings that are not right have no problem');
  return result.output;
}
