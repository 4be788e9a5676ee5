/** Stored cases: whether they fit the machine that is registered now, and how those of an older version get there. */
import { incompatibilities } from './compatibility.ts';
import { IncompatibleSnapshot, reasonOf } from './errors.ts';
import { parseEnvelope, stateIn, type Envelope, type PersistedState } from './persisted-state.ts';
import type { Migration, PreparedMachine, Registry } from './registry.ts';
import { startRun, type ActivationContext, type Origin, type Run } from './run.ts';

export function reopen(
  caseId: string,
  text: string,
  context: ActivationContext,
  log: string[],
): Run {
  const envelope = parseEnvelope(text);
  const { prepared, state, isMigrated } = fit(envelope, context.registry);
  const origin: Origin = { state, parseAnew: () => stateIn(parseEnvelope(text)), isMigrated };
  return startRun(caseId, prepared, origin, envelope.seq, context, log);
}

/** @throws {IncompatibleSnapshot} naming the machine, the versions and what does not fit; no values */
function fit(
  envelope: Envelope,
  registry: Registry,
): {
  readonly prepared: PreparedMachine;
  readonly state: PersistedState;
  readonly isMigrated: boolean;
} {
  const { machine, version, definitionHash } = envelope;
  const prepared = registry.get(machine);
  if (!prepared) throw new IncompatibleSnapshot(`No machine "${machine}" is registered`);
  if (envelope.format !== 'xstate5')
    throw new IncompatibleSnapshot(`Format "${String(envelope.format)}" is not ours`);
  if (version === prepared.version) {
    if (definitionHash === prepared.definitionHash || definitionHash === prepared.earlierHash)
      return { prepared, state: stateIn(envelope), isMigrated: false };
    throw new IncompatibleSnapshot(
      `"${machine}" changed but is still called version ${version}: raise its version and declare a migration`,
    );
  }
  const migration = prepared.migrations[version];
  if (!migration)
    throw new IncompatibleSnapshot(
      `"${machine}" ${prepared.version} declares no migration from ${version}`,
    );
  const state = migration === 'compatible' ? envelope : migrated(envelope, migration);
  const found = incompatibilities(prepared.machine, state);
  if (found.length > 0) {
    throw new IncompatibleSnapshot(
      `"${machine}" ${version} does not fit ${prepared.version}: ${found.join('; ')}`.slice(0, 500),
    );
  }
  return { prepared, state: stateIn(state), isMigrated: true };
}

function migrated(envelope: Envelope, migration: Migration): PersistedState {
  try {
    return migration(envelope);
  } catch (error) {
    const { machine, version } = envelope;
    throw new IncompatibleSnapshot(
      `The migration of "${machine}" from ${version} failed: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}
