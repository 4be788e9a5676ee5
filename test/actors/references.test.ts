import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { caseOfBooking, caseOfInvoice, readReference } from '../../actors/ports/references.ts';

suite('Our references', () => {
  test('are read as what they were made of, whatever the case is called', () => {
    const caseIds = fc.oneof(
      fc.stringMatching(/^[\w.:-]{1,150}$/),
      fc.constantFrom('c-b1', 'c-b1-i2', 'c-b1-r2', '-b1'),
    );
    const number = fc.integer({ min: 1, max: 9_999 });
    fc.assert(
      fc.property(caseIds, number, number, (caseId, n, m) => {
        const bookingId = `${caseId}-b${n}`;
        assert.deepEqual(readReference(bookingId), { kind: 'booking', caseId, bookingId });
        assert.deepEqual(readReference(`${bookingId}-i${m}`), {
          kind: 'invoice',
          caseId,
          bookingId,
        });
        assert.deepEqual(readReference(`${bookingId}-r${m}`), {
          kind: 'refund',
          caseId,
          bookingId,
        });
        assert.equal(caseOfBooking(bookingId), caseId);
        assert.equal(caseOfInvoice(`${bookingId}-i${m}`), caseId);
        assert.equal(caseOfBooking(`${bookingId}-i${m}`), null);
        assert.equal(caseOfBooking(`${bookingId}-r${m}`), null);
        assert.equal(caseOfInvoice(bookingId), null);
      }),
    );
  });

  for (const id of [
    '',
    'c',
    '-b1',
    'c-b',
    'c-b0',
    'c-b01',
    'c-b10000',
    'c-b1-i0',
    'c-b1-x1',
    'c-b1-i1-i1',
    'c-i1',
    'a/c-b1',
    'c -b1',
    'c\n-b1',
    'c-b1\n',
    `${'c'.repeat(198)}-b1`,
  ]) {
    test(`are not: ${JSON.stringify(id.slice(0, 20))}`, () =>
      assert.equal(readReference(id), null));
  }
});
