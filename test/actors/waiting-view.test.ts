import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { AnyStateNode } from 'xstate';

import { journeyMachines, journeyWaitingOf } from '../../actors/performers/journey.ts';
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
      state: 'conversation.open.speaker.withStaff',
      label: 'With staff',
      waitsFor: 'staff',
      reason: 'urgent',
      since: at,
      targetAt: later,
      isOverdue: false,
    });
    assert.ok(others.every(({ waitsFor }) => waitsFor !== 'staff'));
    const [overdue] = journeyWaitingOf(envelopeOf(walk), standing, Date.parse(later) + 1);
    assert.equal(overdue?.isOverdue, true);
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
    const inConversation = (speaker: object) => ({
      open: { noDocuments: {}, conversation: { open: { hearing: 'quiet', speaker } } },
    });
    const value = inConversation({ withStaff: {} });
    const bot = inConversation({ bot: 'busy' });
    const minutes = (n: number) => new Date(Date.parse(at) + n * minute).toISOString();
    const steps = [
      { at: minutes(20), stateBefore: value, stateAfter: value },
      { at: minutes(10), stateBefore: bot, stateAfter: value },
      { at: minutes(0), stateBefore: null, stateAfter: bot },
    ];
    assert.equal(whyOf(walk, { steps })[0]?.since, minutes(10));
    const tagsSince = new Map([['with-staff@conversation', minutes(5)]]);
    assert.equal(whyOf(walk, { tagsSince })[0]?.since, minutes(5));
    assert.equal(whyOf(walk, { steps: steps.slice(0, 1), tagsSince })[0]?.since, minutes(5));
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
