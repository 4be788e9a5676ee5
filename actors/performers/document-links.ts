import * as v from 'valibot';

import { documentKinds, type DocumentKind } from '../shapes/documents.ts';
import {
  createSignedLinks,
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
export type DocumentLinks = SignedLinks<DocumentLink>;

/**
 * What a link stores of one kind, whatever its type: there is one of it, however often it is sent, and once one is there the link is
 * used for this kind.
 */
export const documentNames = (
  { id }: Pick<OpenedLink, 'id'>,
  kind: DocumentKind,
): readonly string[] =>
  Object.values(documentLimits[kind].endings).map((ending) => `${kind}-${id}.${ending}`);

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
export function createDocumentLinks(options: SignedLinksOptions): DocumentLinks {
  return createSignedLinks(kind, options);
}
