/** A case through the kernel's pure core: out of JSON text before every step and back into it after. */
import { activate } from '../../actors/kernel/activate.ts';
import type { Activation } from '../../actors/kernel/activate.ts';
import { parseEnvelope } from '../../actors/kernel/persisted-state.ts';
import type {
  CaseCommit,
  EventBody,
  HistoryEntry,
  NewEffect,
  PendingEvent,
  Performer,
  StoredCase,
} from '../../actors/kernel/ports.ts';
import { prepareMachines, type HostedMachine } from '../../actors/kernel/registry.ts';
import { replay } from '../../actors/kernel/replay.ts';

export const ref = { tenant: 'clinic', caseId: 'case-1' } as const;

/** A performer that is never called: activation only records that it is asked. */
export const performer: Performer = {
  resolution: 'key',
  perform: () => Promise.reject(new Error('not called here')),
};

export const performersOf = (names: readonly string[]): Readonly<Record<string, Performer>> =>
  Object.fromEntries(names.map((name) => [name, performer]));

export interface Activated extends Activation {
  /** What this activation added. */
  readonly history: readonly HistoryEntry[];
}

/** A case, stored between activations. `now` starts at 1,000,000 and moves only by `wait`. */
export interface PersistedCase {
  readonly effects: readonly NewEffect[];
  readonly abandoned: readonly string[];
  readonly history: readonly (HistoryEntry & { readonly body: string | null })[];
  readonly last: CaseCommit | null;
  readonly envelope: () => ReturnType<typeof parseEnvelope>;
  readonly text: () => string;
  readonly now: () => number;
  wait(ms: number): void;
  /** One activation with all these events, received `agoMs` ago (0 if absent). */
  activate(bodies?: readonly EventBody[], agoMs?: number): Activated;
  send(event: { readonly type: string; readonly [field: string]: unknown }): Activated;
  settle(effectId: string, ok: boolean, value: unknown): Activated;
  /** Folds the history anew: must be `text()`. */
  replayed(): string;
  /** The same case under other machines, as after a deployment. */
  under(
    machines: Readonly<Record<string, HostedMachine>>,
    effects?: readonly string[],
  ): PersistedCase;
}

export function openCase(
  machines: Readonly<Record<string, HostedMachine>>,
  effects: readonly string[] = [],
  earlier?: { readonly stored: StoredCase | null; readonly now: number },
): PersistedCase {
  const performers = performersOf(effects);
  const context = { registry: prepareMachines(machines, performers), performers, partition: 0 };
  const bodies = new Map<string, string>();
  const history: (HistoryEntry & { readonly body: string | null })[] = [];
  const asked: NewEffect[] = [];
  const abandoned: string[] = [];
  let stored = earlier?.stored ?? null;
  let now = earlier?.now ?? 1_000_000;
  let last: CaseCommit | null = null;
  let made = stored ? stored.seq + 1_000 : 0;

  const text = () => {
    if (!stored) throw new Error('The case was never opened');
    return stored.envelope;
  };
  const persisted: PersistedCase = {
    effects: asked,
    abandoned,
    history,
    get last() {
      return last;
    },
    envelope: () => parseEnvelope(text()),
    text,
    now: () => now,
    wait: (ms) => void (now += ms),
    activate(given = [], agoMs = 0) {
      const events = given.map((body): PendingEvent => {
        const eventId = `event-${++made}`;
        const type =
          'event' in body && body.event
            ? body.event.type
            : 'outcome' in body
              ? 'outcome'
              : 'xstate.init';
        bodies.set(eventId, JSON.stringify(body));
        const position = BigInt(made);
        return {
          ...ref,
          eventId,
          position,
          type,
          body: JSON.stringify(body),
          receivedAt: now - agoMs,
          traceparent: null,
        };
      });
      const activation = activate(ref, stored, events, { ...context, now });
      const { commit } = activation;
      if (commit) {
        last = commit;
        const { seq, status, envelope } = commit;
        stored = { ...ref, seq, status, envelope };
        asked.push(...commit.effects);
        abandoned.push(...commit.abandoned);
        for (const entry of commit.history) {
          history.push({
            ...entry,
            body: entry.kind === 'event' ? (bodies.get(entry.subject) ?? null) : null,
          });
        }
      }
      return { ...activation, history: commit?.history ?? [] };
    },
    send: (event) => persisted.activate([{ event }]),
    settle: (effectId, ok, value) => persisted.activate([{ outcome: { effectId, ok, value } }]),
    replayed: () => replay(ref, history, context),
    under: (others, otherEffects = effects) => openCase(others, otherEffects, { stored, now }),
  };
  return persisted;
}
