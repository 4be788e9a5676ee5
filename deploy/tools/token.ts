import { parseArgs } from 'node:util';

import { SignJWT } from 'jose';
import * as v from 'valibot';

import { roles } from '../../actors/shapes/permissions.ts';
import { loadConfig, type Config } from '../../config.ts';

/** http/staff/tokens.ts takes none that lives longer than a day. */
const longestMinutes = 23 * 60 + 59;

const usage = `npm run -s token -- --role support [--role finance …] [--tenant demo] [--subject me] [--minutes 60]

  --role     ${roles.join(', ')}; may be repeated
  --tenant   whose cases; this installation’s own tenant if absent
  --subject  who it is that acts, for the audit trail; "developer" if absent
  --minutes  how long it is valid, up to ${longestMinutes}; 60 if absent
`;

const Name = v.pipe(
  v.string(),
  // oxlint-disable-next-line no-control-regex -- these are what must not be in a name
  v.regex(/^[^\u0000-\u001f\u007f]{1,200}$/, 'must be 1 to 200 characters, none of them a control'),
);
const Arguments = v.object({
  role: v.pipe(
    v.optional(
      v.array(v.picklist(roles, ({ input }) => `${String(input)} is none of ${roles.join(', ')}`)),
      [],
    ),
    v.minLength(1, `is needed: ${roles.join(', ')}`),
  ),
  tenant: v.optional(Name),
  subject: v.optional(Name, 'developer'),
  minutes: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}$/, 'must be a number of minutes'),
      v.transform(Number),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(longestMinutes, `must be under a day: at most ${longestMinutes}`),
    ),
    '60',
  ),
});
type Arguments = v.InferOutput<typeof Arguments>;

/**
 * `npm run token`: prints a token with which a person or a script speaks to the admin API as staff, signed with the first
 * ADMIN_JWT_SECRET or, in development, the one that stands in for it. Exits with 2 and the reason if it can't.
 */
async function main(args: readonly string[]): Promise<string> {
  const { role, tenant, subject, minutes } = argumentsOf(args);
  const config = loadConfig(process.env);
  const { issuer, audience, keys } = config.staffTokens;
  const issuedAt = Math.floor(Date.now() / 1_000);
  return new SignJWT({ tenant: tenant ?? config.tenant.tenant, roles: role })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + minutes * 60)
    .sign(new TextEncoder().encode(secretOf(keys)));
}

function secretOf(keys: Config['staffTokens']['keys']): string {
  const [secret] = keys.kind === 'secrets' ? keys.secrets : [];
  if (secret !== undefined) return secret;
  throw new Error('ADMIN_JWT_JWKS_URL is set: the identity provider behind it gives the tokens');
}

/** @throws {Error} with a line for each argument that can't be taken, and how to call it */
function argumentsOf(args: readonly string[]): Arguments {
  const given = v.safeParse(Arguments, valuesOf(args));
  if (given.success) return given.output;
  const problems = given.issues.map((issue) => `--${String(issue.path?.[0].key)} ${issue.message}`);
  throw new Error(`${problems.join('\n')}\n\n${usage}`);
}

/** Without its `--` npm keeps the options to itself and hands on what follows them: then the usage shows how. */
function valuesOf(args: readonly string[]): object {
  try {
    return parseArgs({
      args: [...args],
      options: {
        role: { type: 'string', multiple: true },
        tenant: { type: 'string' },
        subject: { type: 'string' },
        minutes: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage}`, { cause: error });
  }
}

try {
  process.stdout.write(`${await main(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
