import { CaseUnreadable } from '../kernel/errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Desk, StaffActions } from '../ports/desk.ts';

/** Puts what staff tell a case into the ledger like any other event: once, in order, and with their name in the audit trail first. */
export function createStaffActions({
  kernel,
  desk,
}: {
  readonly kernel: Pick<Kernel, 'sendAll'>;
  readonly desk: Pick<Desk, 'audit'>;
}): StaffActions {
  return {
    async act(staff, caseId, { type, data, dedupeKey, traceparent }) {
      await desk.audit(staff, caseId, type);
      const [outcome] = await kernel.sendAll([
        {
          tenant: staff.tenant,
          caseId,
          source: 'staff',
          dedupeKey: `${caseId}:${dedupeKey}`,
          event: { ...data, type },
          traceparent,
        },
      ]);
      if (outcome === undefined || outcome === 'no-case') return null;
      if (outcome === 'unreadable') throw new CaseUnreadable(caseId, 'key_unreadable');
      return outcome === 'stored' ? 'stored' : 'duplicate'; // Its time differs, so a repetition looks like a conflict.
    },
  };
}
