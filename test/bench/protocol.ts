import * as v from 'valibot';

/**
 * What a runtime under test is told, as JSON in its first argument. `openCases` above zero asks it to put that many
 * open cases into the ledger and to serve nothing.
 */
export const RuntimeSettings = v.strictObject({
  providerUrl: v.string(),
  webhookSecret: v.string(),
  keep: v.picklist(['all', 'best']),
  databaseUrl: v.nullable(v.string()),
  redisUrl: v.nullable(v.string()),
  openCases: v.number(),
});
export type RuntimeSettings = v.InferOutput<typeof RuntimeSettings>;

/**
 * What a runtime tells its parent over the IPC channel. `reached` holds pairs: a case id, then the state it is now in.
 * A push over one channel costs far less than polling or a request held open for each case, and both variants pay it alike.
 */
export const RuntimeMessage = v.variant('kind', [
  v.object({ kind: v.literal('ready'), port: v.number() }),
  v.object({ kind: v.literal('progress'), reached: v.array(v.string()) }),
]);
export type RuntimeMessage = v.InferOutput<typeof RuntimeMessage>;

const Trip = v.object({
  origin: v.string(),
  destination: v.string(),
  departDate: v.string(),
  returnDate: v.string(),
  adults: v.number(),
  treatment: v.string(),
  note: v.string(),
});

/** Body of `POST /webhooks/bench`. `id` is the sender's own id of the fact: the dedupe key. */
export const Webhook = v.variant('type', [
  v.object({ type: v.literal('intake'), id: v.string(), caseId: v.string(), trip: Trip }),
  v.object({
    type: v.literal('payment'),
    id: v.string(),
    caseId: v.string(),
    paymentId: v.string(),
    amountMinor: v.string(),
    currency: v.string(),
    payer: v.string(),
    method: v.string(),
    receiptUrl: v.string(),
  }),
]);
export type Webhook = v.InferOutput<typeof Webhook>;
