import * as v from 'valibot';

import type { Values } from './addresses.ts';
import { list, settingsGroup, textOr, webAddress } from './kit.ts';

const variables = {
  ADMIN_JWT_ISSUER: {
    schema: textOr('urn:patient-cases:development'),
    about: '`iss` of staff tokens.',
    needed: true,
  },
  ADMIN_JWT_AUDIENCE: {
    schema: textOr('patient-cases-admin'),
    about: '`aud` of staff tokens.',
    needed: true,
  },
  ADMIN_JWT_JWKS_URL: {
    schema: webAddress,
    about:
      "The identity provider's key set. With it, tokens signed with ADMIN_JWT_SECRET are not taken.",
    needed: true,
  },
  ADMIN_JWT_SECRET: {
    schema: v.optional(
      v.pipe(
        v.string(),
        v.transform(list),
        v.check((values) => values.every(({ length }) => length >= 32), 'is under 32 characters'),
      ),
    ),
    about: 'HS256 secret of development tokens, 32 characters or more. Several values.',
    development: 'development-admin-jwt-secret-of-32-bytes-or-more',
    chosen: 'text',
    // Staff come with tokens of somebody's: ours, or those of an identity provider.
    needed: (env: Values) =>
      env['NODE_ENV'] !== 'production' && env['ADMIN_JWT_JWKS_URL'] === undefined,
    refused: 'is for development: production verifies with ADMIN_JWT_JWKS_URL',
  },
} as const;

/** Whose tokens staff come with. */
export const staffSettings = settingsGroup({
  title: 'Staff',
  variables,
  read: (env) => ({
    issuer: env.ADMIN_JWT_ISSUER,
    audience: env.ADMIN_JWT_AUDIENCE,
    keys:
      env.ADMIN_JWT_JWKS_URL === undefined
        ? {
            kind: 'secrets' as const,
            secrets: env.ADMIN_JWT_SECRET ?? [variables.ADMIN_JWT_SECRET.development],
          }
        : { kind: 'jwks' as const, url: env.ADMIN_JWT_JWKS_URL },
  }),
});
