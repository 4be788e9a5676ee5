/** Where everything in a machine's picture goes, as ELK lays it out. */
import Elk, { type ElkNode } from 'elkjs';

import {
  details,
  edgesIn,
  headSize,
  lineHeight,
  linesOf,
  padding,
  sizes,
  type Detail,
} from './contents.ts';
import { everyState, type State } from './definition.ts';
import { hashOf, type Box, type Geometry, type Point } from './geometry.ts';
import { textWidth } from './text-width.ts';

/** Two screens of a laptop. */
export const maxSize = { width: 1_280, height: 1_600 } as const;

interface Try {
  readonly detail: Detail;
  readonly direction: 'DOWN' | 'RIGHT';
  /** Of a parallel state within another. */
  readonly innerWidth: number;
  /** Which arrows are drawn against the flow: as few as may be, or those against the order in the file. */
  readonly cycles: 'GREEDY' | 'MODEL_ORDER';
}

/** What stands around the picture. */
export const frame = { top: 34, side: 8 } as const;

function elkNode(state: State, attempt: Try, depth: number): ElkNode {
  const { detail } = attempt;
  const head = headSize(state, linesOf(state, detail));
  const layer = state.isInitial ? 'FIRST' : state.config.type === 'final' ? 'LAST' : 'NONE';
  const node = { id: state.id, layoutOptions: { 'elk.layered.layering.layerConstraint': layer } };
  if (state.children.length === 0) return { ...node, ...head };
  const edges = edgesIn(state, detail);
  const layoutOptions: Record<string, string> = {
    ...node.layoutOptions,
    'elk.padding': `[top=${head.height},left=${padding},bottom=${padding},right=${padding}]`,
    'elk.hierarchyHandling': 'SEPARATE_CHILDREN',
    'elk.nodeSize.constraints': 'MINIMUM_SIZE',
    'elk.nodeSize.minimum': `(${head.width},${head.height})`,
    'elk.spacing.nodeNode': '12',
  };
  if (state.config.type === 'parallel' || edges.length === 0) {
    const width = depth === 0 ? maxSize.width - 100 : attempt.innerWidth;
    Object.assign(layoutOptions, {
      'elk.algorithm': 'rectpacking',
      'elk.rectpacking.widthApproximation.strategy': 'TARGET_WIDTH',
      'elk.rectpacking.widthApproximation.targetWidth': String(width - 40 * depth),
    });
  } else {
    Object.assign(layoutOptions, {
      'elk.algorithm': 'layered',
      'elk.direction': attempt.direction,
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.spacing.nodeNodeBetweenLayers': '18',
      'elk.spacing.edgeNode': '10',
      'elk.spacing.edgeEdge': '8',
      'elk.layered.spacing.edgeNodeBetweenLayers': '10',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.edgeLabels.inline': 'true',
      'elk.layered.cycleBreaking.strategy': attempt.cycles,
    });
  }
  return {
    ...node,
    layoutOptions,
    children: state.children.map((child) => elkNode(child, attempt, depth + 1)),
    edges: edges.map(({ from, to, label }) => ({
      id: `${from.id}>${to.id}`,
      sources: [from.id],
      targets: [to.id],
      labels:
        label.length === 0
          ? []
          : [
              {
                text: label.join('\n'),
                width: Math.max(...label.map((line) => textWidth(line, sizes.text))) + 4,
                height: label.length * lineHeight,
              },
            ],
    })),
  };
}

const rounded = ({ x = 0, y = 0 }: { x?: number; y?: number }): Point => ({
  x: Math.round(x),
  y: Math.round(y),
});

function geometryOf(root: ElkNode, detail: Detail, hash: string): Geometry {
  const boxes = new Map<string, Box>();
  const edges = new Map<string, { points: readonly Point[]; label: Point | null }>();
  const visit = (node: ElkNode) => {
    const { width = 0, height = 0 } = node;
    boxes.set(node.id, { ...rounded(node), width: Math.ceil(width), height: Math.ceil(height) });
    for (const { id, sections = [], labels = [] } of node.edges ?? []) {
      const points = sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [
        startPoint,
        ...bendPoints,
        endPoint,
      ]);
      const [label] = labels;
      edges.set(id, {
        points: points.map(rounded),
        label: label === undefined ? null : rounded(label),
      });
    }
    node.children?.forEach(visit);
  };
  visit(root);
  return { hash, detail, boxes, edges };
}

const fits = ({ width = 0, height = 0 }: ElkNode): boolean =>
  width + 2 * frame.side <= maxSize.width && height + frame.top + frame.side <= maxSize.height;

/** From what reads best. */
const flows = [
  { cycles: 'MODEL_ORDER', direction: 'DOWN' },
  { cycles: 'MODEL_ORDER', direction: 'RIGHT' },
  { cycles: 'GREEDY', direction: 'DOWN' },
  { cycles: 'GREEDY', direction: 'RIGHT' },
] as const;

/** Of parallel states within others; it makes no difference where there are none. */
const innerWidths = (root: State): readonly number[] =>
  everyState(root).some(({ config, parent }) => config.type === 'parallel' && parent !== null)
    ? [560, 820, 1_140]
    : [1_140];

/**
 * Lays a machine out with as much detail as fits.
 *
 * @throws {Error} it fits with no detail at all: the machine has to become two
 */
export async function laidOut(root: State): Promise<Geometry> {
  const elk = new Elk.default();
  const area = ({ width = 0, height = 0 }: ElkNode) => width * height;
  let least: ElkNode | undefined;
  for (const detail of details) {
    for (const flow of flows) {
      const results: ElkNode[] = [];
      for (const innerWidth of innerWidths(root))
        // oxlint-disable-next-line no-await-in-loop -- ELK works on one at a time anyway
        results.push(await elk.layout(elkNode(root, { detail, innerWidth, ...flow }, 0)));
      const [best] = results.filter(fits).toSorted((a, b) => area(a) - area(b));
      if (best) return geometryOf(best, detail, hashOf(root));
      least = results.concat(least ?? []).toSorted((a, b) => area(a) - area(b))[0];
    }
  }
  throw new Error(
    `${root.id} is drawn ${least?.width} x ${least?.height} px large, and ${maxSize.width} x ${maxSize.height} px can be read: make two machines of it`,
  );
}
