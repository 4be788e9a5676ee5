import { contacts, integer, networks, settingsGroup, textOr } from './kit.ts';

/** Where we listen, and who stands in front. */
export const edgeSettings = settingsGroup({
  title: 'The edge',
  variables: {
    HOST: { schema: textOr('127.0.0.1'), about: 'Address the edge listens on.' },
    PORT: { schema: integer(0, 65_535, 8_080), about: "The edge's TCP port; 0 takes a free one." },
    OPS_PORT: {
      schema: integer(0, 65_535, 9_464),
      about: 'TCP port of health and metrics, never public; 0 takes a free one.',
    },
    OPS_HOST: {
      schema: textOr('127.0.0.1'),
      about:
        'Address of health and metrics. On any but the default, who reaches the port reads them.',
    },
    TRUSTED_PROXIES: {
      schema: networks,
      about:
        "Addresses and networks of the proxies in front of the edge, comma separated: `10.0.0.0/8,fd00::/8`. Theirs, and nobody else's, `X-Forwarded-For` says who a client is.",
    },
    SECURITY_CONTACT: {
      schema: contacts,
      about:
        'Where weaknesses may be told, comma separated: e-mail addresses, `https:` or `tel:`. Unset: no security.txt.',
    },
  },
  read: (env) => ({
    host: env.HOST,
    port: env.PORT,
    opsPort: env.OPS_PORT,
    opsHost: env.OPS_HOST,
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    /** Empty: there is no security.txt. */
    securityContacts: env.SECURITY_CONTACT ?? [],
  }),
});
