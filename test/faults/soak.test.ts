import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { suite, test } from 'node:test';

import { full } from './scenario.ts';
import { playSoak } from './soak/play.ts';
import { tableOf } from './soak/report.ts';

/** SOAK_SEED says what is done, SOAK_BOOKINGS how much of it. Every short run does the same, so that a red one can be repeated. */
const seed = Number(process.env['SOAK_SEED'] ?? (full ? Date.now() % 1_000_000 : 20_261_123));
const bookings = Number(process.env['SOAK_BOOKINGS'] ?? (full ? 5_000 : 48));

suite('money', () => {
  test(`of ${bookings} bookings, seed ${seed}, is in our books to the minor unit`, async (t) => {
    const { findings, ...figures } = await playSoak({
      seed,
      bookings,
      kills: full ? 8 : 2,
      say: (line) => t.diagnostic(line),
    });
    for (const line of tableOf(seed, figures)) t.diagnostic(line);
    const file = process.env['FAULTS_REPORT'];
    if (file !== undefined)
      appendFileSync(
        file,
        `${JSON.stringify({ scenario: 'soak', seed, ...figures, red: Object.keys(findings) })}\n`,
      );
    assert.ok(figures.lost > 0 && figures.duplicated > 0 && figures.reordered > 0);
    assert.ok((figures.faultHits['stripe'] ?? 0) > 0, 'Inconclusive: no answer was lost');
    assert.ok(figures.kills > 1, 'Inconclusive: nobody was killed');
    assert.ok(Object.keys(findings).length === 0, described(findings));
  });

  const skip = !full && 'FAULTS=full asks for it';
  test('that went back and was not booked is found by I9', { skip }, async (t) => {
    const { findings } = await playSoak({
      seed: seed + 1,
      bookings: 18,
      kills: 0,
      plantedBug: 'forgotten-refunds',
      patienceMs: 6_000,
      reconciliations: 1, // It would wait for books that never catch up.
      say: (line) => t.diagnostic(line),
    });
    const wrong = findings['I9'] ?? [];
    assert.ok(
      wrong.some((line) => /the provider kept \d+, our books say \d+/.test(line)) &&
        wrong.some((line) =>
          /theirs captured \d+, refunded [1-9]\d*.*ours captured \d+, refunded 0/.test(line),
        ),
      `I9 does not see it; ${described(findings)}`,
    );
  });
});

/** The first few findings of each invariant. */
function described(findings: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(findings)
    .map(([name, wrong]) => `${name}: ${wrong.length}\n  ${wrong.slice(0, 12).join('\n  ')}`)
    .join('\n');
}
