import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { ClientAddresses, Source } from './client-address.ts';

export interface ConnectionLimits {
  /** Open connections, of all. */
  readonly maxConnections: number;
  /** Open connections of one source. Trusted proxies have no such limit: they stand for many. */
  readonly maxConnectionsOfSource: number;
  /** Milliseconds from the headers to the end of the request, unless it was allowed more. */
  readonly requestTimeoutMs: number;
  /** How often that is looked at, in milliseconds. */
  readonly checkingIntervalMs: number;
}

interface Connection {
  readonly socket: Socket;
  readonly source: Source | null;
  /** What it asks for now. */
  asks: { readonly request: IncomingMessage; readonly response: ServerResponse } | null;
  askedAt: number;
  /** Whether it was ever answered. */
  wasServed: boolean;
}

const allowedMs = new WeakMap<IncomingMessage, number>();

/** Lets a request take longer to come than others may, in milliseconds from its headers. */
export function allowMs(request: IncomingMessage, ms: number): void {
  allowedMs.set(request, ms);
}

/** Neither all here and being worked on, nor between two requests of somebody we know. */
function isUnfinished({ asks, wasServed }: Connection): boolean {
  if (asks === null) return !wasServed;
  // Answered and not taken: somebody reads slowly, or not at all.
  return !asks.request.complete || asks.response.writableEnded;
}

/**
 * Holds a server to its connections. Whoever comes gets one: when there are too many, of all or of one source, the oldest
 * unfinished one of the source that has the most is closed, and if it has none the one that has been idle longest. Only if
 * everybody is being worked for, the newcomer is closed unanswered.
 *
 * @returns to be told of each request as it begins
 */
export function watchConnections(
  server: Server,
  limits: ConnectionLimits,
  addresses: ClientAddresses,
): (request: IncomingMessage, response: ServerResponse) => void {
  /** Of each source, in the order in which they began to be what they are: unfinished, worked for, or idle. */
  const bySource = new Map<Source | null, Set<Connection>>();
  const bySocket = new WeakMap<Socket, Connection>();
  let open = 0;

  function moveLast(connection: Connection): void {
    const own = bySource.get(connection.source);
    if (own?.delete(connection)) own.add(connection);
  }

  function greediest(): Set<Connection> | undefined {
    let most: Set<Connection> | undefined;
    for (const [source, own] of bySource) {
      if (source !== null && own.size > (most?.size ?? 0)) most = own;
    }
    return most ?? bySource.get(null);
  }

  function hasMadeWay(own: Set<Connection> | undefined): boolean {
    const late =
      own?.values().find(isUnfinished) ?? own?.values().find(({ asks }) => asks === null);
    if (late === undefined) return false;
    forget(late);
    late.socket.destroy();
    return true;
  }

  function forget(connection: Connection): void {
    const own = bySource.get(connection.source);
    if (!own?.delete(connection)) return;
    open -= 1;
    if (own.size === 0) bySource.delete(connection.source);
  }

  server.on('connection', (socket: Socket) => {
    const source = addresses.ofConnection(socket.remoteAddress);
    const own = bySource.get(source);
    const isGreedy = source !== null && (own?.size ?? 0) >= limits.maxConnectionsOfSource;
    const isFull = isGreedy || open >= limits.maxConnections;
    if (isFull && !hasMadeWay(isGreedy ? own : greediest())) {
      socket.destroy();
      return;
    }
    const connection: Connection = { socket, source, asks: null, askedAt: 0, wasServed: false };
    const all = bySource.get(source) ?? new Set();
    bySource.set(source, all.add(connection));
    bySocket.set(socket, connection);
    open += 1;
    socket.once('close', () => forget(connection));
  });

  /** Node's own time-out is one for all requests, and some may take longer. */
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const own of bySource.values()) {
      for (const { socket, asks, askedAt } of own) {
        if (asks === null || asks.request.complete) continue;
        const ms = allowedMs.get(asks.request) ?? limits.requestTimeoutMs;
        if (now - askedAt < ms) continue;
        const isUnanswered = !asks.response.headersSent;
        if (isUnanswered) socket.write('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n');
        socket.destroySoon();
      }
    }
  }, limits.checkingIntervalMs);
  sweep.unref();
  server.once('close', () => clearInterval(sweep));

  return (request, response) => {
    const connection = bySocket.get(request.socket);
    if (!connection) return;
    connection.asks = { request, response };
    connection.askedAt = performance.now();
    moveLast(connection);
    response.once('close', () => {
      if (connection.asks?.response !== response) return; // Another one was sent ahead on the same connection.
      connection.asks = null;
      connection.wasServed = true;
      moveLast(connection);
    });
  };
}
