import { readFileSync } from 'node:fs';

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import * as v from 'valibot';
import { parse } from 'yaml';

export type OperationId = 'issueToken' | 'getDeal' | 'sendFlightData' | 'getItinerary';

export type SchemaName = 'Deal' | 'Itinerary' | 'FlightData' | 'FlightDataReceipt';

/** A request as the contract sees it: parameters by name, header names in lower case, the body before it is written. */
export interface ContractRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * One call of `openapi.yaml`. A fault is the name of what breaks the contract, made of the contract's own words and of indexes
 * (`legs.0.segments.0.carrier`, `idempotency-key`, `body`): never a value, so it may be logged.
 */
export interface ContractOperation {
  readonly method: 'GET' | 'POST';
  /** A template: `/deals/{dealId}`. */
  readonly path: string;
  /** Of the request's body; null if it has none. */
  readonly contentType: string | null;
  /** Null if the request keeps the contract. */
  requestFault(sent: ContractRequest): string | null;
  /** Null if such an answer is in the contract: `status` for a status that is not. */
  responseFault(status: number, json: unknown): string | null;
}

export interface Contract {
  readonly operations: Readonly<Record<OperationId, ContractOperation>>;
  /** Null if `value` is such a thing. */
  schemaFault(name: SchemaName, value: unknown): string | null;
}

/** Every schema has a name, so that a fault in it can be talked about. */
const Named = v.object({ $ref: v.pipe(v.string(), v.startsWith('#/components/schemas/')) });
const Ref = v.strictObject({ $ref: v.string() });
const Parameter = v.object({
  name: v.string(),
  in: v.picklist(['path', 'header']),
  required: v.boolean(),
  schema: Named,
});
const Content = v.record(v.string(), v.object({ schema: Named }));
const Response = v.object({
  content: v.object({ 'application/json': v.object({ schema: Named }) }),
});
const Operation = v.object({
  operationId: v.string(),
  parameters: v.optional(v.array(v.union([Ref, Parameter])), []),
  requestBody: v.optional(v.object({ required: v.literal(true), content: Content })),
  responses: v.record(v.string(), v.union([Ref, Response])),
});
const Document = v.object({
  openapi: v.pipe(v.string(), v.startsWith('3.1.')),
  paths: v.record(
    v.string(),
    v.strictObject({ get: v.optional(Operation), post: v.optional(Operation) }),
  ),
  components: v.object({
    schemas: v.record(v.string(), v.record(v.string(), v.unknown())),
    parameters: v.record(v.string(), Parameter),
    responses: v.record(v.string(), Response),
  }),
});
type Document = v.InferOutput<typeof Document>;

const OPERATION_IDS: readonly OperationId[] = [
  'issueToken',
  'getDeal',
  'sendFlightData',
  'getItinerary',
];

/** `openapi.yaml` beside this file, read and compiled once: the adapter and the sandbox keep to the same one. */
export const contract: Contract = readContract(
  readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'),
);

/**
 * Compiles an OpenAPI 3.1 document in the part of the language that ours uses.
 *
 * @throws {v.ValiError} it uses another part
 * @throws {Error} a schema that is none, or an operation that is not there
 */
export function readContract(yaml: string): Contract {
  const document = v.parse(Document, parse(yaml));
  // Strict also against ourselves: an unknown keyword or format would be a rule that nobody checks.
  const ajv = new Ajv2020({ strict: true, strictTypes: true, strictTuples: true });
  ajv.addFormat('date-time', isMoment);
  ajv.addVocabulary(['components']); // Where an OpenAPI document keeps its schemas, and their references lead.
  const { schemas } = document.components;
  ajv.addSchema({ $id: 'doktor365', components: { schemas } }, undefined, undefined, false);
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = ({ $ref }: v.InferOutput<typeof Named>): ValidateFunction => {
    const known = compiled.get($ref) ?? ajv.compile({ $ref: `doktor365${$ref}` });
    compiled.set($ref, known);
    return known;
  };
  for (const name of Object.keys(schemas)) validatorOf({ $ref: `#/components/schemas/${name}` });

  const found = new Map<string, ContractOperation>();
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    if (get) found.set(get.operationId, checked(document, validatorOf, 'GET', path, get));
    if (post) found.set(post.operationId, checked(document, validatorOf, 'POST', path, post));
  }
  const operations = OPERATION_IDS.map((id) => {
    const operation = found.get(id);
    if (!operation) throw new Error(`The contract has no operation ${id}`);
    return [id, operation] as const;
  });
  return {
    operations: Object.fromEntries(operations) as Contract['operations'],
    schemaFault: (name, value) =>
      faultIn(validatorOf({ $ref: `#/components/schemas/${name}` }), value, 'body'),
  };
}

function checked(
  document: Document,
  validatorOf: (schema: v.InferOutput<typeof Named>) => ValidateFunction,
  method: ContractOperation['method'],
  path: string,
  operation: v.InferOutput<typeof Operation>,
): ContractOperation {
  const { parameters, responses } = document.components;
  const wanted = operation.parameters.map((one) => {
    const parameter = '$ref' in one ? named(parameters, one.$ref, 'parameters') : one;
    // Names of headers are the same in any case; those of paths are not.
    const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
    return { ...parameter, name, validate: validatorOf(parameter.schema) };
  });
  const [body] = Object.entries(operation.requestBody?.content ?? {}).map(
    ([contentType, { schema }]) => ({ contentType, validate: validatorOf(schema) }),
  );
  const answers = new Map(
    Object.entries(operation.responses).map(([status, one]) => {
      const { content } = '$ref' in one ? named(responses, one.$ref, 'responses') : one;
      return [Number(status), validatorOf(content['application/json'].schema)];
    }),
  );
  return {
    method,
    path,
    contentType: body?.contentType ?? null,
    requestFault(sent) {
      for (const { name, required, validate, in: place } of wanted) {
        const value = place === 'path' ? sent.path[name] : sent.headers[name];
        if (value === undefined && !required) continue;
        if (faultIn(validate, value, name) !== null) return name;
      }
      if (!body) return sent.body === undefined ? null : 'body';
      return faultIn(body.validate, sent.body, 'body');
    },
    responseFault(status, json) {
      const validate = answers.get(status);
      return validate ? faultIn(validate, json, 'body') : 'status';
    },
  };
}

function named<T>(components: Readonly<Record<string, T>>, ref: string, kind: string): T {
  const component = components[ref.replace(`#/components/${kind}/`, '')];
  if (component === undefined) throw new Error(`The contract has no ${ref}`);
  return component;
}

function faultIn(validate: ValidateFunction, value: unknown, whole: string): string | null {
  if (validate(value)) return null;
  const [error] = validate.errors ?? [];
  return error ? nameOf(error, whole) : whole;
}

/** An unknown property is named by its parent, since its own name is somebody else's word. */
function nameOf({ instancePath, keyword, params }: ErrorObject, whole: string): string {
  const steps = instancePath.split('/').slice(1);
  if (keyword === 'required') steps.push(String(params['missingProperty']));
  return steps.length === 0 ? whole : steps.join('.');
}

const MOMENT =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 3339 with an offset, on a day that exists. Leap seconds are refused, as `Date` knows none. */
function isMoment(text: string): boolean {
  const day = MOMENT.exec(text)?.[1];
  if (day === undefined) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  // A `Date` takes the 30th of February for the 2nd of March.
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
