/**
 * Finds cases for golden snapshots by walking the machine: from a written journey it goes on at random, the same way every
 * time, and keeps what first brought a state to rest or armed a timer. Nobody has to think of a scenario for a new state.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AnyStateMachine } from 'xstate';

import { activate } from '../../actors/kernel/activate.ts';
import { parseEnvelope } from '../../actors/kernel/persisted-state.ts';
import type { EventBody, NewEffect, StoredCase } from '../../actors/kernel/ports.ts';
import { prepareMachines } from '../../actors/kernel/registry.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import { machinesWithin, seenIn, toCover } from '../../deploy/tools/machines/coverage.ts';
import { performersOf, ref } from '../kernel/stored.ts';
import {
  changeSteps,
  companionSteps,
  journeySteps,
  leavingSteps,
  startsAt,
  ticketSteps,
  type Step,
} from './journey-steps.ts';
import { noPorts } from './no-ports.ts';
import { askedIn, eventSamples, failureCodes, outcomeSamples, sentOf } from './samples.ts';

/** One step of a walk: at which time what came. */
export interface WalkedStep {
  readonly at: number;
  readonly bodies: readonly EventBody[];
}

/** A case that was walked to. */
export interface Walked {
  readonly steps: readonly WalkedStep[];
  readonly envelope: string;
  /** What is seen in it: `state case.open.hearing.quiet`, `timer invoice.submitted poll`. */
  readonly seen: readonly string[];
}

interface OpenEffect {
  readonly effectId: string;
  readonly name: string;
  readonly input: unknown;
}

interface Node extends Walked {
  readonly stored: StoredCase;
  readonly now: number;
  readonly open: readonly OpenEffect[];
  /** Questions that this step asked: by their numbers. */
  readonly asked: readonly string[];
}

const performers = performersOf(Object.keys(journeyPerformers(noPorts)));
const registry = prepareMachines(journeyMachines, performers);
export const rootMachine: AnyStateMachine = journeyMachines.case.machine;

/** Small and good enough; the same numbers everywhere (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function stepped(before: Node | null, { at, bodies }: WalkedStep): Node | null {
  let made = (before?.steps.length ?? 0) * 10;
  const events = bodies.map((body) => {
    const eventId = `event-${++made}`;
    const type = 'event' in body && body.event ? body.event.type : 'outcome';
    const position = BigInt(made);
    const common = { eventId, position, type, receivedAt: at, traceparent: null };
    return { ...ref, ...common, body: JSON.stringify(body) };
  });
  const context = { registry, performers, partition: 0, now: at };
  const { commit, parked } = activate(ref, before?.stored ?? null, events, context);
  if (!commit || parked) return null;
  const bad = commit.history.some(({ disposition }) => disposition === 'dead');
  if (bad) return null;
  const { seq, status, envelope, effects, abandoned } = commit;
  const over = new Set([
    ...abandoned,
    ...bodies.flatMap((body) => ('outcome' in body ? [body.outcome.effectId] : [])),
  ]);
  const asked = effects
    .filter(({ kind }: NewEffect) => kind === 'invoke')
    .map(({ effectId, name, input }) => ({ effectId, name, input: JSON.parse(input) as unknown }));
  return {
    stored: { ...ref, seq, status, envelope },
    now: at,
    asked: askedIn(effects),
    open: [...(before?.open ?? []), ...asked].filter(({ effectId }) => !over.has(effectId)),
    steps: [...(before?.steps ?? []), { at, bodies }],
    envelope,
    seen: seenIn(rootMachine, envelope),
  };
}

/** Plays steps from the beginning and gives the envelope they lead to. */
export function replayed(steps: readonly WalkedStep[]): string {
  let node: Node | null = null;
  for (const step of steps) {
    node = stepped(node, step);
    if (!node) throw new Error('A step of a golden snapshot is not applied any more');
  }
  return node?.envelope ?? '';
}

/** A written journey, as far as it goes under the machine of today. */
function journey(steps: readonly Step[]): Node[] {
  const nodes: Node[] = [];
  let now = startsAt;
  for (const { afterMs, body } of steps) {
    now += afterMs;
    const last = nodes.at(-1) ?? null;
    let came: EventBody;
    if ('answers' in body) {
      const effect = last?.open.findLast(({ name }) => name === body.answers);
      if (!effect) continue;
      came = { outcome: { effectId: effect.effectId, ok: true, value: body.value } };
    } else {
      came = body;
    }
    const node = stepped(last, { at: now, bodies: [came] });
    if (!node) continue;
    nodes.push(node);
    const sent = node.asked.map((asks) => ({
      event: sentOf(asks, new Date(startsAt).toISOString()),
    }));
    const delivered = sent.length > 0 ? stepped(node, { at: now, bodies: sent }) : null;
    if (delivered) nodes.push(delivered);
  }
  return nodes;
}

const codes = failureCodes(
  readdirSync(join(import.meta.dirname, '../../machines'))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(import.meta.dirname, '../../machines', name), 'utf8')),
);

function nextStep(node: Node, random: () => number): WalkedStep | null {
  const pick = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random() * items.length)];
  const at = node.now + 60_000;
  const kind = random();
  if (node.asked.length > 0 && kind < 0.7)
    return {
      at: node.now,
      bodies: node.asked.map((asks) => ({ event: sentOf(asks, new Date(node.now).toISOString()) })),
    };
  if (kind < 0.5) {
    const effect = random() < 0.6 ? node.open.at(-1) : pick(node.open);
    if (effect) {
      const { effectId, name, input } = effect;
      const value = pick(outcomeSamples(name, input));
      const failed = random() < 0.25 || value === undefined;
      const error = { name: 'E', code: pick(codes) ?? 'failed', message: 'no' };
      const outcome = { effectId, ok: !failed, value: failed ? error : value };
      return { at, bodies: [{ outcome }] };
    }
  }
  if (kind < 0.62) {
    const due = parseEnvelope(node.envelope).timers.map(({ dueAt }) => dueAt);
    const dueAt = random() < 0.7 ? Math.min(...due) : pick(due);
    if (dueAt !== undefined && Number.isFinite(dueAt))
      return { at: Math.max(dueAt, node.now), bodies: [] };
  }
  const event = pick(eventSamples(node.envelope, at, node.steps.length));
  return event ? { at, bodies: [{ event }] } : null;
}

export interface Explored {
  /** Everything that first showed something, in the order it was met. */
  readonly found: readonly Walked[];
  /** What was never met. */
  readonly missing: readonly string[];
  readonly tries: number;
}

/** What all machines of a case want covered. */
export const wantedOf = (root: AnyStateMachine): string[] =>
  [...machinesWithin(root)].flatMap(([id, { machine }]) => toCover(machine, id === root.id));

/** Walks until all is covered, or `patience` steps in a row brought nothing new. Takes a minute or two. */
export function explore(patience = 40_000): Explored {
  const random = randomFrom(1);
  const missing = new Set(wantedOf(rootMachine));
  const found: Node[] = [];
  const take = (node: Node): boolean => {
    const news = node.seen.filter((what) => missing.has(what));
    for (const what of news) missing.delete(what);
    if (news.length > 0) found.push(node);
    return news.length > 0;
  };
  const pool = [journeySteps, changeSteps, companionSteps, leavingSteps, ticketSteps].flatMap(
    journey,
  );
  for (const node of pool) take(node);
  /** Sets of states that were met: a new one is a place to go on from, although it covers nothing new. */
  const met = new Set(pool.map(({ seen }) => seen.join()));
  let since = 0;
  let tries = 0;
  while (missing.size > 0 && since < patience) {
    const recent = Math.min(pool.length, 60);
    const index =
      random() < 0.5
        ? pool.length - 1 - Math.floor(random() * recent)
        : Math.floor(random() * pool.length);
    let node: Node | null = pool[index] ?? null;
    // Now and then the same few steps again and again: what is given up after so many tries is met only so.
    const isRepeating = random() < 0.05;
    const seed = Math.floor(random() * 1_000_000);
    let again = randomFrom(seed);
    const most = isRepeating ? 60 : 1 + Math.floor(random() * 4);
    for (let length = 0; node && length < most; length++) {
      tries++;
      since++;
      if (length % 2 === 0) again = randomFrom(seed);
      const step = nextStep(node, isRepeating ? again : random);
      const next: Node | null = step && stepped(node, step);
      if (next && take(next)) since = 0;
      if (!next || next.stored.status !== 'active') break;
      const mark = next.seen.join();
      if (!met.has(mark) && next.steps.length < 150) {
        met.add(mark);
        pool.push(next);
      }
      node = next;
    }
  }
  return { found, missing: [...missing], tries };
}

/** As few of them as show the same of what is wanted: each shows a state of every region and every child. */
export function fewest(walks: readonly Walked[], wanted: readonly string[]): Walked[] {
  const open = new Set(wanted);
  const chosen: Walked[] = [];
  const count = ({ seen }: Walked) => seen.filter((what) => open.has(what)).length;
  for (;;) {
    const [best] = walks.toSorted((a, b) => count(b) - count(a) || a.steps.length - b.steps.length);
    if (!best || count(best) === 0) break;
    for (const what of best.seen) open.delete(what);
    chosen.push(best);
  }
  return chosen.toSorted((a, b) => walks.indexOf(a) - walks.indexOf(b));
}
