import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { journeyMachines } from '../../actors/journey.ts';
import type { EventBody } from '../../actors/kernel/ports.ts';
import { goldenFiles, play, recordJourney, reopened, type GoldenStep } from './golden.ts';
import { understandingOf, type Asked } from './understanding.ts';
import { buyer, checkout, day, issued, paid } from './walk.ts';

const present = journeyMachines.case.machine.version;

/** What an outcome of an old journey answers: the effects of later versions have other ids. */
const answeredIn: Readonly<Record<string, string>> = {
  'greeting read': 'understand',
  'date asked': 'understand',
  'photo kept': 'fetchMedia',
  'party asked': 'understand',
  'waiting for the clinic': 'understand',
  'no study yet': 'findStudies',
  anonymising: 'findStudies',
  'looking for leaks': 'anonymiseStudy',
  'leak held': 'inspectStudy',
  'looking for leaks again': 'anonymiseStudy',
  analysing: 'inspectStudy',
  'clinic decides': 'analyseStudy',
  offered: 'searchFlights',
  'with staff': 'understand',
  'awaiting payment': 'openCheckout',
  travel: 'readPayment',
  'clinic told': 'tellClinic',
  'passport verified': 'verifyDocument',
};

/** What providers answer today says more. */
const answeredNow: Readonly<Record<string, unknown>> = {
  'awaiting payment': checkout(),
  travel: paid(),
};

const journeyIn = (envelope: string): unknown => {
  const { snapshot } = JSON.parse(envelope) as {
    snapshot: { value: string | { open: { journey: unknown } } };
  };
  return typeof snapshot.value === 'string' ? snapshot.value : snapshot.value.open.journey;
};

/** A message of version 1 as it is written today. */
function nested(body: EventBody): EventBody {
  if (!('event' in body) || body.event?.type !== 'whatsapp.inbound') return body;
  const { kind, text, buttonId, ...rest } = body.event as unknown as Record<string, unknown>;
  const message = kind === 'button' ? { kind, id: buttonId } : { kind, text };
  return { event: { ...rest, type: 'whatsapp.inbound', message } as { type: string } };
}

/** Opens a step of an old version today and plays the rest of its journey, understanding what has to be understood. */
function goOnFrom(
  step: GoldenStep,
  rest: readonly GoldenStep[],
  written: (body: EventBody) => EventBody,
  /** Before version 2 nobody asked what words mean. */
  isRead = false,
): void {
  const atRest = reopened(step);
  atRest.activate(); // What its migration made due.
  const isAnswered = new Set<string>();
  const idOf = (name: string): string | undefined =>
    atRest.effects.findLast((effect) => effect.name === name && !isAnswered.has(effect.effectId))
      ?.effectId;
  for (const { name, body, envelope } of rest) {
    const place = `${step.name} to ${name}`;
    if ('outcome' in body) {
      const effectId = idOf(answeredIn[name] ?? '') ?? body.outcome.effectId;
      isAnswered.add(effectId);
      atRest.settle(effectId, true, answeredNow[name] ?? body.outcome.value);
    } else {
      const { parked } = atRest.activate([written(body)]);
      assert.equal(parked, null, place);
    }
    const reading = atRest.effects.find(
      (effect) => effect.name === 'understand' && !isAnswered.has(effect.effectId),
    );
    if (!isRead && reading !== undefined) {
      isAnswered.add(reading.effectId);
      atRest.settle(reading.effectId, true, understandingOf(JSON.parse(reading.input) as Asked));
    }
    // Since version 3 a case that was paid stays as long as that may be disputed.
    const expected = name === 'closed' ? { settlingUp: 'disputable' } : journeyIn(envelope);
    assert.deepEqual(journeyIn(atRest.text()), expected, place);
  }
  settleUp(atRest, isAnswered);
  assert.match(atRest.text(), /"outcome":"completed"/, step.name);
}

/** What was sold since version 3 is invoiced, and then it is over. */
function settleUp(atRest: ReturnType<typeof reopened>, isAnswered: Set<string>): void {
  atRest.send({ type: 'staff.billing', buyer, at: '2027-01-01T10:00:00Z' });
  const answers = { queueInvoice: issued(), submitInvoice: accepted, archiveInvoice: null };
  for (const [name, answer] of Object.entries(answers)) {
    const effect = atRest.effects.findLast((one) => one.name === name);
    if (effect !== undefined && !isAnswered.has(effect.effectId))
      atRest.settle(effect.effectId, true, answer);
  }
  atRest.wait(150 * day);
  atRest.activate();
}

const accepted = { status: 'accepted', code: '1300' };

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

  for (const [shape, written] of [
    ['as they were written then', (body: EventBody) => body],
    ['as they are written now', nested],
  ] as const) {
    test(`of version 1 go on from every step to the same end, with messages ${shape}`, () => {
      const steps = goldenFiles().find(({ version }) => version === '1')?.steps ?? [];
      assert.ok(steps.length > 10);
      for (const [index, step] of steps.entries()) {
        if (index < steps.length - 1) goOnFrom(step, steps.slice(index + 1), written);
      }
    });
  }

  test('of version 2 go on from every step to the same end', () => {
    const steps = goldenFiles().find(({ version }) => version === '2')?.steps ?? [];
    assert.ok(steps.length > 30);
    for (const [index, step] of steps.entries()) {
      if (index < steps.length - 1) goOnFrom(step, steps.slice(index + 1), (body) => body, true);
    }
  });

  test('of version 2 read at once what was being read, and the link stays alive', () => {
    const steps = goldenFiles().find(({ version }) => version === '2')?.steps ?? [];
    const step =
      steps.find(({ name }) => name === 'payment checked') ?? assert.fail('No such step');
    const atRest = reopened(step);
    atRest.activate();
    assert.equal(atRest.effects.findLast(({ kind }) => kind === 'invoke')?.name, 'readPayment');
    const { children } = atRest.envelope().snapshot as {
      children: Record<string, { snapshot: { value: unknown; context: { isLinkOver: boolean } } }>;
    };
    const { value, context } = children['case-1-b1']?.snapshot ?? assert.fail('No such booking');
    assert.deepEqual([value, context.isLinkOver], ['reading', false]);
  });

  test('of version 1 keep what the patient agreed to and told', () => {
    const steps = goldenFiles().find(({ version }) => version === '1')?.steps ?? [];
    const step = steps.find(({ name }) => name === 'searching') ?? assert.fail('No such step');
    const atRest = reopened(step);
    atRest.send({
      type: 'whatsapp.contact',
      contact: { userId: 'user-1', phone: null },
      at: '2027-01-01T10:00:00Z',
    });
    const { value, context } = atRest.envelope().snapshot as {
      readonly value: unknown;
      readonly context: Readonly<Record<string, unknown>>;
    };
    assert.deepEqual(value, {
      open: {
        hearing: 'quiet',
        journey: 'searching',
        consents: {
          service: 'given',
          healthData: 'unasked',
          transferAbroad: 'unasked',
          marketing: 'unasked',
        },
        conversation: { speaker: { bot: 'busy' }, window: 'closed' },
        files: 'none',
        review: 'unneeded',
        papers: 'none',
        clinicNews: 'nothing',
        money: { payments: 'settled', invoices: 'settled' },
      },
    });
    assert.ok(atRest.last?.tags.includes('consent:service'));
    assert.deepEqual(context['trip'], {
      procedure: null,
      origin: 'BER',
      departDate: '2027-02-01',
      returnDate: null,
      adults: 2,
      childrenAges: null,
      budget: null,
    });
    const travelling = steps.find(({ name }) => name === 'travel') ?? assert.fail('No such step');
    const travel = reopened(travelling);
    travel.send({
      type: 'staff.linked',
      dealId: 'deal-9',
      at: '2027-01-01T10:00:00Z',
    });
    assert.equal(travel.effects.at(-1)?.name, 'tellClinic');
    assert.deepEqual(context['recipient'], { phone: '491700000001', userId: 'user-1' });
  });

  test('of the present version come out the same to the byte: a machine that changes needs a new version', () => {
    const steps = goldenFiles().find(({ version }) => version === present)?.steps ?? [];
    assert.deepEqual(play(steps), steps);
  });
});
