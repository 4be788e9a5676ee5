import type { AnyStateMachine, AnyStateNode } from 'xstate';

import type { OrderedTag } from '../ports/desk.ts';
import { isMachine, metaOf } from './waiting-view.ts';

/** These head the list, in this order, whatever else the case waits for. */
const first: readonly string[] = ['urgent-untaken', 'urgent'];

/** Staff have it, and the patient has an answer: behind what waits for them. */
const last: readonly string[] = ['with-staff'];

/** Says who has a case, and not that it waits. */
const nothing: readonly string[] = ['taken'];

const ranks = { first: 0, due: first.length, last: first.length + 1 } as const;

/**
 * By which tags of a case staff's list is ordered: emergencies, then what waits for staff by the target time of its state, with what a
 * provider should long have done; then what staff only have. Of states that share a tag the longest target time counts.
 */
export function orderOf(machine: AnyStateMachine): readonly OrderedTag[] {
  const found = new Map<string, OrderedTag>();
  for (const { tags, meta } of everyNode(machine)) {
    const { waitsFor, targetMinutes } = metaOf(meta);
    if (waitsFor !== 'staff' && waitsFor !== 'provider') continue;
    for (const tag of tags) {
      const minutes = Math.max(targetMinutes ?? 0, found.get(tag)?.minutes ?? 0);
      if (minutes === 0 || nothing.includes(tag)) continue;
      const rank = last.includes(tag) ? ranks.last : ranks.due;
      const isLateOnly = waitsFor === 'provider' && (found.get(tag)?.isLateOnly ?? true);
      found.set(tag, { tag, rank, minutes, isLateOnly });
    }
  }
  const heads = first.map((tag, rank) => ({
    tag,
    rank,
    minutes: found.get(first[0] as string)?.minutes ?? 0,
    isLateOnly: false,
  }));
  return [...heads, ...[...found.values()].filter(({ tag }) => !first.includes(tag))];
}

function everyNode(machine: AnyStateMachine, seen = new Set<object>()): readonly AnyStateNode[] {
  if (seen.has(machine.config)) return [];
  seen.add(machine.config);
  const nodes: AnyStateNode[] = [machine.root];
  for (const node of nodes) nodes.push(...Object.values<AnyStateNode>(node.states));
  const children = Object.values<unknown>(machine.implementations.actors).filter(isMachine);
  return [...nodes, ...children.flatMap((child) => everyNode(child, seen))];
}
