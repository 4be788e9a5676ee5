import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { journeyMachines } from '../../actors/performers/journey.ts';
import { machinesWithin, seenIn, toCover } from '../../deploy/tools/machines/coverage.ts';
import { unreadyReleases, versionsOf } from '../../deploy/tools/machines/releases.ts';
import { replayed, rootMachine } from './explore.ts';
import { goldenWalks } from './golden-files.ts';
import { reopened } from './golden.ts';

const files = goldenWalks();
const present = JSON.stringify(versionsOf(rootMachine));

suite('golden snapshots found by walking', () => {
  test('are there for the version of every machine, and show each state it rests in and each timer it arms', () => {
    assert.deepEqual(unreadyReleases(journeyMachines.case), []);
  });

  for (const { name, release, walks } of files) {
    test(`${name}: its cases open under the machines of today`, () => {
      assert.ok(walks.length > 0);
      for (const { steps, envelope } of walks) {
        const stored = reopened({ at: steps.at(-1)?.at ?? 0, envelope });
        stored.activate();
        const { parked } = stored.send({ type: 'nobody.knows.this' });
        assert.equal(parked, null);
      }
    });

    if (JSON.stringify(release.tree) !== present) continue;
    test(`${name}: its cases come out the same to the byte: a machine that changes needs a new version`, () => {
      for (const { steps, envelope } of walks) assert.equal(replayed(steps), envelope);
    });

    test(`${name}: says what its cases show, and that is all of its machine`, () => {
      const { machine } = machinesWithin(rootMachine).get(release.machine) ?? assert.fail();
      const seen = new Set(walks.flatMap(({ envelope }) => seenIn(rootMachine, envelope)));
      assert.deepEqual(
        [...new Set(walks.flatMap((walk) => walk.seen))].toSorted(),
        [...seen].toSorted(),
      );
      for (const what of toCover(machine, release.machine === rootMachine.id))
        assert.ok(seen.has(what), `No golden snapshot shows ${what}`);
    });
  }
});
