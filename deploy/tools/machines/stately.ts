/**
 * What Stately's own parser (`@xstate/machine-extractor`, the one in its editors) reads in a machine's file, compared with
 * the machine that runs. The parser sees the source only, so whatever it cannot follow is missing in an editor too.
 */
import { createRequire, registerHooks } from 'node:module';

import { createMachine, type AnyStateMachine, type AnyStateNode } from 'xstate';

import type { Catalogued } from './catalogue.ts';

/** As the parser gives it. It calls guards `cond`, as XState 4 did, and has no words of its own for `reenter` and `meta`. */
type Extracted = Readonly<Record<string, unknown>>;

interface Parser {
  extractMachinesFromFile(
    source: string,
  ): { readonly machines: readonly ({ toConfig(): Extracted | undefined } | undefined)[] } | null;
}

/** The parser asks for XState 4, of which it uses a few functions. Version 4 is installed beside ours as `xstate4`. */
function loadParser(): Parser {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier.replace(/^xstate\/lib\//, 'xstate4/lib/'), context),
  });
  try {
    return createRequire(import.meta.url)('@xstate/machine-extractor') as Parser;
  } finally {
    hooks.deregister();
  }
}

/** Parameters that are named functions make it write whole syntax trees to the console. */
function inSilence<Value>(work: () => Value): Value {
  const { log, warn, error } = console;
  const silent = () => {};
  Object.assign(console, { log: silent, warn: silent, error: silent });
  try {
    return work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}

const toList = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const mapped = (record: unknown, change: (value: unknown) => unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, change(value)]));

const actionNames = (actions: unknown): string[] =>
  toList(actions).map((entry) => {
    const { action } = entry as { action: { type?: string; expr?: string } };
    return action.type ?? `inline ${action.expr ?? ''}`;
  });

function transitionsOf(extracted: unknown): unknown[] {
  return toList(extracted).map((transition) => {
    const { target, cond, actions } = transition as Record<'target' | 'cond' | 'actions', unknown>;
    const guard = (cond as { type: string } | undefined)?.type;
    return {
      actions: actionNames(actions),
      ...(target === undefined ? {} : { target }),
      ...(guard === undefined ? {} : { guard }),
    };
  });
}

/** What was extracted, as XState 5 writes it. */
function configOf(extracted: Extracted): Record<string, unknown> {
  const { states, on, after, always, invoke, onDone, entry, exit, tags, ...rest } = extracted;
  const { id, initial, type, history, target, description } = rest;
  return {
    ...JSON.parse(JSON.stringify({ id, initial, type, history, target, description })),
    tags: toList(tags),
    entry: actionNames(entry),
    exit: actionNames(exit),
    on: mapped(on, transitionsOf),
    after: mapped(after, transitionsOf),
    always: transitionsOf(always),
    ...(onDone === undefined ? {} : { onDone: transitionsOf(onDone) }),
    invoke: toList(invoke).map((one) => {
      const { src, id: name, onDone: done, onError } = one as Record<string, unknown>;
      return { src, id: name, onDone: transitionsOf(done), onError: transitionsOf(onError) };
    }),
    ...(states === undefined
      ? {}
      : { states: mapped(states, (state) => configOf(state as Extracted)) }),
  };
}

const named = (value: unknown): string =>
  typeof value === 'string' ? value : ((value as { type?: string }).type ?? 'inline');

/** Everything both know of a machine, one line each, as XState itself resolved it. */
function linesOf(machine: AnyStateMachine): string[] {
  const lines: string[] = [];
  const walk = (node: AnyStateNode) => {
    const put = (what: string) => void lines.push(`${node.id}: ${what}`);
    put(`${node.type} state "${node.description ?? ''}"`);
    for (const tag of node.tags) put(`tag ${tag}`);
    for (const action of node.entry) put(`entry / ${named(action)}`);
    for (const action of node.exit) put(`exit / ${named(action)}`);
    for (const { src, id } of node.invoke) put(`invokes ${named(src)} as ${id}`);
    for (const { target } of node.initial ? [node.initial] : [])
      put(`initial ${(target ?? []).map(({ id }) => id).join(', ')}`);
    const transitions = [...node.transitions.values()].flat().concat(node.always ?? []);
    for (const { eventType, target, guard, actions } of transitions) {
      const to = (target ?? []).map(({ id }) => id).join(', ') || 'stays';
      const when = guard === undefined ? '' : ` [${named(guard)}]`;
      put(`${eventType || 'always'}${when} → ${to} / ${actions.map(named).join(', ')}`);
    }
    Object.values(node.states).forEach(walk);
  };
  walk(machine.root);
  return lines;
}

export interface Compared {
  /** How many facts the parser and the running machine were compared in. */
  readonly facts: number;
  /** Each with its place: what only one of the two has. Empty if they agree. */
  readonly differences: readonly string[];
}

/** Compares states, their kinds, tags and descriptions, transitions, targets, guards, actions, timers and invokes. */
export function comparedWithStately(machines: readonly Catalogued[]): Map<string, Compared> {
  const parser = loadParser();
  return new Map(
    machines.map(({ name, file, source, machine }) => {
      const found = inSilence(() => parser.extractMachinesFromFile(source)?.machines ?? []);
      const config = found.length === 1 ? inSilence(() => found[0]?.toConfig()) : undefined;
      if (config === undefined) {
        const differences = [`${file}: Stately reads no machine: one createMachine with a literal`];
        return [name, { facts: 0, differences }];
      }
      let read: string[];
      try {
        read = linesOf(createMachine(configOf(config) as never));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return [name, { facts: 0, differences: [`${file}: what Stately reads is broken: ${why}`] }];
      }
      const runs = linesOf(machine);
      return [
        name,
        {
          facts: runs.length,
          differences: [
            ...without(runs, read).map((line) => `${file}: Stately does not see "${line}"`),
            ...without(read, runs).map((line) => `${file}: Stately sees "${line}"`),
          ],
        },
      ];
    }),
  );
}

/** Those of one list that another lacks, counting repeats. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}
