import { isLoopback, type Values } from './addresses.ts';
import { integer, oneOf, settingsGroup, url } from './kit.ts';

const hourMs = 60 * 60 * 1_000;

/** Redis, and what other services of the platform read from it. */
export const streamsSettings = settingsGroup({
  title: 'Redis and the outward streams',
  variables: {
    REDIS_URL: {
      schema: url('redis:', 'rediss:'),
      about: 'Redis.',
      fallback: 'an own `redis-server` under DATA_DIR (development only)',
      needed: 'must be set in production: the embedded Redis is for development',
    },
    OUTWARD_MESSAGE: {
      schema: oneOf(['masked', 'omitted'], 'masked'),
      about:
        "Whether other services of the platform read patients' messages `masked`, or only that there was one (`omitted`).",
    },
    OUTWARD_KEPT_HOURS: {
      schema: integer(1, 8_760, 168),
      unit: 'hours',
      about: 'How long an entry of an outward stream is kept.',
    },
    OUTWARD_HELD_HOURS: {
      schema: integer(1, 8_760, 720),
      unit: 'hours',
      about:
        'How long an entry is kept that some group has not acknowledged; then it goes, and a metric rises.',
    },
    OUTWARD_MAX_ENTRIES: {
      schema: integer(1_000, 100_000_000, 1_000_000),
      unit: 'entries',
      about: 'What an outward stream has at most, acknowledged or not.',
    },
    OUTBOX_KEPT_HOURS: {
      schema: integer(1, 720, 1),
      unit: 'hours',
      about: 'How long after publication what Redis loses is published again.',
    },
  },
  problems: (env) => (env['NODE_ENV'] === 'production' ? redisProblems(env) : []),
  read: (env) => ({
    /** Null: run an embedded server. */
    redisUrl: env.REDIS_URL ?? null,
    outward: {
      message: env.OUTWARD_MESSAGE,
      bounds: {
        keptMs: env.OUTWARD_KEPT_HOURS * hourMs,
        heldMs: env.OUTWARD_HELD_HOURS * hourMs,
        maxEntries: env.OUTWARD_MAX_ENTRIES,
      },
      outboxKeptMs: env.OUTBOX_KEPT_HOURS * hourMs,
    },
  }),
});

function redisProblems({ REDIS_URL: value }: Values): string[] {
  const address = URL.parse(value ?? '');
  if (value === undefined || address === null || isLoopback(value)) return [];
  const { protocol, password } = address;
  return [
    ...(protocol === 'rediss:'
      ? []
      : ['REDIS_URL must be rediss:// in production: its host is not this machine']),
    ...(password === '' ? ['REDIS_URL must have a password in production'] : []),
  ];
}
