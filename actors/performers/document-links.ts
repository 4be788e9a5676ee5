import * as v from 'valibot';

import type { LinkUses } from '../ports/documents.ts';
import { documentKinds, type DocumentKind } from '../shapes/documents.ts';
import {
  createSignedLinks,
  LinkRefused,
  type Opened,
  type SignedLinks,
  type SignedLinksOptions,
} from './signed-links.ts';

const mebibyte = 1_024 * 1_024;
const pages = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** What patients may upload: how large it may be, and which types with which file name's ending. */
export const documentLimits: Readonly<
  Record<
    DocumentKind,
    { readonly maxBytes: number; readonly endings: Readonly<Record<string, string>> }
  >
> = {
  passport: { maxBytes: 10 * mebibyte, endings: pages },
  visa: { maxBytes: 10 * mebibyte, endings: pages },
  report: { maxBytes: 20 * mebibyte, endings: pages },
  'x-ray': {
    maxBytes: 50 * mebibyte,
    endings: { ...pages, 'application/dicom': 'dcm' },
  },
};

/** Who may upload what to which case. */
export interface DocumentLink {
  readonly tenant: string;
  readonly caseId: string;
  readonly kinds: readonly DocumentKind[];
}

/** A link that was read from its token. */
export type OpenedLink = Opened<DocumentLink>;

/** The links we send to patients, so that they can upload and do nothing else. */
export interface DocumentLinks extends SignedLinks<DocumentLink> {
  /** Uses a link for one kind, which can be done once. @throws {LinkRefused} `link_used`; and what `LinkUses` throws */
  use(link: OpenedLink, kind: DocumentKind): Promise<void>;
}

export interface DocumentLinksOptions extends SignedLinksOptions {
  readonly uses: LinkUses;
}

/** So that no other token of ours, signed with the same key by mistake, is a link. */
const kind = {
  audience: 'docs-visa',
  typ: 'document-link+jwt',
  claims: v.object({
    tenant: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
    caseId: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    kinds: v.pipe(v.array(v.picklist(documentKinds)), v.minLength(1)),
  }),
};

/** @throws {TypeError} when there is no key, or a short one: that would accept what anybody can sign */
export function createDocumentLinks(options: DocumentLinksOptions): DocumentLinks {
  const links = createSignedLinks(kind, options);
  return {
    ...links,
    use: async ({ id, expiresAt }, documentKind) => {
      const isFirst = await options.uses.first(`${id}:${documentKind}`, expiresAt);
      if (!isFirst) throw new LinkRefused('used');
    },
  };
}
