import type { Understanding, Utterance } from '../shapes/understanding.ts';

/** Understands what patients write. Reading only. */
export interface UnderstandingPort {
  /** Always answers; what it cannot make sense of is `unclear`. */
  understand(utterance: Utterance, signal: AbortSignal): Promise<Understanding>;
}
