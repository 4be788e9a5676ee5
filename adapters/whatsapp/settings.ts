import * as v from 'valibot';

import {
  digits,
  integer,
  secrets,
  settingsGroup,
  text,
  webAddress,
} from '../../deploy/settings/kit.ts';

/** The account the sandbox's number has; not a secret. */
const sandboxPhoneNumberId = '555666777888999';

const publicAddress = {
  variable: 'WHATSAPP_API_BASE',
  base: 'https://graph.facebook.com',
  credential: 'WHATSAPP_TOKEN',
};

const variables = {
  WHATSAPP_API_BASE: {
    schema: webAddress,
    about: 'The Graph API, without its version.',
    fallback: `${publicAddress.base}, or the sandbox`,
  },
  WHATSAPP_TOKEN: {
    schema: text,
    about: 'Access token of a system user.',
    development: 'development-whatsapp-token',
    needed: true,
  },
  WHATSAPP_APP_ID: {
    schema: digits,
    about:
      "With it the token is exchanged for one of 60 days and kept fresh. Unset: WHATSAPP_TOKEN is a system user's.",
  },
  WHATSAPP_PHONE_NUMBER_ID: {
    schema: v.optional(
      v.pipe(v.string(), v.regex(/^\d{1,32}$/, 'must be digits')),
      sandboxPhoneNumberId,
    ),
    about: 'The number we send from.',
    fallback: "the sandbox's",
    needed: true,
  },
  WHATSAPP_MESSAGES_PER_DAY: {
    schema: integer(1, 100_000_000, 1_000),
    unit: 'messages',
    about: "What the number may send in any 24 h. The default is the platform's figure.",
  },
  WHATSAPP_PEOPLE_PER_DAY: {
    schema: integer(1, 100_000_000, 250),
    unit: 'people',
    about: "Whom all our numbers may write to outside a 24-hour window, in any 24 h: Meta's tier.",
  },
  WHATSAPP_PER_SECOND: {
    schema: integer(1, 10_000, 80),
    unit: 'messages',
    about: 'What the number may send in a second; 20 if an app on a telephone uses the number too.',
  },
  WHATSAPP_APP_SECRET: {
    schema: secrets,
    about: 'Signs webhooks. Several values.',
    development: 'development-whatsapp-app-secret',
    needed: true,
  },
  WHATSAPP_VERIFY_TOKEN: {
    schema: secrets,
    about: 'Answers the subscription handshake. Several values.',
    development: 'development-whatsapp-verify-token',
    chosen: 'text',
    needed: true,
  },
} as const;

/** Meta's WhatsApp Business platform. */
export const whatsappSettings = settingsGroup({
  title: 'WhatsApp',
  variables,
  publicAddress,
  read: (env, place) => ({
    apiBase: place.baseOf(publicAddress),
    token: env.WHATSAPP_TOKEN ?? variables.WHATSAPP_TOKEN.development,
    /** Null: the token is used as it is. */
    appId: env.WHATSAPP_APP_ID ?? null,
    limits: {
      messagesPerDay: env.WHATSAPP_MESSAGES_PER_DAY,
      peoplePerDay: env.WHATSAPP_PEOPLE_PER_DAY,
      perSecond: env.WHATSAPP_PER_SECOND,
    },
    phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID,
    appSecrets: env.WHATSAPP_APP_SECRET ?? [variables.WHATSAPP_APP_SECRET.development],
    verifyTokens: env.WHATSAPP_VERIFY_TOKEN ?? [variables.WHATSAPP_VERIFY_TOKEN.development],
  }),
});
