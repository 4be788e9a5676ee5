/* oxlint-disable typescript/no-implied-eval, no-new-func -- SCXML's expressions are ECMAScript, and these are test fixtures */
/**
 * SCXML to XState, as far as the fixtures of `@scion-scxml/test-framework` need it. XState has a converter of its own,
 * which its package leaves out. What it cannot say is `Unconvertible`.
 */
import { XMLParser } from 'fast-xml-parser';
import {
  assign,
  cancel,
  createMachine,
  enqueueActions,
  log,
  not,
  raise,
  sendTo,
  stateIn,
  type AnyStateMachine,
} from 'xstate';

export class Unconvertible extends Error {}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

type Scope = { readonly context: object; readonly event: { readonly type: string } };
type Expression = (scope: Scope) => unknown;
type Action = ReturnType<typeof raise>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseAttributeValue: false,
});

/** @throws {Unconvertible} */
export function toMachine(scxml: string): AnyStateMachine {
  const [root] = elementsOf(parser.parse(scxml)).filter(({ name }) => name === 'scxml');
  if (!root) throw new Unconvertible('there is no <scxml>');
  try {
    return machineOf(root);
  } catch (error) {
    if (error instanceof Unconvertible) throw error;
    throw new Unconvertible(String(error), { cause: error }); // Data that does not exist, states that XState refuses.
  }
}

function elementsOf(parsed: unknown): Element[] {
  return (parsed as Record<string, unknown>[]).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name.startsWith('#') || name.startsWith('?')) return [];
    const attributes = (node[':@'] ?? {}) as Record<string, string>;
    return [{ name, attributes, children: elementsOf(node[name]) }];
  });
}

function machineOf(root: Element): AnyStateMachine {
  const actors: Record<string, AnyStateMachine> = {};
  const data = named(root, 'datamodel').flatMap((model) => named(model, 'data'));
  const context: Record<string, unknown> = {};
  for (const { attributes } of data) {
    const { id = '', src, expr } = attributes;
    if (src !== undefined) throw new Unconvertible('<data src>');
    context[id] =
      expr === '_sessionid' ? undefined : expression(expr)({ context: {}, event: { type: '' } });
  }
  const config = {
    ...stateOf(root, '(machine)', actors),
    context,
    options: { maxIterations: 1_000 },
  };
  return createMachine(config as never).provide({ actors } as never) as AnyStateMachine;
}

const named = ({ children }: Element, ...names: string[]) =>
  children.filter(({ name }) => names.includes(name));

/** A dot in an id would be a path for XState. */
export const idOf = (id: string) => id.replaceAll('.', '$');

function stateOf(
  element: Element,
  id: string,
  actors: Record<string, AnyStateMachine>,
): Record<string, unknown> {
  const { name, attributes } = element;
  if (name === 'history') {
    const [target] = named(element, 'transition').map((one) => one.attributes['target']);
    return {
      id: idOf(id),
      history: attributes['type'] ?? 'shallow',
      ...(target === undefined ? {} : { target: `#${idOf(target)}` }),
    };
  }
  const states = named(element, 'state', 'parallel', 'final', 'history');
  const first = attributes['initial'] ?? initialOf(element) ?? states[0]?.attributes['id'];
  if (first?.trim().includes(' ')) throw new Unconvertible('more than one initial state');
  const isFirstOwn = states.some((state) => state.attributes['id'] === first);
  if (name !== 'parallel' && first !== undefined && !isFirstOwn)
    throw new Unconvertible('an initial state further down');
  const type = { parallel: 'parallel', final: 'final' }[name];
  return {
    id: idOf(id),
    ...(type ? { type } : {}),
    ...(type !== 'parallel' && first !== undefined ? { initial: idOf(first) } : {}),
    ...(states.length > 0
      ? {
          states: Object.fromEntries(
            states.map((state) => {
              const { id: key = '' } = state.attributes;
              return [idOf(key), stateOf(state, key, actors)];
            }),
          ),
        }
      : {}),
    ...transitionsOf(element),
    entry: named(element, 'onentry').flatMap(actionsOf),
    exit: named(element, 'onexit').flatMap(actionsOf),
    invoke: named(element, 'invoke').map((invoke, i) => {
      const [content] = named(invoke, 'content').flatMap((one) => named(one, 'scxml'));
      if (!content) throw new Unconvertible('<invoke> without <content>');
      if (Object.keys(invoke.attributes).some((key) => !['id', 'type'].includes(key)))
        throw new Unconvertible('<invoke> with parameters');
      const src = `${id}.${i}`; // The kernel hosts only children that have a name.
      actors[src] = machineOf(content);
      return { src, ...(invoke.attributes['id'] ? { id: invoke.attributes['id'] } : {}) };
    }),
  };
}

const initialOf = (element: Element) =>
  named(element, 'initial').flatMap((one) => named(one, 'transition'))[0]?.attributes['target'];

function transitionsOf(element: Element): { on: object; always: object[] } {
  const on: Record<string, object[]> = {};
  const always: object[] = [];
  for (const one of named(element, 'transition')) {
    const { event = '', target, cond, type } = one.attributes;
    const transition = {
      ...(target === undefined
        ? {}
        : {
            target: target
              .trim()
              .split(/\s+/)
              .map((id) => `#${idOf(id)}`),
          }),
      actions: actionsOf(one),
      ...(cond === undefined ? {} : { guard: guardOf(cond) }),
      ...(type === 'internal' ? {} : { reenter: true }),
    };
    for (const descriptor of event.trim().split(/\s+/)) {
      if (descriptor === '') always.push(transition);
      else (on[descriptorOf(descriptor)] ??= []).push(transition);
    }
  }
  return { on, always };
}

/** SCXML's descriptors are prefixes, and its own events have other names in XState. */
function descriptorOf(event: string): string {
  const ours = event
    .replace(/^done\.state(?=\.|$)/, 'xstate.done.state')
    .replace(/^done\.invoke(?=\.|$)/, 'xstate.done.actor');
  return ours === '*' || ours.endsWith('.*') ? ours : `${ours}.*`;
}

function guardOf(cond: string) {
  const [, no, id] = /^\s*(!?)In\('(.*)'\)\s*$/.exec(cond) ?? [];
  if (id === undefined) return expression(cond) as (scope: Scope) => boolean;
  return no ? not(stateIn(`#${idOf(id)}`)) : stateIn(`#${idOf(id)}`);
}

const actionsOf = ({ children }: Element): Action[] => children.map(actionOf);

function actionOf(element: Element): Action {
  const { name, attributes } = element;
  const { event, eventexpr, location = '', expr, label, sendid, sendidexpr } = attributes;
  switch (name) {
    case 'raise':
      return raise({ type: event ?? '' });
    case 'assign': {
      // The location is looked at first: what is not declared cannot be assigned.
      const value = script(`${location}; return { [${JSON.stringify(location)}]: ${expr} };`);
      return assign((scope) => value(scope) as object) as unknown as Action;
    }
    case 'cancel':
      return cancel(sendid ?? (expression(sendidexpr) as never)) as unknown as Action;
    case 'log':
      return log(expression(expr) as never, label) as unknown as Action;
    case 'send': {
      const { target, id, delay, delayexpr } = attributes;
      if (element.children.some((child) => child.name !== 'param'))
        throw new Unconvertible('<send> with content');
      if (attributes['namelist'] ?? attributes['idlocation'] ?? attributes['type'])
        throw new Unconvertible('<send> with more than an event');
      const params = named(element, 'param').map((one) => one.attributes);
      const fields = params.map((one) => `${JSON.stringify(one['name'])}: ${one['expr']}`);
      const type = event === undefined ? eventexpr : JSON.stringify(event);
      const said = expression(`({ ${[`type: ${type}`, ...fields].join(', ')} })`) as never;
      if (target === '#_internal') return raise(said);
      const to = target ?? (({ self }: { self: unknown }) => self);
      const wait =
        delayexpr === undefined
          ? msOf(delay)
          : (scope: Scope) => msOf(String(expression(delayexpr)(scope)));
      return sendTo(to as never, said, {
        delay: wait as never,
        ...(id ? { id } : {}),
      }) as unknown as Action;
    }
    case 'if':
      return choiceOf(element);
    default:
      throw new Unconvertible(`<${name}>`);
  }
}

function choiceOf(element: Element): Action {
  const branches = [{ cond: element.attributes['cond'], actions: [] as Action[] }];
  for (const child of element.children) {
    if (child.name === 'elseif' || child.name === 'else')
      branches.push({ cond: child.attributes['cond'], actions: [] });
    else branches.at(-1)?.actions.push(actionOf(child));
  }
  const guarded = branches.map(({ cond, actions }) => ({ guard: cond && guardOf(cond), actions }));
  return enqueueActions(({ enqueue, check }) => {
    const taken = guarded.find(({ guard }) => !guard || check(guard as never));
    for (const action of taken?.actions ?? []) enqueue(action as never);
  }) as unknown as Action;
}

function msOf(delay: string | undefined): number | undefined {
  if (delay === undefined) return undefined;
  const [, count, unit] = /^\s*(\d*\.?\d+)(ms|s)\s*$/.exec(delay) ?? [];
  if (count === undefined) throw new Unconvertible(`the delay ${delay}`);
  return Number(count) * (unit === 's' ? 1_000 : 1);
}

const expression = (text: string | undefined): Expression => script(`return (${text});`);

function script(body: string): Expression {
  let run: (context: object, event: object) => unknown;
  try {
    // Without `'use strict'`, which modules have and `Function` has not: SCXML sees its data as variables.
    run = new Function(
      'context',
      '_event',
      `const _sessionid = ''; with (context) { ${body} }`,
    ) as typeof run;
  } catch {
    throw new Unconvertible(`the expression ${body}`);
  }
  return ({ context, event }) => run(context, { name: event.type, data: event });
}
