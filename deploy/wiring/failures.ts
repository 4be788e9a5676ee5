import type pg from 'pg';

import type { Kernel } from '../../actors/kernel/kernel.ts';
import type { Desk } from '../../actors/ports/desk.ts';
import type { Rerouting } from '../../actors/ports/intake.ts';
import { createDeadLetters } from '../../actors/staff/dead-letters.ts';
import { createUnroutable } from '../../actors/staff/unroutable.ts';
import type { Config } from '../../config.ts';
import type { DeadLettersEdge } from '../../http/staff/dead-letters.ts';
import { createDeadLetterStore } from '../../persistence/cases/dead-letters.ts';
import { createUnroutableStore } from '../../persistence/contacts/unroutable.ts';
import type { Keyring } from '../../persistence/encryption/keyring.ts';

export interface FailuresWiring {
  readonly settings: Pick<Config, 'tenant'>;
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
  readonly kernel: Kernel;
  readonly intake: Rerouting;
  readonly desk: Desk;
  readonly mask: (text: string) => string;
  readonly now: () => number;
}

/** What staff do about effects that failed for good, and about deliveries that have no case. */
export function failuresOf(wiring: FailuresWiring): DeadLettersEdge {
  const { settings, pool, keyring, kernel, intake, desk, mask, now } = wiring;
  return {
    deadLetters: createDeadLetters({ store: createDeadLetterStore({ pool }), kernel, desk, now }),
    unroutable: createUnroutable({
      store: createUnroutableStore({ pool, keyring }),
      intake,
      desk,
      mask,
      homeTenant: settings.tenant.tenant,
    }),
  };
}
