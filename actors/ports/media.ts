import type { Performing } from './performing.ts';

/** A file that a patient sent and the provider keeps for a while. */
export interface InboundMedia {
  readonly kind: 'image' | 'document' | 'audio' | 'video' | 'sticker';
  readonly mediaId: string;
  /** SHA-256 of the file, base64, as the webhook said it; null if it did not. */
  readonly sha256: string | null;
}

export interface FetchedMedia {
  readonly bytes: Uint8Array;
  /** By the file's own first bytes, not by what anybody claims. */
  readonly contentType: string;
  /** SHA-256, hex. */
  readonly sha256: string;
}

/** Where the files of patients come from. Reading only. */
export interface MediaPort {
  /**
   * @throws {MediaRefused} what the patient can do something about: too large, of a wrong type, damaged, or gone
   * @throws {ProviderRefused | Deferred | ProviderBusy | ProviderUnreachable}
   */
  fetch(media: InboundMedia, performing: Performing): Promise<FetchedMedia>;
}

/** Looks into a file before it is kept. */
export interface VirusScanPort {
  /**
   * `by` names the scanner, `none` where there is none. `found` is null when the file is clean, else the malware's name.
   *
   * @throws {ProviderBusy | ProviderUnreachable} not scanned: the file must not be kept
   */
  scan(
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly by: string; readonly found: string | null }>;
}
