/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
/** A machine as a child of a parent that notes what it hears, in the kernel's pure core and in XState's memory. */
import assert from 'node:assert/strict';

import {
  assign,
  createActor,
  fromPromise,
  sendTo,
  setup,
  SimulatedClock,
  type AnyEventObject,
  type AnyStateMachine,
  type DoneActorEvent,
} from 'xstate';

import { openCase } from '../kernel/stored.ts';

export const minute = 60 * 1_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export interface Nested {
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  /** Actors and actions that performers stand behind. */
  readonly effects: readonly string[];
}

interface ParentContext {
  readonly input: unknown;
  readonly heard: readonly unknown[];
}

type ParentEvent = { type: 'toChild'; event: AnyEventObject } | { type: 'stopChild' };

const parentOf = (machine: AnyStateMachine) =>
  setup({
    types: {} as { context: ParentContext; events: ParentEvent; input: unknown },
    actors: { child: machine },
    actions: {
      hear: assign(({ context, event }) => ({ heard: [...context.heard, event] })),
      hearOutput: assign(({ context }, output: unknown) => ({
        heard: [...context.heard, { output: output ?? null }], // What is stored is read as bare JSON here.
      })),
      toChild: sendTo('child', ({ event }) => (event.type === 'toChild' ? event.event : event)),
    },
  }).createMachine({
    id: 'parent',
    version: '1',
    context: ({ input }: { input: unknown }) => ({ input, heard: [] }),
    initial: 'underway',
    states: {
      underway: {
        invoke: {
          id: 'child',
          src: 'child',
          input: ({ context }: { context: ParentContext }) => context.input,
          onDone: {
            target: 'over',
            actions: {
              type: 'hearOutput',
              params: ({ event }: { event: DoneActorEvent }) => event.output,
            },
          },
        },
        on: {
          toChild: { actions: 'toChild' },
          stopChild: { target: 'over' },
          '*': { actions: 'hear' },
        },
      },
      over: {},
    },
  });

interface ChildSnapshot {
  readonly value: unknown;
  readonly context: Readonly<Record<string, unknown>>;
}

interface ParentSnapshot {
  readonly context: ParentContext;
  readonly children?: { readonly child?: { readonly snapshot: ChildSnapshot } };
}

export type NestedWalk = ReturnType<typeof startNested>;

/** Stored and read again between all steps; every step has to be applied. */
export function startNested({ machine, input, effects }: Nested) {
  const hosted = { parent: { machine: parentOf(machine) } };
  const atRest = openCase(hosted, effects);
  atRest.activate([{ create: { machine: 'parent', input } }]);
  const over = new Set<string>();
  let heardUpTo = 0;
  let toldUpTo = 0;
  const parent = () => atRest.envelope().snapshot as ParentSnapshot;
  const child = () => parent().children?.child?.snapshot;
  const waiting = (name?: string) =>
    atRest.effects.filter(
      (effect) =>
        effect.kind === 'invoke' &&
        (name === undefined || effect.name === name) &&
        !effect.cancelled &&
        !over.has(effect.effectId) &&
        !atRest.abandoned.includes(effect.effectId),
    );
  const settle = (name: string, ok: boolean, value: unknown): unknown => {
    const [effect, ...more] = waiting(name);
    assert.ok(effect && more.length === 0, `${name} is not waited for`);
    over.add(effect.effectId);
    assert.deepEqual(atRest.settle(effect.effectId, ok, value).deadLetters, []);
    return JSON.parse(effect.input);
  };

  return {
    atRest,
    value: () => child()?.value ?? null,
    context: () => child()?.context ?? {},
    /** Names of what is asked of the world and not answered. */
    waitsFor: () => waiting().map(({ name }) => name),
    timers: () => atRest.envelope().timers.map(({ id }) => id),
    send: (event: AnyEventObject) => {
      assert.deepEqual(atRest.send({ type: 'toChild', event }).deadLetters, []);
    },
    /** Answers what is asked for; gives what it was asked with. */
    answer: (name: string, value: unknown) => settle(name, true, value),
    fail: (name: string, code: string) => settle(name, false, { name: 'E', code, message: 'no' }),
    wait: (ms: number) => {
      atRest.wait(ms);
      assert.deepEqual(atRest.activate().deadLetters, []);
    },
    /** What the parent heard since the last time this was asked. */
    heard: () => {
      const { heard } = parent().context;
      const news = heard.slice(heardUpTo);
      heardUpTo = heard.length;
      return news;
    },
    /** What was said to the patient since the last time this was asked: name and parameters. */
    told: () => {
      const actions = atRest.effects.filter(({ kind }) => kind === 'action');
      const news = actions.slice(toldUpTo);
      toldUpTo = actions.length;
      return news.map((effect) => [effect.name, JSON.parse(effect.input) as unknown]);
    },
  };
}

/** One happening: an event, time, or the answer to the oldest question, by its name. */
export type Step =
  | { readonly kind: 'send'; readonly event: AnyEventObject }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'answer'; readonly value: (name: string) => Answer };

export interface Answer {
  readonly ok: boolean;
  readonly value: unknown;
}

interface Call {
  readonly name: string;
  settle(answer: Answer): void;
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** The same steps in XState alone, which is never stored. Gives the state after each. */
async function inMemory({ machine, input, effects }: Nested, steps: readonly Step[]) {
  const clock = new SimulatedClock();
  const calls: Call[] = [];
  const told: unknown[] = [];
  const actors = Object.fromEntries(
    effects.map((name) => [
      name,
      fromPromise(
        ({ signal }) =>
          new Promise((resolve, reject) => {
            const settle = ({ ok, value }: Answer) => (ok ? resolve(value) : reject(value));
            const call = { name, settle };
            calls.push(call);
            signal.addEventListener('abort', () => void calls.splice(calls.indexOf(call), 1));
          }),
      ),
    ]),
  );
  const actions = Object.fromEntries(
    effects.map((name) => [name, (_: unknown, params: unknown) => void told.push([name, params])]),
  );
  const actor = createActor(parentOf(machine.provide({ actors, actions } as never)), {
    clock,
    input,
  }).start();
  const seen: unknown[] = [];
  for (const step of steps) {
    if (step.kind === 'send') actor.send({ type: 'toChild', event: step.event });
    if (step.kind === 'wait') clock.increment(step.ms);
    if (step.kind === 'answer') {
      const call = calls.shift();
      call?.settle(step.value(call.name));
    }
    // oxlint-disable-next-line no-await-in-loop -- in order
    await turn();
    const { context, children } = actor.getSnapshot();
    const child = children['child']?.getSnapshot() as ChildSnapshot | undefined;
    seen.push([child?.value ?? null, child?.context ?? {}, context.heard, [...told]]);
  }
  actor.stop();
  return JSON.parse(JSON.stringify(seen)) as unknown;
}

/** Plays the steps with and without storing in between, and in a replay: all have to come to the same. */
export async function assertFaithful(nested: Nested, steps: readonly Step[]): Promise<void> {
  const walk = startNested(nested);
  const heard: unknown[] = [];
  const told: unknown[] = [];
  const seen: unknown[] = [];
  for (const step of steps) {
    if (step.kind === 'send') walk.send(step.event);
    if (step.kind === 'wait') walk.wait(step.ms);
    if (step.kind === 'answer') {
      const [name] = walk.waitsFor();
      if (name !== undefined) {
        const { ok, value } = step.value(name);
        if (ok) walk.answer(name, value);
        else walk.fail(name, (value as { code: string }).code);
      }
    }
    heard.push(...walk.heard());
    told.push(...walk.told());
    seen.push([walk.value(), walk.context(), [...heard], [...told]]);
  }
  assert.deepEqual(seen, await inMemory(nested, steps));
  assert.equal(walk.atRest.replayed(), walk.atRest.text());
}
