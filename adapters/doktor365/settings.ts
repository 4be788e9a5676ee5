import { settingsGroup, text, webAddress } from '../../deploy/settings/kit.ts';

const variables = {
  DOKTOR365_API_BASE: {
    schema: webAddress,
    about: "The clinic's own system, as adapters/doktor365/openapi.yaml describes it.",
    fallback: 'the sandbox; in production it is off',
  },
  DOKTOR365_CLIENT_ID: {
    schema: text,
    about: 'Our client.',
    development: 'development-doktor365-client',
  },
  DOKTOR365_CLIENT_SECRET: {
    schema: text,
    about: "Our client's secret.",
    development: 'development-doktor365-secret',
  },
} as const;

/** The clinic's own system. */
export const doktor365Settings = settingsGroup({
  title: 'Doktor365',
  variables,
  together: ['DOKTOR365_API_BASE', 'DOKTOR365_CLIENT_ID', 'DOKTOR365_CLIENT_SECRET'],
  /** Null: off. `apiBase` null: the sandbox. */
  read: (env, place) => {
    const server = place.optional(env.DOKTOR365_API_BASE);
    return (
      server && {
        ...server,
        clientId: env.DOKTOR365_CLIENT_ID ?? variables.DOKTOR365_CLIENT_ID.development,
        clientSecret: env.DOKTOR365_CLIENT_SECRET ?? variables.DOKTOR365_CLIENT_SECRET.development,
      }
    );
  },
});
