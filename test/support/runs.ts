/** `npm run thorough` searches at length. */
export const isThorough = Boolean(process.env['THOROUGH']) || process.env['FAULTS'] === 'full';

/** How often a property is tried: `full` times by `npm run thorough`, a tenth of that (10 at least) by `npm test`. */
export function runs(full: number): number {
  return isThorough ? full : Math.min(full, Math.max(10, Math.ceil(full / 10)));
}
