/** How reconciliation paces and bounds itself. Times in ms. */
export const reconciliationSettings = {
  /** A booking is looked at when nothing touched it for this long: webhooks come within seconds if they come. */
  untouchedMs: 10 * 60 * 1_000,
  /** The same difference about the same booking is told its case again after this long, in case nothing came of it. */
  repeatMs: 6 * 60 * 60 * 1_000,
  /** Payments that are read at the same time. */
  concurrency: 8,
  /** Bookings in a page, and pages in a round; the next round begins with the oldest again. */
  pageSize: 100,
  maxPages: 100,
  /** How often bookings that are held or lapsed are looked at, pages of them in one look, and how long after a lapse. */
  setAsideEveryMs: 60 * 60 * 1_000,
  setAsidePages: 10,
  lapsedMs: 14 * 24 * 60 * 60 * 1_000,
  /** `repeatMs` for them: a booking may be held for weeks, and its case knows why. */
  setAsideRepeatMs: 24 * 60 * 60 * 1_000,
  /** By when a captured payment has its invoice. */
  invoicedWithinMs: 24 * 60 * 60 * 1_000,
  /** What the provider's clock and ours may differ, and a movement may take to reach its books. */
  slackMs: 60 * 60 * 1_000,
  /** Of a day that isn't over, what happened just now is left out: it may still be on its way to us. */
  graceMs: 5 * 60 * 1_000,
  /** How long the books get to catch up with what a case was told, and how often they are looked at meanwhile. */
  catchUpMs: 30_000,
  pollMs: 1_000,
  /** Days after a movement in which we may have learned of it. */
  lookAheadDays: 100,
  /** Movements of a period, and payments that are read one by one because of a difference. */
  maxMovements: 500_000,
  maxReads: 500,
} as const;

export type ReconciliationSettings = {
  readonly [Name in keyof typeof reconciliationSettings]: number;
};
