/** Which states and timers of the machines a stored case stands in. */
import { createHash } from 'node:crypto';

import type { AnyStateMachine, AnyStateNode, StateValue } from 'xstate';

import { parseEnvelope } from '../../../actors/kernel/persisted-state.ts';

const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic;

/** A machine of the tree, and the names that lead to it: `['sales/booking']`. The root's is `['']`. */
export interface Within {
  readonly machine: AnyStateMachine;
  readonly paths: readonly string[];
}

/** Every machine within another and that itself, by id. */
export function machinesWithin(root: AnyStateMachine): ReadonlyMap<string, Within> {
  const found = new Map<string, { machine: AnyStateMachine; paths: string[] }>();
  const visit = (machine: AnyStateMachine, path: string) => {
    const known = found.get(machine.id) ?? { machine, paths: [] };
    known.paths.push(path);
    found.set(machine.id, known);
    for (const [name, logic] of Object.entries(machine.implementations.actors))
      if (isMachine(logic)) visit(logic, path === '' ? name : `${path}/${name}`);
  };
  visit(root, '');
  return found;
}

interface Persisted {
  readonly value?: StateValue;
  readonly children?: Readonly<Record<string, { src?: string; snapshot: unknown } | undefined>>;
}

const timerOf = (eventType: string): string => {
  const [, delay, state] = /^xstate\.after\.([^.]+)\.(.+)$/.exec(eventType) ?? [];
  return state === undefined ? `timer ${eventType}` : `timer ${state} ${delay}`;
};

/** `state deal.known`, `timer invoice.submitted poll`, of all machines in the case. */
export function seenIn(root: AnyStateMachine, envelope: string): string[] {
  const { snapshot, timers } = parseEnvelope(envelope);
  const seen = new Set<string>();
  const visit = (machine: AnyStateMachine, stored: unknown) => {
    const { value = {}, children = {} } = stored as Persisted;
    const leaves = (node: AnyStateNode, part: StateValue): void => {
      const active = typeof part === 'string' ? [[part, {}] as const] : Object.entries(part);
      if (active.length === 0) seen.add(`state ${node.id}`);
      for (const [key, inner] of active) {
        const child = node.states[key];
        if (child && inner) leaves(child, inner);
      }
    };
    leaves(machine.root, value);
    for (const child of Object.values(children)) {
      const logic: unknown = machine.implementations.actors[child?.src ?? ''];
      if (child && isMachine(logic)) visit(logic, child.snapshot);
    }
  };
  visit(root, snapshot);
  for (const { event } of timers) seen.add(timerOf(event.type));
  return [...seen];
}

/** States that no stored case is ever in, and why. */
const neverAtRest: Readonly<Record<string, string>> = {
  'conversation.open.hearing.understood': 'left in the step that it is entered in, by hearing.next',
  'conversation.open.hearing.told': 'left in the step that it is entered in, by hearing.next',
  'clinic.deal.broken': 'entered only if the code of the deal machine throws',
};

/** What every release's snapshots have to show of a machine: states it can rest in, and timers that can be armed. */
export function toCover(machine: AnyStateMachine, isRoot: boolean): string[] {
  const wanted = new Set<string>();
  const visit = (node: AnyStateNode) => {
    const children = Object.values(node.states);
    const leavesAtOnce = (node.always ?? []).some(({ guard }) => guard === undefined);
    const isChildsEnd = node.type === 'final' && !isRoot; // Stopped with the event that it ends in.
    const isPassed = leavesAtOnce || isChildsEnd || Object.hasOwn(neverAtRest, node.id);
    if (children.length === 0 && !isPassed) wanted.add(`state ${node.id}`);
    for (const { eventType } of node.after) wanted.add(timerOf(eventType));
    children.forEach(visit);
  };
  visit(machine.root);
  return [...wanted].toSorted();
}

/** Labels may change under a running case. */
const labels = new Set(['description', 'meta', 'version']);

/** Of what decides how a machine's snapshots are read. Its children have their own. */
export function fingerprintOf(machine: AnyStateMachine): string {
  const isNaming = (key: string) => key === 'states' || key === 'on' || key === 'after';
  const canonical = (value: unknown, naming: boolean): unknown => {
    if (typeof value === 'function') return 'code';
    if (Array.isArray(value)) return value.map((item) => canonical(item, false));
    if (value === null || typeof value !== 'object') return value;
    return Object.entries(value)
      .filter(([key]) => naming || !labels.has(key))
      .map(([key, item]) => [key, canonical(item, !naming && isNaming(key))]);
  };
  const text = JSON.stringify([machine.id, canonical(machine.config, false)]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
