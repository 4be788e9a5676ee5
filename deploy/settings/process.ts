import * as v from 'valibot';

import { integer, list, oneOf, settingsGroup, text, textOr } from './kit.ts';

export const roles = ['edge', 'cases', 'performers', 'timekeeper'] as const;
type Role = (typeof roles)[number];

const Roles = v.optional(
  v.pipe(
    v.string(),
    v.transform(list),
    v.check(
      (names) => names.every((name) => name === 'all' || roles.includes(name as Role)),
      `must be \`all\` or a comma separated list of ${roles.join(', ')}`,
    ),
    v.transform((names) => roles.filter((role) => names.includes('all') || names.includes(role))),
  ),
  'all',
);

/** What this process is and does. */
export const processSettings = settingsGroup({
  title: 'The process',
  variables: {
    NODE_ENV: {
      schema: text,
      about:
        '`production` refuses development secrets, embedded servers and the sandbox; anything else is development.',
    },
    ROLES: {
      schema: Roles,
      about: 'What this process does: `all`, or some of edge, cases, performers, timekeeper.',
    },
    PARTITIONS: {
      schema: integer(1, 1_024, 8),
      about:
        'Partitions that cases spread over. The same in every process, and never changed later.',
    },
    LEASE_MS: {
      schema: integer(100, 600_000, 10_000),
      unit: 'ms',
      about:
        "How long a partition's lease lives without renewal: the longest a dead worker holds its cases.",
    },
    DATA_DIR: {
      schema: textOr('.data'),
      about: 'Folder for what embedded servers and the sandbox keep.',
    },
    LOG_LEVEL: {
      schema: oneOf(['error', 'warn', 'info', 'debug', 'silent'], 'info'),
      about: 'error, warn, info, debug or silent.',
    },
    TENANT: {
      schema: v.optional(
        v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/, 'must be 1 to 100 of A-Z a-z 0-9 _ -')),
        'demo',
      ),
      about: 'The clinic or agency whose number this is; 1 to 100 of `A-Z a-z 0-9 _ -`.',
    },
    TENANT_NAME: {
      schema: v.optional(v.pipe(v.string(), v.maxLength(200)), 'Demo Clinic'),
      about: 'What staff call it.',
    },
  },
  read: (env) => ({
    roles: env.ROLES,
    partitions: env.PARTITIONS,
    leaseMs: env.LEASE_MS,
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
  }),
});
