import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { clientAddresses, type ClientAddresses } from './client-address.ts';
import { watchConnections, type ConnectionLimits } from './connections.ts';

export interface ServerLimits extends ConnectionLimits {
  /** Milliseconds from the first byte to the end of the headers. Looked at as often as `requestTimeoutMs`. */
  readonly headersTimeoutMs: number;
  /** Milliseconds in which nothing moves on a connection that is asked for something or answers: then it is cut. */
  readonly silenceTimeoutMs: number;
  /** Milliseconds an idle connection is kept. */
  readonly keepAliveTimeoutMs: number;
  /** Bytes of request line and headers; more gets a 431. */
  readonly maxHeaderBytes: number;
  /** Requests one connection may make before it is closed, so that load spreads again. */
  readonly maxRequestsPerSocket: number;
}

const serverLimits: ServerLimits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 15_000,
  checkingIntervalMs: 1_000,
  // Longer than anything of ours works on an answer.
  silenceTimeoutMs: 60_000,
  // Longer than the 60 s that proxies commonly keep theirs: who closes first must not be us, or requests get lost.
  keepAliveTimeoutMs: 65_000,
  maxHeaderBytes: 8 * 1_024,
  maxRequestsPerSocket: 100_000,
  maxConnections: 4_000,
  maxConnectionsOfSource: 2_000,
};

export interface RunningServer {
  /** `http://host:port`, with the port really taken. */
  readonly url: string;
  readonly port: number;
  /** How many connections are open. */
  connections(): Promise<number>;
  /**
   * Stops taking connections, lets requests in flight finish, and after `deadlineMs` cuts what is left.
   * Resolves when the last connection is closed. Calling again joins the first call.
   */
  drain(deadlineMs: number): Promise<void>;
}

/** How often a draining server closes connections that have become idle. */
const idleSweepMs = 20;

/**
 * Serves an app (`app.callback()`) over HTTP/1.1 within limits.
 *
 * @throws {Error} EADDRINUSE and the like
 */
export async function serve(
  listener: (request: IncomingMessage, response: ServerResponse) => unknown,
  address: { readonly host: string; readonly port: number },
  limits: Partial<ServerLimits> = {},
  addresses: ClientAddresses = clientAddresses(),
): Promise<RunningServer> {
  const bounds = { ...serverLimits, ...limits };
  const server = createServer(
    {
      headersTimeout: bounds.headersTimeoutMs,
      requestTimeout: 0, // `watchConnections` knows which requests may take longer.
      connectionsCheckingInterval: bounds.checkingIntervalMs,
      keepAliveTimeout: bounds.keepAliveTimeoutMs,
      maxHeaderSize: bounds.maxHeaderBytes,
      requireHostHeader: true,
      noDelay: true,
    },
    (request, response) => {
      // While draining, a busy client is told to go elsewhere.
      if (!server.listening) response.setHeader('connection', 'close');
      began(request, response);
      listener(request, response);
    },
  );
  server.maxRequestsPerSocket = bounds.maxRequestsPerSocket;
  server.timeout = bounds.silenceTimeoutMs;
  const began = watchConnections(server, bounds, addresses);

  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(address.port, address.host, listening.resolve);
  await listening.promise;
  server.off('error', listening.reject);

  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  let drained: Promise<void> | undefined;

  return {
    url: `http://${host}:${port}`,
    port,
    connections: () => promisify(server.getConnections.bind(server))(),
    drain: (deadlineMs) => {
      drained ??= closeWithin(deadlineMs);
      return drained;
    },
  };

  async function closeWithin(deadlineMs: number): Promise<void> {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    // A connection that was busy when we closed becomes an idle one later, and would live until its time-out.
    const sweep = setInterval(() => server.closeIdleConnections(), idleSweepMs);
    const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
    try {
      await closed.promise;
    } finally {
      clearInterval(sweep);
      clearTimeout(cut);
    }
  }
}
