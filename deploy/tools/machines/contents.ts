/** What stands in the picture of a state, and on its arrows. How much of it depends on how much room there is. */
import { shortName, type Arrow, type State } from './definition.ts';
import { textWidth, wrapped } from './text-width.ts';

export const sizes = { name: 13, text: 12 } as const;
export const lineHeight = 16;
export const headHeight = 24;
export const padding = 10;

/** From much to little. Whatever is not written stands in the tooltip of its state or arrow. */
export const details = ['guards', 'events', 'first', 'labels', 'names'] as const;
export type Detail = (typeof details)[number];

export interface Line {
  readonly text: string;
  readonly style: 'label' | 'does' | 'goes' | 'name';
  /** The state it goes to. */
  readonly link?: State;
}

export interface Edge {
  readonly from: State;
  readonly to: State;
  readonly arrows: readonly Arrow[];
  readonly label: readonly string[];
}

/** An arrow between two states of one parent is drawn, any other is a stub in its state that names where it goes. */
const isDrawn = (state: State, { target }: Arrow): boolean =>
  target !== null &&
  target !== state &&
  target.parent === state.parent &&
  state.parent?.config.type !== 'parallel';

export const causeText = ({ cause, guard }: Arrow): string =>
  guard === null ? cause : `${cause} [${guard}]`;

const maxLabelLines = 4;
const labelWidth = 200;

function labelOf(arrows: readonly Arrow[], detail: Detail): string[] {
  if (detail === 'labels' || detail === 'names') return [];
  const texts = [
    ...new Set(arrows.map((arrow) => (detail === 'guards' ? causeText(arrow) : arrow.cause))),
  ];
  if (detail === 'first') {
    const [first = '', ...more] = texts;
    return [more.length === 0 ? first : `${first} + ${more.length}`];
  }
  const lines = texts.flatMap((text) => wrapped(text, labelWidth, sizes.text));
  if (lines.length <= maxLabelLines) return lines;
  return [...lines.slice(0, maxLabelLines - 1), `+ ${lines.length - maxLabelLines + 1} more`];
}

/** The drawn arrows between the children of a state, those from one to another together. */
export function edgesIn(parent: State, detail: Detail): Edge[] {
  return parent.children.flatMap((from) => {
    const byTarget = new Map<State, Arrow[]>();
    for (const arrow of from.arrows) {
      if (arrow.target === null || !isDrawn(from, arrow)) continue;
      byTarget.set(arrow.target, [...(byTarget.get(arrow.target) ?? []), arrow]);
    }
    return [...byTarget].map(([to, arrows]) => ({
      from,
      to,
      arrows,
      label: labelOf(arrows, detail),
    }));
  });
}

const maxWidth = 190;

/** The lines under a state's name. */
export function linesOf(state: State, detail: Detail): Line[] {
  const width = state.children.length === 0 ? maxWidth : 2 * maxWidth;
  const put = (style: Line['style'], text: string, link?: State): Line[] =>
    wrapped(text, width, sizes.text).map((part) =>
      link === undefined ? { text: part, style } : { text: part, style, link },
    );
  const lines: Line[] = [];
  if (detail !== 'names') lines.push(...put('label', state.config.meta?.label ?? ''));
  for (const src of state.invokes) lines.push(...put('does', `invokes ${src}`));
  const stubs = new Map<State, Set<string>>();
  for (const arrow of state.arrows) {
    if (arrow.target === null || arrow.target === state || isDrawn(state, arrow)) continue;
    stubs.set(arrow.target, (stubs.get(arrow.target) ?? new Set()).add(arrow.cause));
  }
  for (const [target, causes] of stubs) {
    const why = detail === 'guards' || detail === 'events' ? ` (${[...causes].join(', ')})` : '';
    lines.push(...put('goes', `→ ${shortName(state, target)}${why}`, target));
  }
  return lines;
}

/** The room that a state's name and lines take. */
export function headSize(
  state: State,
  lines: readonly Line[],
): { readonly width: number; readonly height: number } {
  const name = textWidth(state.key, sizes.name, true) + (state.isInitial ? 14 : 0);
  const widths = lines.map(({ text }) => textWidth(text, sizes.text));
  return {
    width: Math.max(name, ...widths) + 2 * padding + 6,
    height: headHeight + lines.length * lineHeight + 6,
  };
}
