import type { Figures } from './play.ts';

/** A soak's figures as lines of a table, in the order in which one asks for them. */
export function tableOf(seed: number, figures: Figures & { readonly audit: string }): string[] {
  const { bookings, patients, fates, lost, duplicated, reordered, faultHits, kills } = figures;
  const hits = Object.entries(faultHits).filter(([, count]) => count > 0);
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed', seed],
    ['bookings', `${bookings} of ${patients} patients`],
    ...Object.entries(fates)
      .toSorted(([, one], [, other]) => other - one)
      .map(([fate, count]) => [`  ${fate}`, count] as const),
    ['webhooks lost', lost],
    ['webhooks duplicated', duplicated],
    ['webhooks reordered', reordered],
    ['answers lost', hits.map(([provider, count]) => `${provider} ${count}`).join(', ')],
    ['kills', kills],
    ['invoices', inWords(figures.invoices)],
    ['reconcile ended with', figures.reconciled.join(', ')],
    ['audit', figures.audit],
    ['seconds', figures.seconds],
    ['bookings/s', figures.bookingsPerSecond],
  ];
  return rows.map(([name, value]) => `${name.padEnd(32)}${value}`);
}

function inWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
