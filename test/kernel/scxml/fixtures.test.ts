import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { suite, test } from 'node:test';

import { createActor, SimulatedClock, type AnyStateMachine } from 'xstate';

import { openCase, type PersistedCase } from '../stored.ts';
import { idOf, toMachine, Unconvertible } from './convert.ts';

/** What a fixture says: the states at the start, and after each event that comes `after` ms later. */
interface Script {
  readonly initialConfiguration: readonly string[];
  readonly events: readonly {
    readonly after?: number;
    readonly event: { readonly name: string };
    readonly nextConfiguration: readonly string[];
  }[];
}

interface Fixture {
  readonly name: string;
  /** One for each host: conditions of some change their data in place. */
  readonly machine: () => AnyStateMachine;
  readonly script: Script;
}

const folder = join(
  dirname(createRequire(import.meta.url).resolve('@scion-scxml/test-framework/package.json')),
  'test',
);

/** Of the fixtures of XState's own suite, those it runs. More of them pass here; fewer would be a fault of ours. */
const atLeast = 169;

function fixtures(): Fixture[] {
  return globSync(join(folder, '**/*.scxml'))
    .map((file) => file.replace(/\.scxml$/, ''))
    .filter((file) => existsSync(`${file}.json`))
    .toSorted()
    .flatMap((file) => {
      try {
        const script = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as Script;
        const scxml = readFileSync(`${file}.scxml`, 'utf8');
        toMachine(scxml);
        return [{ name: relative(folder, file), machine: () => toMachine(scxml), script }];
      } catch (error) {
        // One of them has no valid JSON, and some say what XState does not know.
        if (error instanceof Unconvertible || error instanceof SyntaxError) return [];
        throw error;
      }
    });
}

/** A W3C test runs by itself, to a state called "pass" or "fail"; timers of theirs wait for seconds at most. */
const isByItself = ({ events, initialConfiguration: [first] }: Script) =>
  events.length === 0 && first === 'pass';
const patienceMs = 60_000;
const hopMs = 100;

/** The ids of the states that are active. */
function statesOf(machine: AnyStateMachine, value: unknown): string[] {
  return machine.resolveState({ value: value as never, context: {} })._nodes.map(({ id }) => id);
}

interface Player {
  states(): string[];
  isOver(): boolean;
  send(type: string): void;
  wait(ms: number): void;
}

function inMemory(fixture: Fixture): Player {
  const machine = fixture.machine();
  const clock = new SimulatedClock();
  const actor = createActor(machine, { clock, logger: () => undefined });
  actor.subscribe({ error: () => undefined });
  actor.start();
  clock.increment(0);
  return {
    states: () => statesOf(machine, actor.getSnapshot().value),
    isOver: () => actor.getSnapshot().status !== 'active',
    send(type) {
      actor.send({ type });
      clock.increment(0);
    },
    wait: (ms) => clock.increment(ms),
  };
}

function inKernel(fixture: Fixture): Player & { readonly one: PersistedCase } {
  const machine = fixture.machine();
  const one = openCase({ subject: { machine } });
  one.activate([{ create: { machine: 'subject', input: null } }]);
  return {
    one,
    states: () => statesOf(machine, (one.envelope().snapshot as { value: unknown }).value),
    isOver: () => one.last?.status !== 'active',
    send: (type) => void one.send({ type }),
    wait(ms) {
      one.wait(ms);
      one.activate();
    },
  };
}

/** The states after each event, or only the last where the fixture runs by itself. */
function play({ script }: Fixture, player: Player): string[][] {
  if (isByItself(script)) {
    for (let waited = 0; waited < patienceMs && !player.isOver(); waited += hopMs)
      player.wait(hopMs);
    return [player.states()];
  }
  return script.events.map(({ event, after = 0 }) => {
    if (after > 0) player.wait(after);
    player.send(event.name);
    return player.states();
  });
}

function passes({ script }: Fixture, seen: readonly string[][]): boolean {
  if (isByItself(script)) return seen[0]?.some((id) => ['pass', 'final'].includes(id)) ?? false;
  return script.events.every(({ nextConfiguration }, i) =>
    nextConfiguration.slice(0, 1).every((id) => seen[i]?.includes(idOf(id))),
  );
}

/** Null when XState itself does not pass it. */
function plainly(fixture: Fixture): string[][] | null {
  try {
    const seen = play(fixture, inMemory(fixture));
    return passes(fixture, seen) ? seen : null;
  } catch {
    return null;
  }
}

suite('SCXML: what plain XState passes, the kernel passes', () => {
  const passed = fixtures().flatMap((fixture) => {
    const seen = plainly(fixture);
    return seen ? [{ fixture, seen }] : [];
  });

  test(`which is no less than the ${atLeast} fixtures of its own suite`, () => {
    assert.ok(passed.length >= atLeast, `${passed.length}`);
  });

  for (const { fixture, seen } of passed) {
    test(fixture.name, () => {
      const player = inKernel(fixture);
      assert.deepEqual(play(fixture, player), seen);
      assert.equal(player.one.replayed(), player.one.text());

      if (fixture.script.events.some(({ after }) => after)) return;
      const batched = openCase({ subject: { machine: fixture.machine() } });
      const events = fixture.script.events.map(({ event }) => ({ event: { type: event.name } }));
      batched.activate([{ create: { machine: 'subject', input: null } }, ...events]);
      if (!isByItself(fixture.script)) assert.equal(batched.text(), player.one.text());
    });
  }
});
