import type { Reply, SandboxRequest } from '../simulator.ts';
import { digestOf } from '../simulator.ts';
import { StripeRefusal, stripeError } from './errors.ts';

/** What a request is remembered by. */
export interface Keying {
  /** Null where the sender gave none. */
  readonly key: string | null;
  readonly digest: string;
  readonly path: string;
}

type Keyed = { readonly digest: string; readonly path: string } & (
  | { readonly running: true }
  | { readonly first: () => Reply }
);

export interface Idempotency {
  /** What a key answered before a restart. */
  remember(keying: Keying, first: () => Reply): void;
  /**
   * Does the work once for a key and gives its first answer again: 400 for another request under it, 409 while
   * the first one runs. What was refused before anything was done is not remembered.
   */
  once(
    request: SandboxRequest,
    pause: () => Promise<void>,
    work: (keying: Keying) => Reply,
  ): Promise<Reply>;
}

export function createIdempotency(): Idempotency {
  const keys = new Map<string, Keyed>();
  return {
    remember({ key, digest, path }, first) {
      if (key !== null) keys.set(key, { digest, path, first });
    },
    async once(request, pause, work) {
      const header = request.headers['idempotency-key'];
      const key = typeof header === 'string' ? header : null;
      const keying = { key, digest: digestOf(request.body), path: request.url.pathname };
      const seen = key === null ? undefined : keys.get(key);
      if (seen && (seen.digest !== keying.digest || seen.path !== keying.path)) {
        return stripeError(400, undefined, { type: 'idempotency_error' });
      }
      if (seen && 'running' in seen) {
        return stripeError(409, 'idempotency_key_in_use', { type: 'idempotency_error' });
      }
      if (seen) {
        const first = seen.first();
        return { ...first, headers: { 'idempotent-replayed': 'true' } };
      }
      if (key !== null) keys.set(key, { ...keying, running: true });
      try {
        await pause();
        const reply = work(keying);
        if (key !== null) keys.set(key, { ...keying, first: () => reply });
        return reply;
      } catch (error) {
        if (key !== null) keys.delete(key);
        if (error instanceof StripeRefusal) return error.reply;
        throw error;
      }
    },
  };
}
