/** As much of JSON Schema as structured outputs take. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  '$schema',
  '$ref',
  '$defs',
  'type',
  'title',
  'description',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
]);
const MOST_DEEP = 10;

/**
 * Why a schema is not one for `strict: true`, or null: the root is an object, each object closes with
 * `additionalProperties: false` and requires all of its properties, and no keyword is unknown.
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function strictFault(root: JsonSchema): string | null {
  if (root.type !== 'object') return `schema must be a JSON Schema of 'type: "object"'`;
  return faultAt(root, 'schema', 0);
}

function faultAt(schema: JsonSchema, path: string, depth: number): string | null {
  if (depth > MOST_DEEP) return `${path}: too deep`;
  const unknown = Object.keys(schema).find((keyword) => !KEYWORDS.has(keyword));
  if (unknown !== undefined) return `${path}: '${unknown}' is not permitted`;
  if (typesOf(schema).includes('object')) {
    if (schema.additionalProperties !== false)
      return `${path}: 'additionalProperties' is required to be supplied and to be false`;
    const missing = Object.keys(schema.properties ?? {}).find(
      (key) => !schema.required?.includes(key),
    );
    if (missing !== undefined) return `${path}: 'required' must include '${missing}'`;
  }
  const inner: readonly (readonly [string, JsonSchema])[] = [
    ...Object.entries(schema.properties ?? {}),
    ...Object.entries(schema.$defs ?? {}),
    ...(schema.anyOf ?? []).map((one, index) => [`anyOf.${index}`, one] as const),
    ...(schema.items ? [['items', schema.items] as const] : []),
  ];
  for (const [key, one] of inner) {
    const fault = faultAt(one, `${path}.${key}`, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

/** The schema itself, or the alternatives of its `anyOf`, with references followed. */
export function alternatives(schema: JsonSchema, root: JsonSchema): readonly JsonSchema[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '');
    const target = schema.$ref === '#' ? root : root.$defs?.[name];
    if (!target) throw new Error(`No schema at ${schema.$ref}`);
    return alternatives(target, root);
  }
  if (schema.anyOf) return schema.anyOf.flatMap((one) => alternatives(one, root));
  return [schema];
}

export function typesOf({ type }: JsonSchema): readonly string[] {
  if (type === undefined) return [];
  return typeof type === 'string' ? [type] : type;
}

/** Whether a value is what the schema asks for. */
export function conforms(value: unknown, schema: JsonSchema, root: JsonSchema = schema): boolean {
  return alternatives(schema, root).some((one) => conformsToOne(value, one, root));
}

function conformsToOne(value: unknown, schema: JsonSchema, root: JsonSchema): boolean {
  if (schema.enum && !schema.enum.includes(value)) return false;
  if ('const' in schema && schema.const !== value) return false;
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) return false;
  if (typeof value === 'number') {
    const { minimum = value, maximum = value } = schema;
    return value >= minimum && value <= maximum;
  }
  if (typeof value === 'string')
    return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value);
  if (Array.isArray(value)) {
    const { items, minItems = 0, maxItems = value.length } = schema;
    return (
      value.length >= minItems &&
      value.length <= maxItems &&
      (!items || value.every((item) => conforms(item, items, root)))
    );
  }
  if (typeof value !== 'object' || value === null) return true;
  const properties = schema.properties ?? {};
  const closed = schema.additionalProperties === false;
  return (
    (schema.required ?? []).every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, inner]) => {
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return property ? conforms(inner, property, root) : !closed;
    })
  );
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
