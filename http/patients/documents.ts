import { Router } from '@koa/router';
import * as v from 'valibot';

import {
  documentLimits,
  documentNames,
  type DocumentLinks,
} from '../../actors/performers/document-links.ts';
import type { DocumentStore } from '../../actors/ports/documents.ts';
import { documentKinds, type DocumentKind } from '../../actors/shapes/documents.ts';
import { orUnavailable, Refusal } from '../server/errors.ts';
import { parseJson } from '../server/json.ts';
import type { WebhookPipeline } from '../server/pipeline.ts';
import { bearerOf, type EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import type { LinkAudit } from './link-audit.ts';
import { refusingLinks } from './links.ts';

/** What patients upload with. */
export interface PatientUploads {
  readonly store: Pick<DocumentStore, 'presignUpload' | 'stat'>;
  /** Patients' links. */
  readonly links: DocumentLinks;
}

const uploadLifetimeMs = 15 * 60 * 1_000;
const storeAnswersMs = 10_000;

/** What browsers and telephones call some types besides their names. */
const usualNames: ReadonlyMap<string, string> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['application/x-pdf', 'application/pdf'],
]);

/** The type that a browser names, by its usual name. None of them knows DICOM; what the file is, the store finds out. */
function typeOf(named: string, kind: DocumentKind): string {
  const [bare = ''] = named.toLowerCase().split(';');
  const type = bare.trim();
  if (kind === 'x-ray' && (type === '' || type === 'application/octet-stream'))
    return 'application/dicom';
  return usualNames.get(type) ?? type;
}

const Upload = v.strictObject({
  kind: v.picklist(documentKinds),
  contentType: v.pipe(v.string(), v.maxLength(100)),
  /** Bytes. */
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** More than any question for a form. */
const largestQuestionBytes = 4 * 1_024;

/**
 * `POST /docs-visa/presign`, with the token of a link we sent as bearer: takes `{ kind, contentType, size }` and answers
 * `{ url, fields, expiresAt }`, a form that uploads this one document within 15 minutes (`DocumentLinksPort`). 401 for no
 * token of ours; 403 `link_expired`, `link_used` or `kind_not_allowed`; 413 `document_too_large`; 415 `document_wrong_type`.
 * A link works until one document of the kind is stored: what is refused, broken off or sent twice does not use it up.
 *
 * What patients ask for is audited first, under the subject `patient`, where the same link again is counted.
 */
export function uploadRoutes(
  { readBody, now }: Pick<WebhookPipeline, 'readBody' | 'now'>,
  { store, links }: PatientUploads,
  audit: LinkAudit,
): Router<EdgeState> {
  const router = new Router<EdgeState>();

  router.post('/docs-visa/presign', async (ctx) => {
    const link = await refusingLinks(links.read(bearerOf(ctx.get('authorization'))));
    const body = parseJson(await readBody(ctx, largestQuestionBytes));
    const { kind, contentType: named, size } = parseOr('invalid_body', Upload, body);
    const contentType = typeOf(named, kind);
    if (!link.kinds.includes(kind)) throw new Refusal('kind_not_allowed');
    const { maxBytes, endings } = documentLimits[kind];
    const ending = new Map<string, string>(Object.entries(endings)).get(contentType);
    if (ending === undefined) {
      const types = Object.keys(endings).join(', ');
      throw new Refusal('document_wrong_type', `contentType: one of ${types}`);
    }
    if (size > maxBytes) {
      throw new Refusal('document_too_large', `size: at most ${maxBytes} bytes`);
    }
    const { tenant, caseId, id } = link;
    const what = 'POST /docs-visa/presign';
    await orUnavailable(audit({ subject: 'patient', tenant, caseId, what, of: `${id} ${kind}` }));
    const names = documentNames(link, kind);
    const signal = AbortSignal.timeout(storeAnswersMs);
    const stored = await orUnavailable(
      Promise.all(names.map(async (name) => store.stat({ tenant, caseId, name }, signal))),
    );
    if (stored.some((one) => one !== null)) throw new Refusal('link_used');
    const expiresAt = now() + uploadLifetimeMs;
    const form = await store.presignUpload({
      tenant,
      caseId,
      name: names.find((name) => name.endsWith(`.${ending}`)) ?? '',
      contentType,
      minBytes: 1,
      maxBytes: size,
      expiresAt,
    });
    ctx.body = { ...form, expiresAt: new Date(expiresAt).toISOString() };
  });

  return router;
}
