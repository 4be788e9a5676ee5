import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * A TCP proxy in front of one server, that breaks what passes through it. The words are Toxiproxy's where it has them.
 *
 * @see https://github.com/Shopify/toxiproxy#toxics
 */
export interface Proxy extends AsyncDisposable {
  /** Where to connect instead, on 127.0.0.1. */
  readonly port: number;
  /** The server's URL with the proxy's address. */
  through(url: string): string;
  /** Refuses connections and cuts those there are, like a server that ended. */
  down(): Promise<void>;
  /** Ends `down` and `blackhole`. What a black hole held back arrives now, as after a network's failure. */
  up(): Promise<void>;
  /** Connections stay and are accepted, but no byte passes in either direction. */
  blackhole(): void;
  /** The connections there are now stay, and no byte passes over them any more; new ones work. */
  silence(): void;
  /** The same, and the server has closed its ends: what a router leaves behind that forgot the connections. */
  halfOpen(): void;
  /** New connections go to the host and port of `url` from now on, as after a failover; the old ones stay where they are. */
  retarget(url: string): void;
  /** Cuts all connections with a TCP reset. */
  resetPeer(): void;
  /** Each chunk arrives this much later, in both directions, ms. */
  latency(delayMs: number): void;
  /**
   * The next request that contains `pattern` reaches the server; what the server says next does not come back: the
   * connection is cut in its place. Resolves when that has happened.
   */
  dropReplyOnce(pattern: RegExp): Promise<void>;
  /** The connection is cut as soon as bytes with `pattern` were passed on to the server, which may act on them or not. */
  cutAfterOnce(pattern: RegExp): Promise<void>;
  /** Connections that were made silent, and that the client has not given up. */
  silent(): number;
  /** Connections open now. */
  connections(): number;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** The end of what the client sent: a pattern may lie across chunks. */
  sent: string;
  /** Nobody is to hear of this connection any more, not even of its end. */
  isSilent: boolean;
  /** Set once a request matched: the next chunk of the server is not passed on. */
  swallow: (() => void) | null;
}

interface Trap {
  readonly kind: 'reply' | 'cut';
  readonly pattern: RegExp;
  readonly sprung: () => void;
}

/** Kept of what a client sent, in characters. */
const memory = 64 * 1024;

/** Listens on a free port and passes everything on to the host and port of `url`, until it is told otherwise. */
export async function startProxy(url: string): Promise<Proxy> {
  let target = new URL(url);
  const links = new Set<Link>();
  const traps: Trap[] = [];
  let holding = false;
  let delayMs = 0;

  const cut = (link: Link) => {
    links.delete(link);
    link.client.destroy();
    link.server.destroy();
  };

  function toServer(link: Link, chunk: Buffer): void {
    if (traps.length > 0) link.sent = (link.sent + chunk.toString('latin1')).slice(-memory);
    const index = traps.findIndex(({ pattern }) => pattern.test(link.sent));
    const [trap] = index < 0 ? [] : traps.splice(index, 1);
    if (trap) link.sent = '';
    if (trap?.kind === 'reply') link.swallow = trap.sprung;
    link.server.write(chunk, () => {
      if (trap?.kind !== 'cut') return;
      cut(link);
      trap.sprung();
    });
  }

  function toClient(link: Link, chunk: Buffer): void {
    const { swallow } = link;
    if (swallow === null) return void link.client.write(chunk);
    cut(link);
    swallow();
  }

  const later = (link: Link, work: () => void) => {
    if (delayMs === 0) return work();
    setTimeout(() => links.has(link) && work(), delayMs);
  };

  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    const link: Link = { client, server, sent: '', isSilent: false, swallow: null };
    links.add(link);
    client.on('data', (chunk: Buffer) => later(link, () => toServer(link, chunk)));
    server.on('data', (chunk: Buffer) => later(link, () => toClient(link, chunk)));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => {}); // 'close' follows.
      socket.on('end', () => link.isSilent || other.end());
      socket.on('close', () => {
        if (!link.isSilent || socket === client) cut(link);
      });
      if (holding) socket.pause();
    }
  });

  let port = 0;
  const listen = async () => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('No TCP port was given');
    ({ port } = address);
  };
  await listen();

  const silence = () => {
    for (const link of links) {
      link.isSilent = true;
      // Read and dropped: who waits in a full pipe would notice.
      for (const socket of [link.client, link.server]) socket.removeAllListeners('data').resume();
    }
  };

  const down = async () => {
    const closed = listener.listening ? once(listener, 'close') : null;
    listener.close();
    for (const link of links) cut(link);
    await closed;
  };
  const trap = (kind: Trap['kind'], pattern: RegExp) =>
    new Promise<void>((sprung) => void traps.push({ kind, pattern, sprung }));

  return {
    port,
    through(original) {
      const changed = new URL(original);
      changed.hostname = '127.0.0.1';
      changed.port = String(port);
      return changed.href;
    },
    down,
    async up() {
      holding = false;
      for (const { client, server } of links)
        for (const socket of [client, server]) socket.resume();
      if (!listener.listening) await listen();
    },
    blackhole() {
      holding = true;
      for (const { client, server } of links) for (const socket of [client, server]) socket.pause();
    },
    silence,
    halfOpen() {
      silence();
      for (const { server } of links) server.destroy();
    },
    retarget(other) {
      target = new URL(other);
    },
    resetPeer() {
      for (const link of links) {
        links.delete(link);
        link.client.resetAndDestroy();
        link.server.destroy();
      }
    },
    latency(ms) {
      delayMs = ms;
    },
    dropReplyOnce: (pattern) => trap('reply', pattern),
    cutAfterOnce: (pattern) => trap('cut', pattern),
    silent: () => [...links].filter(({ isSilent }) => isSilent).length,
    connections: () => links.size,
    [Symbol.asyncDispose]: down,
  };
}
