import * as v from 'valibot';

const PROVIDERS = [
  'whatsapp',
  'duffel',
  'amadeus',
  'stripe',
  'iyzico',
  'chat',
  'doktor365',
  'fhir',
  'vision',
  'nilvera',
  'tcmb',
] as const;
export type Provider = (typeof PROVIDERS)[number];

/** Ways in which an answer of 200 is of no use. Only a model gives such. */
const SPOILED = [
  /** The answer is no JSON. */
  'invalid-json',
  /** JSON that breaks the schema it was asked for. */
  'off-schema',
  /** The model declines to answer. */
  'refusal',
  /** Cut off by the limit of tokens. */
  'truncated',
] as const;
export type Spoiled = (typeof SPOILED)[number];

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const FaultFields = v.strictObject({
  provider: v.picklist(PROVIDERS),
  mode: v.picklist([
    'none',
    /** Answers after `delayMs`. */
    'slow',
    /** Does nothing and answers 500, or 503, in the provider's shape. */
    'error500',
    'error503',
    /** Does nothing and answers 429, with `Retry-After` if `retryAfterSeconds` is given. */
    'busy429',
    'unauthorized',
    /** Does nothing and answers `status` with the provider's error `code`. */
    'refuse',
    /** Does its work, then destroys the connection after `delayMs`. */
    'process-then-drop',
    /** Does its work and never answers. */
    'process-then-hang',
    'process-then-500',
    /** Does nothing and never answers. */
    'hang',
    ...SPOILED,
  ]),
  /** For so many requests, then none; for ever if absent. */
  count: v.optional(Count),
  delayMs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** Of hitting a request, 0 to 1; drawn from `seed`. */
  probability: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  seed: v.optional(v.pipe(v.number(), v.safeInteger())),
  /**
   * Only requests of this operation: `send`, `read`, `media-upload`, `media-url`, `media-download`, `media-delete` or
   * `token` of WhatsApp, `deal`, `send-flights`, `itinerary` or `token` of Doktor365, `discovery`, `search`, `page`,
   * `read` or `token` of FHIR, `send`, `status`, `pdf`, `xml` or `taxpayer` of Nilvera, `rates` of TCMB, `search`, `token`,
   * `offer`, `order`, `order-read` or `order-list` of Duffel, `create`, `retrieve` or `complete` of the others.
   */
  operation: v.optional(v.string()),
  retryAfterSeconds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  code: v.optional(v.union([v.string(), v.number()])),
  /** Of `refuse`; 400, or for WhatsApp what Meta answers with this `code`, if absent. */
  status: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(400), v.maxValue(599))),
});

/** Body of `POST /_sandbox/faults`. Replaces the provider's fault. */
export const Fault = v.pipe(
  FaultFields,
  v.check(
    ({ provider, mode }) => provider === 'chat' || !isSpoiled(mode),
    'only chat answers in this way',
  ),
);
export type Fault = v.InferOutput<typeof Fault>;

export function isSpoiled(mode: v.InferOutput<typeof FaultFields>['mode']): mode is Spoiled {
  return (SPOILED as readonly string[]).includes(mode);
}

export interface Faults {
  set(fault: Fault): void;
  /** The fault that hits this request, if one does. */
  next(provider: Provider, operation: string): Fault | undefined;
  /** How many requests each provider's faults have hit since the start: a suite whose fault never hit has shown nothing. */
  hits(): Readonly<Record<Provider, number>>;
}

export function createFaults(): Faults {
  const active = new Map<Provider, { fault: Fault; left: number; random: () => number }>();
  const hits = Object.fromEntries(PROVIDERS.map((provider) => [provider, 0])) as Record<
    Provider,
    number
  >;
  return {
    set(fault) {
      active.set(fault.provider, {
        fault,
        left: fault.count ?? Number.POSITIVE_INFINITY,
        random: mulberry32(fault.seed ?? 1),
      });
    },
    next(provider, operation) {
      const one = active.get(provider);
      if (!one || one.fault.mode === 'none' || one.left === 0) return undefined;
      if (one.fault.operation !== undefined && one.fault.operation !== operation) return undefined;
      if (one.fault.probability !== undefined && one.random() >= one.fault.probability)
        return undefined;
      one.left -= 1;
      hits[provider] += 1;
      return one.fault;
    },
    hits: () => ({ ...hits }),
  };
}

/** A small seeded generator of numbers from 0 to 1. @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
