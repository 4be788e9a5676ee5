import { settingsGroup, webAddress } from '../../deploy/settings/kit.ts';

/** Rates are the central bank's wherever invoices are real. */
const publicAddress = {
  variable: 'TCMB_API_BASE',
  base: 'https://www.tcmb.gov.tr',
  credential: 'NILVERA_API_KEY',
};

/** The central bank's exchange rates. */
export const tcmbSettings = settingsGroup({
  title: 'TCMB',
  variables: {
    TCMB_API_BASE: {
      schema: webAddress,
      about: "The central bank's exchange rates.",
      fallback: `${publicAddress.base}, or the sandbox`,
    },
  },
  publicAddress,
  /** Null: the sandbox. */
  read: (_env, place) => place.baseOf(publicAddress),
});
