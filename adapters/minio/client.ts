import { AsyncLocalStorage } from 'node:async_hooks';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';

import { Client, S3Error } from 'minio';

import {
  ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { Telemetry } from '../../telemetry.ts';

/** An S3 server and who we are to it. */
export interface S3Server {
  /** `https://host[:port]`, without a path: the bucket is the first part of each path. */
  readonly baseUrl: string;
  /** Always given: without it the client asks the network before it signs. */
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** A client whose requests end with a signal and fail with our errors. */
export interface S3Client {
  readonly client: Client;
  /**
   * Runs a request of `client`'s.
   *
   * @throws {ProviderBusy} not connected, 429, 503: nothing was done
   * @throws {ProviderUnreachable} another 5xx, a broken connection, or `signal` aborted: perhaps done
   * @throws {ProviderCredentialsRefused} the server does not take our keys, or our clock
   * @throws {ProviderRefused} any other error of S3's, with its code
   */
  readonly run: <T>(signal: AbortSignal, request: () => Promise<T>) => Promise<T>;
}

/** For errors and metrics. */
export const provider = 'minio';

const credentialCodes = new Set([
  'AccessDenied',
  'AccountProblem',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);
const busyCodes = new Set(['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'ServerBusy']);

/** A server that says nothing for so long, while something is sent or awaited, is given up. */
const silenceMs = 15_000;

/** What the transport has to know of the request it serves, and what it learns. */
interface Call {
  readonly signal: AbortSignal;
  sent: boolean;
  status: number | undefined;
}

/** The npm package takes no signal and hides the status of a failure, so both go around it by its transport. */
export function s3Client(server: S3Server): S3Client {
  const { protocol, hostname, port } = new URL(server.baseUrl);
  const calls = new AsyncLocalStorage<Call>();
  const plain = protocol === 'https:' ? https : http;
  const client = new Client({
    endPoint: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL: protocol === 'https:',
    region: server.region,
    accessKey: server.accessKey,
    secretKey: server.secretKey,
    pathStyle: true,
    // Retrying is the policy's; the package's own would write to the console besides.
    retryOptions: { disableRetry: true },
    transport: {
      request: (options: http.RequestOptions, onAnswer: (answer: http.IncomingMessage) => void) => {
        const call = calls.getStore();
        const request = plain.request(
          call === undefined ? options : { ...options, signal: call.signal },
          onAnswer,
        );
        request.setTimeout(silenceMs, () => request.destroy(new Error('The server is silent')));
        request.on('socket', (socket) => socket.setKeepAlive(true, 5_000));
        if (call !== undefined) {
          call.sent = true;
          request.on('response', ({ statusCode }) => (call.status = statusCode));
        }
        return request;
      },
    } as typeof http,
  });
  return {
    client,
    async run(signal, request) {
      if (signal.aborted) throw new ProviderBusy(provider, 'not_sent');
      const call: Call = { signal, sent: false, status: undefined };
      try {
        return await calls.run(call, request);
      } catch (error) {
        throw inOurWords(error, call);
      }
    },
  };
}

/** Whether S3 says that the thing itself is not there: HEAD has no body, so its code is the package's own. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof ProviderRefused &&
    ['NoSuchKey', 'NotFound', 'NoSuchVersion'].includes(error.reason)
  );
}

/** A request that is counted. That something is not there is an answer like any other. */
export async function counted<T>(
  { integrationCall }: Pick<Telemetry, 'integrationCall'>,
  request: () => Promise<T>,
): Promise<T> {
  const answer = await integrationCall(provider, async () => {
    try {
      return { found: await request() };
    } catch (missing) {
      if (isMissing(missing)) return { missing };
      throw missing;
    }
  });
  if ('missing' in answer) throw answer.missing;
  return answer.found;
}

/** Messages of the package and of the server quote keys, so only codes go on. */
function inOurWords(error: unknown, { signal, sent, status }: Call): unknown {
  if (error instanceof ExpectedError || error instanceof RangeError) return error;
  // The package's own checks, of a bucket's name for one: it will say the same again.
  if (!sent) return new ProviderRefused(provider, 'not_sendable', { cause: error });
  if (signal.aborted) return new ProviderUnreachable(provider, 'timeout');
  const code = error instanceof S3Error ? error.code : undefined;
  if (status === 429 || status === 503 || (code !== undefined && busyCodes.has(code))) {
    const isLimit = status === 429 || (code !== undefined && busyCodes.has(code));
    const errorType = isLimit ? 'rate_limited' : 'http_5xx';
    return new ProviderBusy(provider, code ?? `status_${status}`, undefined, { errorType });
  }
  if (status !== undefined && status >= 500) {
    return new ProviderUnreachable(provider, `status_${status}`);
  }
  if (code !== undefined && credentialCodes.has(code)) {
    return new ProviderCredentialsRefused(provider, code);
  }
  if (code !== undefined && /^\w{1,100}$/.test(code)) return new ProviderRefused(provider, code);
  if (neverConnected(error)) return new ProviderBusy(provider, 'not_connected');
  const answered = status !== undefined && status < 300;
  return new ProviderUnreachable(provider, answered ? 'unexpected_body' : 'connection_broken');
}

/** Node tries every address of a host; then the error is an aggregate of theirs. */
function neverConnected(error: unknown): boolean {
  const each: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return each.every(
    (one) =>
      one instanceof Error &&
      'syscall' in one &&
      (one.syscall === 'connect' || one.syscall === 'getaddrinfo'),
  );
}

/**
 * An object's newest version, whole, with its headers.
 *
 * @throws {ProviderRefused} `too_large`: more than `mostBytes`; @throws {ProviderUnreachable} the connection broke in the middle
 */
export async function readObject(
  client: Client,
  bucket: string,
  key: string,
  mostBytes: number,
): Promise<{ readonly bytes: Buffer; readonly headers: IncomingHttpHeaders }> {
  // The package calls it a stream; it is Node's own answer, and its headers are of the same version as the bytes.
  const answer = (await client.getObject(bucket, key)) as IncomingMessage;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Throwing out of the loop destroys the answer and its connection.
    if (length > mostBytes) throw new ProviderRefused(provider, 'too_large');
    chunks.push(chunk);
  }
  if (!answer.complete) throw new ProviderUnreachable(provider, 'connection_broken');
  return { bytes: Buffer.concat(chunks, length), headers: answer.headers };
}
