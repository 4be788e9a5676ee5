import { suite, test } from 'node:test';

import fc from 'fast-check';

import { isThorough } from '../support/runs.ts';
import { plans, sameInAllWays } from './four-ways.ts';
import { corpus } from './machines/corpus.ts';
import { specs, subjectOf } from './machines/generated.ts';

/** `npm run thorough` asks for many more. */

suite('a machine in the kernel', () => {
  for (const [name, subject] of Object.entries(corpus)) {
    test(`does what it does in memory, stored and reloaded after every step: ${name}`, () =>
      fc.assert(
        fc.asyncProperty(plans(subject), fc.infiniteStream(fc.nat(4)), (planned, sizes) =>
          sameInAllWays(subject, planned, () => sizes.next().value ?? 0),
        ),
        { numRuns: isThorough ? 2_000 : 40 },
      ));
  }

  test('does so whatever the machine is', () =>
    fc.assert(
      fc.asyncProperty(
        specs.chain((spec) => fc.tuple(fc.constant(spec), plans(subjectOf(spec)))),
        fc.infiniteStream(fc.nat(4)),
        ([spec, planned], sizes) =>
          sameInAllWays(subjectOf(spec), planned, () => sizes.next().value ?? 0),
      ),
      { numRuns: isThorough ? 20_000 : 100 },
    ));
});
