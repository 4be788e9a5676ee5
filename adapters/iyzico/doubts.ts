/** Which try of which effect it is. */
interface Try {
  readonly effectId: string;
  readonly attempt: number;
}

/** What came of sending a refund, if anybody knows. */
export type Outcome = 'made' | 'not-made' | 'in-doubt';

/**
 * How old the doubt about each refund is, as far as this process can tell: never older than it is, perhaps younger.
 *
 * What counts is when the refund was sent for the last time, and between two tries that this process saw another one may
 * have sent it. So a doubt goes on only from one try to the very next; after a gap, and after a restart, it begins anew.
 */
export interface Doubts {
  /** It is being sent, so it is in doubt until what is returned is told what came of it. `not-made` leaves an earlier doubt as it was. */
  sending(reference: string, by: Try): (outcome: Outcome) => void;
  /** For how long it has been in doubt, ms, when this try looks for it: 0 for a doubt that nobody knew. */
  looking(reference: string, by: Try): number;
  /** The same for one who does not look; null if there is no doubt. */
  ageMs(reference: string): number | null;
  /** It is known to be made. */
  end(reference: string): void;
}

/** Far more than are in doubt at once. One that falls out begins anew when it is looked for. */
const MAX_DOUBTS = 10_000;

/** `now` is in epoch milliseconds. */
export function createDoubts(now: () => number): Doubts {
  const doubts = new Map<string, Try & { readonly sinceMs: number }>();

  function begin(reference: string, { effectId, attempt }: Try, sinceMs = now()): void {
    doubts.delete(reference); // To the end of the line.
    doubts.set(reference, { effectId, attempt, sinceMs });
    if (doubts.size <= MAX_DOUBTS) return;
    const [oldest] = doubts.keys();
    if (oldest !== undefined) doubts.delete(oldest);
  }

  return {
    sending(reference, by) {
      const earlier = doubts.get(reference);
      begin(reference, by);
      return (outcome) => {
        // From its end on: iyzico may have acted at any moment before.
        if (outcome === 'in-doubt') begin(reference, by);
        else if (outcome === 'not-made' && earlier) begin(reference, by, earlier.sinceMs);
        else doubts.delete(reference);
      };
    },
    looking(reference, by) {
      const known = doubts.get(reference);
      const goesOn =
        known?.effectId === by.effectId && [known.attempt, known.attempt + 1].includes(by.attempt);
      begin(reference, by, goesOn ? known.sinceMs : now());
      return this.ageMs(reference) ?? 0;
    },
    ageMs(reference) {
      const known = doubts.get(reference);
      return known ? now() - known.sinceMs : null;
    },
    end(reference) {
      doubts.delete(reference);
    },
  };
}
