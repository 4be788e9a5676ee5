import type { StoredDocument } from '../shapes/documents.ts';
/** Where a document is. Its name holds no patient data. */
export interface DocumentPlace {
  readonly tenant: string;
  readonly caseId: string;
  /** 1 to 150 of `A-Z a-z 0-9 . _ -`. The same name again is a new version. */
  readonly name: string;
}

export interface NewDocument extends DocumentPlace {
  readonly bytes: Uint8Array;
  /** MIME type. */
  readonly contentType: string;
}

/** Where patients' documents are kept, encrypted. */
export interface DocumentsPort {
  /** Durable when it resolves. Storing the same again does no harm. */
  put(document: NewDocument, signal: AbortSignal): Promise<StoredDocument>;
  /** The newest version; null if there is none. */
  get(
    place: DocumentPlace,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string } | null>;
}

/** A document's newest version, as the store knows it. */
export interface DocumentVersion extends StoredDocument {
  readonly name: string;
  /**
   * Of what `put` stored, and of what the embedded store received, the SHA-256 in hex; of what was uploaded to an object
   * store its own tag, after `etag:`.
   */
  readonly checksum: string;
  /** The store's own id of this version. */
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly storedAt: string;
}

/** What one upload may be, and until when. */
export interface UploadOrder extends DocumentPlace {
  /** MIME type; another is refused. */
  readonly contentType: string;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Ms since 1970. */
  readonly expiresAt: number;
}

/** Where to send a form as `multipart/form-data`: these fields first, then the file in a field `file`. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Documents by links of their own, so that neither uploads nor downloads pass through us. */
export interface DocumentLinksPort {
  /**
   * A form that uploads one document to that place and nothing else. The store refuses a file that is too large or too
   * small, of another type, for another place or too late, with S3's status and error code.
   */
  presignUpload(order: UploadOrder): Promise<UploadForm>;
  /**
   * An address that gives the newest version to whoever has it, until `expiresAt` (ms since 1970), as a download called
   * `filename` and never as a page to show.
   */
  presignDownload(
    place: DocumentPlace,
    link: { readonly expiresAt: number; readonly filename: string },
  ): Promise<string>;
}

/** All that a store of documents does: see `DocumentsPort` for what most of the core needs of it. */
export interface DocumentStore extends DocumentsPort, DocumentLinksPort {
  /** The newest version, without its bytes; null if there is none. */
  stat(place: DocumentPlace, signal: AbortSignal): Promise<DocumentVersion | null>;
  /** The newest version of each document of a case, at most 1,000, by name. */
  list(
    owner: { readonly tenant: string; readonly caseId: string },
    signal: AbortSignal,
  ): Promise<readonly DocumentVersion[]>;
}

/** What an uploader is told, in S3's words: a store refuses a form or its file. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  readonly code:
    | 'AccessDenied'
    | 'EntityTooLarge'
    | 'EntityTooSmall'
    | 'InvalidArgument'
    | 'SignatureDoesNotMatch';
  readonly retryable = false;

  /** `message` is shown to the uploader, so it holds nothing of what was sent. */
  constructor(code: UploadRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** An upload whose fields are in order: what its file may be. */
export interface AdmittedUpload extends DocumentPlace {
  readonly contentType: string;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** A store whose links lead to our own edge, for want of a server of its own. */
export interface ServedDocuments {
  /** Whether these fields are a form that we signed. @throws {UploadRefused} they are not, or no longer */
  admit(fields: ReadonlyMap<string, string>): AdmittedUpload;
  /** Stores the file of an upload. @throws {UploadRefused} its size or its real type is not what was admitted */
  receive(upload: AdmittedUpload, bytes: Uint8Array, signal: AbortSignal): Promise<DocumentVersion>;
  /** What a download's last path segment leads to; null when we did not sign it, it has expired, or nothing is there. */
  open(signed: string, signal: AbortSignal): Promise<OpenedDocument | null>;
}

export interface OpenedDocument extends DocumentPlace {
  readonly bytes: Uint8Array;
  /** Safe to send to a browser. */
  readonly contentType: string;
  /** As in `presignDownload`, in characters that a header takes. */
  readonly filename: string;
}
