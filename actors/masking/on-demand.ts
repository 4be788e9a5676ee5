import { createRequire } from 'node:module';

import type * as Masking from './mask.ts';

let masking: typeof Masking | undefined;

/** As `mask`, whose word lists are loaded with the first text: they take 25 MiB, and most processes never mask anything. */
export function mask(text: string): string {
  masking ??= createRequire(import.meta.url)('./mask.ts') as typeof Masking;
  return masking.mask(text);
}
