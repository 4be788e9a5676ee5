import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import type { SandboxLedger } from './ledger.ts';
import {
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
  digestOf,
  jsonIn,
} from './simulator.ts';
import { Refusal, look } from './vision/model.ts';

/** The archive that the model reads studies from, with the model's own credentials. */
export interface VisionArchive {
  /** `http://127.0.0.1:8042`. Studies of any other origin are refused. */
  readonly origin: string;
  readonly username: string;
  readonly password: string;
}

interface Analysis {
  readonly id: string;
  readonly digest: string;
  readonly answer: object | 'running' | Refusal;
}

const Uid = v.pipe(v.string(), v.regex(/^[\d.]{1,64}$/));
const Asked = v.strictObject({
  study: v.strictObject({
    studyInstanceUid: Uid,
    dicomWebUrl: v.pipe(v.string(), v.url()),
    pseudonym: v.pipe(v.string(), v.minLength(1)),
    instances: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  }),
});
/** Larger studies are answered later. */
const mostAtOnce = 20;

/**
 * A vision model that keeps the contract of adapters/vision/README.md. It really fetches the study. An analysis is in the
 * ledger as `analysis` once for each idempotency key. `archive` is null where none is connected.
 */
export function visionSimulator(
  apiKey: string,
  archive: VisionArchive | null,
  ledger: SandboxLedger,
): Simulator {
  const byKey = new Map<string, Analysis>();
  const byId = new Map<string, string>();

  async function analyse(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    const key = request.headers['idempotency-key'];
    const asked = v.safeParse(Asked, jsonIn(request.body));
    if (typeof key !== 'string' || !asked.success) return visionError(400, 'invalid_request');
    const digest = digestOf(request.body);
    const known = byKey.get(key);
    if (known !== undefined) {
      return known.digest === digest ? replyOf(known) : visionError(409, 'idempotency_key_reused');
    }
    if (archive === null) return visionError(503, 'no_archive');
    await pause();
    const { study } = asked.output;
    const id = randomUUID();
    ledger.append({
      provider: 'vision',
      kind: 'analysis',
      key,
      digest,
      detail: { id, studyInstanceUid: study.studyInstanceUid },
    });
    byId.set(id, key);
    const settle = (answer: Analysis['answer']): Analysis => {
      const analysis = { id, digest, answer };
      byKey.set(key, analysis);
      return analysis;
    };
    const started = settle('running');
    const looking = look(archive, study).then(settle, (error: unknown) =>
      settle(error instanceof Refusal ? error : new Refusal('archive_failed', false)),
    );
    return replyOf(study.instances > mostAtOnce ? started : await looking);
  }

  return {
    provider: 'vision',
    find(request) {
      const authorised = bearerIs(request, apiKey);
      const { method, url } = request;
      if (method === 'POST' && url.pathname === '/v1/studies:analyse') {
        return { name: 'analyse', authorised, perform: (pause) => analyse(request, pause) };
      }
      const [, id] = /^\/v1\/analyses\/([\w-]+)$/.exec(url.pathname) ?? [];
      if (method !== 'GET' || id === undefined) return undefined;
      return {
        name: 'retrieve',
        authorised,
        async perform() {
          const analysis = byKey.get(byId.get(id) ?? '');
          return analysis ? replyOf(analysis, true) : visionError(404, 'analysis_not_found');
        },
      };
    },
    error: (status = 400, code) => visionError(status, code),
  };
}

/** `later`: as the answer to the question how it went, where a refusal is a failed analysis. */
function replyOf({ id, answer }: Analysis, later = false): Reply {
  if (answer === 'running') {
    return { status: later ? 200 : 202, body: { status: 'running', analysisId: id } };
  }
  if (!(answer instanceof Refusal)) return { status: 200, body: answer };
  return later || !answer.atOnce
    ? { status: 200, body: { status: 'failed', code: answer.code } }
    : visionError(422, answer.code);
}

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  429: 'rate_limited',
};

function visionError(
  status: number,
  code: string | number = USUAL_CODES[status] ?? 'internal_error',
): Reply {
  return { status, body: { code: String(code) } };
}
