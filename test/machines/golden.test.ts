import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { journeyMachines } from '../../actors/journey.ts';
import { goldenFiles, play, recordJourney, reopened } from './golden.ts';

const present = journeyMachines.case.machine.version;

suite('golden snapshots', () => {
  test('are there for the present version, and reach the end of the journey', () => {
    const steps = goldenFiles().find(({ version }) => version === present)?.steps ?? [];
    assert.ok(steps.length > 0, 'Run node test/machines/golden.ts once for the new version');
    assert.deepEqual(
      recordJourney().map(({ name }) => name),
      steps.map(({ name }) => name),
    );
    assert.match(steps.at(-1)?.envelope ?? '', /"status":"done"/);
  });

  for (const { version, steps } of goldenFiles()) {
    test(`of version ${version} open under version ${present}, at every step of the journey`, () => {
      for (const step of steps) {
        const { parked, history } = reopened(step).send({ type: 'nobody.knows.this' });
        assert.deepEqual([step.name, parked], [step.name, null]);
        assert.equal(history.at(-1)?.disposition, 'ignored', step.name);
      }
    });
  }

  test('of the present version come out the same to the byte: a machine that changes needs a new version', () => {
    const steps = goldenFiles().find(({ version }) => version === present)?.steps ?? [];
    assert.deepEqual(play(steps), steps);
  });
});
