import type { IncomingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';

import { Router } from '@koa/router';
import { formidable, multipart } from 'formidable';

import {
  UploadRefused,
  type AdmittedUpload,
  type ServedDocuments,
} from '../../actors/ports/documents.ts';
import { allowMs } from '../server/connections.ts';
import { uploadDelivery } from '../server/document-events.ts';
import { comeAgain, Refusal } from '../server/errors.ts';
import type { WebhookPipeline } from '../server/pipeline.ts';
import type { Asking } from '../server/raw-body.ts';
import type { EdgeState } from '../server/request.ts';
import type { LinkAudit } from './link-audit.ts';

/** Fields and their headers; the policy is the longest at 1 KiB. */
const formBytes = 64 * 1_024;
/** No policy of ours allows a larger file. */
const mostBytes = 64 * 1_024 * 1_024;
/** How far past its limit we read a file, so that a browser that is still writing gets to see its 400 and not a reset. */
const lingerBytes = 4 * 1_024 * 1_024;
/** A form that we signed may take its time: a phone on a slow line needs minutes for a film. */
const uploadDeadlineMs = 10 * 60 * 1_000;
const storeDeadlineMs = 30_000;

const statuses = {
  AccessDenied: 403,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  InvalidArgument: 400,
  MissingContentLength: 411,
  SignatureDoesNotMatch: 403,
  UnsupportedMediaType: 415,
} as const;

/** What is answered as S3 would. `message` holds nothing of what was sent. */
interface Answer {
  readonly code: keyof typeof statuses;
  readonly message: string;
}

const overSize = {
  code: 'EntityTooLarge',
  message: 'The file is larger than the policy allows.',
} as const;

/**
 * Serves the links of a store without a server of its own, with S3's answers: `POST /documents/upload` takes a form of
 * `presignUpload` (204; errors as XML), and tells the case of the upload before it answers; `GET /documents/{signed}` gives
 * what `presignDownload` leads to, always as a download.
 *
 * A file is read no further than its policy allows, whatever `Content-Length` says, and only from a multipart form: what is
 * of another type, or compressed, is refused before any parser sees it. Files are held in memory, within a budget, because
 * they are encrypted whole and never lie on a disk in the clear.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function servedDocumentRoutes(
  pipeline: WebhookPipeline,
  audit: LinkAudit,
  { served, bucket }: { readonly served: ServedDocuments; readonly bucket: string },
): Router<EdgeState> {
  const router = new Router<EdgeState>();

  router.post('/documents/upload', async (ctx) => {
    const { headers } = ctx.req;
    const wrongType = refusalOfType(headers);
    // Its length is known and bounded: Node reads past it, so that a browser that is still writing sees the answer.
    const wrongLength = refusalOfLength(Number(headers['content-length'] ?? Number.NaN));
    if (wrongLength !== null) ctx.set('connection', 'close');
    const early = wrongType ?? wrongLength;
    if (early !== null) return answer(ctx, early);

    try {
      const { upload, signature, bytes, done } = await readUpload(ctx, (fields) =>
        served.admit(fields),
      );
      try {
        const { tenant, caseId, name } = upload;
        const what = 'POST /documents/upload';
        await audit({ subject: 'patient', tenant, caseId, what, of: signature });
        const { version, size, checksum } = await served.receive(
          upload,
          bytes,
          AbortSignal.timeout(storeDeadlineMs),
        );
        const place = { tenant, caseId, name };
        // The same file again is the same version, so a form that is sent again tells the case nothing new.
        const fact = { place, bucket, version, sequencer: '', size, checksum };
        await pipeline.commit([uploadDelivery(fact)], ctx.state.traceparent);
      } finally {
        done();
      }
      ctx.status = 204;
    } catch (error) {
      // What is left of the body must not be taken for the next request.
      if (!ctx.req.complete) ctx.set('connection', 'close');
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      answer(ctx, refusal);
    }
  });

  router.get('/documents/:signed', async (ctx) => {
    const { signed = '' } = ctx.params;
    const found = await orGone(served.open(signed, AbortSignal.timeout(storeDeadlineMs)));
    if (found === null) {
      return answer(ctx, { code: 'AccessDenied', message: 'The link is not valid, or no longer.' });
    }
    const { tenant, caseId, filename, contentType, bytes } = found;
    const what = 'GET /documents/{signed}';
    await audit({ subject: 'document-link', tenant, caseId, what, of: signed });
    ctx.set('content-disposition', `attachment; filename="${filename}"`);
    ctx.type = contentType;
    ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  });

  return router;
}

function refusalOfType(headers: IncomingHttpHeaders): Answer | null {
  if (headers['content-encoding'] !== undefined) {
    return { code: 'UnsupportedMediaType', message: 'The form must not be compressed.' };
  }
  const isForm = /^multipart\/form-data\s*(;|$)/i.test(headers['content-type'] ?? '');
  return isForm ? null : malformed('The body must be multipart/form-data.');
}

function refusalOfLength(length: number): Answer | null {
  if (!Number.isSafeInteger(length)) {
    return { code: 'MissingContentLength', message: 'The form must say how long it is.' };
  }
  return length > mostBytes + formBytes + lingerBytes ? overSize : null;
}

function answer(
  ctx: { status: number; type: string; body: unknown; state: EdgeState },
  { code, message }: Answer,
): void {
  ctx.status = statuses[code];
  ctx.type = 'application/xml';
  ctx.body =
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${ctx.state.correlationId}</RequestId></Error>`;
}

/** Null for what is not the uploader's doing. */
function refusalOf(error: unknown): Answer | null {
  if (error instanceof UploadRefused) return { code: error.code, message: error.message };
  return isKeyGone(error) ? { code: 'AccessDenied', message: 'There is no such place.' } : null;
}

/** Whether a case's key was destroyed, and all its documents with it. */
function isKeyGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'key_missing';
}

async function orGone<T>(opening: Promise<T>): Promise<T | null> {
  try {
    return await opening;
  } catch (error) {
    if (isKeyGone(error)) return null;
    throw error;
  }
}

/** A form that was read, with the bytes of its file still in the budget until `done`. */
interface ReadForm {
  readonly upload: AdmittedUpload;
  /** What its policy is signed with, and so known by. */
  readonly signature: string;
  readonly bytes: Uint8Array;
  readonly done: () => void;
}

/**
 * Reads a form whose fields come before its file, and the file only once `admit` has taken the fields.
 *
 * @throws {UploadRefused} by `admit`, or because the form or the size of its file is wrong
 * @throws {Refusal} 400 broken off; 503 others needed its room; what else `admit` throws
 */
async function readUpload(
  { req: request, state: { admission } }: Asking,
  admit: (fields: ReadonlyMap<string, string>) => AdmittedUpload,
): Promise<ReadForm> {
  const fields = new Map<string, string>();
  const chunks: Buffer[] = [];
  let upload: AdmittedUpload | null = null;
  let refused: Error | null = null;
  let length = 0;
  const place = admission.receive(() => {
    refused ??= comeAgain('overloaded');
    chunks.length = 0;
    request.destroy();
  }, 'upload');

  const form = formidable({
    // The others would take a body of another type apart in memory, whole.
    enabledPlugins: [multipart],
    maxFields: 20,
    maxFieldsSize: formBytes,
    maxFiles: 1,
    maxFileSize: mostBytes + lingerBytes,
    allowEmptyFiles: true,
    minFileSize: 0,
    filter: ({ name }) => name === 'file',
    fileWriteStreamHandler: () => {
      // Thrown here, it would be nobody's to catch.
      try {
        upload = admit(fields);
        allowMs(request, uploadDeadlineMs);
      } catch (error) {
        refused = error as Error;
      }
      const limit = upload?.maxBytes ?? 0;
      return new Writable({
        write(chunk: Buffer, _encoding, done) {
          length += chunk.length;
          if (length > limit) {
            place.release(length);
            chunks.length = 0;
          } else if (place.hold(chunk.length)) chunks.push(chunk);
          else refused ??= comeAgain('overloaded');
          const isOver = length > limit + lingerBytes || refused !== null;
          done(isOver ? new Error('It is read no further') : null);
        },
      });
    },
  });
  form.on('field', (name, value) => {
    // Two values would leave open which one was checked.
    if (fields.has(name)) refused ??= malformed('A field comes twice.');
    fields.set(name, value);
  });
  let failure: unknown = null;
  try {
    await form.parse(request);
  } catch (error) {
    failure = error;
  }
  // Told apart below what came first: a form that is refused is often broken off by us.
  request.on('error', () => {}); // A socket that breaks later must not be an uncaught exception.
  if (failure !== null) request.pause();
  try {
    if (refused !== null) throw refused as Error;
    const admitted = upload as AdmittedUpload | null;
    if (admitted !== null && length > admitted.maxBytes) {
      throw new UploadRefused(overSize.code, overSize.message);
    }
    if (failure !== null) {
      if (!request.complete && request.destroyed) throw new Refusal('incomplete_body');
      throw malformed('The form cannot be read.');
    }
    if (admitted === null) throw malformed('POST requires exactly one file upload per request.');
    const signature = fields.get('x-amz-signature') ?? '';
    place.keep();
    const bytes = Buffer.concat(chunks);
    return { upload: admitted, signature, bytes, done: () => place.leave() };
  } catch (error) {
    place.leave();
    throw error;
  }
}

function malformed(message: string): UploadRefused {
  return new UploadRefused('InvalidArgument', message);
}
