/**
 * What every machine has to keep to and the compiler cannot see. Each rule says what is wrong in a line: the file, the path
 * in the machine, and what to do.
 */
import type { AnyStateMachine } from 'xstate';

import type { Catalogued } from './catalogue.ts';
import { everyState, readMachine, toList, type State } from './definition.ts';

/** What the machines may refer to. */
export interface Known {
  /** Who performs effects, by name, and the event that tells a case of an action that failed. */
  readonly performers: Readonly<Record<string, { readonly failedAs?: string | undefined }>>;
  /** Machines that run inside others, by the name they are invoked or spawned by. */
  readonly children: ReadonlySet<string>;
  /** What comes from outside, by type. */
  readonly eventTypes: readonly string[];
  /** What staff may tell a case: each has a schema and roles. */
  readonly staffEventTypes: readonly string[];
  /** What the machines' types say that actors tell one another. */
  readonly declaredEvents: ReadonlyMap<string, string>;
}

const waitsFor = ['patient', 'provider', 'staff', 'nobody'];

/** A state without its words for staff and readers. */
function undescribed({ id, config: { description, meta } }: State): string[] {
  const found: string[] = [];
  if (!description) found.push(`${id} has no description: say in a sentence what it is`);
  if (!meta?.label) found.push(`${id} has no meta.label: staff read it in lists`);
  if (!waitsFor.includes(meta?.waitsFor ?? ''))
    found.push(`${id} has no meta.waitsFor: one of ${waitsFor.join(', ')}`);
  const minutes = meta?.targetMinutes;
  if (minutes === undefined || (minutes !== null && minutes <= 0))
    found.push(`${id} has no meta.targetMinutes: minutes after which it is late, or null`);
  return found;
}

/** A timer by a number, whose length nobody can look up or change in one place. */
const unnamedTimers = ({ id, config }: State): string[] =>
  Object.keys(config.after ?? {})
    .filter((delay) => /^\d+$/.test(delay))
    .map((delay) => `${id} has a timer without a name (${delay} ms): name it in setup({ delays })`);

/** A timer that escalates, at another time than staff read. */
function wrongTargets({ id, config }: State, { implementations }: AnyStateMachine): string[] {
  return Object.keys(config.after ?? {}).flatMap((name) => {
    const delay: unknown = implementations.delays[name];
    const minutes = config.meta?.targetMinutes ?? null;
    return name.endsWith('Target') && delay !== (minutes ?? 0) * 60_000
      ? [
          `${id} is escalated by ${name} after ${String(delay)} ms, but meta.targetMinutes says ${minutes}: let both say the same`,
        ]
      : [];
  });
}

/** Names in the definition that stand for nothing. */
function unknownNames(state: State, machine: AnyStateMachine, known: Known): string[] {
  const { actions, guards, delays, actors } = machine.implementations;
  const { id, config } = state;
  const found: string[] = [];
  const typeOf = (value: unknown) =>
    typeof value === 'string' ? value : String((value as { type?: unknown }).type);
  const check = (
    value: unknown,
    kind: string,
    isKnown: (name: string) => boolean,
    todo: string,
  ) => {
    if (value === undefined || isKnown(typeOf(value))) return;
    found.push(`${id} refers to the ${kind} "${typeOf(value)}", which does not exist: ${todo}`);
  };
  const isAction = (name: string) =>
    actions[name] !== undefined || known.performers[name] !== undefined;
  const checkAction = (value: unknown) =>
    check(value, 'action', isAction, 'put it into setup({ actions }), or perform it');
  const transitions = [config.on, config.after, { always: config.always, onDone: config.onDone }]
    .flatMap((group) => Object.values(group ?? {}))
    .concat(
      toList(config.invoke).flatMap((one) => [(one as Invoke).onDone, (one as Invoke).onError]),
    )
    .flatMap(toList);
  for (const value of [...toList(config.entry), ...toList(config.exit)]) checkAction(value);
  for (const transition of transitions as { guard?: unknown; actions?: unknown }[]) {
    check(
      transition.guard,
      'guard',
      (name) => guards[name] !== undefined,
      'put it into setup({ guards })',
    );
    for (const action of toList(transition.actions)) checkAction(action);
  }
  for (const delay of Object.keys(config.after ?? {}))
    if (!/^\d+$/.test(delay))
      check(delay, 'timer', (name) => delays[name] !== undefined, 'put it into setup({ delays })');
  for (const { src } of toList(config.invoke) as Invoke[]) {
    if (!Object.hasOwn(actors, src))
      found.push(`${id} invokes "${src}", which is not in setup({ actors })`);
    else if (known.performers[src] === undefined && !known.children.has(src))
      found.push(
        `${id} invokes "${src}", which nobody performs: write a performer in actors/performers, or host the machine`,
      );
  }
  return found;
}

interface Invoke {
  readonly src: string;
  readonly onDone?: unknown;
  readonly onError?: unknown;
}

/** States that no way leads to. */
function unreachable(root: State): string[] {
  const reached = new Set<State>();
  const leaving: State[] = [];
  const enter = (state: State): void => {
    for (let one: State | null = state; one && !reached.has(one); one = one.parent) {
      reached.add(one);
      leaving.push(one);
      if (one.config.type === 'parallel') one.children.forEach(enter);
    }
    const { initial } = state.config;
    const first = state.children.find(({ key }) => key === initial);
    if (first) enter(first);
  };
  enter(root);
  for (let state = leaving.pop(); state; state = leaving.pop()) {
    for (const { target } of state.arrows) if (target) enter(target);
    const target = (state.config as { target?: string }).target; // Of a history state.
    if (target) leaving.push(...state.children);
  }
  return everyState(root)
    .filter((state) => !reached.has(state))
    .map(({ id }) => `${id} can't be reached: no arrow leads to it`);
}

const eventsOf = (state: State): string[] => Object.keys(state.config.on ?? {});

const accepts = (accepted: ReadonlySet<string>, type: string): boolean =>
  accepted.has(type) ||
  [...accepted].some((on) => on.endsWith('.*') && type.startsWith(on.slice(0, -1)));

/** Events that nobody takes, and staff's that are taken but cannot be sent. */
function unmatchedEvents(all: ReadonlyMap<State, string>, known: Known): string[] {
  const accepted = new Map<string, string>();
  for (const [state, file] of all)
    for (const type of eventsOf(state))
      if (!accepted.has(type)) accepted.set(type, `${file}: ${state.id}`);
  const types = new Set(accepted.keys());
  const found: string[] = [];
  for (const [type, file] of known.declaredEvents)
    if (!accepts(types, type))
      found.push(`${file}: the event "${type}" is never accepted: no state has it in "on"`);
  for (const type of new Set([...known.eventTypes, ...known.staffEventTypes]))
    if (type !== 'unknown' && !accepts(types, type))
      found.push(`actors/: the event "${type}" is never accepted: no state has it in "on"`);
  for (const [type, place] of accepted) {
    if (!type.startsWith('staff.') || type.endsWith('*')) continue;
    if (!known.eventTypes.includes(type))
      found.push(
        `${place} takes "${type}", which has no schema: put it into the table of staff events`,
      );
    if (!known.staffEventTypes.includes(type))
      found.push(`${place} takes "${type}", which no role may send: give it its roles`);
  }
  for (const [name, { failedAs }] of Object.entries(known.performers))
    if (failedAs !== undefined && !accepts(types, failedAs))
      found.push(`the performer "${name}" reports "${failedAs}", which no state takes`);
  return found;
}

/** Everything that is wrong with the machines, each in a line. */
export function brokenRules(machines: readonly Catalogued[], known: Known): string[] {
  const found: string[] = [];
  const all = new Map<State, string>();
  for (const { file, machine } of machines) {
    let root: State;
    try {
      root = readMachine(machine);
    } catch (error) {
      found.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const states = everyState(root);
    for (const state of states) all.set(state, file);
    for (const state of states) {
      const own = [
        ...undescribed(state),
        ...unnamedTimers(state),
        ...wrongTargets(state, machine),
        ...unknownNames(state, machine, known),
      ];
      found.push(...own.map((line) => `${file}: ${line}`));
    }
    found.push(...unreachable(root).map((line) => `${file}: ${line}`));
  }
  return [...found, ...unmatchedEvents(all, known)];
}

/** What the sources' types say that actors tell one another, each with its file; what is only published is left out. */
export function declaredEvents(
  sources: readonly { readonly file: string; readonly source: string }[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { file, source } of sources) {
    const code = source.replaceAll(/\bemitted:\s*\{[^}]*\}/g, '');
    for (const [, names = ''] of code.matchAll(/readonly type:\s*((?:\|?\s*'[^']+'\s*)+)/g))
      for (const [, name = ''] of names.matchAll(/'([^']+)'/g)) found.set(name, file);
  }
  return found;
}
