import type { IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';

import { Router } from '@koa/router';
import { formidable } from 'formidable';

import type { Desk } from '../actors/ports/desk.ts';
import {
  UploadRefused,
  type AdmittedUpload,
  type ServedDocuments,
} from '../actors/ports/documents.ts';
import { uploadDelivery } from './documents.ts';
import { comeAgain, Refusal } from './errors.ts';
import type { EdgeState } from './request.ts';
import type { WebhookDoor } from './webhook.ts';

/** Fields and their headers; the policy is the longest at 1 KiB. */
const formBytes = 64 * 1_024;
/** No policy of ours allows a larger file. */
const mostBytes = 64 * 1_024 * 1_024;
/** How far past its limit we read a file, so that a browser that is still writing gets to see its 400 and not a reset. */
const lingerBytes = 4 * 1_024 * 1_024;
/** Of files that are held in memory at one time, over all requests: they are sealed whole, and never lie on a disk in the clear. */
const heldBytes = 256 * 1_024 * 1_024;
const storeDeadlineMs = 30_000;

const statuses = {
  AccessDenied: 403,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  InvalidArgument: 400,
  MissingContentLength: 411,
  SignatureDoesNotMatch: 403,
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
 * A file is read no further than its policy allows, whatever `Content-Length` says.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function servedDocumentRoutes(
  door: WebhookDoor,
  desk: Pick<Desk, 'audit'>,
  { served, bucket }: { readonly served: ServedDocuments; readonly bucket: string },
): Router<EdgeState> {
  const router = new Router<EdgeState>();
  let held = 0;

  router.post('/documents/upload', async (ctx) => {
    const length = Number(ctx.get('content-length') || Number.NaN);
    const early = refusalOfLength(length);
    if (early !== null) {
      ctx.set('connection', 'close');
      return answer(ctx, early);
    }
    let reserved = 0;
    // Only a form that we signed may take memory.
    const admit = (fields: ReadonlyMap<string, string>) => {
      const upload = served.admit(fields);
      const most = Math.min(length, upload.maxBytes);
      if (held + most > heldBytes) throw comeAgain('overloaded');
      reserved += most;
      held += most;
      return upload;
    };
    try {
      const { upload, bytes } = await readUpload(ctx.req, admit);
      const { tenant, caseId, name } = upload;
      const patient = { subject: 'patient', tenant, roles: ['patient'] };
      await desk.audit(patient, caseId, 'POST /documents/upload');
      const { version, size, checksum } = await served.receive(
        upload,
        bytes,
        AbortSignal.timeout(storeDeadlineMs),
      );
      const place = { tenant, caseId, name };
      // The same file again is the same version, so a form that is sent again tells the case nothing new.
      const fact = { place, bucket, version, sequencer: '', size, checksum };
      await door.commit([uploadDelivery(fact)], ctx.state.traceparent);
      ctx.status = 204;
    } catch (error) {
      // What is left of the body must not be taken for the next request.
      if (!ctx.req.complete) ctx.set('connection', 'close');
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      answer(ctx, refusal);
    } finally {
      held -= reserved;
    }
  });

  router.get('/documents/:signed', async (ctx) => {
    const { signed = '' } = ctx.params;
    const found = await orGone(served.open(signed, AbortSignal.timeout(storeDeadlineMs)));
    if (found === null) {
      return answer(ctx, { code: 'AccessDenied', message: 'The link is not valid, or no longer.' });
    }
    const { tenant, caseId, filename, contentType, bytes } = found;
    const bearer = { subject: 'document-link', tenant, roles: [] };
    await desk.audit(bearer, caseId, 'GET /documents/{signed}');
    ctx.set('content-disposition', `attachment; filename="${filename}"`);
    ctx.type = contentType;
    ctx.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  });

  return router;
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

/**
 * Reads a form whose fields come before its file, and the file only once `admit` has taken the fields.
 *
 * @throws {UploadRefused} by `admit`, or because the form or the size of its file is wrong
 * @throws {Refusal} 400 broken off; what else `admit` throws
 */
async function readUpload(
  request: IncomingMessage,
  admit: (fields: ReadonlyMap<string, string>) => AdmittedUpload,
): Promise<{ upload: AdmittedUpload; bytes: Uint8Array }> {
  const fields = new Map<string, string>();
  const chunks: Buffer[] = [];
  let upload: AdmittedUpload | null = null;
  let refused: Error | null = null;
  let length = 0;

  const form = formidable({
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
      } catch (error) {
        refused = error as Error;
      }
      const limit = upload?.maxBytes ?? 0;
      return new Writable({
        write(chunk: Buffer, _encoding, done) {
          length += chunk.length;
          if (length <= limit) chunks.push(chunk);
          else chunks.length = 0;
          done(length > limit + lingerBytes ? new Error('Too far past the limit') : null);
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
  return { upload: admitted, bytes: Buffer.concat(chunks) };
}

function malformed(message: string): UploadRefused {
  return new UploadRefused('InvalidArgument', message);
}
