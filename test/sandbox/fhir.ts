import { randomUUID } from 'node:crypto';

import { type FhirFault, hugeAnswer } from './fhir/faults.ts';
import { createPages } from './fhir/pages.ts';
import type { FhirStore, Outcome, StoredResource } from './fhir/store.ts';
import { type FhirClient, createFhirTokens } from './fhir/tokens.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  digestOf,
} from './simulator.ts';

export interface FhirSandboxOptions {
  readonly client: FhirClient;
  readonly ledger: SandboxLedger;
  readonly origin: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How the server is set up. */
export interface FhirRules {
  /** Whether it wants a token at all; HAPI's starter does not. */
  readonly auth: boolean;
  readonly tokenSeconds: number;
  readonly algorithms: readonly string[];
  /** HAPI's max_page_size. */
  readonly maxPageSize: number;
}

export interface FhirSimulator extends Simulator {
  readonly provider: 'fhir';
  /** Validates and keeps resources, also over a restart. */
  put(resources: readonly unknown[]): Promise<Outcome | undefined>;
  remove(type: string, id: string): Promise<boolean>;
  register(client: FhirClient): void;
  set(rules: Partial<FhirRules>): void;
  fault(fault: FhirFault): void;
  revokeTokens(): void;
  expirePages(): void;
}

const KEEP_PAGES_MS = 60 * 60 * 1_000;
const SEED = 'fhir-seed';
const REMOVED = 'fhir-removed';

/** A FHIR R4 server under `/fhir`, as HAPI is one, with SMART's token endpoint at `/fhir/auth/token`. */
export function fhirSimulator({ client, ledger, origin, now }: FhirSandboxOptions): FhirSimulator {
  let rules: FhirRules = {
    auth: true,
    tokenSeconds: 300,
    algorithms: ['RS384', 'ES384'],
    maxPageSize: 200,
  };
  let fault: FhirFault = { mode: 'none' };
  let store: Promise<FhirStore> | undefined;
  const base = () => `${origin()}/fhir`;
  const tokenUrl = () => `${base()}/auth/token`;
  const pages = createPages({ base, keepMs: KEEP_PAGES_MS, now });
  const tokens = createFhirTokens({
    url: tokenUrl,
    algorithms: () => rules.algorithms,
    tokenSeconds: () => rules.tokenSeconds,
    ledger,
    now,
  });
  tokens.register(client);

  /** Half a second, which nobody pays who asks nothing. */
  function loaded(): Promise<FhirStore> {
    store ??= load();
    return store;
  }

  async function load(): Promise<FhirStore> {
    const { createStore } = await import('./fhir/store.ts');
    const fresh = createStore();
    for (const { kind, detail } of ledger.read()) {
      if (kind === SEED) await fresh.restore(detail['resource'] as StoredResource);
      if (kind === REMOVED) await fresh.remove(String(detail['type']), String(detail['id']));
    }
    return fresh;
  }

  function evidence(kind: string, { url, headers, body }: SandboxRequest): void {
    const id = headers['x-request-id'];
    ledger.append({
      provider: 'fhir',
      kind,
      key: typeof id === 'string' ? id : null,
      digest: digestOf(body),
      detail: { url: url.pathname + url.search },
    });
  }

  /** Takes one of the fault's hits. */
  function hit(...modes: readonly FhirFault['mode'][]): FhirFault['mode'] | undefined {
    const { mode, count } = fault;
    if (!modes.includes(mode)) return undefined;
    if (count !== undefined) fault = count > 1 ? { mode, count: count - 1 } : { mode: 'none' };
    return mode;
  }

  async function read(type: string, id: string, request: SandboxRequest): Promise<Reply> {
    const spoiled = spoiledRead(hit('html', 'huge', 'wrong-resource', 'outcome'));
    if (spoiled) return spoiled;
    const resource = await (await loaded()).read(type, id);
    if (resource === undefined) return outcome(404, 'not-found');
    if (resource === 'deleted') return outcome(410, 'deleted');
    const { versionId, lastUpdated } = resource.meta;
    const etag = `W/"${versionId}"`;
    const headers = {
      ...FHIR,
      etag,
      'last-modified': new Date(lastUpdated).toUTCString(),
    };
    if (request.headers['if-none-match'] === etag && !hit('no-etag')) {
      return { status: 304, body: undefined, headers };
    }
    return { status: 200, body: resource, headers };
  }

  async function search(type: string, request: SandboxRequest): Promise<Reply> {
    const asked = new URLSearchParams(
      request.method === 'POST' ? request.body : request.url.searchParams,
    );
    const parameters = hit('everybody') ? new URLSearchParams() : asked;
    const result = await (await loaded()).search(type, parameters);
    if ('outcome' in result) return { status: 400, body: result.outcome, headers: FHIR };
    const wish = Number.parseInt(asked.get('_count') ?? '20', 10) || 20;
    return paged(pages.first(result, Math.min(wish, rules.maxPageSize)) as Searchset);
  }

  function page(request: SandboxRequest): Reply {
    const found = hit('expired') ? undefined : pages.page(request.url.searchParams);
    // HAPI quotes the search in its message.
    return found ? paged(found as Searchset) : outcome(410, 'processing');
  }

  function paged(bundle: Searchset): Reply {
    const mode = hit(
      'html',
      'huge',
      'loop',
      'endless',
      'foreign-next',
      'outside-next',
      'wrong-resource',
      'wrong-bundle',
      'empty',
      'outcome',
      'outcome-entry',
      'twice',
    );
    return mode === undefined ? ok(bundle) : spoiledPage(mode, bundle, origin());
  }

  return {
    provider: 'fhir',
    find(request) {
      const { method, url } = request;
      if (url.pathname !== '/fhir' && !url.pathname.startsWith('/fhir/')) return undefined;
      const path = url.pathname.slice('/fhir'.length);
      const open = (name: string, perform: () => Promise<Reply>): Operation => ({
        name,
        authorised: true,
        perform: afterwards(perform),
      });
      switch (`${method} ${path}`) {
        case 'GET /.well-known/smart-configuration':
          return open('discovery', async () => ({
            status: 200,
            body: discovered(tokenUrl(), rules.algorithms),
          }));
        case 'POST /auth/token':
          return open('token', () => tokens.issue(request));
        case 'GET /metadata':
          return open('metadata', async () => ok(capabilities(base())));
        default:
      }
      const scopes = tokens.scopesOf(request);
      const closed = (name: string, type: string | undefined, perform: () => Promise<Reply>) => ({
        name,
        authorised: !rules.auth || scopes !== undefined,
        perform: afterwards(async () => {
          evidence(name, request);
          const allowed =
            !rules.auth || type === undefined || scopes?.includes(`system/${type}.rs`);
          return allowed ? await perform() : outcome(403, 'forbidden');
        }),
      });
      const [, type = '', rest] = /^\/([A-Z]\w*)(?:\/([A-Za-z0-9._-]+))?$/.exec(path) ?? [];
      const searches =
        (method === 'POST' && rest === '_search') || (method === 'GET' && rest === undefined);
      if (method === 'GET' && path === '' && url.searchParams.has('_getpages')) {
        return closed('page', undefined, async () => page(request));
      }
      if (type !== '' && searches) return closed('search', type, () => search(type, request));
      if (type !== '' && method === 'GET' && rest !== undefined) {
        return closed('read', type, () => read(type, rest, request));
      }
      return closed('unknown', undefined, async () => outcome(404, 'not-supported'));
    },
    error: (status = 400, code) => outcome(status, code === undefined ? undefined : String(code)),
    async put(resources) {
      const kept = await loaded();
      for (const resource of resources) {
        const result = await kept.put(resource);
        if ('outcome' in result) return result;
        const detail = { resource: result.stored };
        ledger.append({ provider: 'fhir', kind: SEED, key: null, digest: '', detail });
      }
      return undefined;
    },
    async remove(type, id) {
      const removed = await (await loaded()).remove(type, id);
      const detail = { type, id };
      if (removed)
        ledger.append({ provider: 'fhir', kind: REMOVED, key: null, digest: '', detail });
      return removed;
    },
    register: (registered) => tokens.register(registered),
    set(changed) {
      rules = { ...rules, ...changed };
    },
    fault(set) {
      fault = set;
    },
    revokeTokens: () => tokens.revoke(),
    expirePages: () => pages.expire(),
  };
}

const FHIR = { 'content-type': 'application/fhir+json;charset=UTF-8' };
const HTML = new TextEncoder().encode(
  '<!DOCTYPE html><html><body>We will be back soon.</body></html>',
);

interface Searchset {
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: object; readonly search: object }[];
}

function afterwards(perform: () => Promise<Reply>): Operation['perform'] {
  return async (pause) => {
    await pause();
    return await perform();
  };
}

function ok(body: object): Reply {
  return { status: 200, body, headers: FHIR };
}

function html(): Reply {
  return { status: 200, body: HTML, headers: { 'content-type': 'text/html' } };
}

function spoiledRead(mode: FhirFault['mode'] | undefined): Reply | undefined {
  if (mode === 'html') return html();
  if (mode === 'huge') return { status: 200, body: hugeAnswer(false), headers: FHIR };
  if (mode === 'outcome') return outcome(200, 'exception');
  return mode === 'wrong-resource' ? ok({ resourceType: 'Practitioner', id: 'other' }) : undefined;
}

function spoiledPage(mode: FhirFault['mode'], bundle: Searchset, origin: string): Reply {
  const followedBy = (url: string) =>
    ok({ ...bundle, link: [...bundle.link.slice(0, 1), { relation: 'next', url }] });
  const { entry: entries = [] } = bundle;
  switch (mode) {
    case 'html':
      return html();
    case 'huge':
      return { status: 200, body: hugeAnswer(true), headers: FHIR };
    case 'loop':
      return followedBy(bundle.link[0]?.url ?? '');
    case 'endless':
      return followedBy(`${bundle.link[0]?.url ?? ''}&again=${randomUUID()}`);
    case 'foreign-next':
      return followedBy(`${origin.replace('127.0.0.1', '127.0.0.2')}/fhir?_getpages=1`);
    case 'outside-next':
      return followedBy(`${origin}/fhir/../_sandbox/ledger`);
    case 'wrong-resource': {
      const entry = [{ resource: { resourceType: 'Practitioner', id: '1' }, search: MATCH }];
      return ok({ ...bundle, entry });
    }
    case 'wrong-bundle':
      return ok({ resourceType: 'Bundle', type: 'history' });
    case 'empty':
      return ok({ resourceType: 'Bundle', type: 'searchset', total: 3, link: [] });
    case 'outcome':
      return outcome(200, 'exception');
    case 'outcome-entry': {
      const entry = { resource: outcomeOf('incomplete'), search: { mode: 'outcome' } };
      return ok({ ...bundle, entry: [...entries, entry] });
    }
    case 'twice':
      return ok({ ...bundle, entry: [...entries, ...entries] });
    case 'none':
    case 'everybody':
    case 'expired':
    case 'no-etag':
      return ok(bundle); // These change something else than the page.
    default:
      throw new Error('A fault without a meaning');
  }
}

const MATCH = { mode: 'match' };

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'deleted',
  412: 'conflict',
  429: 'throttled',
};

function outcome(status: number, code = USUAL_CODES[status] ?? 'processing'): Reply {
  return { status, body: outcomeOf(code), headers: FHIR };
}

/** Its words are about a patient, as HAPI's may be: a client that repeats them has a leak. */
function outcomeOf(code: string): object {
  const diagnostics = 'HAPI-0000: about Aylin Planted, +90 555 000 11 22';
  return {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code, details: { text: diagnostics }, diagnostics }],
  };
}

/** @see https://hl7.org/fhir/smart-app-launch/conformance.html */
function discovered(tokenUrl: string, algorithms: readonly string[]): object {
  return {
    token_endpoint: tokenUrl,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
    ],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    capabilities: [
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'permission-v2',
    ],
    scopes_supported: ['system/*.rs'],
  };
}

function capabilities(base: string): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-11-23',
    kind: 'instance',
    implementation: { description: 'Sandbox', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [{ mode: 'server' }],
  };
}
