/** What shows that cases wait, asked of the ledger when metrics are read. Labels never hold a case. */
export interface Backlog {
  readonly eventsPending: number;
  readonly oldestEventSeconds: number;
  readonly effects: Readonly<Record<string, number>>;
  readonly timersOverdue: number;
  readonly deadLetters: number;
  readonly parkedDeliveries: number;
  readonly cases: Readonly<Record<string, number>>;
  /** By tag; a case may have several. */
  readonly casesWaiting: Readonly<Record<string, number>>;
  /** Age in seconds of the oldest of those, by tag. */
  readonly oldestWaiting: Readonly<Record<string, number>>;
  readonly outboxWaiting: number;
  readonly oldestPublicationSeconds: number;
  /** Of the last 24 hours, by provider; `none` for what involves no provider. */
  readonly deadLettersByProvider: Readonly<Record<string, number>>;
}
