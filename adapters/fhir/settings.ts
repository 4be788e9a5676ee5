import type { JWK } from 'jose';
import * as v from 'valibot';

import { isLoopback, type Values } from '../../deploy/settings/addresses.ts';
import { list, settingsGroup, text, webAddress } from '../../deploy/settings/kit.ts';

/** Valibot's own messages would quote the key. */
const notKey = 'must be a private JWK with a `kid`: RSA, or EC on P-384';
const PrivateKey = v.optional(
  v.pipe(
    v.string(),
    v.parseJson(undefined, notKey),
    v.looseObject(
      {
        kty: v.picklist(['RSA', 'EC'], notKey),
        kid: v.pipe(v.string(notKey), v.minLength(1, notKey)),
        d: v.string(notKey),
        crv: v.optional(v.literal('P-384', notKey)),
      },
      notKey,
    ),
    v.check(({ kty, crv }) => (kty === 'EC') === (crv !== undefined), notKey),
    v.transform((key) => key as JWK & { readonly kid: string }),
  ),
);

/** Compared as texts: a proxy may name a port twice, which is no address at all. */
const addresses = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check(
      (all) => all.every((one) => /^https?:\/\/[^\s,]+$/.test(one)),
      'must be a comma separated list of addresses that begin with http:// or https://',
    ),
  ),
);

const variables = {
  FHIR_API_BASE: {
    schema: webAddress,
    about:
      "The clinic's FHIR R4 server. Alone, it is a server that asks for no token, which production takes from a sidecar on this machine only.",
    fallback: 'the sandbox; in production clinical records are off',
  },
  FHIR_LINK_BASES: {
    schema: addresses,
    about:
      'Other addresses by which that server names its own pages, such as one inside the clinic’s network; comma separated. Pages are fetched from FHIR_API_BASE all the same.',
  },
  FHIR_CLIENT_ID: {
    schema: text,
    about: 'Our client at its token endpoint, with FHIR_CLIENT_SECRET or FHIR_PRIVATE_JWK.',
    development: 'development-fhir-client',
  },
  FHIR_CLIENT_SECRET: {
    schema: text,
    about: 'OAuth 2 client credentials.',
    development: 'development-fhir-secret',
  },
  FHIR_PRIVATE_JWK: {
    schema: PrivateKey,
    about:
      'SMART Backend Services, in place of a secret: a private key as JWK with its `kid`, which signs assertions.',
  },
} as const;

/** The clinic's records. */
export const fhirSettings = settingsGroup({
  title: 'FHIR',
  variables,
  problems: fhirProblems,
  /** Null: off. `apiBase` null: the sandbox. */
  read: (env, place) => {
    const server = place.optional(env.FHIR_API_BASE);
    return (
      server && {
        ...server,
        linkBases: env.FHIR_LINK_BASES ?? [],
        auth: authOf(env, server.apiBase === null),
      }
    );
  },
});

/** How we prove to the server who we are. */
function authOf(
  env: {
    readonly FHIR_CLIENT_ID?: string | undefined;
    readonly FHIR_CLIENT_SECRET?: string | undefined;
    readonly FHIR_PRIVATE_JWK?: (JWK & { readonly kid: string }) | undefined;
  },
  isSandbox: boolean,
) {
  const { FHIR_CLIENT_ID: clientId = '', FHIR_CLIENT_SECRET: secret, FHIR_PRIVATE_JWK: key } = env;
  if (key !== undefined) return { kind: 'signed' as const, clientId, keys: [key] };
  if (secret === undefined && !isSandbox) return { kind: 'none' as const };
  return {
    kind: 'secret' as const,
    clientId: isSandbox ? variables.FHIR_CLIENT_ID.development : clientId,
    clientSecret: secret ?? variables.FHIR_CLIENT_SECRET.development,
    sentIn: 'basic' as const,
  };
}

function fhirProblems(env: Values): string[] {
  const { FHIR_API_BASE: base, FHIR_CLIENT_ID: id } = env;
  const proofs = ['FHIR_CLIENT_SECRET', 'FHIR_PRIVATE_JWK'].filter(
    (name) => env[name] !== undefined,
  );
  if (base === undefined) {
    return id === undefined && proofs.length === 0
      ? []
      : ['FHIR_API_BASE must be set with the other FHIR_*'];
  }
  if (proofs.length > 1) return ['FHIR_PRIVATE_JWK takes the place of FHIR_CLIENT_SECRET: set one'];
  if ((id === undefined) !== (proofs.length === 0)) {
    return [
      id === undefined
        ? 'FHIR_CLIENT_ID must be set with the other FHIR_*'
        : 'FHIR_CLIENT_SECRET or FHIR_PRIVATE_JWK must be set with FHIR_CLIENT_ID',
    ];
  }
  return id === undefined && env['NODE_ENV'] === 'production' && !isLoopback(base)
    ? [
        'FHIR_CLIENT_ID must be set in production, unless a sidecar on this machine proves who we are',
      ]
    : [];
}
