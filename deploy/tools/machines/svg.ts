/** The picture of a machine, drawn from its geometry. Each state is a group at its place in its parent, found by its id. */
import {
  causeText,
  edgesIn,
  headHeight,
  lineHeight,
  linesOf,
  padding,
  sizes,
  type Edge,
} from './contents.ts';
import type { Arrow, State } from './definition.ts';
import type { Geometry, Point } from './geometry.ts';
import { frame } from './layout.ts';
import { fonts } from './text-width.ts';

/** Of the bar that says who is waited for. */
const colours: Readonly<Record<string, string>> = {
  patient: '#d97706',
  provider: '#2563eb',
  staff: '#dc2626',
  nobody: '#94a3b8',
};

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const arrowText = (arrow: Arrow): string => {
  const does = arrow.actions.length === 0 ? '' : ` / ${arrow.actions.join(', ')}`;
  return `${causeText(arrow)}${arrow.target === null ? '' : ` → ${arrow.target.id}`}${does}`;
};

/** All there is to say of a state, for who points at it. */
function tooltip(state: State): string {
  const { description = '', tags = [], meta } = state.config;
  const minutes = meta?.targetMinutes ?? null;
  return [
    state.id,
    description,
    ...[tags].flat().map((tag) => `tag ${tag}`),
    ...(minutes === null ? [] : [`within ${minutes} min`]),
    ...state.entry.map((action) => `entry / ${action}`),
    ...state.arrows.map(arrowText),
  ].join('\n');
}

function drawnEdge({ from, to, arrows, label }: Edge, geometry: Geometry): string[] {
  const edge = geometry.edges.get(`${from.id}>${to.id}`);
  if (edge === undefined) return [];
  const path = edge.points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`);
  const place = edge.label;
  const lines =
    place === null
      ? []
      : label.map(
          (text, index) =>
            `<text class="on" x="${place.x + 2}" y="${place.y + 12 + index * lineHeight}">${escaped(text)}</text>`,
        );
  const title = escaped(arrows.map(arrowText).join('\n'));
  return [
    `<g class="edge"><title>${title}</title><path d="${path.join('')}"/>${lines.join('')}</g>`,
  ];
}

function drawnState(state: State, geometry: Geometry, depth: number): string[] {
  const box = geometry.boxes.get(state.id);
  if (box === undefined) throw new Error(`${state.id} has no place`);
  const { x, y, width, height } = box;
  const { type, meta } = state.config;
  const waitsFor = meta?.waitsFor ?? 'nobody';
  const kind =
    state.children.length === 0 ? (type === 'final' ? 'leaf final' : 'leaf') : (type ?? 'sequence');
  const shade = depth % 2 === 0 ? '' : ' odd';
  const rect = `<rect class="${kind}${shade}" width="${width}" height="${height}" rx="7"/>`;
  const bar = `<rect x="4" y="5" width="4" height="${Math.min(height, 80) - 10}" rx="2" fill="${colours[waitsFor] ?? colours['nobody']}"/>`;
  const left = padding + 4;
  const dot =
    state.isInitial && depth > 0 && state.parent?.config.type !== 'parallel'
      ? `<circle cx="${left + 4}" cy="14" r="4"/>`
      : '';
  const name = `<text class="name" x="${dot === '' ? left : left + 13}" y="18">${escaped(state.key)}</text>`;
  const lines = linesOf(state, geometry.detail).map(({ text, style, link }, index) => {
    const line = `<text class="${style}" x="${left}" y="${headHeight + 11 + index * lineHeight}">${escaped(text)}</text>`;
    return link === undefined ? line : `<a href="#${link.id}">${line}</a>`;
  });
  return [
    `<g id="${state.id}" transform="translate(${x} ${y})"><title>${escaped(tooltip(state))}</title>`,
    rect,
    `${bar}${dot}${name}`,
    ...lines,
    ...state.children.flatMap((child) => drawnState(child, geometry, depth + 1)),
    ...edgesIn(state, geometry.detail).flatMap((edge) => drawnEdge(edge, geometry)),
    '</g>',
  ];
}

const style = `text{font:${sizes.text}px ${fonts};fill:#0f172a}
.name{font-weight:bold;font-size:${sizes.name}px}
.label{fill:#475569}.does{fill:#047857}.goes{fill:#1d4ed8}.on{fill:#334155}
rect.leaf{fill:#fff;stroke:#64748b}rect.final{stroke-width:3}
rect.sequence,rect.parallel{fill:#f8fafc;stroke:#94a3b8}rect.odd{fill:#eef2f7}rect.leaf.odd{fill:#fff}
rect.parallel{stroke-dasharray:6 4}
.edge path{fill:none;stroke:#475569;stroke-width:1.2;marker-end:url(#head)}
.edge:hover path{stroke:#dc2626;stroke-width:2}`;

/** @throws {Error} the geometry is of another machine */
export function svgOf(root: State, geometry: Geometry): string {
  const whole = geometry.boxes.get(root.id);
  if (whole === undefined) throw new Error(`${root.id} has no place`);
  const width = whole.width + 2 * frame.side;
  const height = whole.height + frame.top + frame.side;
  const at: Point = { x: frame.side, y: frame.top };
  const placed = new Map(geometry.boxes).set(root.id, { ...whole, ...at });
  const legend = Object.entries(colours).map(([who, colour], index) => {
    const x = frame.side + 4 + index * 120;
    return `<rect x="${x}" y="9" width="4" height="14" rx="2" fill="${colour}"/><text class="label" x="${x + 9}" y="20">waits for ${who}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#475569"/></marker></defs>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...legend,
    ...drawnState(root, { ...geometry, boxes: placed }, 0),
    '</svg>',
    '',
  ].join('\n');
}
