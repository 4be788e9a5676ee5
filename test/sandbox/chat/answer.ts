import { type Opinion, type Topic, topics } from './model.ts';
import { type JsonSchema, alternatives, conforms, typesOf } from './schema.ts';

const SYNONYMS: Readonly<Record<string, Topic>> = {
  language: 'lang',
  departuredate: 'departDate',
  departureairport: 'origin',
  originairport: 'origin',
  treatment: 'procedure',
  party: 'adults',
  children: 'childrenAges',
};
/** What answers best where nothing is known. */
const NOTHINGS: readonly unknown[] = ['unclear', 'unknown', 'none', 'other'];

/**
 * An opinion in the form that a schema asks for. Properties are known by their names: a topic's may hold the bare value or
 * `{ value, confidence }`; what the model knows nothing of is null, or the least that the schema lets through.
 */
export function answerFor(root: JsonSchema, opinion: Opinion): unknown {
  function objectFor(schema: JsonSchema, about: Topic | null): Record<string, unknown> {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(
      entries.map(([key, property]) => [key, propertyFor(key, property, about)]),
    );
  }

  function propertyFor(key: string, schema: JsonSchema, about: Topic | null): unknown {
    const name = key.toLowerCase().replaceAll(/[^a-z]/g, '');
    const topic = topicOf(name);
    if (topic) return opinion.has(topic) ? topicFor(schema, topic) : nothingFor(schema);
    if (name.endsWith('confidence')) {
      const whose = topicOf(name.slice(0, -'confidence'.length)) ?? about ?? 'intent';
      return fitting(schema, opinion.get(whose)?.confidence ?? 0);
    }
    if (about) return partFor(name, schema, about);
    const object = objectIn(schema);
    return object ? objectFor(object, null) : nothingFor(schema);
  }

  function topicFor(schema: JsonSchema, topic: Topic): unknown {
    const value = opinion.get(topic)?.value;
    if (conforms(value, schema, root)) return value;
    const object = objectIn(schema);
    return object ? objectFor(object, topic) : nothingFor(schema);
  }

  /** A property inside a topic: its value, or a part of its money. */
  function partFor(name: string, schema: JsonSchema, topic: Topic): unknown {
    const value = opinion.get(topic)?.value;
    if (name === 'value') return topicFor(schema, topic);
    const { amountMinor, currency } = (topic === 'budget' ? value : {}) as {
      amountMinor?: string;
      currency?: string;
    };
    if (name === 'currency') return fitting(schema, currency);
    if (name === 'amountminor') return fitting(schema, amountMinor, Number(amountMinor));
    if (name === 'amount') return fitting(schema, Number(amountMinor) / 100);
    return nothingFor(schema);
  }

  function fitting(schema: JsonSchema, ...values: readonly unknown[]): unknown {
    const value = values.find((one) => conforms(one, schema, root));
    return value === undefined ? nothingFor(schema) : value;
  }

  function objectIn(schema: JsonSchema): JsonSchema | undefined {
    return alternatives(schema, root).find((one) => typesOf(one).includes('object'));
  }

  function nothingFor(schema: JsonSchema): unknown {
    const choices = alternatives(schema, root);
    if (conforms(null, schema, root)) return null;
    const nothing = NOTHINGS.find((one) => conforms(one, schema, root));
    if (nothing !== undefined && choices.some((one) => one.enum)) return nothing;
    const [one] = choices;
    if (!one) return null;
    if ('const' in one) return one.const;
    if (one.enum) return one.enum[0];
    const [type] = typesOf(one);
    if (type === 'object') return objectOfNothing(one);
    if (type === 'array') {
      const { items, minItems = 0 } = one;
      return Array.from({ length: items ? minItems : 0 }, () => nothingFor(items as JsonSchema));
    }
    if (type === 'number' || type === 'integer') return one.minimum ?? 0;
    return type === 'boolean' ? false : '';
  }

  function objectOfNothing(schema: JsonSchema): Record<string, unknown> {
    const entries = Object.entries(schema.properties ?? {});
    return Object.fromEntries(entries.map(([key, property]) => [key, nothingFor(property)]));
  }

  return objectFor(root, null);
}

function topicOf(name: string): Topic | undefined {
  return topics.find((topic) => topic.toLowerCase() === name) ?? SYNONYMS[name];
}
