import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Whose requests and connections are counted together: an IPv4 address, or the /64 of an IPv6 one. Empty if unknown. */
export type Source = string;

/** Who sends, as far as those in front of us are believed. */
export interface ClientAddresses {
  /** Whose request this is: by `X-Forwarded-For` where a trusted proxy brought it, else by its connection. */
  ofRequest: (request: IncomingMessage) => Source;
  /** Whose connection this is; null for that of a trusted proxy, which brings many people's requests. */
  ofConnection: (remoteAddress: string | undefined) => Source | null;
}

/** Proxies that one header may name; nobody has more in front of him, and the rest is noise. */
const mostHops = 20;

/**
 * @param trustedProxies addresses and networks (`10.0.0.0/8`, `fd00::/8`) whose `X-Forwarded-For` is believed. With none,
 * nobody's is: whoever writes that header could be anybody otherwise.
 * @throws {TypeError} for what is neither an address nor a network
 */
export function clientAddresses(trustedProxies: readonly string[] = []): ClientAddresses {
  const trusted = new BlockList();
  for (const network of trustedProxies) addNetwork(trusted, network);
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

  return {
    ofRequest({ socket, headers }) {
      const peer = plainAddress(socket.remoteAddress);
      if (!isTrusted(peer)) return sourceOf(peer);
      // The nearest hop stands last. The first that is none of our own is the client; what it wrote itself stands before.
      const hops = String(headers['x-forwarded-for'] ?? '').split(',', mostHops + 1);
      if (hops.length > mostHops) return sourceOf(peer);
      const client = hops.map(plainAddress).findLast((hop) => !isTrusted(hop));
      return client === undefined || isIP(client) === 0 ? sourceOf(peer) : sourceOf(client);
    },
    ofConnection(remoteAddress) {
      const peer = plainAddress(remoteAddress);
      return isTrusted(peer) ? null : sourceOf(peer);
    },
  };
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix, ...more] = network.split('/');
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const longest = family === 'ipv4' ? 32 : 128;
  const bits = prefix === undefined ? longest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
  if (isIP(address) === 0 || more.length > 0 || bits < 0 || bits > longest) {
    throw new TypeError('A trusted proxy is an address, or a network such as 10.0.0.0/8');
  }
  list.addSubnet(address, bits, family);
}

/** Without what may stand around an address: blanks, brackets, a port, a zone, and the IPv6 clothes of an IPv4 one. */
function plainAddress(written = ''): string {
  const text = written.trim();
  const bracketed = /^\[([^\]]{1,64})\](?::\d{1,5})?$/.exec(text)?.[1];
  const withoutPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)?.[1];
  const address = (bracketed ?? withoutPort ?? text).replace(/%.*$/s, '');
  return /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address)?.[1] ?? address;
}

/** Whoever has one address of a /64 has all of them. */
function sourceOf(address: string): Source {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const missing = Math.max(0, 8 - first.length - last.length);
  const all = tail === undefined ? first : [...first, ...Array<string>(missing).fill('0'), ...last];
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
