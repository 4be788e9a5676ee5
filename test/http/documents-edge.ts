import { randomBytes, randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import { createDocumentLinks, type DocumentLink } from '../../actors/performers/document-links.ts';
import type { SignedLinksOptions } from '../../actors/performers/signed-links.ts';
import type { Desk, Staff } from '../../actors/ports/desk.ts';
import { embeddedStore } from '../../adapters/embedded-store/documents.ts';
import { embeddedLinks } from '../../adapters/embedded-store/links.ts';
import type { EdgeOptions } from '../../http/app.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { memoryDesk, startEdge } from './edge.ts';

export const bucket = 'health-tourism-docs';
export const webhookTokens = ['notify-new', 'notify-old'] as const;
export const linkKey = randomBytes(32);
export const oldLinkKey = randomBytes(32);

/** An access, as the audit trail gets it. */
export interface Access {
  readonly subject: string;
  readonly tenant: string;
  readonly caseId: string | null;
  readonly what: string;
}

/** A desk that keeps what it was asked to audit. */
export function auditingDesk(): Desk & { readonly accesses: Access[] } {
  const accesses: Access[] = [];
  return {
    ...memoryDesk(),
    accesses,
    audit: async ({ subject, tenant }: Staff, caseId, what) =>
      void accesses.push({ subject, tenant, caseId, what }),
  };
}

/** An edge over an embedded store, in which `tenant-a` has `case-1` and `tenant-b` has `case-2`. */
export async function startDocumentsEdge(
  t: TestContext,
  options: Partial<EdgeOptions> & { links?: Partial<SignedLinksOptions> } = {},
) {
  const { links: linkOptions, now = Date.now, ...edge } = options;
  const folder = await temporaryFolder();
  let edgeUrl = '';
  const unencrypted = async (_place: unknown, bytes: Uint8Array) => bytes;
  const store = embeddedLinks({
    store: embeddedStore({ folder, encrypt: unencrypted, decrypt: unencrypted }),
    bucket,
    edgeUrl: () => edgeUrl,
    keys: [linkKey, oldLinkKey],
    now,
  });
  const links = createDocumentLinks({
    keys: [linkKey, oldLinkKey],
    newId: randomUUID,
    now,
    ...linkOptions,
  });
  const desk = auditingDesk();
  const owners = new Map([
    ['case-1', 'tenant-a'],
    ['case-2', 'tenant-b'],
  ]);
  const running = await startEdge(t, {
    desk,
    now,
    documents: {
      store,
      served: store,
      bucket,
      links,
      webhookTokens,
      tenantOf: async (caseId) => owners.get(caseId) ?? null,
    },
    ...edge,
  });
  edgeUrl = running.url;
  t.after(() => removeFolder(folder));
  const link: DocumentLink = { tenant: 'tenant-a', caseId: 'case-1', kinds: ['passport', 'x-ray'] };
  const presign = async (body: unknown, token?: string) =>
    await fetch(`${running.url}/docs-visa/presign`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token ?? (await links.tokenFor(link, now() + 60_000))}`,
        'content-type': 'application/json',
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { ...running, store, links, link, desk, presign };
}
