/** Makes machines fit to be hosted: checks what XState leaves to chance, and puts effects in the place of I/O. */
import type { AnyActorLogic, AnyStateMachine } from 'xstate';

import {
  definitionOf,
  definitionText,
  isMachine,
  treeHash,
  type Definition,
} from './definitions.ts';
import { UnfitMachine } from './errors.ts';
import { type PersistedState } from './persisted-state.ts';
import type { Performer } from './ports.ts';
import { storable, storableMachine } from './snapshot.ts';
import { effectAction, effectLogic } from './stand-ins.ts';
import { isPlainTag } from './tags.ts';

/** How a case of an older version of a machine gets to the version that is registered now. */
export type Migration = (state: PersistedState) => PersistedState;

export type Migrations = Readonly<Record<string, Migration | 'compatible'>>;

export interface HostedMachine {
  readonly machine: AnyStateMachine;
  /**
   * From an older `version` of this machine to the registered one. `'compatible'` says that old snapshots fit as they
   * are; the kernel still checks that every stored state, invoke and child exists before it believes it.
   */
  readonly migrations?: Migrations;
  /**
   * The same for machines inside it, by the names in `setup({ actors })` that lead to them: `'sales/booking'`. They see the child as if
   * it were a case of its own. They run after the root's own, which leaves children of an older version as they are.
   */
  readonly children?: Readonly<Record<string, Migrations>>;
  /**
   * Tags of what a case knows and no state of it says, of its stored snapshot: they are the case's like those of its states, from the
   * commit on that makes them so. Pure and quick; what it throws, the step has thrown.
   */
  readonly tagsOf?: (snapshot: unknown) => readonly string[];
}

/** A machine ready to be opened: its I/O is replaced by effects, and its definition has a name and a fingerprint. */
export interface PreparedMachine extends Definition {
  readonly name: string;
  /** Fingerprints over the whole tree that stored cases of this version may have. */
  readonly treeHashes: readonly string[];
  readonly machine: AnyStateMachine;
  readonly migrations: Migrations;
  readonly children: Readonly<Record<string, Migrations>>;
  readonly tagsOf: (snapshot: unknown) => readonly string[];
}

export type Registry = ReadonlyMap<string, PreparedMachine>;

/**
 * Prepares every machine once, at start.
 *
 * @throws {UnfitMachine} with every finding, not only the first
 */
export function prepareMachines(
  machines: Readonly<Record<string, HostedMachine>>,
  performers: Readonly<Record<string, Performer>>,
): Registry {
  return new Map(
    Object.entries(machines).map(([name, hosted]) => {
      const { machine, migrations = {}, children = {}, tagsOf = () => [] } = hosted;
      const findings: string[] = [];
      const provided = provide(machine, performers, findings, new Set([machine.config]));
      for (const path of Object.keys(children))
        if (!machineAt(machine, path))
          findings.push(`migrations of "${path}": there is no such machine`);
      if (findings.length > 0) throw new UnfitMachine(name, [...new Set(findings)]);
      const spawnedIn = (one: AnyStateMachine) => spawnedNames(one, performers);
      const prepared: PreparedMachine = {
        name,
        ...definitionOf(machine, spawnedIn(machine)),
        treeHashes: [treeHash(machine, spawnedIn), treeHash(machine, () => [])],
        machine: provided,
        migrations,
        children,
        tagsOf,
      };
      return [name, prepared];
    }),
  );
}

const machineAt = (machine: AnyStateMachine, path: string): AnyStateMachine | null =>
  path.split('/').reduce<AnyStateMachine | null>((at, name) => {
    const logic: unknown = at?.implementations.actors[name];
    return isMachine(logic) ? logic : null;
  }, machine);

/** More microsteps than this in one step is a loop of `always` or `raise`, and the event is dead-lettered. */
const maxMicrosteps = 1_000;

function provide(
  machine: AnyStateMachine,
  performers: Readonly<Record<string, Performer>>,
  findings: string[],
  /** Definitions of the machines around it. An id would not tell them apart: without one all are called alike. */
  above: ReadonlySet<object>,
): AnyStateMachine {
  const { used, wrong } = namesUsedBy(machine);
  findings.push(...wrong);
  const implemented = machine.implementations;

  const actors: Record<string, AnyActorLogic> = {};
  // Performers' names too: code may spawn or run by name (`enqueueActions`, `spawn`) what no walk can see.
  for (const name of new Set([
    ...used.actors,
    ...Object.keys(implemented.actors),
    ...Object.keys(performers),
  ])) {
    const logic = implemented.actors[name] as AnyActorLogic | undefined;
    if (performers[name]) {
      actors[name] = effectLogic(name);
    } else if (isMachine(logic)) {
      if (above.has(logic.config))
        findings.push(`actor "${name}": machine "${logic.id}" contains itself`);
      else actors[name] = provide(logic, performers, findings, new Set([...above, logic.config]));
    } else if (isPureLogic(logic)) {
      actors[name] = storable(logic);
    } else {
      findings.push(
        `actor "${name}": register a performer of this name; only machines and pure logic run inside a case`,
      );
    }
  }

  const actions: Record<string, unknown> = {};
  for (const name of new Set([...used.actions, ...Object.keys(performers)])) {
    if (performers[name]) actions[name] = effectAction(name);
    else if (!implemented.actions[name])
      findings.push(`action "${name}": has neither an implementation nor a performer`);
  }
  for (const name of used.guards) {
    if (!implemented.guards[name]) findings.push(`guard "${name}": has no implementation`);
  }
  for (const name of used.delays) {
    if (implemented.delays[name] === undefined)
      findings.push(`delay "${name}": has no implementation`);
  }

  const provided = machine.provide({ actors, actions } as never) as AnyStateMachine;
  provided.options = {
    ...provided.options,
    maxIterations: Math.min(provided.options?.maxIterations ?? Infinity, maxMicrosteps),
  };
  return storableMachine(
    provided,
    definitionText(definitionOf(machine, spawnedNames(machine, performers))),
  );
}

/** `fromTransition` logic: it has a `transition` and nothing to start. Promise, callback and observable logic all start something. */
const isPureLogic = (logic: AnyActorLogic | undefined): logic is AnyActorLogic =>
  !!logic && typeof logic.transition === 'function' && !('start' in logic && logic.start);

interface Names {
  readonly actors: Set<string>;
  /** Those of `actors` that the definition names, in an `invoke`. */
  readonly invoked: Set<string>;
  readonly actions: Set<string>;
  readonly guards: Set<string>;
  readonly delays: Set<string>;
}

/** Walks the definition for the names it refers to, and for what cannot be stored. */
function namesUsedBy(machine: AnyStateMachine): { used: Names; wrong: string[] } {
  const used: Names = {
    actors: new Set(),
    invoked: new Set(),
    actions: new Set(),
    guards: new Set(),
    delays: new Set(),
  };
  const wrong: string[] = [];

  const action = (value: unknown, at: string): void => {
    if (typeof value === 'string') {
      used.actions.add(value);
      return;
    }
    const { type, src, id, delay } = value as Record<'type' | 'src' | 'id' | 'delay', unknown>;
    if (typeof delay === 'string') used.delays.add(delay); // XState would send at once if there is no such delay.
    if (type === 'xstate.spawnChild') {
      if (typeof src === 'string') used.actors.add(src);
      else wrong.push(`${at}: spawns an inline actor; give it a name in setup({ actors })`);
      // XState keeps all of them under the name "undefined", and so loses all but the last.
      if (id === undefined) wrong.push(`${at}: spawnChild("${String(src)}") needs an id`);
    } else if (
      typeof value === 'object' &&
      typeof type === 'string' &&
      !type.startsWith('xstate.')
    ) {
      used.actions.add(type);
    }
  };
  const guard = (value: unknown): void => {
    if (typeof value === 'string') used.guards.add(value);
    if (!value || typeof value === 'string') return;
    const { type, guards } = value as { type?: unknown; guards?: unknown[] };
    if (guards) guards.forEach(guard);
    else if (typeof value === 'object' && typeof type === 'string' && !type.startsWith('xstate.'))
      used.guards.add(type);
  };
  const walk = (node: AnyStateMachine['root']) => {
    for (const invoke of node.invoke) {
      const { src } = (toList(node.config.invoke)[node.invoke.indexOf(invoke)] ?? {}) as {
        src?: unknown;
      };
      if (typeof src === 'string') {
        used.actors.add(src);
        used.invoked.add(src);
      } else wrong.push(`${node.id}: invokes an inline actor; give it a name in setup({ actors })`);
    }
    for (const tag of node.tags)
      if (!isPlainTag(tag))
        wrong.push(`${node.id}: tag "${tag}" has an "@", which stands before a path`);
    for (const value of [...node.entry, ...node.exit]) action(value, node.id);
    const transitions = [...node.transitions.values()].flat().concat(node.always ?? []);
    for (const transition of transitions as unknown as { actions: unknown[]; guard?: unknown }[]) {
      transition.actions.forEach((value) => action(value, node.id));
      guard(transition.guard);
    }
    node.initial?.actions?.forEach((value: unknown) => action(value, node.id));
    for (const { delay } of node.after as { delay?: unknown }[]) {
      if (typeof delay === 'string' && !/^\d+$/.test(delay)) used.delays.add(delay);
    }
    Object.values(node.states).forEach((child) => walk(child));
  };
  walk(machine.root);
  for (const [name, value] of Object.entries(machine.implementations.actions)) {
    if (value) action(value, `action "${name}"`); // `raise`, `spawnChild` and the like that were given a name.
  }
  return { used, wrong };
}

const toList = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Effects and reducers that wait under a name which only code says, and what stands behind each. */
function spawnedNames(
  machine: AnyStateMachine,
  performers: Readonly<Record<string, Performer>>,
): string[] {
  const { actors } = machine.implementations;
  const { used } = namesUsedBy(machine);
  return [...new Set([...used.actors, ...Object.keys(actors)])]
    .filter((name) => !used.invoked.has(name) && !isMachine(actors[name]))
    .map((name) => `${performers[name] ? 'effect' : 'reducer'} ${name}`)
    .toSorted();
}
