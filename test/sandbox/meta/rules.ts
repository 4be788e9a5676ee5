import * as v from 'valibot';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Which of Meta's rules are enforced. */
export const Rules = v.strictObject({
  /**
   * Free text only for 24 h after the patient's last message. `heard` leaves out people who never wrote through this
   * sandbox: tests that sign their webhooks themselves post them past it. For `everybody` they have no window.
   */
  window: v.picklist(['off', 'heard', 'everybody']),
  /** Outside the window: an error at once, or 200 and later the status `failed`. The real one does either. */
  outsideWindow: v.picklist(['refuse', 'fail']),
  /** One message every 6 s to a person; up to 45 at once, borrowed from the future. */
  pairRate: v.boolean(),
  /** Of all messages of the number, in a sliding second. Meta's usual is 80. */
  perSecond: v.nullable(Count),
  /** People written to outside their window, in 24 h. Meta's lowest is 250. */
  uniquePerDay: v.nullable(Count),
});
export type Rules = v.InferOutput<typeof Rules>;

/** Body of `POST /_sandbox/whatsapp/rules`: what is absent stays. */
export const RulesChange = v.partial(Rules);

export const usualRules: Rules = {
  window: 'heard',
  outsideWindow: 'refuse',
  pairRate: false,
  perSecond: null,
  uniquePerDay: null,
};

export interface Attempt {
  /** One name for the person, whatever address is used. */
  readonly person: string;
  /** Epoch ms of their last message; null if there was none. */
  readonly heardAtMs: number | null;
  readonly isTemplate: boolean;
}

/** `refused`: Meta's code for an error at once. `fails`: accepted, but the status will say that. */
export interface Verdict {
  readonly refused: number | null;
  readonly fails: number | null;
}

export interface Gate {
  /** Judges a send at `nowMs`, which never goes back. Only what is let through is counted. */
  admit(attempt: Attempt, rules: Rules, nowMs: number): Verdict;
}

const PAIR_INTERVAL_MS = 6_000;
const PAIR_BURST = 45;
const DAY_MS = 24 * 60 * 60 * 1_000;
const THROUGHPUT = 130429;
const PAIR_RATE = 131056;
const OUTSIDE_WINDOW = 131047;
/** The code for the limit of unique people is not documented; this is the nearest: "restrictions on how many messages". */
const TOO_MANY_PEOPLE = 131048;

/** @see https://developers.facebook.com/docs/whatsapp/cloud-api/overview#pair-rate-limits */
export function createGate(): Gate {
  /** When each person's debt is paid off: each message adds 6 s. */
  const paidOffAtMs = new Map<string, number>();
  /** Of the messages in the last second, oldest first. */
  let recentMs: number[] = [];
  /** When each person was last written to outside a window. */
  const writtenToAtMs = new Map<string, number>();

  return {
    admit({ person, heardAtMs, isTemplate }, rules, nowMs) {
      recentMs = recentMs.filter((atMs) => atMs > nowMs - 1_000);
      if (rules.perSecond !== null && recentMs.length >= rules.perSecond)
        return refused(THROUGHPUT);

      const debtUntilMs = Math.max(paidOffAtMs.get(person) ?? 0, nowMs) + PAIR_INTERVAL_MS;
      if (rules.pairRate && debtUntilMs - nowMs > PAIR_BURST * PAIR_INTERVAL_MS)
        return refused(PAIR_RATE);

      const inWindow = heardAtMs !== null && nowMs - heardAtMs < DAY_MS;
      const outside =
        rules.window !== 'off' &&
        !isTemplate &&
        !inWindow &&
        (heardAtMs !== null || rules.window === 'everybody');
      if (outside && rules.outsideWindow === 'refuse') return refused(OUTSIDE_WINDOW);

      if (isTemplate && !inWindow) {
        for (const [one, atMs] of writtenToAtMs)
          if (atMs <= nowMs - DAY_MS) writtenToAtMs.delete(one);
        const isNew = !writtenToAtMs.has(person);
        if (rules.uniquePerDay !== null && isNew && writtenToAtMs.size >= rules.uniquePerDay)
          return refused(TOO_MANY_PEOPLE);
        writtenToAtMs.set(person, nowMs);
      }
      recentMs.push(nowMs);
      if (rules.pairRate) paidOffAtMs.set(person, debtUntilMs);
      return { refused: null, fails: outside ? OUTSIDE_WINDOW : null };
    },
  };
}

function refused(code: number): Verdict {
  return { refused: code, fails: null };
}
