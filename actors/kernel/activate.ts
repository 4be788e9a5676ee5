import { misfits } from './compatibility.ts';
import { IncompatibleSnapshot } from './errors.ts';
import type {
  CaseCommit,
  EventBody,
  HistoryEntry,
  NewEffect,
  PendingEvent,
  Performer,
  StoredCase,
} from './ports.ts';
import type { Migration, PreparedMachine, Registry } from './registry.ts';
import { refuseUnstorable } from './snapshot.ts';
import { openActor, type LiveActor, type Request, type Rest, type Standing } from './xstate.ts';

/** A case at rest, as it is stored: which machine made it, and everything that machine needs to go on. */
export interface Envelope extends Rest {
  readonly machine: string;
  readonly version: string;
  readonly definitionHash: string;
  readonly format: 'xstate5';
  readonly seq: number;
}

/** What one activation of a case comes to. */
export interface Activation {
  /** Null when nothing changed: no event, no timer due. */
  readonly commit: CaseCommit | null;
  readonly deadLetters: readonly { readonly eventId: string; readonly reason: string }[];
  /** Why the case could not be opened; its events stay pending. */
  readonly parked: string | null;
}

export interface ActivationContext {
  readonly registry: Registry;
  readonly performers: Readonly<Record<string, Performer>>;
  readonly partition: number;
  /** Epoch ms: the only time the machine sees, and the base of its new timers. */
  readonly now: number;
}

/** A timer that sets itself anew at once would otherwise keep us here; beyond this they wait for the next activation. */
const maxNewTimersFired = 100;

/**
 * One pure step of a case: stored state and events in; new state, history, effects and timers out. No I/O, no clock.
 *
 * Timers fire in the order they would have fired had we never been down: one that was due before an event reached the
 * ledger fires before that event. A step that throws changes nothing but the history: its event is dead-lettered and
 * the case keeps its last good state.
 */
export function activate(
  ref: { readonly tenant: string; readonly caseId: string },
  stored: StoredCase | null,
  events: readonly PendingEvent[],
  context: ActivationContext,
): Activation {
  let run: Run | null;
  try {
    run = stored && reopen(ref.caseId, stored.envelope, context);
  } catch (error) {
    if (!(error instanceof IncompatibleSnapshot)) throw error;
    return { commit: null, deadLetters: [], parked: error.message };
  }
  const deadLetters: { eventId: string; reason: string }[] = [];
  const bury = (eventId: string, reason: string) => void deadLetters.push({ eventId, reason });
  // Those that were stored come first and all fire, so that no event overtakes a timer that was due before it.
  let timersLeft = maxNewTimersFired + (run?.timersAtStart ?? 0);

  const fireUntil = (time: number) => {
    const stepping = run;
    if (!stepping) return;
    while (timersLeft > 0) {
      const due = stepping.nextTimer();
      if (!due || due.dueAt > time) return;
      timersLeft--;
      const { subject, type } = due;
      const reason = stepping.step({
        kind: 'timer',
        subject,
        type,
        traceparent: null,
        play: (actor) => (actor.fire(subject) ? null : 'timer_gone'),
        skip: (actor) => actor.drop(subject),
      });
      if (reason) bury(`timer:${subject}`, reason);
    }
  };

  for (const event of events) {
    const body = JSON.parse(event.body) as EventBody;
    fireUntil(Math.min(event.receivedAt, context.now));
    const isThere = run !== null;
    if (!run && 'create' in body && body.create) {
      const opened = create(ref.caseId, body.create, event, context);
      if ('reason' in opened) {
        bury(event.eventId, opened.reason);
        continue;
      }
      run = opened.run;
    }
    if (!run) {
      bury(event.eventId, 'case_not_open');
      continue;
    }
    // Nothing but a creation: of a case that is there it changes nothing, and the history says so.
    const play = playOf(body) ?? (isThere ? () => 'already_open' : null);
    if (!play) continue;
    const step = {
      kind: 'event',
      subject: event.eventId,
      type: event.type,
      traceparent: event.traceparent,
      play,
    } as const;
    const reason = run.step(step);
    if (reason) bury(event.eventId, reason);
  }
  fireUntil(context.now);
  return { commit: run && run.commit(ref.tenant), deadLetters, parked: null };
}

/** How an event meets the actor: null when it was taken, else why it was ignored. Null instead of a function: nothing to play. */
function playOf(body: EventBody): ((actor: LiveActor) => string | null) | null {
  if ('outcome' in body) {
    const { effectId, ok, value } = body.outcome;
    return (actor) => (actor.settle(effectId, { ok, value }) ? null : 'effect_not_awaited');
  }
  const { event } = body;
  if (!event) return null;
  if (event.type.startsWith('xstate.')) return () => 'reserved_event_type'; // XState's own, `xstate.stop` among them.
  return (actor) => {
    if (actor.standing().status !== 'active') return 'case_done';
    return actor.send(event) ? null : 'not_accepted_in_state';
  };
}

interface Step {
  readonly kind: 'event' | 'timer';
  readonly subject: string;
  readonly type: string;
  readonly traceparent: string | null;
  readonly play: (actor: LiveActor) => string | null;
  /** What to do in its place when the case is taken back to before this step failed. */
  readonly skip?: (actor: LiveActor) => void;
}

interface Run {
  readonly timersAtStart: number;
  nextTimer: LiveActor['nextTimer'];
  /** Plays a step. Answers the reason if it failed. */
  step(step: Step): string | null;
  /** Null when no step was played. */
  commit(tenant: string): CaseCommit | null;
}

type Origin = { readonly input: unknown } | { readonly rest: Rest };

/**
 * A case being stepped. Throws what the machine threw if it cannot be opened. On a failed step it is opened anew
 * from `originAnew()` and the good steps are played again: steps are pure, so they come out the same. Each opening
 * needs an origin of its own, because XState puts live actors into the context it restores.
 */
function startRun(
  caseId: string,
  prepared: PreparedMachine,
  origin: Origin,
  originAnew: () => Origin,
  baseSeq: number,
  opening: { readonly subject: string; readonly traceparent: string | null } | null,
  { performers, partition, now }: ActivationContext,
): Run {
  const history: HistoryEntry[] = [];
  const played: ((actor: LiveActor) => void)[] = [];
  let effects: (Omit<NewEffect, 'cancelled'> & { readonly seq: number })[] = [];
  let seq = baseSeq;
  let index = 0;
  let traceparent: string | null = null;

  const idOf = ({ kind, name, input }: Request) => {
    refuseUnstorable(input, `input of ${name}`);
    const effectId = `${caseId}.${seq}.${index++}`;
    const performer = kind === 'emit' ? undefined : performers[name];
    const port = performer?.port ?? (kind === 'emit' ? 'emit' : name);
    effects.push({
      effectId,
      name,
      port,
      kind,
      resolution: performer?.resolution ?? 'key',
      inOrder: performer?.inOrder ?? false,
      needs: performer?.needs?.(input) ?? null,
      input: JSON.stringify(input ?? null),
      traceparent,
      seq,
    });
    return effectId;
  };
  const begin = (step: number, trace: string | null) => {
    seq = step;
    index = 0;
    traceparent = trace;
  };
  const open = (from: Origin) => {
    effects = [];
    begin(opening ? baseSeq + 1 : baseSeq, opening?.traceparent ?? null);
    return openActor(prepared.machine, from, now, idOf);
  };

  let actor = open(origin);
  let standing: Standing = actor.standing();
  if (opening && standing.status === 'error') throw standing.error;
  let atRest = opening ? actor.rest() : null;
  let state: string | null = opening ? null : stateOf(standing);
  const stateAtStart = state;
  const record = (
    step: Omit<Step, 'play' | 'traceparent'>,
    disposition: HistoryEntry['disposition'],
    reason: string | null,
    next: Standing,
  ) => {
    const { kind, subject, type } = step;
    const stateAfter = next === standing && state !== null ? state : stateOf(next);
    const asked =
      disposition === 'applied'
        ? effects.filter((effect) => effect.seq === seq).map(({ effectId }) => effectId)
        : [];
    history.push({
      seq,
      at: now,
      kind,
      subject,
      type,
      disposition,
      reason,
      stateBefore: state,
      stateAfter,
      effects: asked,
    });
    state = stateAfter;
    standing = next;
  };
  if (opening)
    record(
      { kind: 'event', subject: opening.subject, type: 'xstate.init' },
      'applied',
      null,
      standing,
    );

  const takeBack = () => {
    actor = open(originAnew());
    for (const play of played) play(actor);
  };

  return {
    timersAtStart: 'rest' in origin ? origin.rest.timers.length : 0,
    nextTimer: () => actor.nextTimer(),
    step(step) {
      const mySeq = seq + 1;
      begin(mySeq, step.traceparent);
      let failure: string | null = null;
      let ignored: string | null = null;
      try {
        ignored = step.play(actor);
        const { status, error } = actor.standing();
        if (status === 'error' && standing.status !== 'error') failure = reasonOf(error);
        else if (!ignored) atRest = actor.rest(); // Finds what cannot be stored while we still know which event did it.
      } catch (error) {
        failure = reasonOf(error);
      }
      if (failure) {
        takeBack();
        step.skip?.(actor);
        if (step.skip) played.push(step.skip);
        atRest = actor.rest();
        begin(mySeq, null);
        record(step, 'dead', failure, standing);
        return failure;
      }
      played.push((again) => {
        begin(mySeq, step.traceparent);
        step.play(again);
      });
      record(step, ignored ? 'ignored' : 'applied', ignored, ignored ? standing : actor.standing());
      return null;
    },
    commit(tenant) {
      if (history.length === 0) return null;
      const { rest, abandoned } = atRest ?? actor.rest();
      const gone = new Set(abandoned);
      const created = new Set(effects.map(({ effectId }) => effectId));
      const { name, version, definitionHash } = prepared;
      const envelope: Envelope = {
        machine: name,
        version,
        definitionHash,
        format: 'xstate5',
        seq,
        ...rest,
      };
      const wakeAt = rest.timers.reduce<number | null>(
        (min, { dueAt }) => (min === null || dueAt < min ? dueAt : min),
        null,
      );
      return {
        tenant,
        caseId,
        partition,
        expectedSeq: baseSeq,
        seq,
        machine: name,
        version,
        status: standing.status === 'active' ? 'active' : 'done',
        state: state ?? 'null',
        stateChanged: state !== stateAtStart,
        tags: standing.tags,
        wakeAt,
        envelope: JSON.stringify(envelope),
        history,
        effects: effects.map((effect) => ({ ...effect, cancelled: gone.has(effect.effectId) })),
        abandoned: abandoned.filter((effectId) => !created.has(effectId)),
      };
    },
  };
}

const stateOf = ({ value }: Standing) => JSON.stringify(value ?? null);

/** Names the kind of failure only: messages and values may hold patient data. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) {
    const { code } = error as { code?: unknown };
    const place = /^Unable to evaluate guard '([\w.-]{1,64})'/.exec(error.message)?.[1];
    if (error.message.startsWith('Infinite loop detected')) return 'endless_step';
    return `${error.name}${typeof code === 'string' ? ` ${code}` : ''}${place ? ` in guard ${place}` : ''}`.slice(
      0,
      200,
    );
  }
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (typeof code === 'string') return code.slice(0, 200);
  return typeof name === 'string' ? name.slice(0, 200) : 'thrown_value';
}

function create(
  caseId: string,
  { machine, input }: { readonly machine: string; readonly input: unknown },
  { eventId, traceparent }: PendingEvent,
  context: ActivationContext,
): { readonly run: Run } | { readonly reason: string } {
  const prepared = context.registry.get(machine);
  if (!prepared) return { reason: `unknown_machine ${machine}`.slice(0, 200) };
  try {
    const origin = { input };
    return {
      run: startRun(
        caseId,
        prepared,
        origin,
        () => origin,
        0,
        { subject: eventId, traceparent },
        context,
      ),
    };
  } catch (error) {
    return { reason: reasonOf(error) }; // A machine that cannot even start leaves no case behind.
  }
}

function reopen(caseId: string, text: string, context: ActivationContext): Run {
  const envelope = parseEnvelope(text);
  const { prepared, rest } = fit(envelope, context.registry);
  const originAnew = () => ({ rest: fit(parseEnvelope(text), context.registry).rest });
  return startRun(caseId, prepared, { rest }, originAnew, envelope.seq, null, context);
}

/** @throws {IncompatibleSnapshot} naming the machine, the versions and what does not fit; no values */
function fit(envelope: Envelope, registry: Registry): { prepared: PreparedMachine; rest: Rest } {
  const { machine, version, definitionHash } = envelope;
  const prepared = registry.get(machine);
  if (!prepared) throw new IncompatibleSnapshot(`No machine "${machine}" is registered`);
  if (envelope.format !== 'xstate5')
    throw new IncompatibleSnapshot(`Format "${String(envelope.format)}" is not ours`);
  if (version === prepared.version) {
    if (definitionHash === prepared.definitionHash) return { prepared, rest: envelope };
    throw new IncompatibleSnapshot(
      `"${machine}" changed but is still called version ${version}: raise its version and declare a migration`,
    );
  }
  const migration = prepared.migrations[version];
  if (!migration)
    throw new IncompatibleSnapshot(
      `"${machine}" ${prepared.version} declares no migration from ${version}`,
    );
  const rest = migration === 'compatible' ? envelope : migrated(envelope, migration);
  const found = misfits(prepared.machine, rest);
  if (found.length > 0) {
    throw new IncompatibleSnapshot(
      `"${machine}" ${version} does not fit ${prepared.version}: ${found.join('; ')}`.slice(0, 500),
    );
  }
  return { prepared, rest };
}

function migrated(envelope: Envelope, migration: Migration): Rest {
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

export const parseEnvelope = (text: string) => JSON.parse(text) as Envelope;

/**
 * Folds a history through its machine and gives the envelope it must have led to (I5). `entries` are all of the case's,
 * in order, each with the body of its event.
 */
export function replay(
  ref: { readonly tenant: string; readonly caseId: string },
  entries: readonly (HistoryEntry & { readonly body: string | null })[],
  context: Omit<ActivationContext, 'now'>,
): string {
  let stored: StoredCase | null = null;
  for (const entry of entries) {
    const here: ActivationContext = { ...context, now: entry.at };
    const body = entry.body === null ? null : (JSON.parse(entry.body) as EventBody);
    let run: Run;
    if (entry.seq === 1) {
      if (!body || !('create' in body) || !body.create)
        throw new Error(`Entry ${entry.seq} opens the case but its event does not`);
      const event = { eventId: entry.subject, traceparent: null } as PendingEvent;
      const opened = create(ref.caseId, body.create, event, here);
      if ('reason' in opened)
        throw new Error(`Entry ${entry.seq} opened the case then, and fails now: ${opened.reason}`);
      run = opened.run;
    } else {
      if (!stored) throw new Error(`Entry ${entry.seq} comes before the case was opened`);
      run = reopen(ref.caseId, stored.envelope, here);
      const { kind, subject, type } = entry;
      const play =
        kind === 'timer'
          ? (actor: LiveActor) => (actor.fire(subject) ? null : 'timer_gone')
          : body && (playOf(body) ?? (() => 'already_open'));
      if (!play) throw new Error(`Entry ${entry.seq} has nothing to play`);
      const skip = (actor: LiveActor) => actor.drop(subject);
      run.step({
        kind,
        subject,
        type,
        traceparent: null,
        play,
        ...(kind === 'timer' ? { skip } : {}),
      });
    }
    const commit: CaseCommit | null = run.commit(ref.tenant);
    if (!commit) throw new Error(`Entry ${entry.seq} changed nothing`);
    if (commit.seq !== entry.seq) throw new Error(`Entry ${entry.seq} came out as ${commit.seq}`);
    stored = { ...ref, seq: commit.seq, status: commit.status, envelope: commit.envelope };
  }
  if (!stored) throw new Error('There is nothing to replay');
  return stored.envelope;
}
