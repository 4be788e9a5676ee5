import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import type { Provider, Spoiled } from './faults.ts';

export interface SandboxRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
  /** `bytes` as UTF-8. */
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  /** Written as JSON; a `Uint8Array` goes out as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One of a provider's calls, found by method and path. */
export interface Operation {
  readonly name: string;
  readonly authorised: boolean;
  /** Keeps the evidence of a request that counts even if it is refused or a fault hits it. */
  arrived?(): void;
  /**
   * Checks the request and does the work. Waits for `pause` where a slow provider would. With `spoiled` the answer is
   * 200, and wrong in that way.
   */
  perform(pause: () => Promise<void>, spoiled?: Spoiled): Promise<Reply>;
  /** As the simulator's, where this call's errors have a shape of their own. */
  error?(status: number | undefined, code?: string | number): Reply;
}

/** A provider as its clients meet it, errors in its own shape. */
export interface Simulator {
  readonly provider: Provider;
  /** Undefined when the request is not this provider's. */
  find(request: SandboxRequest): Operation | undefined;
  /** Its error for a status, with its own `code` or the usual one. Without a status the one that goes with the code. */
  error(status: number | undefined, code?: string | number): Reply;
  /** What the world does to it, under `/_sandbox/`. Undefined when the request is none of its controls. */
  control?(request: SandboxRequest): Reply | undefined | Promise<Reply | undefined>;
}

export function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

export function bearerIs({ headers }: SandboxRequest, token: string): boolean {
  return headers.authorization === `Bearer ${token}`;
}

/** JSON text, or undefined if it is none. */
export function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
