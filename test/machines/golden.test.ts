import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { journeyMachines } from '../../actors/performers/journey.ts';
import { deliver, goldenFiles, recordJourney, reopened, type GoldenStep } from './golden.ts';
import { journeySteps, startsAt } from './journey-steps.ts';
import { deal } from './walk.ts';

const present = journeyMachines.case.machine.version;

/** What each step's outcome answers, by name: the effects of later versions have other ids. */
const answeredIn = new Map(
  journeySteps.flatMap(({ name, body }) => ('answers' in body ? [[name, body.answers]] : [])),
);

/** Where the journey stands: a region until version 4, an actor since; the whole state where the case is not open. */
const journeyIn = (envelope: string): unknown => {
  const { snapshot } = JSON.parse(envelope) as {
    snapshot: {
      value: string | { open: { journey?: unknown } };
      children: { journey?: { snapshot: { value: unknown } } };
    };
  };
  if (typeof snapshot.value === 'string') return snapshot.value;
  return snapshot.children.journey?.snapshot.value ?? snapshot.value.open.journey;
};

/** A search has states within it since. */
const flat = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'searching' in value ? 'searching' : value;

const confirmation = (now: number) => ({
  type: 'whatsapp.inbound',
  messageId: `wamid.yes.${now}`,
  message: { kind: 'button', id: 'trip:yes' },
  lang: null,
  at: new Date(startsAt + 7_500).toISOString(), // After the seventh message, which told the last detail.
  from: { userId: null, phone: '491700000001' },
});

const stepIn = (effectId: string): number => Number(effectId.split('.').at(-2));

/** Opens a step of an old version today and plays the rest of its journey, understanding what has to be understood. */
function goOnFrom(step: GoldenStep, rest: readonly GoldenStep[]): void {
  const atRest = reopened(step);
  atRest.activate(); // What its migration made due.
  const isAnswered = new Set<string>();
  const delivered = new Set<string>();
  /** The step that an effect would have been asked in without those that deliver questions. */
  const stepsThen = new Map<string, number>();
  let deliveries = 0;
  /** Of the step that asked for it then, if that asks for it now; its place within the step may be another. */
  const idOf = (name: string | undefined, then: string): string => {
    const open = atRest.effects.filter(
      (effect) =>
        (name === undefined ? effect.kind === 'invoke' : effect.name === name) &&
        !isAnswered.has(effect.effectId),
    );
    const same = open.find(({ effectId }) => stepsThen.get(effectId) === stepIn(then));
    return (same ?? open.at(-1))?.effectId ?? then;
  };
  for (const { name, at, body, envelope } of rest) {
    atRest.wait(at - atRest.now());
    const place = `${step.name} to ${name}`;
    const seq = atRest.envelope().seq;
    if ('outcome' in body) {
      const effectId = idOf(answeredIn.get(name), body.outcome.effectId);
      isAnswered.add(effectId);
      atRest.settle(effectId, true, body.outcome.value);
    } else {
      const { parked } = atRest.activate([body]);
      assert.equal(parked, null, place);
    }
    // Timers that there were none of then.
    deliveries += Math.max(0, atRest.envelope().seq - seq - 1);
    // Since version 6 the trip is read back before anything is done with it.
    if (JSON.stringify(journeyIn(atRest.text())) === '{"intake":"confirm"}')
      atRest.activate([{ event: confirmation(at) }]);
    for (const { effectId } of atRest.effects)
      if (!stepsThen.has(effectId)) stepsThen.set(effectId, stepIn(effectId) - deliveries);
    const before = atRest.envelope().seq;
    deliver(atRest, delivered);
    deliveries += atRest.envelope().seq - before;
    const [now, then] = [flat(journeyIn(atRest.text())), journeyIn(envelope)];
    // Version 6 understands the first message before it asks for consent.
    if (now !== 'contacted' || then !== 'consent') assert.deepEqual(now, then, place);
  }
  assert.match(atRest.text(), /"outcome":"completed"/, step.name);
}

suite('golden snapshots', () => {
  test('are of a journey that reaches its end under the present version', () => {
    assert.match(recordJourney().at(-1)?.envelope ?? '', /"status":"done"/);
  });

  for (const { version, steps } of goldenFiles()) {
    test(`of version ${version} open under version ${present}, at every step of the journey`, () => {
      for (const step of steps) {
        const atRest = reopened(step);
        atRest.send({ type: 'nobody.knows.this' }); // Its migration may have left something to begin.
        const { parked, history } = atRest.send({ type: 'nobody.knows.this' });
        assert.deepEqual([step.name, parked], [step.name, null]);
        assert.equal(history.at(-1)?.disposition, 'ignored', step.name);
      }
    });
  }

  test('of version 3 go on from every step to the same end', () => {
    const steps = goldenFiles().find(({ version }) => version === '3')?.steps ?? [];
    assert.ok(steps.length > 30);
    for (const [index, step] of steps.entries()) {
      if (index < steps.length - 1) goOnFrom(step, steps.slice(index + 1));
    }
  });

  test('of version 3 whose clinic has the flights read the deal with their next step', () => {
    const steps = goldenFiles().find(({ version }) => version === '3')?.steps ?? [];
    const step = steps.find(({ name }) => name === 'clinic told') ?? assert.fail('No such step');
    const atRest = reopened(step);
    atRest.send({ type: 'staff.arrived', at: '2027-02-01T10:00:00Z' });
    const asked = atRest.effects.findLast(({ name }) => name === 'readDeal');
    assert.ok(asked);
    atRest.settle(asked.effectId, true, deal);
    const { children } = atRest.envelope().snapshot as {
      children: { clinic: { snapshot: { context: { deal: unknown; isTold: boolean } } } };
    };
    const { context } = children.clinic.snapshot;
    assert.deepEqual([context.deal, context.isTold], [deal, true]);
  });
});
