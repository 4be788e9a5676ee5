/** Stored cases: whether they fit the machines that are registered now, and how those of older versions get there. */
import type { AnyStateMachine } from 'xstate';

import { actorAt, subtree, withSubtree } from './adoption.ts';
import { incompatibilities } from './compatibility.ts';
import { isMachine, readDefinition, type Definition } from './definitions.ts';
import { IncompatibleSnapshot, reasonOf } from './errors.ts';
import { parseEnvelope, stateIn, type Envelope, type PersistedState } from './persisted-state.ts';
import type { Migration, Migrations, PreparedMachine, Registry } from './registry.ts';
import { startRun, type ActivationContext, type Origin, type Run } from './run.ts';
import { definitionOfLogic } from './snapshot.ts';
import type { ActorPath } from './values.ts';

export function reopen(
  caseId: string,
  text: string,
  context: ActivationContext,
  log: string[],
): Run {
  const envelope = parseEnvelope(text);
  const { prepared, state, isMigrated } = fit(envelope, context.registry);
  const origin: Origin = { state, isMigrated };
  return startRun(caseId, prepared, origin, envelope.seq, context, log);
}

interface Fitted {
  readonly prepared: PreparedMachine;
  readonly state: PersistedState;
  readonly isMigrated: boolean;
}

/** @throws {IncompatibleSnapshot} naming the machine, the versions and what does not fit; no values */
function fit(envelope: Envelope, registry: Registry): Fitted {
  const { machine: name, version, definitionHash: hash, format } = envelope;
  const prepared = registry.get(name);
  if (!prepared) throw new IncompatibleSnapshot(`No machine "${name}" is registered`);
  if (format !== 'xstate5')
    throw new IncompatibleSnapshot(`Format "${String(format)}" is not ours`);
  const { machine, migrations, treeHashes } = prepared;
  const changes: Change[] = [];
  const own = { name, from: { version, hash }, to: prepared, migrations };
  const isCurrent =
    isSame(own.from, prepared) || (version === prepared.version && treeHashes.includes(hash));
  const root = isCurrent ? stateIn(envelope) : migrated(stateIn(envelope), own, changes);
  const state = fitChildren(root, { machine, path: [], name: '' }, prepared, changes);
  if (changes.length === 0) return { prepared, state, isMigrated: false };
  const found = incompatibilities(machine, state);
  if (found.length > 0) {
    const what = changes.map(
      ({ name: of, from, to }) => `"${of}" ${from.version} does not fit ${to.version}`,
    );
    throw new IncompatibleSnapshot(`${what.join(', or ')}: ${found.join('; ')}`.slice(0, 500));
  }
  return { prepared, state, isMigrated: true };
}

/** What of a stored case is of another definition than today's. */
interface Change {
  /** Of the case's machine, and the names that lead from it to this one: `case/sales/booking`. */
  readonly name: string;
  readonly from: Definition;
  readonly to: Definition;
  readonly migrations: Migrations;
}

const isSame = (one: Definition, other: Definition) =>
  one.version === other.version && one.hash === other.hash;

/** Each child of another definition than today's, and the children inside it, one after the other from the top. */
function fitChildren(
  state: PersistedState,
  {
    machine,
    path,
    name,
  }: { readonly machine: AnyStateMachine; readonly path: ActorPath; readonly name: string },
  prepared: PreparedMachine,
  changes: Change[],
): PersistedState {
  let fitted = state;
  for (const [id, { src, is }] of Object.entries(actorAt(state, path)?.children ?? {})) {
    const logic: unknown = machine.implementations.actors[src];
    if (!isMachine(logic)) continue;
    const today = definitionOfLogic(logic);
    const child = {
      machine: logic,
      path: [...path, id],
      name: name === '' ? src : `${name}/${src}`,
    };
    // Without a definition it was stored before children had one, or a migration has just made it.
    if (is !== undefined && today !== undefined && is !== today) {
      const own: Change = {
        name: `${prepared.name}/${child.name}`,
        from: readDefinition(is),
        to: readDefinition(today),
        migrations: prepared.children[child.name] ?? {},
      };
      const part = subtree(fitted, child.path);
      if (part) fitted = withSubtree(fitted, child.path, migrated(part, own, changes));
    }
    fitted = fitChildren(fitted, child, prepared, changes);
  }
  return fitted;
}

function migrated(state: PersistedState, change: Change, changes: Change[]): PersistedState {
  const { name, from, to, migrations } = change;
  if (from.version === to.version)
    throw new IncompatibleSnapshot(
      `"${name}" changed but is still called version ${from.version}: raise its version and declare a migration`,
    );
  const migration = migrations[from.version];
  if (!migration)
    throw new IncompatibleSnapshot(
      `"${name}" ${to.version} declares no migration from ${from.version}`,
    );
  changes.push(change);
  return migration === 'compatible' ? state : stateIn(played(migration, state, change));
}

function played(
  migration: Migration,
  state: PersistedState,
  { name, from }: Change,
): PersistedState {
  try {
    return migration(state);
  } catch (error) {
    throw new IncompatibleSnapshot(
      `The migration of "${name}" from ${from.version} failed: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}
