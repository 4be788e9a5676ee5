import { misfits } from './compatibility.ts';
import { IncompatibleSnapshot, UnstorableEvent, UnstorableSnapshot } from './errors.ts';
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
import { refuseUnstorable, revive } from './values.ts';
import {
  nextTimer,
  openActor,
  withoutTimer,
  type DueTimer,
  type Host,
  type LiveActor,
  type Request,
  type Rest,
  type Standing,
} from './xstate.ts';

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
  /** Lines of `log()`, those of steps that failed too. */
  readonly log: readonly string[];
}

export interface ActivationContext {
  readonly registry: Registry;
  readonly performers: Readonly<Record<string, Performer>>;
  readonly partition: number;
  /** Epoch ms: the only time the machine sees, and the base of its new timers. */
  readonly now: number;
  /** True when later events wait that are not among these: then timers due after the last of these wait too. */
  readonly more?: boolean;
}

/** Lines of `log()` that one activation keeps. */
const maxLogLines = 50;

/** A timer that sets itself anew at once would otherwise keep us here; beyond this they wait for the next activation. */
const maxNewTimersFired = 100;

/**
 * One pure step of a case: stored state and events in; new state, history, effects and timers out. No I/O, no clock.
 *
 * Timers fire in the order they would have fired had we never been down: one that was due before an event reached the
 * ledger fires before that event. A step that throws changes nothing but the history: its event is dead-lettered and
 * the case keeps its last good state.
 *
 * Each step starts from what the one before it would be stored as. So it does not matter how events are cut into
 * activations: history, effects, ids, timers and snapshots are the same.
 */
export function activate(
  ref: { readonly tenant: string; readonly caseId: string },
  stored: StoredCase | null,
  events: readonly PendingEvent[],
  context: ActivationContext,
): Activation {
  const log: string[] = [];
  let run: Run | null;
  try {
    run = stored && reopen(ref.caseId, stored.envelope, context, log);
  } catch (error) {
    if (!(error instanceof IncompatibleSnapshot)) throw error;
    return { commit: null, deadLetters: [], parked: error.message, log };
  }
  const deadLetters: { eventId: string; reason: string }[] = [];
  const bury = (eventId: string, reason: string) => void deadLetters.push({ eventId, reason });
  let timersLeft = 0;
  // Those that are set already all fire, so that no event overtakes a timer that was due before it.
  const renewTimersLeft = () => void (timersLeft = maxNewTimersFired + (run?.timersWaiting() ?? 0));

  const fireUntil = (time: number) => {
    const stepping = run;
    if (!stepping) return;
    while (timersLeft > 0) {
      const due = stepping.nextTimer();
      if (!due || due.dueAt > time) return;
      timersLeft--;
      const { subject, type } = due;
      const reason = stepping.step(timerStep(subject, type));
      if (reason) bury(`timer:${subject}`, reason);
    }
  };

  let until = context.now;
  renewTimersLeft();
  for (const event of events) {
    const body = bodyOf(event.body);
    until = Math.min(event.receivedAt, context.now);
    fireUntil(until);
    renewTimersLeft();
    fireUntil(until);
    const isThere = run !== null;
    if (!run && 'create' in body && body.create) {
      const opened = create(ref.caseId, body.create, event, context, log);
      if ('reason' in opened) {
        bury(event.eventId, opened.reason);
        continue;
      }
      run = opened.run;
      renewTimersLeft();
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
  fireUntil(context.more ? until : context.now);
  return { commit: run && run.commit(ref.tenant), deadLetters, parked: null, log };
}

/** An event's body with what its JSON could not say. */
function bodyOf(text: string): EventBody {
  const body = JSON.parse(text) as EventBody;
  if ('marks' in body && body.marks) revive(body, body.marks);
  return body;
}

const timerStep = (subject: string, type: string): Step => ({
  kind: 'timer',
  subject,
  type,
  traceparent: null,
  play: (actor) => (actor.fire(subject) ? null : 'timer_gone'),
  without: (rest) => withoutTimer(rest, subject),
});

/** How an event meets the actor: null when it was taken, else why it was ignored. Null instead of a function: nothing to play. */
function playOf(body: EventBody): ((actor: LiveActor) => string | null) | null {
  if ('outcome' in body) {
    const { effectId, ok, value } = body.outcome;
    return (actor) => (actor.settle(effectId, { ok, value }) ? null : 'effect_not_awaited');
  }
  const { event } = body;
  if (!event) return null;
  // Not ignored but buried, so that staff find it: nobody can say what it was meant to be.
  if (typeof event.type !== 'string')
    return () => {
      throw new UnstorableEvent('the event has no type');
    };
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
  /** What of the case goes when the step comes to nothing. */
  readonly without?: (rest: Rest) => Rest;
}

interface Run {
  nextTimer(): DueTimer | null;
  timersWaiting(): number;
  /** Plays a step. Answers the reason if it failed. */
  step(step: Step): string | null;
  /** Null when no step was played. */
  commit(tenant: string): CaseCommit | null;
}

/** Where a run begins: what a new case is given, or a stored case's rest, which `restAnew` parses once more. */
type Origin =
  | {
      readonly input: unknown;
      readonly opening: { readonly subject: string; readonly traceparent: string | null };
    }
  | { readonly rest: Rest; readonly restAnew: () => Rest; readonly isMigrated: boolean };

/** A case being stepped. Throws what the machine threw if it cannot be opened. */
function startRun(
  caseId: string,
  prepared: PreparedMachine,
  origin: Origin,
  baseSeq: number,
  { performers, partition, now }: ActivationContext,
  log: string[],
): Run {
  const history: HistoryEntry[] = [];
  const effects: (Omit<NewEffect, 'cancelled'> & { readonly seq: number })[] = [];
  const abandoned: string[] = [];
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
  const host: Host = {
    idOf,
    log: (line) => void (log.length < maxLogLines && log.push(line)),
  };
  const begin = (step: number, trace: string | null) => {
    seq = step;
    index = 0;
    traceparent = trace;
  };
  const open = (rest: Rest) => openActor(prepared.machine, { rest }, now, host);

  /** The case as it would be stored, for one actor alone: XState puts live actors into what it restores. */
  let restAnew: () => Rest;
  /** As of the last good step. */
  let rest: Rest;
  /** Null when a step has changed the case since it was opened: the next opens it as it would be stored. */
  let actor: LiveActor | null;
  /** A case that no step changed may have been stored in an older form. */
  let isInOurForm = false;
  const keepRest = (live: LiveActor) => {
    const kept = live.rest(); // Finds what cannot be stored while we still know which event did it.
    rest = kept.rest;
    abandoned.push(...kept.abandoned);
    restAnew = () => JSON.parse(JSON.stringify(rest)) as Rest;
    actor = null;
    isInOurForm = true;
  };

  let standing: Standing;
  let state: string | null = null;
  const record = (
    step: Pick<Step, 'kind' | 'subject' | 'type'>,
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

  if ('input' in origin) {
    const { input, opening } = origin;
    begin(baseSeq + 1, opening.traceparent);
    const opened = openActor(prepared.machine, { input }, now, host);
    standing = opened.standing();
    if (standing.status === 'error') throw standing.error;
    keepRest(opened);
    record(
      { kind: 'event', subject: opening.subject, type: 'xstate.init' },
      'applied',
      null,
      standing,
    );
  } else {
    ({ rest, restAnew } = origin);
    actor = open(rest);
    standing = actor.standing();
    state = stateOf(standing);
    // What a migration made is stored in our form, and what it made start is asked for once.
    if (origin.isMigrated) keepRest(actor);
  }
  const stateAtStart = 'input' in origin ? null : state;

  return {
    nextTimer: () => nextTimer(rest),
    timersWaiting: () => rest.timers.length,
    step(step) {
      begin(seq + 1, step.traceparent);
      const asked = effects.length;
      const live = (actor ??= open(restAnew()));
      let failure: string | null = null;
      let ignored: string | null = null;
      try {
        ignored = step.play(live);
        const { status, error } = live.standing();
        if (status === 'error' && standing.status !== 'error') failure = reasonOf(error);
        else if (!ignored) keepRest(live);
      } catch (error) {
        failure = reasonOf(error);
      }
      if (failure) {
        effects.length = asked;
        actor = null;
      }
      if ((failure || ignored) && step.without) {
        rest = step.without(restAnew());
        const text = JSON.stringify(rest);
        restAnew = () => JSON.parse(text) as Rest;
        actor = null;
      }
      if (failure) record(step, 'dead', failure, standing);
      else if (ignored) record(step, 'ignored', ignored, standing);
      else record(step, 'applied', null, live.standing());
      return failure;
    },
    commit(tenant) {
      if (history.length === 0) return null;
      if (!isInOurForm) keepRest(actor ?? open(restAnew()));
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
  if (error instanceof UnstorableSnapshot)
    return `${error.name} ${error.code}: ${error.finding}`.slice(0, 200);
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
  log: string[],
): { readonly run: Run } | { readonly reason: string } {
  const prepared = context.registry.get(machine);
  if (!prepared) return { reason: `unknown_machine ${machine}`.slice(0, 200) };
  const origin: Origin = { input, opening: { subject: eventId, traceparent } };
  try {
    return { run: startRun(caseId, prepared, origin, 0, context, log) };
  } catch (error) {
    return { reason: reasonOf(error) }; // A machine that cannot even start leaves no case behind.
  }
}

function reopen(caseId: string, text: string, context: ActivationContext, log: string[]): Run {
  const envelope = parseEnvelope(text);
  const { prepared, rest, isMigrated } = fit(envelope, context.registry);
  const origin: Origin = { rest, restAnew: () => restOf(parseEnvelope(text)), isMigrated };
  return startRun(caseId, prepared, origin, envelope.seq, context, log);
}

const restOf = ({ snapshot, timers, awaited, counters }: Rest): Rest => ({
  snapshot,
  timers,
  awaited,
  counters,
});

/** @throws {IncompatibleSnapshot} naming the machine, the versions and what does not fit; no values */
function fit(
  envelope: Envelope,
  registry: Registry,
): { readonly prepared: PreparedMachine; readonly rest: Rest; readonly isMigrated: boolean } {
  const { machine, version, definitionHash } = envelope;
  const prepared = registry.get(machine);
  if (!prepared) throw new IncompatibleSnapshot(`No machine "${machine}" is registered`);
  if (envelope.format !== 'xstate5')
    throw new IncompatibleSnapshot(`Format "${String(envelope.format)}" is not ours`);
  if (version === prepared.version) {
    if (definitionHash === prepared.definitionHash || definitionHash === prepared.earlierHash)
      return { prepared, rest: restOf(envelope), isMigrated: false };
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
  return { prepared, rest: restOf(rest), isMigrated: true };
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
  const unheard: string[] = [];
  for (const entry of entries) {
    const here: ActivationContext = { ...context, now: entry.at };
    const body = entry.body === null ? null : bodyOf(entry.body);
    let run: Run;
    if (entry.seq === 1) {
      if (!body || !('create' in body) || !body.create)
        throw new Error(`Entry ${entry.seq} opens the case but its event does not`);
      const event = { eventId: entry.subject, traceparent: null } as PendingEvent;
      const opened = create(ref.caseId, body.create, event, here, unheard);
      if ('reason' in opened)
        throw new Error(`Entry ${entry.seq} opened the case then, and fails now: ${opened.reason}`);
      run = opened.run;
    } else {
      if (!stored) throw new Error(`Entry ${entry.seq} comes before the case was opened`);
      run = reopen(ref.caseId, stored.envelope, here, unheard);
      const { kind, subject, type } = entry;
      if (kind === 'timer') run.step(timerStep(subject, type));
      else if (body)
        run.step({
          kind,
          subject,
          type,
          traceparent: null,
          play: playOf(body) ?? (() => 'already_open'),
        });
      else throw new Error(`Entry ${entry.seq} has nothing to play`);
    }
    const commit: CaseCommit | null = run.commit(ref.tenant);
    if (!commit) throw new Error(`Entry ${entry.seq} changed nothing`);
    if (commit.seq !== entry.seq) throw new Error(`Entry ${entry.seq} came out as ${commit.seq}`);
    stored = { ...ref, seq: commit.seq, status: commit.status, envelope: commit.envelope };
  }
  if (!stored) throw new Error('There is nothing to replay');
  return stored.envelope;
}
