/** A picture's geometry as text: one line for each state and arrow, sorted, so that a state more changes few lines. */
import { createHash } from 'node:crypto';

import { details, edgesIn, headSize, linesOf, type Detail } from './contents.ts';
import { everyState, type State } from './definition.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** All in px, from the top left corner of the parent. */
export interface Geometry {
  readonly hash: string;
  readonly detail: Detail;
  /** By the state's id. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** By `from>to`. */
  readonly edges: ReadonlyMap<
    string,
    { readonly points: readonly Point[]; readonly label: Point | null }
  >;
}

/** Of all that decides where things go, so that `--check` need not lay out to know that nothing moved. */
export function hashOf(root: State): string {
  const drawn = everyState(root).map((state) => [
    state.id,
    state.config.type ?? '',
    state.isInitial,
    details.map((detail) => {
      const lines = linesOf(state, detail);
      const edges = edgesIn(state, detail);
      return [
        headSize(state, lines),
        lines.map(({ text }) => text),
        edges.map(({ from, to, label }) => [from.id, to.id, label]),
      ];
    }),
  ]);
  return createHash('sha256').update(JSON.stringify(drawn)).digest('hex').slice(0, 16);
}

const pair = ({ x, y }: Point): string => `${x},${y}`;

export function geometryText({ hash, detail, boxes, edges }: Geometry): string {
  const lines = [
    ...[...boxes].map(
      ([id, { width, height, ...at }]) => `state ${id} at ${pair(at)} size ${width},${height}`,
    ),
    ...[...edges].map(
      ([id, { points, label }]) =>
        `arrow ${id} by ${points.map(pair).join(' ')}${label === null ? '' : ` label ${pair(label)}`}`,
    ),
  ];
  return `hash ${hash}\ndetail ${detail}\n${lines.toSorted().join('\n')}\n`;
}

const pointOf = (text: string): Point => {
  const [x, y] = text.split(',').map(Number);
  if (x === undefined || y === undefined || Number.isNaN(x + y))
    throw new Error(`No point: ${text}`);
  return { x, y };
};

/** Null if it is not what `geometryText` writes. */
export function parseGeometry(text: string): Geometry | null {
  const [, hash = '', detail] = /^hash (\w+)\ndetail (\w+)\n/.exec(text) ?? [];
  const isDetail = (value: unknown): value is Detail => details.includes(value as Detail);
  if (!isDetail(detail)) return null;
  const boxes = new Map<string, Box>();
  const edges = new Map<string, { points: Point[]; label: Point | null }>();
  for (const [, id = '', at = '', size = ''] of text.matchAll(
    /^state (\S+) at (\S+) size (\S+)$/gm,
  )) {
    const { x: width, y: height } = pointOf(size);
    boxes.set(id, { ...pointOf(at), width, height });
  }
  for (const [, id = '', by = '', label] of text.matchAll(
    /^arrow (\S+) by ([-\d, ]+?)(?: label (\S+))?$/gm,
  )) {
    const points = by.split(' ').map(pointOf);
    edges.set(id, { points, label: label === undefined ? null : pointOf(label) });
  }
  return { hash, detail, boxes, edges };
}
