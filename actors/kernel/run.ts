import { reasonOf } from './errors.ts';
/** A case while it is stepped: from the state it was stored in, or from nothing, to one commit. */
import type { Envelope, PersistedState } from './persisted-state.ts';
import { nextTimer, type DueTimer } from './persisted-state.ts';
import type { CaseCommit, HistoryEntry, NewEffect, PendingEvent, Performer } from './ports.ts';
import type { PreparedMachine, Registry } from './registry.ts';
import type { Request } from './stand-ins.ts';
import type { Step } from './steps.ts';
import { refuseUnstorable } from './values.ts';
import { openActor, type Host, type LiveActor, type Standing } from './xstate.ts';

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

export interface Run {
  nextTimer(): DueTimer | null;
  timersWaiting(): number;
  /** Plays a step. Answers the reason if it failed. */
  step(step: Step): string | null;
  /** Null when no step was played. */
  commit(tenant: string): CaseCommit | null;
}

/** Where a run begins: what a new case is given, or a stored case's state. */
export type Origin =
  | {
      readonly input: unknown;
      readonly opening: { readonly subject: string; readonly traceparent: string | null };
    }
  | {
      readonly state: PersistedState;
      readonly isMigrated: boolean;
    };

/** A case being stepped. Throws what the machine threw if it cannot be opened. */
export function startRun(
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
  const open = (from: PersistedState) => openActor(prepared.machine, { state: from }, now, host);

  /** The case as it would be stored, as of the last good step. Nobody changes it in place. */
  let stored: PersistedState;
  /** Null when a step has changed the case since it was opened: the next opens it as it would be stored. */
  let actor: LiveActor | null;
  /** A case that no step changed may have been stored in an older form. */
  let isInOurForm = false;
  let tags: readonly string[];
  const persist = (live: LiveActor) => {
    const kept = live.persist(); // Finds what cannot be stored while we still know which event did it.
    stored = kept.state;
    abandoned.push(...kept.abandoned);
    tags = [...new Set([...prepared.tagsOf(stored.snapshot), ...live.tags()])];
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
    persist(opened);
    record(
      { kind: 'event', subject: opening.subject, type: 'xstate.init' },
      'applied',
      null,
      standing,
    );
  } else {
    ({ state: stored } = origin);
    actor = open(stored);
    standing = actor.standing();
    tags = actor.tags();
    state = stateOf(standing);
    // What a migration made is stored in our form, and what it made start is asked for once.
    if (origin.isMigrated) persist(actor);
  }
  const stateAtStart = 'input' in origin ? null : state;

  return {
    nextTimer: () => nextTimer(stored),
    timersWaiting: () => stored.timers.length,
    step(step) {
      begin(seq + 1, step.traceparent);
      const asked = effects.length;
      const live = (actor ??= open(stored));
      let failure: string | null = null;
      let ignored: string | null = null;
      try {
        ignored = step.play(live);
        const { status, error } = live.standing();
        if (status === 'error' && standing.status !== 'error') failure = reasonOf(error);
        else if (!ignored) persist(live);
      } catch (error) {
        failure = reasonOf(error);
      }
      if (failure) {
        effects.length = asked;
        actor = null;
      }
      if ((failure || ignored) && step.without) {
        stored = step.without(stored);
        actor = null;
      }
      if (failure) record(step, 'dead', failure, standing);
      else if (ignored) record(step, 'ignored', ignored, standing);
      else record(step, 'applied', null, live.standing());
      return failure;
    },
    commit(tenant) {
      if (history.length === 0) return null;
      if (!isInOurForm) persist(actor ?? open(stored));
      const gone = new Set(abandoned);
      const created = new Set(effects.map(({ effectId }) => effectId));
      const { name, version, hash } = prepared;
      const envelope: Envelope = {
        machine: name,
        version,
        definitionHash: hash,
        format: 'xstate5',
        seq,
        ...stored,
      };
      const wakeAt = stored.timers.reduce<number | null>(
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
        tags,
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

export function create(
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
