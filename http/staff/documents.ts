import { Router } from '@koa/router';

import type { Desk } from '../../actors/ports/desk.ts';
import type {
  DocumentLinksPort,
  DocumentStore,
  DocumentVersion,
} from '../../actors/ports/documents.ts';
import { permissions } from '../../actors/shapes/permissions.ts';
import { orUnavailable, Refusal } from '../server/errors.ts';
import type { EdgeState } from '../server/request.ts';
import { caseIdOf, readerOf } from './cases.ts';
import type { ReadStaff } from './tokens.ts';

/** Where the documents of a case are. */
export interface StaffDocuments {
  readonly store: DocumentLinksPort & Pick<DocumentStore, 'list'>;
  /** Whose a case is, by the ledger; null when there is no such case. */
  readonly tenantOf: (caseId: string) => Promise<string | null>;
}

const downloadLifetimeMs = 5 * 60 * 1_000;
const listDeadlineMs = 10_000;

/**
 * `GET /admin/cases/{caseId}/documents` answers `{ documents }`, each with an address that downloads it for five minutes. As
 * all that staff read it is audited first.
 */
export function staffDocumentRoutes(
  desk: Pick<Desk, 'audit'>,
  { store, tenantOf }: StaffDocuments,
  readStaff: ReadStaff,
  now: () => number,
): Router<EdgeState> {
  const router = new Router<EdgeState>();

  router.get('/admin/cases/:caseId/documents', async (ctx) => {
    const staff = await readerOf(readStaff, ctx.get('authorization'), permissions.openDocument);
    const caseId = caseIdOf(ctx.params);
    const { tenant } = staff;
    await orUnavailable(desk.audit(staff, caseId, 'GET /admin/cases/{caseId}/documents'));
    if ((await orUnavailable(tenantOf(caseId))) !== tenant) throw new Refusal('not_found');
    const found = await store.list({ tenant, caseId }, AbortSignal.timeout(listDeadlineMs));
    const expiresAt = now() + downloadLifetimeMs;
    const linked = async ({ name, size, contentType, version, storedAt }: DocumentVersion) => ({
      name,
      size,
      contentType,
      version,
      storedAt,
      url: await store.presignDownload({ tenant, caseId, name }, { expiresAt, filename: name }),
      expiresAt: new Date(expiresAt).toISOString(),
    });
    ctx.body = { documents: await Promise.all(found.map(linked)) };
  });

  return router;
}
