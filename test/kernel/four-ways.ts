/** A machine in four ways: in memory, one event at a time through the kernel, in batches, and replayed. */
import assert from 'node:assert/strict';

import fc from 'fast-check';
import { SimulatedClock } from 'xstate';

import type { StoredTimer } from '../../actors/kernel/persisted-state.ts';
import type { EventBody } from '../../actors/kernel/ports.ts';
import { revive } from '../../actors/kernel/values.ts';
import { openInMemory, playPlainly } from './in-memory.ts';
import type { Subject } from './machines/subject.ts';
import {
  answerTo,
  plain,
  timerText,
  unmarked,
  type Happening,
  type Observation,
} from './observation.ts';
import { openCase, type Activated, type PersistedCase } from './stored.ts';

/** What may happen, before it is known which promises there will be: `settle` picks one of those by `pick`. */
export type Plan =
  | { readonly kind: 'send'; readonly event: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'settle'; readonly pick: number; readonly ok: boolean };

export const plans = (subject: Subject): fc.Arbitrary<Plan[]> => {
  const send = fc.record({
    kind: fc.constant('send' as const),
    event: fc.nat(subject.events.length - 1),
  });
  const wait = fc.record({
    kind: fc.constant('wait' as const),
    ms: fc.constantFrom(0, 1, 400, 500, 999, 1_000, 1_500, 2_500, 4_000, 20_000),
  });
  const settle = fc.record({
    kind: fc.constant('settle' as const),
    pick: fc.nat(7),
    ok: fc.boolean(),
  });
  const weighted = [
    { weight: 6, arbitrary: send },
    { weight: 2, arbitrary: wait },
    ...(subject.effects ? [{ weight: 3, arbitrary: settle }] : []),
  ];
  return fc.array<Plan>(fc.oneof(...weighted), { maxLength: 24 });
};

function concrete(plan: Plan, subject: Subject, calls: number): Happening {
  if (plan.kind === 'send') return { kind: 'send', event: subject.events[plan.event]! };
  if (plan.kind === 'wait') return plan;
  // Mostly the newest, which is what waits; sometimes one that was answered or given up long ago.
  return {
    kind: 'settle',
    call: calls === 0 ? 0 : calls - 1 - (plan.pick % Math.min(calls, 4)),
    ok: plan.ok,
  };
}

/** An activation: with one event, or with none when only time went by. */
interface Turn {
  readonly body: EventBody | null;
  readonly at: number;
}

/** A timer with what JSON does not know in its event. */
function revived(timer: StoredTimer): StoredTimer {
  const copy = structuredClone(timer);
  revive(copy, copy.marks ?? []);
  return copy;
}

function observed(stored: PersistedCase, { history }: Activated): Observation {
  const { snapshot, timers } = stored.envelope();
  const at = (path: readonly string[]) => path.map((id) => `/${id}`).join('');
  return {
    dispositions: history.map(({ disposition }) => disposition),
    snapshot: plain(unmarked(snapshot)),
    tags: stored.last?.tags ?? [],
    timers: timers
      .map((timer) => {
        const { id, event } = revived(timer);
        const [source, target] = [at(timer.source), at(timer.target)];
        return timerText({ id, source, target, event: plain(event) }, timer.dueAt - stored.now());
      })
      .toSorted(),
    asked: stored.effects.map(({ kind, name, input }) => [
      kind,
      name,
      JSON.parse(input) as unknown,
    ]),
  };
}

/** The same bodies in a case of its own: in memory nobody knows effect ids, the ledger does. */
function bodyOf(happening: Happening, stored: PersistedCase): EventBody | null {
  if (happening.kind === 'wait') return null;
  if (happening.kind === 'send') return { event: happening.event };
  const { call, ok } = happening;
  const invoked = stored.effects.filter(({ kind }) => kind === 'invoke');
  const effectId = invoked[call]?.effectId ?? 'nobody-asked';
  return { outcome: { effectId, ok, value: answerTo(call, ok) } };
}

/** Asserts that the machine comes to the same in all four ways, each step of it. */
export async function sameInAllWays(
  subject: Subject,
  planned: readonly Plan[],
  sizes: () => number,
): Promise<void> {
  const { machine, input, effects = [] } = subject;
  const hosted = { subject: { machine } };
  const create = { create: { machine: 'subject', input } };
  const inMemory = await openInMemory(subject);
  const stored = openCase(hosted, effects);
  stored.activate([create]);
  const turns: Turn[] = [{ body: create, at: stored.now() }];
  const happenings: Happening[] = [];
  const letters: unknown[] = [];
  let failed = false;

  for (const plan of planned) {
    const happening = concrete(plan, subject, inMemory.calls());
    happenings.push(happening);
    // oxlint-disable-next-line no-await-in-loop -- in order
    const expected = await inMemory.happens(happening);
    if (happening.kind === 'wait') stored.wait(happening.ms);
    const body = bodyOf(happening, stored);
    turns.push({ body, at: stored.now() });
    const activated = stored.activate(body ? [body] : []);
    letters.push(...activated.deadLetters);
    assert.deepEqual(observed(stored, activated), expected, JSON.stringify(happening));
    failed ||= expected.dispositions.includes('dead');
  }

  // XState's own simulated clock agrees with ours, so it is XState that we compare with.
  if (!failed) {
    const { snapshot } = await playPlainly(subject, new SimulatedClock(), happenings);
    assert.deepEqual(plain(unmarked(stored.envelope().snapshot)), snapshot);
  }
  assert.equal(stored.replayed(), stored.text(), 'a replay gives the same envelope, byte for byte');

  for (const size of [sizes, () => 64]) {
    const batched = openCase(hosted, effects);
    const dead: unknown[] = [];
    for (let left: readonly Turn[] = turns; left.length > 0;) {
      const [{ body, at }] = left as [Turn];
      batched.wait(at - batched.now());
      const most = body ? 1 + size() : 1;
      const ends = left.findIndex((turn, i) => i >= most || turn.at !== at || !turn.body);
      const batch = left.slice(0, Math.max(1, ends === -1 ? left.length : ends));
      dead.push(...batched.activate(batch.flatMap((turn) => turn.body ?? [])).deadLetters);
      left = left.slice(batch.length);
    }
    assert.equal(batched.text(), stored.text(), 'events in batches come to the same');
    assert.deepEqual(batched.history, stored.history, 'and so does their history');
    assert.deepEqual(dead, letters, 'with the same reasons');
    assert.deepEqual(asked(batched), asked(stored), 'and the same effects');
  }
}

/** All but whether one was taken back before it could start, which only batches can know. */
const asked = ({ effects }: PersistedCase) =>
  effects.map(({ cancelled: _cancelled, ...effect }) => effect);
