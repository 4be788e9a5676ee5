import * as v from 'valibot';
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { parseEnvelope } from '../kernel/persisted-state.ts';
import { tagAt } from '../kernel/tags.ts';
import type { CaseStanding, TripView, WaitingView } from '../ports/desk.ts';
import { FlightSegment } from '../shapes/flights.ts';
import { Money } from '../shapes/money.ts';
import { reasonTag, reasonsFor } from './attention-view.ts';
import { familyNames, familyOf } from './case-view.ts';

/** How staff are to read a state: `StateMeta` of the machines. */
const Meta = v.object({
  label: v.string(),
  waitsFor: v.picklist(['patient', 'provider', 'staff', 'nobody']),
  targetMinutes: v.nullable(v.number()),
});

/** @throws {v.ValiError} a state without its words for staff */
export const metaOf = (meta: unknown) => v.parse(Meta, meta);

/** A persisted actor, as far as it says where it stands. Effects in the tree have no `value` of a machine. */
interface Persisted {
  readonly value?: unknown;
  readonly context?: unknown;
  readonly status?: string;
  readonly children?: Readonly<
    Record<string, { readonly src?: unknown; readonly snapshot?: Persisted }>
  >;
}

const Attended = v.object({ staff: v.unknown() });
const Held = v.object({ heldFor: v.nullable(v.string()) });
const HandedOver = v.object({ handedOverFor: v.nullable(v.string()) });
const Segment = v.pick(FlightSegment, [
  'carrier',
  'flightNumber',
  'from',
  'to',
  'departLocal',
  'arriveLocal',
]);
const Travelling = v.object({
  destination: v.string(),
  trip: v.object({
    procedure: v.nullable(v.string()),
    origin: v.nullable(v.string()),
    departDate: v.nullable(v.string()),
    returnDate: v.nullable(v.string()),
    adults: v.nullable(v.number()),
    childrenAges: v.nullable(v.array(v.number())),
    budget: v.nullable(Money),
  }),
  booking: v.nullable(
    v.object({
      bookingId: v.string(),
      isConfirmed: v.boolean(),
      offer: v.object({
        price: Money,
        legs: v.array(v.object({ segments: v.array(Segment) })),
      }),
    }),
  ),
});

const urgency = { staff: 0, provider: 1, patient: 2, nobody: 3 } as const;

/**
 * Why a case waits: each active state of the case and of its actors that waits for somebody, staff's first, those with a
 * reason before the others, then by target time. Since when a state of the case or of one of its own actors is active is read from the
 * newest steps; of what they do not reach, and of the actors below those, the age of a tag of that state tells, or else the age of the
 * whole state: at least that old. `now` is epoch ms.
 */
export function waitingOf(
  machine: AnyStateMachine,
  envelope: string,
  { steps, tagsSince, stateSince }: Omit<CaseStanding, 'machine'>,
  now: number,
): WaitingView[] {
  const snapshot = parseEnvelope(envelope).snapshot as Persisted;
  const found: WaitingView[] = [];
  for (const { at, node, context } of waitingNodes(machine, snapshot, [])) {
    const meta = v.parse(Meta, node.meta);
    const isOfCase = at.length === 1 && familyNames.has(at[0] ?? '');
    const path = [...(isOfCase ? at : []), ...node.path].join('.');
    // A step names the case's own actors inside the state that the case is in.
    const top = at.length === 0 ? [] : Object.keys(regionsOf(snapshot.value));
    const since =
      (at.length <= 1 ? sinceOf([...top, ...at, ...node.path], steps) : null) ??
      oldestOf(at.length === 0 ? node.tags : node.tags.map((tag) => tagAt(tag, at)), tagsSince) ??
      stateSince;
    const waiting = (
      reason: string | null,
      from: string,
      minutes = meta.targetMinutes,
    ): WaitingView => {
      const targetAt =
        minutes === null ? null : new Date(Date.parse(from) + minutes * 60_000).toISOString();
      return {
        actor: isOfCase ? null : (at.at(-1) ?? null),
        state: path,
        label: meta.label,
        waitsFor: meta.waitsFor as WaitingView['waitsFor'],
        reason,
        since: from,
        targetAt,
        isOverdue: targetAt !== null && Date.parse(targetAt) < now,
      };
    };
    const reasons = at[0] === 'attention' ? reasonsFor(node.path, context) : [];
    if (reasons.length === 0) found.push(waiting(reasonOf(path, context), since));
    for (const reason of reasons) {
      const isOwn = reason === 'urgent' || node.path[1] !== 'urgent';
      const from = reason === 'urgent' ? since : (tagsSince.get(reasonTag(reason)) ?? since);
      found.push(waiting(reason, from, isOwn ? meta.targetMinutes : ordinaryMinutes(node)));
    }
  }
  // The journey says that the service consent is asked for, and bookings and invoices say what sales only repeats. What attention says of
  // why staff have the conversation is newer.
  const attended = snapshot.children?.['attention']?.snapshot?.value;
  const isAttended = v.is(Attended, attended) && attended.staff !== 'nobody';
  const told = found.filter(
    ({ state }) =>
      !state.startsWith('service.') &&
      !(isAttended && state === 'conversation.open.speaker.withStaff') &&
      (!state.startsWith('sales.') ||
        !found.some((other) => other.actor !== null && other.waitsFor === 'staff')),
  );
  return told.toSorted(
    (one, other) =>
      urgency[one.waitsFor] - urgency[other.waitsFor] ||
      Number(other.reason === 'urgent') - Number(one.reason === 'urgent') ||
      Number(one.reason === null) - Number(other.reason === null) ||
      Date.parse(one.targetAt ?? '9999-12-31') - Date.parse(other.targetAt ?? '9999-12-31'),
  );
}

/** What is known of the trip; null for a case that has none. The procedure is health data: not for everybody's eyes. */
export function tripOf(envelope: string, seesHealthData: boolean): TripView | null {
  const { root, journey, ticketing } = familyOf(parseEnvelope(envelope).snapshot);
  const parsed = v.safeParse(Travelling, journey ?? root.last);
  if (!parsed.success) return null;
  const { trip, booking, destination } = parsed.output;
  return {
    ...trip,
    procedure: seesHealthData ? trip.procedure : null,
    destination,
    booking: booking && {
      bookingId: booking.bookingId,
      isConfirmed: booking.isConfirmed,
      order: ticketing(booking.bookingId)?.standing ?? null,
      price: booking.offer.price,
      legs: booking.offer.legs.map(({ segments }) => segments),
    },
  };
}

/** Beside an emergency, what else staff have to see to has as long as it would have without. */
const ordinaryMinutes = ({ machine }: AnyStateNode): number | null =>
  metaOf(machine.root.states['staff']?.states['withStaff']?.states['waiting']?.meta).targetMinutes;

/** The innermost active states that wait for somebody, in the actor and in the actors below it. */
function* waitingNodes(
  machine: AnyStateMachine,
  { value, context, status, children = {} }: Persisted,
  /** Ids from the case down to the actor. */
  at: readonly string[],
): Generator<{ at: readonly string[]; node: AnyStateNode; context: unknown }> {
  if (status === 'active') {
    for (const node of innermostWaiting(machine.root, value)) yield { at, node, context };
  }
  const sources = machine.implementations.actors as Readonly<Record<string, unknown>>;
  for (const [id, { src, snapshot }] of Object.entries(children)) {
    const child = typeof src === 'string' ? sources[src] : undefined;
    if (snapshot === undefined || !isMachine(child)) continue;
    yield* waitingNodes(child, snapshot, [...at, id]);
  }
}

function innermostWaiting(node: AnyStateNode, value: unknown): AnyStateNode[] {
  const below = Object.entries(regionsOf(value)).flatMap(([name, inside]) => {
    const state = node.states[name];
    return state === undefined ? [] : innermostWaiting(state, inside);
  });
  if (below.length > 0) return below;
  const meta = v.safeParse(Meta, node.meta);
  return meta.success && meta.output.waitsFor !== 'nobody' ? [node] : [];
}

const regionsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'string' ? { [value]: undefined } : ((value ?? {}) as Record<string, unknown>);

/** When the state was entered for the last time, as far back as `steps` go; null if they do not reach it. */
function sinceOf(path: readonly string[], steps: CaseStanding['steps']): string | null {
  for (const { at, stateBefore, stateAfter } of steps) {
    if (!isIn(stateAfter, path)) return null;
    if (!isIn(stateBefore, path)) return at;
  }
  return null;
}

function isIn(value: unknown, path: readonly string[]): boolean {
  let at = value;
  for (const name of path) {
    if (at === name) at = undefined;
    else if (typeof at === 'object' && at !== null && Object.hasOwn(at, name))
      at = (at as Record<string, unknown>)[name];
    else return false;
  }
  return true;
}

function oldestOf(tags: readonly string[], since: ReadonlyMap<string, string>): string | null {
  const times = tags.flatMap((tag) => since.get(tag) ?? []);
  return times.toSorted()[0] ?? null;
}

function reasonOf(path: string, context: unknown): string | null {
  if (path.endsWith('speaker.withStaff')) {
    const parsed = v.safeParse(HandedOver, context);
    return parsed.success ? parsed.output.handedOverFor : null;
  }
  const held = v.safeParse(Held, context);
  return held.success ? held.output.heldFor : null;
}

export function isMachine(logic: unknown): logic is AnyStateMachine {
  return typeof logic === 'object' && logic !== null && 'root' in logic;
}
