import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { treeCopy, type Ran, type TreeCopy } from './tree-copy.ts';

/** Something that is forgotten when a machine changes, and which of the two checks has to say so, in which words. */
interface Omission {
  readonly name: string;
  readonly forget: (tree: TreeCopy) => void;
  readonly foundBy: 'tsc' | 'check';
  readonly says: RegExp;
}

const deal = 'machines/deal.ts';

/** All are planted in one copy, so that each check runs once: they must not hide one another. */
const omissions: readonly Omission[] = [
  {
    name: 'a text in one language',
    forget: (tree) =>
      tree.write(
        'actors/texts/tr.ts',
        tree.read('actors/texts/tr.ts').replace(/ {4}'consent\.noted':\s*'[^']*',\n/, ''),
      ),
    foundBy: 'tsc',
    says: /actors\/texts\/tr\.ts.*consent\.noted/s,
  },
  {
    name: 'the title of a button',
    forget: (tree) =>
      tree.write(
        'actors/texts/de.ts',
        tree.read('actors/texts/de.ts').replace(/ {4}'pay:again':\s*'[^']*',\n/, ''),
      ),
    foundBy: 'tsc',
    says: /actors\/texts\/de\.ts.*pay:again/s,
  },
  {
    name: 'the roles that may send a staff event',
    forget: (tree) =>
      tree.replace(
        'actors/shapes/staff-events.ts',
        "'staff.keep': { body: StaffKeep, roles: paidMoney }",
        "'staff.keep': { body: StaffKeep }",
      ),
    foundBy: 'tsc',
    says: /staff-events\.ts.*roles/s,
  },
  {
    name: 'the schema of a staff event that a state takes',
    forget: (tree) =>
      tree.replace(
        deal,
        "'staff.resume': { target: 'reading' },",
        "'staff.resume': { target: 'reading' },\n        'staff.forget': { target: 'reading' },",
      ),
    foundBy: 'check',
    says: /machines\/deal\.ts: deal\.unread takes "staff\.forget", which has no schema/,
  },
  {
    name: 'who performs an invoke',
    forget: (tree) =>
      tree.replace(deal, "        src: 'comparePlan',", "        src: 'askOracle',"),
    foundBy: 'check',
    says: /machines\/deal\.ts: deal\.comparing invokes "askOracle"/,
  },
  {
    name: 'the words of a state for staff',
    forget: (tree) =>
      tree.replace(
        deal,
        "      meta: { label: 'The plan agrees', waitsFor: 'nobody', targetMinutes: null },\n",
        '',
      ),
    foundBy: 'check',
    says: /machines\/deal\.ts: deal\.agreed has no meta\.label/,
  },
  {
    name: 'to take an event that somebody sends',
    forget: (tree) =>
      tree.replace(
        deal,
        "  | { readonly type: 'staff.resume' };",
        "  | { readonly type: 'staff.resume' }\n  | { readonly type: 'deal.lost' };",
      ),
    foundBy: 'check',
    says: /machines\/deal\.ts: the event "deal\.lost" is never accepted/,
  },
  {
    name: 'to name a timer',
    forget: (tree) =>
      tree.replace(
        deal,
        "after: { nextLook: { target: 'comparing' } },",
        "after: { nextLook: { target: 'comparing' }, 60000: { target: 'held' } },",
      ),
    foundBy: 'check',
    says: /machines\/deal\.ts: deal\.planning has a timer without a name \(60000 ms\)/,
  },
  {
    name: 'to define a tag',
    forget: (tree) =>
      tree.replace(deal, "      tags: ['held'],\n", "      tags: ['with-nobody'],\n"),
    foundBy: 'tsc',
    says: /machines\/deal\.ts.*with-nobody/s,
  },
  {
    name: 'to raise the version of a machine whose definition changed',
    forget: (tree) =>
      tree.replace('machines/consent.ts', '    given: {\n', '    givenAgain: {},\n    given: {\n'),
    foundBy: 'check',
    says: /machines\/consent\.ts: changed since version 2 was released/,
  },
  {
    name: 'a migration from the version before',
    forget: (tree) => tree.replace('machines/review.ts', "  version: '1',", "  version: '2',"),
    foundBy: 'check',
    says: /machines\/review\.ts: cases of version 1 can't be opened: write a migration/,
  },
  {
    name: 'golden snapshots of a version',
    forget: (tree) => tree.remove('test/machines/golden/imaging-1.jsonl'),
    foundBy: 'check',
    says: /machines\/imaging\.ts: version 1 has no golden snapshots/,
  },
  {
    name: 'an arrow to a state',
    forget: (tree) =>
      tree.replace(
        deal,
        '    agreed: {\n',
        "    lost: {\n      description: 'Nobody knows where it is.',\n      meta: { label: 'Lost', waitsFor: 'staff', targetMinutes: 60 },\n    },\n    agreed: {\n",
      ),
    foundBy: 'check',
    says: /machines\/deal\.ts: deal\.lost can't be reached/,
  },
  {
    name: 'a guard that a state refers to',
    forget: (tree) => tree.replace(deal, "guard: 'hasLookedOften'", "guard: 'hasLookedTooOften'"),
    foundBy: 'check',
    says: /deal\.comparing refers to the guard "hasLookedTooOften", which does not exist/,
  },
  {
    name: 'the timer of a state whose target time is another now',
    forget: (tree) =>
      tree.replace(
        'machines/attention.ts',
        "meta: { label: 'Emergency, not taken', waitsFor: 'staff', targetMinutes: 5 }",
        "meta: { label: 'Emergency, not taken', waitsFor: 'staff', targetMinutes: 3 }",
      ),
    foundBy: 'check',
    says: /attention\.staff\.urgent\.untaken is escalated by urgentTarget after 300000 ms, but meta\.targetMinutes says 3/,
  },
];

suite('a change of a machine that forgets', () => {
  let tree: TreeCopy;
  let ran: Record<Omission['foundBy'], Ran>;
  before(async () => {
    tree = await treeCopy();
    for (const { forget } of omissions) forget(tree);
    const [tsc, check] = await Promise.all([
      tree.tsc(),
      tree.node('deploy/tools/machines.ts', '--check'),
    ]);
    ran = { tsc, check };
  });
  after(async () => tree[Symbol.asyncDispose]());

  for (const { name, foundBy, says } of omissions) {
    test(`${name} is found by ${foundBy === 'tsc' ? 'the compiler' : 'the check of the machines'}`, () => {
      const { code, output } = ran[foundBy];
      assert.notEqual(code, 0);
      assert.ok(
        output.split(/\n(?=\S)/).some((message) => says.test(message)),
        output,
      );
    });
  }
});
