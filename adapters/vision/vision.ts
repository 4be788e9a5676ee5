import { setTimeout as delay } from 'node:timers/promises';

import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { VisionPort } from '../../actors/ports/vision.ts';
import type { StudyReference, VisionResult } from '../../actors/shapes/imaging.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type JsonAnswer, parsed, sendJson } from '../http.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';

/** Every call carries an idempotency key or only reads. */
export const visionPolicy: PolicyOptions = {
  timeoutMs: 20_000,
  retryWhen: whenRetryable,
  concurrency: 8,
};

export interface VisionOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly dispatcher?: Dispatcher;
  /** Made from `visionPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  /** How long `analyse` waits for a model that answered "later". 10 min if absent. */
  readonly deadlineMs?: number;
}

const provider = 'vision';
const firstPollMs = 100;
const longestPollMs = 5_000;
const maxBytes = 512 * 1_024;
const maxFindings = 200;

const Uid = v.pipe(v.string(), v.regex(/^[\d.]{1,64}$/));
const Word = v.pipe(v.string(), v.regex(/^[\w .:/+-]{1,100}$/));
const Result = v.object({
  status: v.literal('done'),
  model: v.object({ name: Word, version: Word }),
  findings: v.pipe(
    v.array(
      v.object({
        label: Word,
        confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
        seriesInstanceUid: Uid,
        sopInstanceUid: v.optional(v.nullable(Uid), null),
      }),
    ),
    v.maxLength(10_000),
  ),
});
const AnalysisId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
const Analysis = v.variant('status', [
  Result,
  v.object({ status: v.literal('running'), analysisId: AnalysisId }),
  v.object({ status: v.literal('failed'), code: v.pipe(v.string(), v.regex(/^\w{1,64}$/)) }),
]);
type Analysis = v.InferOutput<typeof Analysis>;
const Refused = v.object({ code: v.pipe(v.string(), v.regex(/^\w{1,64}$/)) });

/** A model behind the contract that README.md describes. */
export function httpVision(options: VisionOptions): VisionPort {
  const { baseUrl, apiKey, dispatcher, policy, telemetry } = options;
  const { deadlineMs = 10 * 60_000 } = options;

  function send(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
    body?: object,
  ): Promise<Analysis> {
    return policy.execute(
      (attempt) =>
        telemetry.integrationCall(provider, async () =>
          analysisIn(
            await sendJson({
              provider,
              dispatcher,
              baseUrl,
              path,
              method,
              headers: {
                authorization: `Bearer ${apiKey}`,
                accept: 'application/json',
                ...headers,
              },
              ...(body === undefined ? {} : { body: JSON.stringify(body) }),
              signal: attempt.signal,
              maxBytes,
            }),
          ),
        ),
      signal,
    );
  }

  return {
    async analyse(study, { effectId, signal }) {
      const deadline = performance.now() + deadlineMs;
      const headers = { 'content-type': 'application/json', 'idempotency-key': effectId };
      const body = { study: bodyOf(study) };
      let analysis = await send('POST', '/v1/studies:analyse', signal, headers, body);
      for (let waitMs = firstPollMs; analysis.status === 'running'; waitMs *= 1.5) {
        const pauseMs = Math.min(waitMs, longestPollMs);
        if (performance.now() + pauseMs > deadline) {
          throw new ProviderUnreachable(provider, 'analysis_deadline');
        }
        await delay(pauseMs, undefined, { signal }).catch((cause: unknown) => {
          throw new ProviderUnreachable(provider, 'analysis_deadline', { cause });
        });
        analysis = await send('GET', `/v1/analyses/${analysis.analysisId}`, signal);
      }
      if (analysis.status === 'failed') throw new ProviderRefused(provider, analysis.code);
      return resultOf(analysis);
    },
  };
}

function bodyOf({ studyInstanceUid, url, pseudonym, instances }: StudyReference): object {
  return { studyInstanceUid, dicomWebUrl: url, pseudonym, instances };
}

function analysisIn({ status, json }: JsonAnswer): Analysis {
  if (status === 401 || status === 403) {
    throw new ProviderCredentialsRefused(provider, `status_${status}`);
  }
  if (status >= 400) {
    const refused = v.safeParse(Refused, json);
    throw new ProviderRefused(provider, refused.success ? refused.output.code : `status_${status}`);
  }
  return parsed(provider, Analysis, json);
}

function resultOf({ model, findings }: v.InferOutput<typeof Result>): VisionResult {
  return {
    model,
    findings: findings
      .toSorted((one, other) => other.confidence - one.confidence)
      .slice(0, maxFindings),
  };
}
