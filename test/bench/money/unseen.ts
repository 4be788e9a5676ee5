/**
 * Preloaded into the system (`--import`), it takes away the fast path of repeated webhooks: what would remember them in
 * Redis remembers nothing, and the ledger finds every duplicate. Nothing else is changed.
 */
import { registerHooks } from 'node:module';

const forgetful = `export const redisSeenRequests = () => ({
  digestsOf: async (keys) => keys.map(() => null),
  remember: () => {},
});`;

registerHooks({
  load: (url, context, next) =>
    url.endsWith('/adapters/seen-requests.ts')
      ? { format: 'module', source: forgetful, shortCircuit: true }
      : next(url, context),
});
