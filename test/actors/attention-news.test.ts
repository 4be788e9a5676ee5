import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { outwardSchemas } from '../../actors/outward/events.ts';
import { journeyOutward } from '../../actors/outward/publications.ts';
import type { AttentionNews } from '../../machines/attention-setup.ts';

const at = Date.parse('2027-01-01T09:00:00Z');
const from = { tenant: 'clinic', caseId: 'case-1', at };

const news = (change: Partial<AttentionNews>): AttentionNews => ({
  type: 'attention.raised',
  reason: 'urgent',
  isUrgent: true,
  unanswered: 2,
  escalations: 0,
  targetMinutes: 5,
  ...change,
});

suite('what other services hear of who waits for staff', () => {
  test('is why, how urgent and until when, under the pseudonym of the case', () => {
    const told = journeyOutward.emitted?.(
      news({ type: 'attention.escalated', escalations: 3 }),
      from,
    );
    assert.deepEqual(told, {
      stream: 'case.attention',
      type: 'case.attention',
      source: 'attention',
      data: {
        caseId: 'case-1',
        change: 'escalated',
        reason: 'urgent',
        urgency: 'urgent',
        unanswered: 2,
        escalations: 3,
        targetAt: '2027-01-01T09:05:00.000Z',
      },
      // It is stored encrypted, and erased with its case.
      isPersonal: true,
    });
  });

  test('says that nobody waits any more', () => {
    const settled = news({
      type: 'attention.settled',
      reason: null,
      isUrgent: false,
      unanswered: 0,
      targetMinutes: null,
    });
    const data = journeyOutward.emitted?.(settled, from)?.data;
    assert.deepEqual(v.parse(outwardSchemas['case.attention'], data), {
      caseId: 'case-1',
      change: 'settled',
      reason: null,
      urgency: 'normal',
      unanswered: 0,
      escalations: 0,
      targetAt: null,
    });
  });

  test('has no words: what is no reason of ours is not published', () => {
    const odd = news({ reason: 'I am bleeding' as AttentionNews['reason'] });
    assert.throws(() => journeyOutward.emitted?.(odd, from), v.ValiError);
  });
});
