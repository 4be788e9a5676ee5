import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

import ipaddr from 'ipaddr.js';
import { Agent, request } from 'undici';

import { ProviderRefused, ProviderUnreachable } from '../actors/errors.ts';
import { connectionRules } from './http.ts';

/** An address that somebody else named, to be read. */
export interface GuardedRequest {
  /** For errors, e.g. `whatsapp`. */
  readonly provider: string;
  /** As the provider gave it: anything at all. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** No more than this is read, whatever the answer says about its length. */
  readonly maxBytes: number;
  /** Ends the request, whatever it waits for. */
  readonly signal: AbortSignal;
}

export interface GuardedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As sent, never decompressed; null if longer than `maxBytes`. */
  readonly bytes: Uint8Array | null;
}

/** Reads from addresses that come from outside, without being led anywhere else. */
export interface GuardedFetch {
  /**
   * One GET, whatever its status, but never a redirect's target.
   *
   * @throws {ProviderRefused} `url_refused`, `address_refused`, `redirected` or `encoded`: we do not follow there
   * @throws {ProviderUnreachable} no connection, a broken one, or `signal` aborted
   */
  get(sent: GuardedRequest): Promise<GuardedAnswer>;
  close(): Promise<void>;
}

/** All addresses of a host, as the resolver knows them now. */
export type Resolve = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface GuardOptions {
  /** Exact origins, of https and a name; `https://host` means port 443. `metaOrigins` if absent. */
  readonly origins?: readonly string[];
  /** Exact origins that are read wherever they are: our own sandbox, an egress proxy in front of it. None if absent. */
  readonly trustedOrigins?: readonly string[];
  /** The system's resolver if absent. */
  readonly resolve?: Resolve;
  /** Where connections may go. `isPublic` if absent. */
  readonly allows?: (address: string) => boolean;
}

/** Where Meta keeps what patients send. */
export const metaOrigins: readonly string[] = [
  'https://graph.facebook.com',
  'https://lookaside.fbsbx.com',
];

/** Azure's own services for a virtual machine, credentials among them, behind an address that looks public. */
const azureMetadata = '168.63.129.16';
/** All that is routed on the public internet so far; `::7f00:1` and its like are outside. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is somewhere on the public internet: not private, loopback, link-local (where clouds hand out
 * credentials), carrier-grade NAT, multicast, reserved, nor IPv4 in the clothes of IPv6 (mapped, 6to4, NAT64, Teredo).
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0 || address === azureMetadata) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(globalUnicast);
}

/**
 * A reader that keeps its walls itself: exact origins; every address of the host checked, and the connection made to
 * what was checked, so that a second answer of the name server changes nothing; no redirects; no decompression.
 *
 * @throws {RangeError} an origin that is not one, or a guarded one that is not https and a name
 */
export function guardedFetch(options: GuardOptions = {}): GuardedFetch {
  const { origins = metaOrigins, trustedOrigins = [], allows = isPublic } = options;
  const { resolve = (host) => systemLookup(host, { all: true }) } = options;
  for (const origin of [...origins, ...trustedOrigins]) {
    if (URL.parse(origin)?.origin !== origin) throw new RangeError(`${origin} is not an origin`);
  }
  for (const origin of origins) {
    const { protocol, hostname } = new URL(origin);
    // For an address in place of a name the connection would never ask `lookup`, which is where we check.
    if (protocol !== 'https:' || isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0) {
      throw new RangeError(`${origin} is not https and a name`);
    }
  }
  const limits = { ...connectionRules, connections: 16, allowH2: false } as const;
  const guarded = new Agent({
    ...limits,
    connect: { ...connectionRules.connect, lookup: checkedLookup(resolve, allows) },
  });
  const trusted = new Agent(limits);

  /** @throws {ProviderRefused} none of our origins, or somebody's name and password in front of it */
  function routeOf({ provider, url }: GuardedRequest): { url: URL; dispatcher: Agent } {
    // The parser has by now written 0x7f.1, 2130706433 and ⑴②⑦ out as addresses; a trailing dot stays, and differs.
    const parsed = URL.parse(url);
    // A blob: has the origin of what is inside it.
    const isPlain = parsed?.origin === `${parsed?.protocol}//${parsed?.host}`;
    if (isPlain && parsed.username === '' && parsed.password === '') {
      if (trustedOrigins.includes(parsed.origin)) return { url: parsed, dispatcher: trusted };
      if (origins.includes(parsed.origin)) return { url: parsed, dispatcher: guarded };
    }
    throw new ProviderRefused(provider, 'url_refused');
  }

  return {
    async get(sent) {
      const { url, dispatcher } = routeOf(sent);
      const { provider, headers, maxBytes, signal } = sent;
      try {
        const answer = await request(url, {
          dispatcher,
          method: 'GET',
          headers: { ...headers, 'accept-encoding': 'identity' },
          signal,
        });
        const { statusCode: status, body } = answer;
        const refusal = refusalOf(status, answer.headers);
        const tooLong = Number(answer.headers['content-length'] ?? 0) > maxBytes;
        if (refusal !== undefined || tooLong) {
          body.on('error', () => {}); // Of our own doing.
          body.destroy();
        }
        if (refusal !== undefined) throw new ProviderRefused(provider, refusal);
        return {
          status,
          headers: answer.headers,
          bytes: tooLong ? null : await read(body, maxBytes),
        };
      } catch (error) {
        if (error instanceof ProviderRefused) throw error;
        if (signal.aborted) throw new ProviderUnreachable(provider, 'timeout');
        if (error instanceof AddressRefused) throw new ProviderRefused(provider, 'address_refused');
        // No cause: it may quote the URL, and that is as good as the file for its five minutes.
        throw new ProviderUnreachable(provider, 'connection_broken');
      }
    },
    async close() {
      await Promise.all([guarded.destroy(), trusted.destroy()]);
    },
  };
}

/** Between our lookup and our catch only. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** One bad address among good ones refuses the host: that is what a rebinding name server answers. */
function checkedLookup(resolve: Resolve, allows: (address: string) => boolean): LookupFunction {
  const checked = callbackify(async (hostname: string) => {
    const addresses = await resolve(hostname);
    if (addresses.length === 0 || !addresses.every(({ address }) => allows(address))) {
      throw new AddressRefused('The host is somewhere we do not go');
    }
    return addresses;
  });
  return (hostname, { all }, callback) => {
    checked(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (first === undefined) callback(error, '');
      else if (all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };
}

function refusalOf(status: number, headers: GuardedAnswer['headers']): string | undefined {
  if (status >= 300 && status < 400) return 'redirected';
  // We asked for none, so it is a mistake or a bomb.
  const encoding = headers['content-encoding'] ?? 'identity';
  return encoding === 'identity' ? undefined : 'encoded';
}

async function read(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    // Leaving the loop destroys the body and its connection.
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
