import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { AnyStateNode } from 'xstate';

import { journeyMachines, journeyWaitingOf } from '../../actors/performers/journey.ts';
import { attentionOf, attentionTags } from '../../actors/staff/attention-view.ts';
import { orderOf } from '../../actors/staff/case-order.ts';
import { tripOf } from '../../actors/staff/waiting-view.ts';
import {
  awaitingPayment,
  confirmed,
  inImaging,
  inIntake,
  inSearch,
  leaking,
  anonymised,
  startCase,
  study,
  type Walk,
} from '../machines/walk.ts';

const minute = 60_000;
const at = '2027-01-01T09:00:00.000Z';
const later = '2027-01-01T10:00:00.000Z';

const inMinutes = (n: number) => new Date(Date.parse(at) + n * minute).toISOString();

const envelopeOf = ({ actor }: Walk) => JSON.stringify({ snapshot: actor.getPersistedSnapshot() });
const standing = {
  machine: 'case',
  steps: [],
  tagsSince: new Map<string, string>(),
  stateSince: at,
} as const;

/** Why a case waits, an hour after it began to. */
const whyOf = (walk: Walk, more: Partial<Parameters<typeof journeyWaitingOf>[1]> = {}) =>
  journeyWaitingOf(envelopeOf(walk), { ...standing, ...more }, Date.parse(later));
const inShort = (walk: Walk) =>
  whyOf(walk).map(({ actor, waitsFor, reason, label }) => [actor, waitsFor, reason, label]);

suite('why a case waits', () => {
  test('is what was asked of the patient', () => {
    assert.deepEqual(inShort(inIntake()), [
      [null, 'patient', null, 'Asked: airport'],
      [null, 'patient', null, 'Waiting for the patient'],
    ]);
  });

  test('is the provider while one is asked', () => {
    assert.deepEqual(inShort(inSearch())[0], [null, 'provider', null, 'Searching flights']);
  });

  test('is staff first, with the reason of the hand-over and when they should be done', async () => {
    const walk = startCase();
    walk.write('I am bleeding heavily');
    const [first, ...others] = whyOf(walk);
    assert.deepEqual(first, {
      actor: null,
      state: 'attention.staff.urgent.untaken',
      label: 'Emergency, not taken',
      waitsFor: 'staff',
      reason: 'urgent',
      since: at,
      targetAt: inMinutes(5),
      isOverdue: true,
    });
    assert.ok(others.every(({ waitsFor }) => waitsFor !== 'staff'));
    const [inTime] = journeyWaitingOf(envelopeOf(walk), standing, Date.parse(inMinutes(5)));
    assert.equal(inTime?.isOverdue, false);
  });

  test('names the booking and what it is held for', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    await walk.fail('readPayment', Object.assign(new Error('no'), { code: 'refused' }));
    const held = whyOf(walk).find(({ actor }) => actor === 'case-1-b1');
    assert.deepEqual(
      [held?.waitsFor, held?.reason, held?.label],
      ['staff', 'payment-not-readable', 'Payment held for staff'],
    );
  });

  test('names the study that is held, and no value of it', async () => {
    const walk = inImaging();
    await walk.answer('findStudies', [study()]);
    await walk.answer('anonymiseStudy', anonymised());
    await walk.answer('inspectStudy', leaking);
    const held = whyOf(walk).find(({ actor }) => actor === 'imaging');
    assert.deepEqual([held?.waitsFor, held?.state], ['staff', 'held']);
    assert.ok(held?.reason);
  });

  test('names the invoice that waits for its buyer, once and not of its case too', async () => {
    const staffs = whyOf(await confirmed()).filter(({ waitsFor }) => waitsFor === 'staff');
    assert.deepEqual(
      staffs.map(({ actor, label }) => [actor, label]),
      [['case-1-b1-i1', 'Invoice waits for its buyer']],
    );
    assert.ok(staffs[0]?.reason);
  });

  test('says since when from the steps, as far as they go, and else from the tag', async () => {
    const walk = startCase();
    walk.write('I am bleeding heavily');
    const inAttention = (staff: unknown) => ({
      open: { noDocuments: {}, attention: { staff, rights: 'none' } },
    });
    const value = inAttention({ urgent: 'untaken' });
    const before = inAttention('nobody');
    const steps = [
      { at: inMinutes(20), stateBefore: value, stateAfter: value },
      { at: inMinutes(10), stateBefore: before, stateAfter: value },
      { at: inMinutes(0), stateBefore: null, stateAfter: before },
    ];
    assert.equal(whyOf(walk, { steps })[0]?.since, inMinutes(10));
    const tagsSince = new Map([['urgent-untaken@attention', inMinutes(5)]]);
    assert.equal(whyOf(walk, { tagsSince })[0]?.since, inMinutes(5));
    assert.equal(whyOf(walk, { steps: steps.slice(0, 1), tagsSince })[0]?.since, inMinutes(5));
  });

  test('is nothing for a machine that is not hosted', () => {
    assert.deepEqual(whyOf(inIntake(), { machine: 'gone' }), []);
  });

  test('can be said of every state of every machine', () => {
    const { actors } = journeyMachines.case.machine.implementations;
    const machines = [journeyMachines.case.machine, ...Object.values(actors)];
    for (const machine of machines) {
      if (typeof machine !== 'object' || !('root' in machine)) continue;
      const nodes: AnyStateNode[] = [machine.root];
      for (const node of nodes) {
        nodes.push(...Object.values<AnyStateNode>(node.states));
        assert.ok(node.meta?.label, node.id);
        assert.ok('waitsFor' in node.meta && 'targetMinutes' in node.meta, node.id);
      }
    }
  });
});

suite('who waits for staff in a case', () => {
  const attention = (walk: Walk, tagsSince = new Map<string, string>()) => {
    const envelope = envelopeOf(walk);
    return attentionOf(envelope, { tagsSince }, whyOf(walk, { tagsSince }));
  };

  test('is nobody, or everybody with every reason, what was given last first', () => {
    const walk = startCase();
    walk.write('Hello');
    walk.press('consent:service:yes');
    assert.deepEqual(attention(walk), {
      urgency: 'none',
      urgentSince: null,
      reasons: [],
      unanswered: 0,
      targetAt: null,
      isOverdue: false,
      escalations: { count: 0, lastAt: null },
      taken: null,
    });
    walk.write('do you have a hotel?');
    walk.write('I am bleeding heavily');
    walk.clock.increment(5 * minute);
    assert.deepEqual(attentionTags(JSON.parse(envelopeOf(walk)).snapshot), [
      'staff:question',
      'staff:urgent',
      'escalated:1',
    ]);
    const tagsSince = new Map([
      ['urgent', inMinutes(2)],
      ['urgent-untaken@attention', inMinutes(2)],
      ['staff:question', inMinutes(1)],
      ['staff:urgent', inMinutes(2)],
      ['escalated:1', inMinutes(7)],
    ]);
    const view = attention(walk, tagsSince);
    assert.deepEqual(
      view?.reasons.map(({ reason, since, times }) => [reason, since, times]),
      [
        ['urgent', inMinutes(2), 1],
        ['question', inMinutes(1), 1],
      ],
    );
    assert.ok(view?.reasons[0]?.newestAt);
    assert.deepEqual(
      { ...view, reasons: null },
      {
        urgency: 'urgent',
        urgentSince: inMinutes(2),
        reasons: null,
        unanswered: 2,
        targetAt: inMinutes(7),
        isOverdue: true,
        escalations: { count: 1, lastAt: inMinutes(7) },
        taken: null,
      },
    );
    walk.send({ type: 'staff.took', at: inMinutes(9), by: 'nurse' });
    assert.deepEqual(attention(walk)?.taken, { by: 'nurse', at: inMinutes(9) });
    assert.deepEqual(
      whyOf(walk)
        .slice(0, 2)
        .map(({ reason, label }) => [reason, label]),
      [
        ['urgent', 'Emergency, taken'],
        ['question', 'Emergency, taken'],
      ],
    );
  });

  test('has a rights request beside the rest, with 30 days', () => {
    const walk = startCase();
    walk.write('Hello');
    walk.send({
      type: 'rights.requested',
      kind: 'erasure',
      messageId: 'wamid.1',
      at: inMinutes(0),
    } as never);
    const [right] = whyOf(walk);
    assert.deepEqual(
      [right?.reason, right?.since, right?.targetAt],
      ['rights-request', at, inMinutes(30 * 24 * 60)],
    );
    assert.equal(attention(walk)?.targetAt, inMinutes(30 * 24 * 60));
    walk.write('I am bleeding heavily');
    assert.equal(attention(walk)?.targetAt, inMinutes(5));
    assert.deepEqual(
      attention(walk)?.reasons.map(({ reason }) => reason),
      ['rights-request', 'urgent'],
    );
  });

  test('is nobody whom we know of in a snapshot of another time', () => {
    assert.equal(attentionOf(JSON.stringify({ snapshot: {} }), { tagsSince: new Map() }, []), null);
    assert.deepEqual(attentionTags({}), []);
  });

  test('is put in order by tags whose times the states of the machines say', () => {
    const order = orderOf(journeyMachines.case.machine);
    assert.deepEqual(
      order.filter(({ rank }) => rank < 2),
      [
        { tag: 'urgent-untaken', rank: 0, minutes: 5, isLateOnly: false },
        { tag: 'urgent', rank: 1, minutes: 5, isLateOnly: false },
      ],
    );
    const minutesOf = (tag: string) => order.find((one) => one.tag === tag)?.minutes;
    assert.deepEqual(
      ['awaits-staff', 'clinical-review', 'rights-request'].map(minutesOf),
      [60, 1_440, 43_200],
    );
    assert.ok(
      order.every(({ tag }) => !/^(taken|consent|confirmed|waiting-for-patient)/.test(tag)),
    );
    assert.equal(order.find(({ tag }) => tag === 'waiting-for-provider')?.isLateOnly, true);
  });
});

suite('the trip of a case', () => {
  test('has what the patient told, and the flights that were chosen, with every leg', async () => {
    const walk = await awaitingPayment();
    const trip = tripOf(envelopeOf(walk), true);
    const { trip: told, booking, destination } = walk.state().context;
    assert.deepEqual({ ...trip, booking: null }, { ...told, destination, booking: null });
    assert.deepEqual(trip?.booking?.price, booking?.offer.price);
    assert.equal(trip?.booking?.legs.length, booking?.offer.legs.length);
    assert.equal(trip?.booking?.isConfirmed, false);
  });

  test('keeps the procedure from those who may not see health data', () => {
    const walk = inIntake();
    walk.press('consent:health-data:yes');
    walk.write('knee surgery');
    const { procedure } = walk.state().context.trip;
    assert.equal(tripOf(envelopeOf(walk), true)?.procedure, procedure);
    assert.equal(tripOf(envelopeOf(walk), false)?.procedure, null);
  });

  test('is null for a snapshot that has none', () => {
    assert.equal(tripOf(JSON.stringify({ snapshot: { context: {} } }), true), null);
  });
});
