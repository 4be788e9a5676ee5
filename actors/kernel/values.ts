/**
 * Values as JSON, and beside them what JSON would change: `undefined`, -0, errors, objects without a prototype and
 * references to actors. Each such value is replaced by a stand-in, and a mark says where it is and what it was.
 *
 * Everything else that JSON would change is refused with its place: dates, maps, classes, NaN, holes, getters, symbols.
 */
import { UnstorableSnapshot } from './errors.ts';

/** Keys and indexes from a holder down to a value; never empty. */
type Path = readonly (string | number)[];

/** Child ids from the case's root down to an actor; the root itself is `[]`. */
export type ActorPath = readonly string[];

export type Mark =
  | readonly [path: Path, kind: 'undefined' | '-0' | 'bare' | 'given']
  | readonly [path: Path, kind: 'error', type: string]
  | readonly [path: Path, kind: 'actor', actor: ActorPath];

/** Where an actor is in the tree of its case; null if it is not, or not any more, a part of it. */
export type WhereIs = (ref: object) => ActorPath | null;

/** What is kept exactly. Without `marks` the value leaves the case and must be JSON as it is, but for absent properties. */
export interface Keeping {
  readonly marks?: Mark[];
  readonly whereIs?: WhereIs | undefined;
  /** Errors of classes of their own are kept as plain ones, and what JSON cannot keep of them is left out. */
  readonly lenient?: boolean;
  /** What the definition gives at the same path: a function that is still that one is taken from there. */
  readonly given?: object | undefined;
  /** What stood there when the case was opened. What is still the same object was parsed, and has no getters and the like. */
  readonly before?: unknown;
}

interface Walk extends Keeping {
  readonly place: string;
  readonly path: (string | number)[];
}

/** Deeper than this is taken for a cycle: no context nests so far, and JSON itself gives up at some depth. */
export const maxDepth = 500;

const errorTypes: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } =
  Object;

/**
 * The value as JSON can keep it: itself where nothing is odd. `path` leads from the holder of the marks to the value.
 *
 * @throws {UnstorableSnapshot} with the place, by key names; never a value
 */
export function keep(value: unknown, place: string, path: Path, keeping: Keeping = {}): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  return keepAny(value, { ...keeping, place, path: [...path] }, keeping.before);
}

function keepAny(value: unknown, walk: Walk, before: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw refusal(walk, String(value));
      if (!Object.is(value, -0)) return value;
      if (!walk.marks) throw refusal(walk, '-0');
      walk.marks.push([[...walk.path], '-0']);
      return 0;
    case 'undefined':
      if (!walk.marks) return undefined;
      walk.marks.push([[...walk.path], 'undefined']);
      return null;
    case 'object':
      if (value === null) return value;
      if (walk.path.length > maxDepth)
        throw refusal(walk, 'a cycle, or objects nested without end');
      if (Array.isArray(value)) return keepArray(value, walk, before);
      return keepObject(value, walk, before);
    case 'function':
      if (!walk.marks || !walk.given || valueAt(walk.given, walk.path) !== value)
        throw refusal(walk, 'a function');
      walk.marks.push([[...walk.path], 'given']);
      return null;
    case 'bigint':
    case 'symbol':
    default:
      throw refusal(walk, `a ${typeof value}`);
  }
}

/** What most values are, told without a look at where they stand. */
const isPlainly = (item: unknown): boolean =>
  typeof item === 'string' ||
  typeof item === 'boolean' ||
  item === null ||
  (typeof item === 'number' && item !== 0 && Number.isFinite(item));

function keepArray(value: readonly unknown[], walk: Walk, before: unknown): unknown {
  if (getPrototypeOf(value) !== Array.prototype) throw refusal(walk, 'a class of its own');
  if (value !== before && Object.keys(value).length !== value.length) {
    const hole = value.findIndex((_, i) => !(i in value));
    if (hole === -1) throw refusal(walk, 'a list with properties');
    walk.path.push(hole);
    throw refusal(walk, 'a hole');
  }
  const { path } = walk;
  const depth = path.length;
  let copy: unknown[] | undefined;
  for (let i = 0; i < value.length; i++) {
    const item = value[i];
    if (isPlainly(item)) continue;
    path.push(i);
    if (item === undefined) throw refusal(walk, 'undefined');
    const kept = keepAny(item, walk, Array.isArray(before) ? before[i] : undefined);
    path.length = depth;
    if (kept !== item) (copy ??= value.slice())[i] = kept;
  }
  return copy ?? value;
}

function keepObject(value: object, walk: Walk, before: unknown): unknown {
  const prototype: unknown = getPrototypeOf(value);
  if (prototype === null) walk.marks?.push([[...walk.path], 'bare']);
  else if (prototype !== Object.prototype) {
    if (isActor(value)) return keepActor(value, walk);
    if (value instanceof Error) return keepError(value, walk);
    throw refusal(walk, `a ${String((value.constructor as { name?: unknown } | undefined)?.name)}`);
  }
  if (value !== before) refuseHidden(value, walk);
  const earlier = typeof before === 'object' && before !== null ? before : {};
  const { path } = walk;
  const depth = path.length;
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (isPlainly(item)) continue;
    path.push(key);
    const kept = keepAny(item, walk, (earlier as Record<string, unknown>)[key]);
    path.length = depth;
    if (kept !== item) set((copy ??= { ...value }), key, kept);
  }
  return copy ?? value;
}

/** What JSON leaves out or calls: before any value is read. */
function refuseHidden(value: object, walk: Walk): void {
  if (getOwnPropertySymbols(value).length > 0) throw refusal(walk, 'a property without a name');
  for (const key of getOwnPropertyNames(value)) {
    const property = getOwnPropertyDescriptor(value, key);
    if (property?.get || property?.set) {
      walk.path.push(key);
      throw refusal(walk, 'a getter');
    }
    if (!property?.enumerable) throw refusal(walk, 'a hidden property');
  }
}

/** An error is not JSON, but what makes it one is. Its stack is not kept. */
function keepError(error: Error, walk: Walk): unknown {
  const { marks, lenient = false, path } = walk;
  const type = errorTypes[getPrototypeOf(error)?.constructor?.name as string];
  const isKnown = type !== undefined && getPrototypeOf(error) === type.prototype;
  if (!marks) throw refusal(walk, 'an Error');
  if (!isKnown && !lenient) throw refusal(walk, `a ${error.constructor.name}`);
  marks.push([[...path], 'error', isKnown ? type.name : 'Error']);
  const kept: Record<string, unknown> = { name: error.name, message: error.message };
  const depth = path.length;
  for (const key of [...Object.keys(error), ...('cause' in error ? ['cause'] : [])]) {
    const before = marks.length;
    path.push(key);
    try {
      set(kept, key, keepAny(getOwnPropertyDescriptor(error, key)?.value, walk, undefined));
    } catch (unstorable) {
      if (!lenient) throw unstorable;
      marks.length = before;
    } finally {
      path.length = depth;
    }
  }
  return kept;
}

function keepActor(ref: ActorLike, walk: Walk): unknown {
  const actor = walk.marks && walk.whereIs?.(ref);
  if (!walk.marks || !walk.whereIs) throw refusal(walk, 'a reference to an actor');
  if (!actor) throw refusal(walk, 'a reference to an actor that is no part of its case any more');
  walk.marks.push([[...walk.path], 'actor', actor]);
  return { xstate$$type: 1, id: ref.id }; // As XState writes it; what counts is the mark.
}

interface ActorLike {
  readonly id: string;
}

const isActor = (value: object): value is ActorLike =>
  'sessionId' in value && 'send' in value && 'id' in value;

/** Puts back, in place, what marks say of a holder that was just parsed: all but references to actors. */
export function revive(holder: object, marks: readonly Mark[], given: object = {}): void {
  for (const [path, kind, type] of marks) {
    const key = path.at(-1) as string | number;
    const inside = valueAt(holder, path.slice(0, -1));
    if (typeof inside !== 'object' || inside === null || kind === 'actor') continue;
    if (kind === 'undefined') set(inside, key, undefined);
    else if (kind === '-0') set(inside, key, -0);
    else if (kind === 'given') set(inside, key, valueAt(given, path));
    else if (kind === 'bare') Object.setPrototypeOf(getValue(inside, key), null);
    else set(inside, key, toError(getValue(inside, key), type));
  }
}

/** Puts the references back, in place, once all actors are there. */
export function reviveActors(
  holder: object,
  marks: readonly Mark[],
  actorAt: (path: ActorPath) => unknown,
): void {
  for (const [path, kind, actor] of marks) {
    const inside = valueAt(holder, path.slice(0, -1));
    if (kind === 'actor' && typeof inside === 'object' && inside !== null)
      set(inside, path.at(-1) as string | number, actorAt(actor));
  }
}

const getValue = (inside: unknown, key: string | number): unknown =>
  typeof inside === 'object' && inside !== null
    ? (getOwnPropertyDescriptor(inside, key)?.value as unknown)
    : undefined;

const valueAt = (holder: object, path: Path): unknown =>
  path.reduce<unknown>((inside, key) => getValue(inside, key), holder);

/** As an assignment, but for `__proto__`, which would be none. */
function set(inside: object, key: string | number, value: unknown): void {
  if (key !== '__proto__') (inside as Record<string | number, unknown>)[key] = value;
  else
    Object.defineProperty(inside, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

/** A copy of JSON that shares nothing with it. */
export function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (key === '__proto__') set(copy, key, copied(item));
    else copy[key] = typeof item === 'object' ? copied(item) : item;
  }
  return copy;
}

/** An error made of `{ name, message, … }`, of a built-in type where its name is that of one. Its stack is its first line. */
export function toError(value: unknown, type?: string): Error {
  const { name, message, cause, ...rest } = value as Record<string, unknown>;
  const Type = errorTypes[type ?? String(name)] ?? Error;
  const error = new Type(String(message));
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, writable: true });
  if (error.name !== name) set(error, 'name', name);
  for (const [key, item] of Object.entries(rest)) set(error, key, item);
  Object.defineProperty(error, 'stack', { value: `${String(name)}: ${String(message)}` });
  return error;
}

/** What leaves the case as JSON, or throws: inputs of effects and what is emitted. */
export const refuseUnstorable = (value: unknown, place: string): void =>
  void keep(value, place, []);

function refusal({ place, path }: Walk, what: string): UnstorableSnapshot {
  return new UnstorableSnapshot(placeText(place, path), what);
}

/** `context.trip.days[2]`. Keys that are not plain names may be data and are not told. */
export function placeText(place: string, path: Path): string {
  const text = path.reduce<string>((at, key) => {
    if (typeof key === 'number') return `${at}[${key}]`;
    if (!/^[A-Za-z_$][\w$-]{0,39}$/.test(key)) return `${at}[…]`;
    return at === '' ? key : `${at}.${key}`;
  }, place);
  return text.length <= 100 ? text : `${text.slice(0, 60)}…${text.slice(-30)}`;
}
