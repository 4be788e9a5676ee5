import { createRequire } from 'node:module';

import { createIntake } from '../../actors/intake.ts';
import type { Kernel } from '../../actors/kernel/kernel.ts';
import { mask } from '../../actors/masking/on-demand.ts';
import type * as Language from '../../adapters/rules/language.ts';
import { createReceipts } from '../../persistence/contacts/delivery-status.ts';
import type { System } from './system.ts';

/** Where every delivery of a provider becomes an event of a case. */
export function intakeOf({ config, ledger }: System, kernel: Kernel) {
  return createIntake({
    kernel,
    directory: ledger.directory,
    receipts: createReceipts({ pool: ledger.pool }),
    languageOf: surelyIn,
    machine: 'case',
    isInvoicing: config.efatura !== null,
    outward: { mask, message: config.outward.message },
  });
}

let language: typeof Language | undefined;

/**
 * A message's language where its words tell it; a guess would change the language we answer in. Lexicons and n-grams are loaded
 * with the first message.
 */
function surelyIn(text: string): string | null {
  language ??= createRequire(import.meta.url)(
    '../../adapters/rules/language.ts',
  ) as typeof Language;
  const lang = language.languageOfText(text);
  return lang !== null && lang.confidence >= 0.8 ? lang.value : null;
}
