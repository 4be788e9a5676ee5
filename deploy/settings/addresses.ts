import ipaddr from 'ipaddr.js';

/** Settings by name, as they were given. */
export type Values = Readonly<Record<string, string | undefined>>;

/** Where a provider is on the internet. */
export interface PublicAddress {
  /** The setting that names another address. */
  readonly variable: string;
  readonly base: string;
  /** The setting with which this address counts. */
  readonly credential: string;
}

/**
 * A provider's address: the one that is set, or the public one where its credential is set or nobody may play the provider.
 * Null: the sandbox plays it.
 */
export function providerBase(
  { variable, base, credential }: PublicAddress,
  env: Values,
  hasSandbox: boolean,
): string | null {
  return env[variable] ?? (hasSandbox && env[credential] === undefined ? null : base);
}

/**
 * Whether a setting of this name is an address. By the name's end and not by a list, so that the setting of a new provider
 * is among them from its first day.
 */
export function isAddressName(name: string): boolean {
  return /(?:^|_)(?:HOST|URL|BASE|ENDPOINT)$/.test(name);
}

/**
 * The variables that lead off this machine: addresses among `names`, and credentials that make a provider's public address
 * count. Not where they lead: whoever mistook one variable for another may have put a secret there.
 */
export function outsideAddresses(
  names: readonly string[],
  publicAddresses: readonly PublicAddress[],
  env: Values,
): string[] {
  const given = names.filter((name) => {
    const value = env[name];
    if (!isAddressName(name) || value === undefined || value === 'none') return false;
    const hosts = name.endsWith('HOST') ? [value] : hostsOf(value, env);
    return !hosts.every(isThisMachine);
  });
  const implied = publicAddresses.flatMap(({ variable, credential }) =>
    env[credential] === undefined || env[variable] !== undefined ? [] : [credential],
  );
  return [...given, ...implied];
}

/** Whether a URL leads to this machine itself. */
export function isLoopback(url: string): boolean {
  const hosts = hostsOf(url, {});
  return hosts.length > 0 && hosts.every(isThisMachine);
}

/**
 * The hosts that a URL may lead to; none for what is no URL, which is refused for that. A driver takes hosts from more places
 * than the authority: lists of several, a parameter `host`, and PGHOST where the URL of a database has none.
 */
function hostsOf(value: string, env: Values): string[] {
  const url = URL.parse(value);
  if (url === null) return [];
  if (/^https?:$/.test(url.protocol)) return [url.hostname];
  const named = ['host', 'hostaddr', 'path', 'sentinels'].flatMap((name) =>
    url.searchParams.getAll(name),
  );
  const own = decoded(url.hostname);
  const fallback = url.protocol.startsWith('postgres') ? env['PGHOST'] : undefined;
  const found = own === '' && named.length === 0 ? [fallback ?? 'localhost'] : [own, ...named];
  return found.flatMap((hosts) => hosts.split(',')).filter((host) => host !== '');
}

function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch {
    return host;
  }
}

/**
 * Whether a host is this machine: a socket's path, `localhost`, or a loopback address in whatever form the resolver takes
 * (`127.1`, `0x7f000001`, `2130706433`, `::ffff:127.0.0.1`). A name is judged without asking anybody what it stands for.
 */
export function isThisMachine(host: string): boolean {
  if (host.startsWith('/')) return true;
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (bare.toLowerCase() === 'localhost') return true;
  if (!/^[\da-z.:-]+$/i.test(bare)) return false;
  const hostname = URL.parse(`http://${bare.includes(':') ? `[${bare}]` : bare}/`)?.hostname;
  const address = hostname?.replace(/^\[(.*)\]$/, '$1') ?? '';
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
