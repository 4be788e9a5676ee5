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

export interface StoredDocument {
  /** `docs/{tenant}/{caseId}/{name}`. */
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hex. */
  readonly checksum: string;
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
