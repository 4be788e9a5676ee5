import type { UnderstandingPort } from '../ports/understanding.ts';

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

/** Asks the model where the patient agreed to that, and the rules everywhere else: also when the model is late, down or confused. */
export function modelFirst({ model, rules, timeoutMs, onFallback }: ModelFirst): UnderstandingPort {
  return {
    async understand(utterance, signal) {
      if (!utterance.mayLeave) return rules.understand(utterance, signal);
      try {
        const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        return await model.understand(utterance, inTime);
      } catch (error) {
        signal.throwIfAborted();
        onFallback(error);
        return rules.understand(utterance, signal);
      }
    },
  };
}
