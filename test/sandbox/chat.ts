import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import { answerFor } from './chat/answer.ts';
import { opinionOn } from './chat/model.ts';
import { type JsonSchema, strictFault } from './chat/schema.ts';
import type { Spoiled } from './faults.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
  digestOf,
  jsonIn,
} from './simulator.ts';

const Tokens = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const Completion = v.strictObject({
  model: v.pipe(v.string(), v.minLength(1)),
  messages: v.pipe(
    v.array(
      v.strictObject({
        role: v.picklist(['system', 'developer', 'user', 'assistant']),
        content: v.pipe(v.string(), v.minLength(1)),
        name: v.optional(v.string()),
      }),
    ),
    v.check((messages) => messages.some(({ role }) => role === 'user'), 'no user'),
  ),
  response_format: v.strictObject({
    type: v.literal('json_schema'),
    json_schema: v.strictObject({
      name: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
      description: v.optional(v.string()),
      strict: v.optional(v.nullable(v.boolean())),
      schema: v.custom<JsonSchema>((input) => typeof input === 'object' && input !== null),
    }),
  }),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  top_p: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  seed: v.optional(v.pipe(v.number(), v.safeInteger())),
  max_tokens: v.optional(Tokens),
  max_completion_tokens: v.optional(Tokens),
  n: v.optional(v.literal(1)),
  store: v.optional(v.boolean()),
  stream: v.optional(v.literal(false)),
  reasoning_effort: v.optional(v.picklist(['none', 'minimal', 'low', 'medium', 'high'])),
});

/**
 * An OpenAI-compatible chat completions API with structured outputs, and rules for a model. Every request is in the ledger
 * as `chat`, also one that is refused or hit by a fault: it shows what has left us.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function chatSimulator(apiKey: string, ledger: SandboxLedger): Simulator {
  async function complete(
    request: SandboxRequest,
    pause: () => Promise<void>,
    spoiled?: Spoiled,
  ): Promise<Reply> {
    if (!request.headers['content-type']?.startsWith('application/json'))
      return chatError(400, 'invalid_content_type');
    const checked = v.safeParse(Completion, jsonIn(request.body));
    if (!checked.success) {
      const [issue] = checked.issues;
      const unknown = issue.type === 'strict_object' && issue.expected === 'never';
      const code = unknown ? 'unknown_parameter' : 'invalid_value';
      return chatError(400, code, v.getDotPath(issue));
    }
    const { model, messages, response_format, max_tokens, max_completion_tokens } = checked.output;
    const { strict, schema } = response_format.json_schema;
    const fault = strict ? strictFault(schema) : null;
    if (fault !== null) {
      const param = 'response_format';
      return chatError(400, 'invalid_json_schema', param, `Invalid schema: ${fault}`);
    }
    await pause();
    const words = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const answer = JSON.stringify(answerFor(schema, opinionOn(words)));
    const most = max_completion_tokens ?? max_tokens ?? Number.POSITIVE_INFINITY;
    const cutAt = spoiled === 'truncated' ? Math.floor(answer.length / 2) : most * 4;
    const isCut = answer.length > cutAt;
    return {
      status: 200,
      body: {
        id: `chatcmpl-${randomUUID()}`,
        object: 'chat.completion',
        created: Math.floor(Date.now() / 1_000),
        model,
        choices: [
          {
            index: 0,
            message:
              spoiled === 'refusal'
                ? {
                    role: 'assistant',
                    content: null,
                    refusal: "I'm sorry, I can't help with that.",
                  }
                : {
                    role: 'assistant',
                    content: spoil(answer.slice(0, cutAt), spoiled),
                    refusal: null,
                  },
            logprobs: null,
            finish_reason: isCut ? 'length' : 'stop',
          },
        ],
        usage: usageOf(request.body.length, Math.min(answer.length, cutAt)),
        system_fingerprint: 'fp_sandbox',
      },
    };
  }

  return {
    provider: 'chat',
    find(request) {
      if (request.method !== 'POST' || request.url.pathname !== '/v1/chat/completions')
        return undefined;
      return {
        name: 'complete',
        authorised: bearerIs(request, apiKey),
        arrived() {
          const asked = jsonIn(request.body) ?? { unreadable: request.body };
          ledger.append({
            provider: 'chat',
            kind: 'chat',
            key: null,
            digest: digestOf(request.body),
            detail: { request: asked },
          });
        },
        perform: (pause, spoiled) => complete(request, pause, spoiled),
      };
    },
    error: (status = 400, code) => chatError(status, code),
  };
}

function spoil(answer: string, spoiled: Spoiled | undefined): string {
  if (spoiled === 'invalid-json') return `Sure! Here is what I understood: ${answer.slice(1)}`;
  if (spoiled === 'off-schema') {
    const [, ...rest] = Object.entries(JSON.parse(answer) as object);
    return JSON.stringify({ ...Object.fromEntries(rest), surprise: true });
  }
  return answer;
}

/** Tokens of about four characters. */
function usageOf(promptCharacters: number, answerCharacters: number): object {
  const [prompt_tokens, completion_tokens] = [promptCharacters, answerCharacters].map((count) =>
    Math.ceil(count / 4),
  ) as [number, number];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  429: 'rate_limit_exceeded',
};

function chatError(
  status: number,
  code: string | number | null = USUAL_CODES[status] ?? null,
  param: string | null = null,
  message = 'Simulated',
): Reply {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { status, body: { error: { message, type, param, code } } };
}
