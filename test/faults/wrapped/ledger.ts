import type { Ledger } from '../../../actors/kernel/ports.ts';
import {
  createLedger as createReal,
  type LedgerOptions,
} from '../../../persistence/ledger/ledger.ts';
import { passing } from '../failpoints.ts';

/** The ledger, with failpoints around what is written. */
export function createLedger(options: LedgerOptions): Ledger {
  const ledger = createReal(options);
  return {
    ...ledger,
    async append(events) {
      const appended = await ledger.append(events);
      passing('ledger.appended');
      return appended;
    },
    async commit(commit) {
      passing('cases.before-commit');
      await ledger.commit(commit);
      passing('cases.after-commit');
    },
    async claim(...call) {
      const claimed = await ledger.claim(...call);
      passing('performer.claimed');
      return claimed;
    },
    async settle(settled) {
      passing('performer.performed');
      const stored = await ledger.settle(settled);
      passing('performer.settled');
      return stored;
    },
  };
}
