/** A machine as its pictures and checks read it: its states with what sets them off, what they do, and where they go. */
import type { AnyStateMachine } from 'xstate';

/** A state as `createMachine` was given it. */
export interface Config {
  readonly id?: string;
  readonly version?: string;
  readonly description?: string;
  readonly meta?: {
    readonly label?: string;
    readonly waitsFor?: string;
    readonly targetMinutes?: number | null;
  };
  readonly tags?: string | readonly string[];
  readonly type?: string;
  readonly initial?: string;
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly invoke?: unknown;
  readonly on?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly always?: unknown;
  readonly onDone?: unknown;
  readonly states?: Readonly<Record<string, Config>>;
}

export interface Arrow {
  /** What sets it off: `whatsapp.inbound`, `after reminder (23 h)`, `done: searchFlights`, `at once`. */
  readonly cause: string;
  readonly guard: string | null;
  /** Null where the state stays what it is. */
  readonly target: State | null;
  readonly actions: readonly string[];
}

export interface State {
  /** `case.open.journey` */
  readonly id: string;
  readonly key: string;
  readonly config: Config;
  readonly parent: State | null;
  /** The first of its siblings; each region of a parallel state is. */
  readonly isInitial: boolean;
  readonly children: readonly State[];
  readonly arrows: readonly Arrow[];
  /** `booking`, or `consent as marketing` where its id is another. */
  readonly invokes: readonly string[];
  readonly entry: readonly string[];
}

export const toList = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

const paramsText = (params: unknown): string => {
  if (params === undefined) return '';
  if (typeof params === 'function') return params.name === 'outputOf' ? '' : `(${params.name})`;
  return `(${Object.values(params as object).join(', ')})`;
};

/** `sendMessage(offersShown)` */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { type, params } = value as { type: string; params?: unknown };
  return `${type}${paramsText(params)}`;
}

function durationText(ms: unknown): string {
  if (typeof ms !== 'number') return '';
  if (ms < 3_600_000) return ` (${ms / 60_000} min)`;
  const hours = ms / 3_600_000;
  return hours >= 48 ? ` (${hours / 24} d)` : ` (${hours} h)`;
}

type Writable = { -readonly [Key in keyof State]: State[Key] } & { arrows: Arrow[] };

function stateOf(config: Config, key: string, parent: Writable | null, isInitial: boolean): State {
  const state: Writable = {
    id: parent === null ? (config.id ?? key) : `${parent.id}.${key}`,
    key,
    config,
    parent,
    isInitial,
    children: [],
    arrows: [],
    invokes: toList(config.invoke).map((invoke) => {
      const { src, id = src } = invoke as { src: string; id?: string };
      return id === src ? src : `${src} as ${id}`;
    }),
    entry: toList(config.entry).map(nameOf),
  };
  state.children = Object.entries(config.states ?? {}).map(([name, child]) =>
    stateOf(child, name, state, config.initial === name || config.type === 'parallel'),
  );
  return state;
}

export const everyState = (root: State): State[] => [root, ...root.children.flatMap(everyState)];

/** @throws {Error} an arrow to a state that is not there */
export function readMachine(machine: AnyStateMachine): State {
  const root = stateOf(machine.config as Config, machine.id, null, false);
  const states = everyState(root);
  const byId = new Map(states.map((state) => [state.id, state]));
  const delays = machine.implementations.delays as Readonly<Record<string, unknown>>;
  for (const state of states) addArrows(state as Writable, byId, delays);
  return root;
}

function addArrows(
  state: Writable,
  byId: ReadonlyMap<string, State>,
  delays: Readonly<Record<string, unknown>>,
): void {
  const follow = (target: string): State => {
    const id = target.startsWith('#')
      ? target.slice(1)
      : target.startsWith('.') // One of its own children.
        ? `${state.id}${target}`
        : `${state.parent?.id ?? state.id}.${target}`;
    const found = byId.get(id);
    if (found === undefined) throw new Error(`${state.id} points to ${target}, which is not there`);
    return found;
  };
  const add = (cause: string, transitions: unknown) => {
    for (const transition of toList(transitions)) {
      const { guard, target, actions } = (
        typeof transition === 'string' ? { target: transition } : transition
      ) as Record<'guard' | 'target' | 'actions', unknown>;
      state.arrows.push({
        cause,
        guard: guard === undefined ? null : nameOf(guard),
        target: typeof target === 'string' ? follow(target) : null,
        actions: toList(actions).map(nameOf),
      });
    }
  };
  const { always, on = {}, after = {}, invoke, onDone: over } = state.config;
  add('at once', always);
  add('done', over);
  for (const { src, onDone, onError } of toList(invoke) as Record<
    'src' | 'onDone' | 'onError',
    unknown
  >[]) {
    add(`done: ${String(src)}`, onDone);
    add(`failed: ${String(src)}`, onError);
  }
  for (const [event, transitions] of Object.entries(on)) add(event, transitions);
  for (const [delay, transitions] of Object.entries(after)) {
    add(`after ${delay}${durationText(delays[delay])}`, transitions);
  }
}

/** A sibling by its own name, others by their path below the root. */
export const shortName = (from: State, target: State): string =>
  from.parent === target.parent ? target.key : target.id.slice(target.id.indexOf('.') + 1);
