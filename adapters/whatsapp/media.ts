import { createHash } from 'node:crypto';

import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  MediaRefused,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { InboundMedia, MediaPort } from '../../actors/ports/media.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { GuardedAnswer, GuardedFetch } from '../guarded-fetch.ts';
import { type ProviderAnswer, exchange, jsonOf, parsed } from '../http.ts';
import type { CallPolicy, PolicyOptions } from '../policy.ts';
import { deadTokenReason, whatsappError } from './errors.ts';
import { type KeptKind, claimedType, typeOf } from './media-types.ts';
import { GRAPH_VERSION } from './token.ts';

/** Only reads, so all may be repeated. Four at a time, because each may hold 20 MB twice over. */
export const whatsappMediaPolicy: PolicyOptions = {
  timeoutMs: 30_000,
  retryWhen: (error) => error instanceof ProviderBusy || error instanceof ProviderUnreachable,
  maxRetries: 2,
  concurrency: 4,
};

/** The largest file of each kind, in bytes. */
export type MediaLimits = Readonly<Record<KeptKind, number>>;

/** What Meta takes from patients, except that its documents may have 100 MB. */
export const defaultMediaLimits: MediaLimits = {
  image: 5 * 1_024 * 1_024,
  document: 20 * 1_024 * 1_024,
  audio: 16 * 1_024 * 1_024,
  video: 16 * 1_024 * 1_024,
};

export interface WhatsappMediaOptions {
  /** `https://graph.facebook.com`, without the version. */
  readonly baseUrl: string;
  /** The token of a tenant's number; throws what the port may throw. */
  readonly tokenOf: (tenant: string, signal: AbortSignal) => Promise<string>;
  /** Told when Graph refuses a token, with `deadTokenReason`; answers what to throw. Nobody is told if absent. */
  readonly tokenRefused?: (token: string, reason: string) => Promise<ExpectedError>;
  /** The number a tenant is written to; undefined if it has none. */
  readonly phoneNumberIdOf: (tenant: string) => string | undefined;
  /** For `baseUrl`, which is our own setting. */
  readonly dispatcher?: Dispatcher;
  /** For the files' addresses, which are not. */
  readonly guard: GuardedFetch;
  /** Made from `whatsappMediaPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  readonly limits?: Partial<MediaLimits>;
  /** For one `fetch` with all its repetitions. 60 s if absent. */
  readonly deadlineMs?: number;
  /** Of one image. 50 million if absent: a few KB of PNG can claim billions, and whoever shows it has to hold them. */
  readonly maxPixels?: number;
}

/** Meta's ids are digits today. Nothing that could lead elsewhere in a path. */
const MediaId = v.pipe(v.string(), v.regex(/^[\w-]{1,200}$/));

/** Hex here and base64 in webhooks, or the other way round: Meta's documentation and its examples differ. */
const Sha256 = v.pipe(v.string(), v.check(isSha256), v.transform(hexOf));

const Described = v.object({
  url: v.pipe(v.string(), v.maxLength(4_096)),
  mime_type: v.string(),
  sha256: Sha256,
  file_size: v.pipe(
    v.union([v.string(), v.number()]),
    v.transform(Number),
    v.safeInteger(),
    v.minValue(0),
  ),
});

const Refused = v.object({
  error: v.object({ code: v.number(), error_subcode: v.optional(v.number()) }),
});

/** Why a file is worth asking for once more, from the beginning. */
type Again = 'gone' | 'damaged';

/**
 * Fetches what patients send, in two steps: the media id gives an address that lives for five minutes, and the address,
 * with the same token, gives the file. A file that was not there or came damaged is asked for once more. Nothing but the
 * file itself decides what it is.
 *
 * @see https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
 */
export function whatsappMedia(options: WhatsappMediaOptions): MediaPort {
  const { baseUrl, tokenOf, phoneNumberIdOf, dispatcher, guard, policy, telemetry } = options;
  const { tokenRefused, deadlineMs = 60_000, maxPixels = 50_000_000 } = options;
  const limits: MediaLimits = { ...defaultMediaLimits, ...options.limits };

  /** What the file is and where; null when it is gone. */
  async function describe(path: string, token: string, signal: AbortSignal, tries: number) {
    return await telemetry.integrationCall('whatsapp', async () => {
      const answer = await exchange({
        provider: 'whatsapp',
        dispatcher,
        baseUrl,
        path,
        method: 'GET',
        headers: { authorization: `Bearer ${token}` },
        signal,
      });
      if (isGone(answer)) return null;
      if (!isDone(answer)) throw await refusalOf(answer, token, tries);
      return parsed('whatsapp', Described, jsonOf('whatsapp', answer.text));
    });
  }

  /** The file; `gone`, or null where it is longer than `maxBytes`. */
  async function download(
    url: string,
    token: string,
    maxBytes: number,
    signal: AbortSignal,
    tries: number,
  ): Promise<Uint8Array | 'gone' | null> {
    return await telemetry.integrationCall('whatsapp', async () => {
      const { bytes, ...answer } = await guard.get({
        provider: 'whatsapp',
        url,
        // Meta's files are known to be refused to clients that do not say who they are.
        headers: { authorization: `Bearer ${token}`, 'user-agent': 'patient-case-orchestrator' },
        maxBytes,
        signal,
      });
      if (isDone(answer)) return bytes;
      const refusal = { ...answer, text: textOf(bytes) };
      if (isGone(refusal)) return 'gone';
      // The files' host alone speaks, without a code of Graph's: no reason to give up a token that Graph just took.
      if (deadTokenReason(refusal) === 'status_401') {
        throw new ProviderUnreachable('whatsapp', 'status_401', { errorType: 'refused' });
      }
      throw await refusalOf(refusal, token, tries);
    });
  }

  async function refusalOf(
    answer: ProviderAnswer,
    token: string,
    tries: number,
  ): Promise<ExpectedError> {
    const reason = deadTokenReason(answer);
    if (reason !== undefined && tokenRefused) return await tokenRefused(token, reason);
    return whatsappError(answer, tries);
  }

  /** Both steps, once. */
  async function attempt(
    kind: KeptKind,
    expected: string | null,
    path: string,
    token: string,
    signal: AbortSignal,
    tries: number,
  ): Promise<Again | { bytes: Uint8Array; sha256: string }> {
    const description = await describe(path, token, signal, tries);
    if (description === null) return 'gone';
    const { url, mime_type, sha256, file_size } = description;
    if (claimedType(kind, mime_type) === undefined) throw new MediaRefused('wrong_type');
    if (file_size > limits[kind]) throw new MediaRefused('too_large');

    const bytes = await download(url, token, limits[kind], signal, tries);
    if (bytes === 'gone') return 'gone';
    if (bytes === null) throw new MediaRefused('too_large');
    const actual = createHash('sha256').update(bytes).digest('hex');
    const whole =
      bytes.length === file_size && actual === sha256 && actual === (expected ?? actual);
    return whole ? { bytes, sha256: actual } : 'damaged';
  }

  return {
    async fetch(media, { attempt: performed, tenant, signal }) {
      const { kind, mediaId, expected } = checked(media);
      const phoneNumberId = phoneNumberIdOf(tenant);
      if (phoneNumberId === undefined) {
        throw new ProviderCredentialsRefused('whatsapp', 'no_sender');
      }
      const query = new URLSearchParams({ phone_number_id: phoneNumberId });
      const path = `/${GRAPH_VERSION}/${mediaId}?${query.toString()}`;
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      const found = await policy.execute(async (call) => {
        const token = await tokenOf(tenant, call.signal);
        const tries = performed - 1 + call.retries;
        const once = () => attempt(kind, expected, path, token, call.signal, tries);
        const first = await once();
        return typeof first === 'string' ? await once() : first;
      }, deadline);
      if (typeof found === 'string') throw new MediaRefused(found);
      return { ...found, contentType: await typeOf(kind, found.bytes, maxPixels) };
    },
  };
}

/** Before anybody is asked. */
function checked({ kind, mediaId, sha256 }: InboundMedia): {
  kind: KeptKind;
  mediaId: string;
  expected: string | null;
} {
  if (kind === 'sticker') throw new MediaRefused('wrong_type');
  if (!v.is(MediaId, mediaId)) throw new ProviderRefused('whatsapp', 'media_id');
  // Not a checksum at all: no file can agree with it.
  if (sha256 !== null && !isSha256(sha256)) throw new MediaRefused('damaged');
  return { kind, mediaId, expected: sha256 && hexOf(sha256) };
}

function isDone({ status }: { readonly status: number }): boolean {
  return status === 200;
}

/**
 * Whether the file, or its five minutes, are over. Graph says "unknown id" as 100/33, which may also mean that the token
 * lacks a permission; then others fail in ways that tell. 131052 is a download that failed inside Meta.
 */
function isGone({ status, text }: Pick<ProviderAnswer, 'status' | 'text'>): boolean {
  if (status === 404 || status === 410) return true;
  if (status === 200) return false;
  const refused = v.safeParse(v.pipe(v.string(), v.parseJson(), Refused), text);
  if (!refused.success) return false;
  const { code, error_subcode } = refused.output.error;
  return code === 131052 || (code === 100 && error_subcode === 33);
}

function textOf(bytes: GuardedAnswer['bytes']): string {
  return bytes === null ? '' : Buffer.from(bytes).toString('utf8');
}

function isSha256(text: string): boolean {
  return /^([0-9a-f]{64}|[\w+/-]{43}=?)$/i.test(text);
}

function hexOf(sha256: string): string {
  return sha256.length === 64
    ? sha256.toLowerCase()
    : Buffer.from(sha256, 'base64').toString('hex');
}
