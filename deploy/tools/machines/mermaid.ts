/** A machine in Mermaid. A flowchart, because a `stateDiagram` can't draw arrows between the insides of two states. */
import { causeText } from './contents.ts';
import { everyState, type State } from './definition.ts';

const idOf = (state: State): string => state.id.replaceAll(/[.-]/g, '_');
const escaped = (text: string): string => text.replaceAll('"', '#quot;');
const isWithin = (state: State, other: State): boolean => state.id.startsWith(`${other.id}.`);

export function mermaidOf(root: State): string {
  const lines = ['flowchart TB'];
  const draw = (state: State, indent: string) => {
    const label = escaped(state.config.meta?.label ?? state.key);
    if (state.children.length === 0) {
      const [open, close] = state.config.type === 'final' ? ['([', '])'] : ['[', ']'];
      lines.push(`${indent}${idOf(state)}${open}"${label}"${close}`);
      return;
    }
    lines.push(`${indent}subgraph ${idOf(state)}["${label}"]`);
    if (state.config.type !== 'parallel') lines.push(`${indent}  ${idOf(state)}_initial(( ))`);
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
      if (child.isInitial && state.config.type !== 'parallel')
        connect(`${idOf(state)}_initial`, idOf(child), '');
    }
    for (const arrow of state.arrows) {
      const { target } = arrow;
      if (target === null) continue;
      // Mermaid refuses an arrow between a subgraph and its own inside.
      const from = isWithin(target, state) ? `${idOf(state)}_initial` : idOf(state);
      connect(from, idOf(target), escaped(causeText(arrow)));
    }
  }
  for (const [edge, labels] of edges) {
    const [from, to] = edge.split('\u0000');
    lines.push(`  ${from} -->${labels.length === 0 ? '' : `|"${labels.join('<br/>')}"|`} ${to}`);
  }
  return `${lines.join('\n')}\n`;
}
