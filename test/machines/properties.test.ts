import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { checkout, flights, hour, paid, settled, startCase, type Walk } from './walk.ts';

/** One thing that can happen to a case, in any order. */
type Step =
  | { readonly kind: 'write'; readonly what: string }
  | { readonly kind: 'press'; readonly what: string }
  | { readonly kind: 'staff'; readonly what: string }
  | { readonly kind: 'payment'; readonly what: string }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'answer'; readonly how: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    what: fc.oneof(
      { arbitrary: fc.constantFrom('yes', 'BER', '01.02.2027', '2', '1', '0', 'hm'), weight: 8 },
      fc.string({ unit: 'binary' }),
    ),
  }),
  fc.record({
    kind: fc.constant('press' as const),
    what: fc.constantFrom('consent:yes', 'offer:1', 'offer:2', 'offer:none', 'offer:1:2', 'x'),
  }),
  fc.record({
    kind: fc.constant('staff' as const),
    what: fc.constantFrom('resume', 'arrived', 'discharged', 'refunded'),
  }),
  fc.record({
    kind: fc.constant('payment' as const),
    what: fc.constantFrom('payment.succeeded', 'payment.expired', 'payment.failed'),
  }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(1, 20, 24, 200) }),
  fc.record({ kind: fc.constant('answer' as const), how: fc.nat(3) }),
);

const answers: Readonly<Record<string, readonly unknown[]>> = {
  searchFlights: [flights(3), flights(1), flights(0)],
  openCheckout: [checkout()],
  readCheckout: [paid(), paid({ status: 'open' }), paid({ status: 'expired' })],
};

async function take(walk: Walk, step: Step): Promise<void> {
  if (step.kind === 'wait') return walk.clock.increment(step.hours * hour);
  if (step.kind === 'write') return walk.write(step.what);
  if (step.kind === 'press') return walk.press(step.what);
  if (step.kind === 'payment') return walk.payment(step.what as 'payment.succeeded');
  if (step.kind === 'staff') {
    const type = `staff.${step.what}` as 'staff.refunded';
    return walk.send({ type, bookingId: 'case-1-b1', at: walk.at() });
  }
  const [call] = walk.calls;
  if (call === undefined) return;
  const possible = answers[call.name] ?? [];
  if (step.how < possible.length) await walk.answer(call.name, possible[step.how]);
  else await walk.fail(call.name);
}

const written = (what: string): Step => ({ kind: 'write', what });

/** Random steps alone seldom get far; these do, and a walk follows them for a while. */
const wayToPayment: readonly Step[] = [
  ...['hi', 'yes', 'BER', '01.02.2027', '2'].map(written),
  { kind: 'answer', how: 0 },
  written('1'),
  { kind: 'answer', how: 0 },
  { kind: 'payment', what: 'payment.succeeded' },
  { kind: 'answer', how: 0 },
];

suite('a case, whatever happens to it', () => {
  // Contexts that do not survive JSON, or grow, fail inside the walk itself.
  test('never breaks, and says nothing more once consent is withdrawn', async () => {
    let withdrawn = 0;
    let booked = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(wayToPayment.length),
        fc.array(step, { maxLength: 25 }),
        fc.array(step, { maxLength: 10 }),
        async (ahead, before, after) => {
          const walk = startCase();
          for (const each of [...wayToPayment.slice(0, ahead), ...before]) await take(walk, each);
          assert.notEqual(walk.state().status, 'error');
          if (walk.state().context.booking !== null) booked++;
          if (walk.state().status === 'done') return;
          walk.write('STOP');
          assert.ok(walk.has('consent-withdrawn'));
          withdrawn++;
          walk.said();
          for (const each of after) await take(walk, each);
          await settled();
          assert.deepEqual(walk.said(), []);
          assert.deepEqual(walk.calls, []);
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(withdrawn > 100 && booked > 50, 'The walks went far enough to mean something');
  });
});
