/**
 * Draws the machines: `machines/diagrams/<name>.json`, `.mmd` (Mermaid) and `.svg`, always the same bytes for the same code.
 *
 * `node deploy/machines.ts` writes them; `node deploy/machines.ts --check` writes nothing and exits 1 when they differ.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { AnyStateMachine } from 'xstate';

import { bookingMachine } from '../machines/booking.ts';
import { caseMachine } from '../machines/case.ts';
import { dealMachine } from '../machines/deal.ts';
import { documentsMachine } from '../machines/documents.ts';
import { imagingMachine } from '../machines/imaging.ts';
import { invoiceMachine } from '../machines/invoice.ts';

const machines = {
  case: caseMachine,
  booking: bookingMachine,
  imaging: imagingMachine,
  deal: dealMachine,
  documents: documentsMachine,
  invoice: invoiceMachine,
} as const;

/** A state as `createMachine` was given it. */
interface Config {
  readonly id?: string;
  readonly version?: string;
  readonly description?: string;
  readonly meta?: {
    readonly label?: string;
    readonly waitsFor?: string;
    readonly targetMinutes?: number | null;
  };
  readonly tags?: readonly string[];
  readonly type?: string;
  readonly initial?: string;
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly invoke?: unknown;
  readonly on?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly always?: unknown;
  readonly states?: Readonly<Record<string, Config>>;
}

interface Arrow {
  /** What sets it off: `whatsapp.inbound`, `after reminder (23 h)`, `done: searchFlights`, `at once`. */
  readonly cause: string;
  readonly guard: string | null;
  readonly target: State | null;
  readonly actions: readonly string[];
}

interface State {
  /** `case.open.journey` */
  readonly id: string;
  readonly key: string;
  readonly config: Config;
  readonly isInitial: boolean;
  readonly children: readonly State[];
  readonly arrows: Arrow[];
  readonly invokes: readonly string[];
  readonly entry: readonly string[];
}

const list = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

/** Functions become their names: `"@consentAsked"`. */
const named = (_: string, value: unknown): unknown =>
  typeof value === 'function' ? `@${value.name}` : value;

const paramsText = (params: unknown): string => {
  if (params === undefined) return '';
  if (typeof params === 'function') return params.name === 'outputOf' ? '' : `(${params.name})`;
  return `(${Object.values(params as object).join(', ')})`;
};

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { type, params } = value as { type: string; params?: unknown };
  return `${type}${paramsText(params)}`;
}

function durationText(ms: unknown): string {
  if (typeof ms !== 'number') return '';
  const hours = ms / 3_600_000;
  return hours >= 48 ? ` (${hours / 24} d)` : ` (${hours} h)`;
}

function stateOf(config: Config, key: string, path: string, isInitial: boolean): State {
  const id = path === '' ? (config.id ?? key) : `${path}.${key}`;
  return {
    id,
    key,
    config,
    isInitial,
    children: Object.entries(config.states ?? {}).map(([name, child]) =>
      stateOf(child, name, id, config.initial === name || config.type === 'parallel'),
    ),
    arrows: [],
    invokes: list(config.invoke).map((invoke) => (invoke as { src: string }).src),
    entry: list(config.entry).map(nameOf),
  };
}

const everyState = (root: State): State[] => [root, ...root.children.flatMap(everyState)];

/** @throws {Error} an arrow to a state that is not there */
function readMachine(machine: AnyStateMachine): State {
  const root = stateOf(machine.config as Config, machine.id, '', false);
  const states = everyState(root);
  const byId = new Map(states.map((state) => [state.id, state]));
  const delays = machine.implementations.delays as Readonly<Record<string, unknown>>;

  for (const state of states) {
    const parent = state.id.slice(0, Math.max(0, state.id.lastIndexOf('.')));
    const follow = (target: string): State => {
      const id = target.startsWith('#')
        ? target.slice(1)
        : target.startsWith('.') // One of its own children.
          ? `${state.id}${target}`
          : `${parent}.${target}`;
      const found = byId.get(id);
      if (found === undefined)
        throw new Error(`${state.id} points to ${target}, which is not there`);
      return found;
    };
    const add = (cause: string, transitions: unknown) => {
      for (const transition of list(transitions)) {
        const { guard, target, actions } = transition as Record<
          'guard' | 'target' | 'actions',
          unknown
        >;
        state.arrows.push({
          cause,
          guard: guard === undefined ? null : nameOf(guard),
          target: typeof target === 'string' ? follow(target) : null,
          actions: list(actions).map(nameOf),
        });
      }
    };
    const { always, on = {}, after = {}, invoke } = state.config;
    add('at once', always);
    for (const { src, onDone, onError } of list(invoke) as Record<
      'src' | 'onDone' | 'onError',
      unknown
    >[]) {
      add(`done: ${String(src)}`, onDone);
      add(`failed: ${String(src)}`, onError);
    }
    for (const [event, transitions] of Object.entries(on)) add(event, transitions);
    for (const [delay, transitions] of Object.entries(after)) {
      add(`after ${delay}${durationText(delays[delay])}`, transitions);
    }
  }
  return root;
}

// JSON

function json(machine: AnyStateMachine): string {
  const { delays } = machine.implementations;
  return `${JSON.stringify({ config: machine.config, delays }, named, 2)}\n`;
}

// Mermaid. A flowchart and not a stateDiagram, because that one can't draw arrows between the insides of two states.

const mermaidId = (state: State): string => state.id.replaceAll('.', '_');
const mermaidText = (text: string): string => text.replaceAll('"', '#quot;');
const isWithin = (state: State, other: State): boolean => state.id.startsWith(`${other.id}.`);

function mermaid(root: State): string {
  const lines = ['flowchart TB'];
  const draw = (state: State, indent: string) => {
    const label = mermaidText(state.config.meta?.label ?? state.key);
    if (state.children.length === 0) {
      const [open, close] = state.config.type === 'final' ? ['([', '])'] : ['[', ']'];
      lines.push(`${indent}${mermaidId(state)}${open}"${label}"${close}`);
      return;
    }
    lines.push(`${indent}subgraph ${mermaidId(state)}["${label}"]`);
    if (state.config.type !== 'parallel') lines.push(`${indent}  ${mermaidId(state)}_initial(( ))`);
    for (const child of state.children) draw(child, `${indent}  `);
    lines.push(`${indent}end`);
  };
  draw(root, '  ');

  const edges = new Map<string, string[]>();
  const connect = (from: string, to: string, label: string) => {
    const edge = `${from}\u0000${to}`;
    edges.set(
      edge,
      [...(edges.get(edge) ?? []), label].filter((text) => text !== ''),
    );
  };
  for (const state of everyState(root)) {
    for (const child of state.children) {
      if (child.isInitial && state.config.type !== 'parallel') {
        connect(`${mermaidId(state)}_initial`, mermaidId(child), '');
      }
    }
    for (const { cause, guard, target } of state.arrows) {
      if (target === null) continue;
      // Mermaid refuses an arrow between a subgraph and its own inside.
      const from = isWithin(target, state) ? `${mermaidId(state)}_initial` : mermaidId(state);
      connect(from, mermaidId(target), mermaidText(guard === null ? cause : `${cause} [${guard}]`));
    }
  }
  for (const [edge, labels] of edges) {
    const [from, to] = edge.split('\u0000');
    lines.push(`  ${from} -->${labels.length === 0 ? '' : `|"${labels.join('<br/>')}"|`} ${to}`);
  }
  return `${lines.join('\n')}\n`;
}

// SVG: states as boxes within boxes, each with what it does and where it goes. Sizes in px.

const leafWidth = 348;
const gap = 14;
const padding = 14;
const lineHeight = 15;
/** DejaVu Sans Mono, the widest of the fonts named below, is 0.602 em wide; 11 px. */
const characterWidth = 6.63;
const rowWidth = 4 * leafWidth + 3 * gap + 4 * padding;

const colours: Readonly<Record<string, string>> = {
  patient: '#d97706',
  provider: '#2563eb',
  staff: '#dc2626',
  nobody: '#94a3b8',
};

interface Line {
  readonly text: string;
  readonly style: 'about' | 'does' | 'cause' | 'more';
  readonly link?: State;
}

interface Box {
  readonly state: State;
  readonly lines: readonly Line[];
  readonly rows: readonly (readonly Box[])[];
  readonly width: number;
  readonly height: number;
}

function wrap(text: string, width: number): string[] {
  const limit = Math.floor(width / characterWidth);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function linesOf(state: State, width: number): Line[] {
  const { description = '', tags = [], meta } = state.config;
  const lines: Line[] = [];
  const put = (style: Line['style'], text: string, link?: State) => {
    for (const part of wrap(text, width)) {
      lines.push(link === undefined ? { text: part, style } : { text: part, style, link });
    }
  };
  put('about', description);
  const minutes = meta?.targetMinutes ?? null;
  const facts = [
    ...tags.map((tag) => `#${tag}`),
    ...(minutes === null ? [] : [`within ${minutes} min`]),
  ];
  if (facts.length > 0) put('about', facts.join(' '));
  for (const action of state.entry) put('does', `entry / ${action}`);
  for (const src of state.invokes) put('does', `invokes ${src}`);
  for (const { cause, guard, target, actions } of state.arrows) {
    put('cause', guard === null ? cause : `${cause} [${guard}]`);
    if (target !== null) put('more', `  → ${shortName(state, target)}`, target);
    if (actions.length > 0) put('more', `  / ${actions.join(', ')}`);
  }
  return lines;
}

/** A sibling by its own name, others by their path below the root. */
function shortName(from: State, target: State): string {
  const parentOf = (id: string) => id.slice(0, id.lastIndexOf('.'));
  return parentOf(from.id) === parentOf(target.id)
    ? target.key
    : target.id.slice(target.id.indexOf('.') + 1);
}

const headHeight = 24;
const heightOfLines = (lines: readonly Line[]): number =>
  headHeight + lines.length * lineHeight + 10;
const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);

function layOut(state: State, available: number): Box {
  if (state.children.length === 0) {
    const lines = linesOf(state, leafWidth - 28);
    return { state, lines, rows: [], width: leafWidth, height: heightOfLines(lines) };
  }
  const inside = available - 2 * padding;
  const rows: Box[][] = [];
  let used = 0;
  for (const child of state.children.map((child) => layOut(child, inside))) {
    const row = rows.at(-1);
    if (row !== undefined && used + gap + child.width <= inside) {
      row.push(child);
      used += gap + child.width;
    } else {
      rows.push([child]);
      used = child.width;
    }
  }
  const widths = rows.map((row) => sum(row.map(({ width }) => width)) + (row.length - 1) * gap);
  const width = Math.max(leafWidth, ...widths) + 2 * padding;
  const lines = linesOf(state, width - 28);
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)));
  return {
    state,
    lines,
    rows,
    width,
    height: heightOfLines(lines) + sum(heights) + (rows.length - 1) * gap + padding,
  };
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function drawBox(
  { state, lines, rows, width, height }: Box,
  x: number,
  y: number,
  depth: number,
): string[] {
  const { type, meta } = state.config;
  const colour = colours[meta?.waitsFor ?? 'nobody'] ?? '#94a3b8';
  const fill = state.children.length === 0 ? '#ffffff' : depth % 2 === 0 ? '#f8fafc' : '#eef2f7';
  const isParallel = type === 'parallel';
  const svg = [
    `<g id="${state.id}">`,
    `<title>${escaped(state.id)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="#64748b"${isParallel ? ' stroke-dasharray="6 4"' : ''}/>`,
  ];
  if (type === 'final') {
    svg.push(
      `<rect x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="6" fill="none" stroke="#64748b"/>`,
    );
  }
  if (state.children.length === 0) {
    svg.push(
      `<rect x="${x + 6}" y="${y + 9}" width="4" height="${height - 18}" rx="2" fill="${colour}"/>`,
    );
  }
  let left = x + 16;
  if (state.isInitial && depth > 0) {
    svg.push(`<circle cx="${left + 4}" cy="${y + 17}" r="4.5" fill="#0f172a"/>`);
    left += 15;
  }
  const kind = isParallel ? ' (all at once)' : '';
  svg.push(
    `<text class="name" x="${left}" y="${y + 22}">${escaped(state.key)}<tspan class="label" dx="8">${escaped(meta?.label ?? '')}${kind}</tspan></text>`,
  );
  let lineY = y + headHeight + lineHeight;
  for (const { text, style, link } of lines) {
    const indent = text.length - text.trimStart().length;
    const line = `<text class="${style}" x="${(x + 16 + indent * characterWidth).toFixed(1)}" y="${lineY}">${escaped(text.trimStart())}</text>`;
    svg.push(link === undefined ? line : `<a href="#${link.id}">${line}</a>`);
    lineY += lineHeight;
  }
  let rowY = y + heightOfLines(lines);
  for (const row of rows) {
    let boxX = x + padding;
    for (const box of row) {
      svg.push(...drawBox(box, boxX, rowY, depth + 1));
      boxX += box.width + gap;
    }
    rowY += Math.max(...row.map(({ height }) => height)) + gap;
  }
  svg.push('</g>');
  return svg;
}

function svg(root: State): string {
  const box = layOut(root, rowWidth + 6 * padding);
  const width = box.width + 2 * gap;
  const legendHeight = 34;
  const height = box.height + legendHeight + gap;
  const legend = Object.entries(colours).flatMap(([who, colour], index) => {
    const x = gap + 4 + index * 150;
    return [
      `<rect x="${x}" y="12" width="4" height="14" rx="2" fill="${colour}"/>`,
      `<text class="label" x="${x + 10}" y="23">waits for ${who}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    '<style>',
    'text{font:11px "DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#0f172a}',
    '.name{font:bold 14px "DejaVu Sans",Helvetica,Arial,sans-serif}',
    '.label{font:12px "DejaVu Sans",Helvetica,Arial,sans-serif;fill:#475569}',
    '.about{fill:#475569}.does{fill:#047857}.cause{fill:#0f172a}.more{fill:#64748b}',
    'a .more{fill:#1d4ed8}',
    '</style>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...legend,
    ...drawBox(box, gap, legendHeight, 0),
    '</svg>',
    '',
  ].join('\n');
}

/** The three pictures of one machine. */
export function picturesOf(
  machine: AnyStateMachine,
): Readonly<Record<'json' | 'mmd' | 'svg', string>> {
  const root = readMachine(machine);
  return { json: json(machine), mmd: mermaid(root), svg: svg(root) };
}

const folder = join(import.meta.dirname, '..', 'machines', 'diagrams');

/** Every file as it should be, by its path. */
export function everyPicture(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(machines).flatMap(([name, machine]) =>
      Object.entries(picturesOf(machine)).map(([kind, text]) => [
        join(folder, `${name}.${kind}`),
        text,
      ]),
    ),
  );
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  for (const [path, text] of everyPicture()) {
    const stored = await readFile(path, 'utf8').catch(() => null);
    if (stored === text) continue;
    if (isCheck) {
      process.stderr.write(`${path} differs from the code: run "npm run machines"\n`);
      process.exitCode = 1;
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
