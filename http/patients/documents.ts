import { randomUUID } from 'node:crypto';

import { Router } from '@koa/router';
import * as v from 'valibot';

import { documentLimits, type DocumentLinks } from '../../actors/performers/document-links.ts';
import type { DocumentLinksPort } from '../../actors/ports/documents.ts';
import { documentKinds } from '../../actors/shapes/documents.ts';
import { orUnavailable, Refusal } from '../server/errors.ts';
import { parseJson } from '../server/json.ts';
import type { WebhookPipeline } from '../server/pipeline.ts';
import { bearerOf, type EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import type { LinkAudit } from './link-audit.ts';
import { refusingLinks } from './links.ts';

/** What patients upload with. */
export interface PatientUploads {
  readonly store: Pick<DocumentLinksPort, 'presignUpload'>;
  /** Patients' links. */
  readonly links: DocumentLinks;
}

const uploadLifetimeMs = 15 * 60 * 1_000;

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
 * A link works once for each kind; what is refused does not use it up.
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
    const { kind, contentType, size } = parseOr('invalid_body', Upload, body);
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
    await refusingLinks(links.use(link, kind));
    const expiresAt = now() + uploadLifetimeMs;
    const form = await store.presignUpload({
      tenant,
      caseId,
      // A name of its own, so that no upload takes the place of another.
      name: `${kind}-${randomUUID()}.${ending}`,
      contentType,
      minBytes: 1,
      maxBytes: size,
      expiresAt,
    });
    ctx.body = { ...form, expiresAt: new Date(expiresAt).toISOString() };
  });

  return router;
}
