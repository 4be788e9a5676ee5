/** What is damaged is shown as damaged, and takes nothing else away from staff. */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { CaseUnreadable } from '../../actors/kernel/errors.ts';
import { openDesk, staff, startDesk } from './desk-fixture.ts';
import { newCaseId } from './ledger-fixture.ts';

const damages = [
  [
    'a flipped byte in its snapshot',
    'update cases set envelope = set_byte(envelope, 40, get_byte(envelope, 40) # 1) where case_id = $1',
    'seal_broken',
  ],
  [
    'a flipped byte in its key',
    'update data_keys set wrapped = set_byte(wrapped, 40, get_byte(wrapped, 40) # 1) where case_id = $1',
    'key_unreadable',
  ],
  [
    'a key that was cut short',
    `update data_keys set wrapped = '\\x01' where case_id = $1`,
    'key_unreadable',
  ],
] as const;

suite('the desk', { timeout: 120_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  before(async () => {
    started = await startDesk();
  });
  after(() => started[Symbol.asyncDispose]());

  for (const [n, [what, sql, reason]] of damages.entries()) {
    test(`lists a case with ${what} as damaged, with the others`, async () => {
      const tag = `damaged-${n}`;
      const [one, broken, other] = [newCaseId(), newCaseId(), newCaseId()];
      for (const caseId of [one, broken, other]) await started.step(caseId, { tags: [tag] });
      await started.one.pool.query(sql, [broken]);
      const page = { search: { by: 'tag', tag }, after: null, limit: 200 } as const;
      await using fresh = openDesk(started.url);
      const { desk } = fresh;
      const { cases } = await desk.listCases(staff, page);
      assert.deepEqual(
        Object.fromEntries(cases.map(({ caseId, unreadable }) => [caseId, unreadable])),
        { [one]: undefined, [broken]: reason, [other]: undefined },
      );
      const view = await desk.readCase(staff, broken);
      assert.deepEqual(
        [view?.unreadable, view?.status, view?.waitsFor.timers],
        [reason, 'active', []],
      );
      await assert.rejects(desk.readReview(staff, broken), CaseUnreadable);
      assert.ok(await desk.readHistory(staff, broken, { after: 0, limit: 10 }));
      if (reason === 'key_unreadable')
        await assert.rejects(desk.readConversation(staff, broken, { limit: 10 }), CaseUnreadable);
    });
  }
});
