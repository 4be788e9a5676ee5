import { createHash, createHmac, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as v from 'valibot';

import type { SandboxLedger } from '../ledger.ts';
import { type Operation, type Reply, type SandboxRequest, digestOf } from '../simulator.ts';
import { graphError, invalidParameter } from './errors.ts';

/** A file that Meta keeps. */
export interface Medium {
  readonly id: string;
  readonly mimeType: string;
  readonly filename: string | null;
  /** SHA-256, hex. */
  readonly sha256: string;
  readonly size: number;
  /** By us, or by a patient. */
  readonly from: 'business' | 'patient';
  readonly storedAtMs: number;
}

const Times = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Body of `POST /_sandbox/whatsapp/media-faults`: what is wrong with one medium from now on. Replaces what was. */
export const MediaFault = v.strictObject({
  mediaId: v.string(),
  /** For so many requests its URL answers 404. */
  gone: v.optional(Times),
  /** One byte of what is downloaded is wrong. */
  corrupt: v.optional(v.boolean()),
  /** What `file_size` says, in bytes. */
  claimedSize: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** What `mime_type` says. */
  claimedType: v.optional(v.string()),
  /** Where `url` points to instead. */
  url: v.optional(v.pipe(v.string(), v.url())),
  /** Where the download is redirected to. */
  redirectTo: v.optional(v.pipe(v.string(), v.url())),
});
export type MediaFault = v.InferOutput<typeof MediaFault>;

export interface MediaOptions {
  /** Where the files are kept, so that an id outlives a restart. */
  readonly folder: string;
  readonly phoneNumberId: string;
  /** Signs the URLs. */
  readonly secret: string;
  readonly ledger: SandboxLedger;
  readonly origin: () => string;
  readonly now: () => number;
  /** Counts a refusal by its code. */
  readonly refuse: (code: number) => void;
}

export interface MediaShelf {
  /** Keeps a file. */
  store(bytes: Uint8Array, about: Pick<Medium, 'mimeType' | 'filename' | 'from'>): Medium;
  /** Null when there is none, or not any more. */
  find(id: string): Medium | null;
  /** Whether Meta sends a file of this MIME type as this. */
  suits(type: string, mimeType: string): boolean;
  setFault(fault: MediaFault): void;
  /** The call of Meta's media API that this request is. */
  operation(request: SandboxRequest): Omit<Operation, 'authorised'> | undefined;
}

const MIB = 1_024 * 1_024;

/** @see https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types */
const SUPPORTED: Readonly<Record<string, readonly [mostBytes: number, types: readonly string[]]>> =
  {
    image: [5 * MIB, ['image/jpeg', 'image/png']],
    audio: [16 * MIB, ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg']],
    video: [16 * MIB, ['video/mp4', 'video/3gpp']],
    sticker: [500 * 1_024, ['image/webp']],
    document: [
      100 * MIB,
      [
        'text/plain',
        'application/pdf',
        'application/msword',
        'application/vnd.ms-excel',
        'application/vnd.ms-powerpoint',
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'application/vnd.openxmlformats-officedocument.presentationml.presentation',
      ],
    ],
  };

const URL_LIFETIME_MS = 5 * 60 * 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const LIFETIME_MS = { business: 30 * DAY_MS, patient: 7 * DAY_MS } as const;
const DOWNLOAD_PATH = '/whatsapp_business/attachments/';

/** The two-step media API. Files are on disk beside the ledger: an upload that was answered for outlives a SIGKILL. */
export function createMedia(options: MediaOptions): MediaShelf {
  const { folder, phoneNumberId, secret, ledger, origin, now, refuse } = options;
  const faults = new Map<string, MediaFault & { goneLeft: number }>();
  const uploadPath = new RegExp(`^/v\\d+\\.0/${phoneNumberId}/media$`);
  const bytesFile = (id: string) => join(folder, `${id}.bin`);
  const aboutFile = (id: string) => join(folder, `${id}.json`);

  function refused(reply: Reply): Reply {
    refuse((reply.body as { error: { code: number } }).error.code);
    return reply;
  }

  function store(bytes: Uint8Array, about: Pick<Medium, 'mimeType' | 'filename' | 'from'>): Medium {
    mkdirSync(folder, { recursive: true });
    const id = `${randomInt(1_000_000, 9_999_999)}${randomInt(10_000_000, 99_999_999)}`;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const medium = { id, ...about, sha256, size: bytes.length, storedAtMs: now() };
    writeFileSync(bytesFile(id), bytes);
    writeFileSync(aboutFile(id), JSON.stringify(medium)); // Last: what it tells of is there.
    return medium;
  }

  function find(id: string): Medium | null {
    if (!/^\d+$/.test(id) || !existsSync(aboutFile(id))) return null;
    const medium = JSON.parse(readFileSync(aboutFile(id), 'utf8')) as Medium;
    return now() - medium.storedAtMs < LIFETIME_MS[medium.from] ? medium : null;
  }

  const hashOf = (id: string, expires: string) =>
    createHmac('sha256', secret).update(`${id}.${expires}`).digest('hex').slice(0, 32);

  async function upload(request: SandboxRequest): Promise<Reply> {
    const form = await formIn(request);
    const fields = form && Object.fromEntries(form);
    const checked = v.safeParse(UploadForm, fields);
    if (!checked.success)
      return refused(invalidParameter(v.getDotPath(checked.issues[0]) ?? 'body'));
    const { file, type } = checked.output;
    const mimeType = bareType(type);
    const room = Object.values(SUPPORTED).find(([, types]) => types.includes(mimeType))?.[0];
    if (room === undefined) return refused(graphError(131053, `${mimeType} is not supported`));
    if (file.size === 0 || file.size > room)
      return refused(graphError(131053, `A file of ${file.size} bytes, at most ${room}`));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { id, sha256, size } = store(bytes, { mimeType, filename: file.name, from: 'business' });
    ledger.append({
      provider: 'whatsapp',
      kind: 'upload',
      key: id,
      digest: sha256,
      detail: { id, mimeType, size },
    });
    return { status: 200, body: { id } };
  }

  async function describe({ url }: SandboxRequest, id: string): Promise<Reply> {
    const number = url.searchParams.get('phone_number_id');
    if (number !== null && number !== phoneNumberId)
      return refused(invalidParameter('phone_number_id'));
    const medium = find(id);
    if (!medium) return refused(missing(id));
    const fault = faults.get(id);
    const expires = String(now() + URL_LIFETIME_MS);
    const query = new URLSearchParams({ mid: id, ext: expires, hash: hashOf(id, expires) });
    return {
      status: 200,
      body: {
        messaging_product: 'whatsapp',
        url: fault?.url ?? `${origin()}${DOWNLOAD_PATH}?${query.toString()}`,
        mime_type: fault?.claimedType ?? medium.mimeType,
        sha256: medium.sha256,
        file_size: String(fault?.claimedSize ?? medium.size),
        id,
      },
    };
  }

  async function download({ url }: SandboxRequest): Promise<Reply> {
    const [id, expires, hash] = ['mid', 'ext', 'hash'].map(
      (name) => url.searchParams.get(name) ?? '',
    ) as [string, string, string];
    const medium = find(id);
    if (!medium || hash !== hashOf(id, expires) || now() >= Number(expires)) return notFound;
    const fault = faults.get(id);
    if (fault && fault.goneLeft > 0) {
      fault.goneLeft -= 1;
      return notFound;
    }
    if (fault?.redirectTo !== undefined) {
      return { status: 302, body: {}, headers: { location: fault.redirectTo } };
    }
    const bytes = readFileSync(bytesFile(id));
    if (fault?.corrupt) bytes[bytes.length >> 1]! ^= 0xff;
    const headers = {
      'content-type': medium.mimeType,
      'content-length': String(bytes.length),
      'cache-control': 'private, no-store',
    };
    return { status: 200, body: bytes, headers };
  }

  async function remove(id: string): Promise<Reply> {
    if (!find(id)) return refused(missing(id));
    rmSync(aboutFile(id));
    rmSync(bytesFile(id));
    const about = { provider: 'whatsapp', kind: 'media-delete', key: id } as const;
    ledger.append({ ...about, digest: digestOf(''), detail: { id } });
    return { status: 200, body: { success: true } };
  }

  return {
    store,
    find,
    suits: (type, mimeType) => SUPPORTED[type]?.[1].includes(mimeType) ?? false,
    setFault: (fault) => void faults.set(fault.mediaId, { ...fault, goneLeft: fault.gone ?? 0 }),
    operation(request) {
      const { method, url } = request;
      const slowly = (name: string, work: () => Promise<Reply>) => ({
        name,
        async perform(pause: () => Promise<void>) {
          await pause();
          return work();
        },
      });
      if (method === 'POST' && uploadPath.test(url.pathname))
        return slowly('media-upload', () => upload(request));
      if (method === 'GET' && url.pathname === DOWNLOAD_PATH)
        return slowly('media-download', () => download(request));
      const [, id] = /^\/v\d+\.0\/(\d+)$/.exec(url.pathname) ?? [];
      if (id === undefined) return undefined;
      if (method === 'GET') return slowly('media-url', () => describe(request, id));
      if (method === 'DELETE') return slowly('media-delete', () => remove(id));
      return undefined;
    },
  };
}

const UploadForm = v.strictObject({
  messaging_product: v.literal('whatsapp'),
  file: v.instance(File),
  type: v.pipe(v.string(), v.regex(/^[\w.+-]+\/[\w.+-]+(;.*)?$/)),
});

const notFound: Reply = { status: 404, body: { error: 'Not Found' } };

function missing(id: string): Reply {
  const details = `Unsupported request. Object with ID '${id}' does not exist`;
  const reply = graphError(100, details);
  const { error } = reply.body as { error: object };
  return { ...reply, body: { error: { ...error, error_subcode: 33 } } };
}

/** Without parameters: `audio/ogg; codecs=opus` is `audio/ogg`. */
function bareType(type: string): string {
  return type.split(';')[0]?.trim().toLowerCase() ?? '';
}

/** A multipart body; undefined if it is none. */
async function formIn({ headers, bytes }: SandboxRequest): Promise<FormData | undefined> {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return undefined;
  try {
    return await new Response(Buffer.from(bytes), { headers: { 'content-type': type } }).formData();
  } catch {
    return undefined;
  }
}
