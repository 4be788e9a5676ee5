import type { UnderstandingPort } from '../ports/understanding.ts';
import type { Intent, Understanding } from '../shapes/understanding.ts';

export interface ModelFirst {
  /** Throws when it has no answer. Sees only utterances that may leave. */
  readonly model: UnderstandingPort;
  /** Always answers, without leaving this process. */
  readonly rules: UnderstandingPort;
  /** How long the patient waits for the model. */
  readonly timeoutMs: number;
  /** Told when the model had no answer. */
  readonly onFallback: (error: unknown) => void;
}

/** What is done at once when either of the two hears it: no model's "not urgent" silences the rules. */
const heardByEither: ReadonlySet<Intent> = new Set(['urgent', 'stop', 'erase']);

const actsAt = 0.6;

/**
 * Asks the model where the patient agreed to that, and the rules everywhere else: also when the model is late, down or confused. An
 * emergency and a wish to stop or to be erased that the rules hear wait for no model.
 */
export function modelFirst({ model, rules, timeoutMs, onFallback }: ModelFirst): UnderstandingPort {
  return {
    async understand(utterance, signal) {
      const byRules = await rules.understand(utterance, signal);
      const { value, confidence } = byRules.intent;
      if (!utterance.mayLeave || (heardByEither.has(value) && confidence >= actsAt)) return byRules;
      // A message of signs alone: what a thumb means is settled, and no consent.
      if (!/\p{L}|\p{N}/u.test(utterance.text)) return byRules;
      try {
        const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        return together(await model.understand(utterance, inTime), byRules);
      } catch (error) {
        signal.throwIfAborted();
        onFallback(error);
        return byRules;
      }
    },
  };
}

/** The model's answer, with what the rules doubt or read of a list, and without a procedure in an emergency. */
function together(model: Understanding, rules: Understanding): Understanding {
  const { doubts, places, days, picked, another } = rules;
  const { procedure, ...details } = model.details;
  const isWanted = procedure !== undefined && model.intent.value !== 'urgent';
  return {
    ...model,
    ...(doubts && { doubts }),
    ...(places && { places }),
    ...(days && { days }),
    ...(picked && { picked }),
    ...(another && { another }),
    details: { ...details, ...(isWanted && { procedure }) },
  };
}
