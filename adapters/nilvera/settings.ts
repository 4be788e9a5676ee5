import { settingsGroup, text, webAddress } from '../../deploy/settings/kit.ts';

const publicAddress = {
  variable: 'NILVERA_API_BASE',
  base: 'https://api.nilvera.com',
  credential: 'NILVERA_API_KEY',
};

const variables = {
  NILVERA_API_BASE: {
    schema: webAddress,
    about: 'The e-invoice integrator. In production invoices are off without NILVERA_API_KEY.',
    fallback: `${publicAddress.base}, or the sandbox`,
  },
  NILVERA_API_KEY: { schema: text, about: 'API key.', development: 'development-nilvera-key' },
} as const;

/** The e-invoice integrator. */
export const nilveraSettings = settingsGroup({
  title: 'Nilvera',
  variables,
  publicAddress,
  /** Null: nothing is invoiced. `apiBase` null: the sandbox. */
  read: (env, place) =>
    place.hasSandbox || env.NILVERA_API_KEY !== undefined
      ? {
          apiBase: place.baseOf(publicAddress),
          apiKey: env.NILVERA_API_KEY ?? variables.NILVERA_API_KEY.development,
        }
      : null,
});
