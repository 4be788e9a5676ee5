/** Which definition of a machine a stored actor was made by. */
import { createHash } from 'node:crypto';

import type { AnyActorLogic, AnyStateMachine } from 'xstate';

import { IncompatibleSnapshot } from './errors.ts';

/** A machine's version and the fingerprint of what decides how its snapshots are read. */
export interface Definition {
  /** `version` of the machine's config, `'1'` when it has none. */
  readonly version: string;
  /**
   * SHA-256 (16 hex digits) over its id, states, transitions, invokes, the names of its children and the names that spawned actors wait
   * under. Not over labels, and not over the children's definitions: a child's definition stands with the child.
   */
  readonly hash: string;
}

export const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic;

const effectLogics = new WeakSet<object>();

/** The logic stands in for a promise actor. */
export const countAsEffect = (logic: object): void => void effectLogics.add(logic);

export const isEffectLogic = (logic: object): boolean => effectLogics.has(logic);

/** `spawned`: what waits under a name that only code says, from `spawnedNames`. */
export function definitionOf(machine: AnyStateMachine, spawned: readonly string[]): Definition {
  const children = Object.entries(machine.implementations.actors)
    .filter(([, logic]) => isMachine(logic))
    .map(([name]) => name)
    .toSorted();
  const parts = [machine.id, canonical(machine.config, false), children, spawned];
  return { version: machine.version ?? '1', hash: digest(parts) };
}

/** A definition as it stands with a stored child. */
export const definitionText = ({ version, hash }: Definition): string => `${version} ${hash}`;

/** @throws {IncompatibleSnapshot} if it was not written by `definitionText` */
export function readDefinition(text: string): Definition {
  const [, version, hash] = /^(.*) ([0-9a-f]+)$/s.exec(text) ?? [];
  if (version === undefined || hash === undefined)
    throw new IncompatibleSnapshot('A child is of no definition that can be read');
  return { version, hash };
}

/**
 * What was stored as a case's fingerprint before each machine had its own: one over the definitions of the whole tree; and before that,
 * one without the names that only code spawns.
 */
export function treeHash(
  machine: AnyStateMachine,
  spawnedIn: (machine: AnyStateMachine) => readonly string[],
): string {
  const children = Object.entries(machine.implementations.actors)
    .filter((entry): entry is [string, AnyStateMachine] => isMachine(entry[1] as AnyActorLogic))
    .map(([name, child]) => [name, treeHash(child, spawnedIn)]);
  const spawned = spawnedIn(machine);
  const parts = [machine.id, canonical(machine.config, false), children];
  return digest(spawned.length > 0 ? [...parts, spawned] : parts);
}

const digest = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** Labels may change under a running case; nothing else may, unseen. */
const labels = new Set(['description', 'meta', 'version']);
/** Their keys are names the author chose, so a state called "meta" counts. */
const namings = new Set(['states', 'on', 'after']);

/** Key order stays as written, because the order of `states` decides document order; a function counts as "some code here". */
function canonical(value: unknown, naming: boolean): unknown {
  if (typeof value === 'function') return `fn:${(value as { type?: string }).type ?? ''}`;
  if (Array.isArray(value)) return value.map((item) => canonical(item, false));
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .filter(([key]) => naming || !labels.has(key))
    .map(([key, item]) => [key, canonical(item, namings.has(key) && !naming)]);
}
