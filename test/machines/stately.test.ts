import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { everyMachine } from '../../deploy/tools/machines/catalogue.ts';
import { comparedWithStately } from '../../deploy/tools/machines/stately.ts';

suite("Stately's parser", () => {
  test('reads every machine file as the machine that runs: states, transitions, guards, actions, invokes', async () => {
    const machines = await everyMachine();
    const compared = comparedWithStately(machines);
    assert.ok(machines.length >= 6);
    for (const { name } of machines) {
      const { facts, differences } = compared.get(name) ?? assert.fail(name);
      assert.deepEqual(differences, []);
      assert.ok(facts > 10, name);
    }
  });

  test('misses what an editor would not show, and the place is named', async () => {
    const deal = (await everyMachine()).find(({ name }) => name === 'deal') ?? assert.fail();
    const changes: readonly (readonly [from: RegExp, to: string, expected: RegExp])[] = [
      [/known: \{/, 'known: shared, rest: {', /broken.*known/s],
      [/guard: 'isToCompare'/, "guard: 'isOver'", /deal\.known: always \[isToCompare\]/],
      [/target: 'comparing'/, "target: 'nowhere'", /broken.*nowhere/s],
      [/createMachine\(/, 'createMachine(parts,', /reads no machine/],
    ];
    for (const [from, to, expected] of changes) {
      const source = deal.source.replace(from, to);
      assert.notEqual(source, deal.source, String(from));
      const { differences } = comparedWithStately([{ ...deal, source }]).get('deal') ?? {};
      assert.match(differences?.join('\n') ?? '', expected);
    }
  });
});
