import { createHash, randomUUID } from 'node:crypto';

import * as v from 'valibot';

import {
  type ContractOperation,
  type OperationId,
  contract,
} from '../../adapters/doktor365/contract.ts';
import type { FlightData } from '../../adapters/doktor365/mapping.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  digestOf,
  jsonIn,
} from './simulator.ts';

/** Below the sandbox's origin, since nobody knows the vendor's host and its paths could be anybody's. */
export const DOKTOR365_PREFIX = '/doktor365';

export interface Doktor365Options {
  /** Secrets by client id. Each client is a tenant of its own, with its own deals. */
  readonly clients: Readonly<Record<string, string>>;
  readonly ledger: SandboxLedger;
  /** An hour if absent. */
  readonly tokenSeconds?: number | undefined;
}

/** What one tenant has. */
interface Clinic {
  readonly deals: Map<string, { readonly id: string; readonly status: string }>;
  readonly itineraries: Map<string, { readonly id: string }>;
  readonly keys: Map<string, Applied | 'running'>;
}

interface Applied {
  readonly contentDigest: string;
  readonly receipt: {
    readonly receiptId: string;
    readonly dealId: string;
    readonly receivedAt: string;
    readonly itineraryId: string;
  };
}

/** A call that has come through the contract. */
interface Call {
  readonly request: SandboxRequest;
  readonly operation: ContractOperation;
  readonly path: Readonly<Record<string, string>>;
}

const MAX_BODY_BYTES = 64 * 1_024;
const CLOSED: readonly string[] = ['completed', 'cancelled'];

const Deal = v.strictObject({
  clientId: v.optional(v.string()),
  deal: v.custom<{ id: string; status: string }>(
    (deal) => contract.schemaFault('Deal', deal) === null,
    'not a deal of the contract',
  ),
});
const Itinerary = v.strictObject({
  clientId: v.optional(v.string()),
  itinerary: v.custom<{ id: string }>(
    (itinerary) => contract.schemaFault('Itinerary', itinerary) === null,
    'not an itinerary of the contract',
  ),
});

/**
 * Doktor365 as adapters/doktor365/openapi.yaml assumes it: requests are refused by that file, and an answer outside of it is an
 * error of the sandbox. A restart continues from the ledger; tokens do not outlive it.
 */
export function doktor365Simulator(options: Doktor365Options): Simulator {
  const { clients, ledger, tokenSeconds = 3_600 } = options;
  const clinics = restored(clients, ledger);
  const tokens = new Map<string, { readonly clientId: string; readonly diesAtMs: number }>();

  async function issue({ request }: Call, pause: () => Promise<void>): Promise<Reply> {
    const form = formOf(request);
    const secret = clients[form['client_id'] ?? ''];
    if (secret === undefined || form['client_secret'] !== secret) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    await pause();
    const clientId = form['client_id'] ?? '';
    const token = randomUUID();
    tokens.set(token, { clientId, diesAtMs: Date.now() + tokenSeconds * 1_000 });
    // The request holds the secret, so not even its digest goes into the file.
    const detail = { clientId };
    ledger.append({ provider: 'doktor365', kind: 'token', key: null, digest: '', detail });
    return {
      status: 200,
      body: { access_token: token, token_type: 'Bearer', expires_in: tokenSeconds },
    };
  }

  /** Undefined without a token that is good now. */
  function clientOf({ headers }: SandboxRequest): string | undefined {
    const token = tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
    return token && token.diesAtMs > Date.now() ? token.clientId : undefined;
  }

  function clinicOf(clientId: string): Clinic {
    const clinic = clinics.get(clientId);
    if (!clinic) throw new Error('A client without a clinic');
    return clinic;
  }

  async function read(
    { request, path }: Call,
    of: 'deals' | 'itineraries',
    pause: () => Promise<void>,
  ): Promise<Reply> {
    await pause();
    const [id = ''] = Object.values(path);
    const found = clinicOf(clientOf(request) ?? '')[of].get(id);
    return found ? { status: 200, body: found } : { status: 404, body: { code: 'not_found' } };
  }

  async function take({ request }: Call, pause: () => Promise<void>): Promise<Reply> {
    const clientId = clientOf(request) ?? '';
    const { deals, keys } = clinicOf(clientId);
    const key = String(request.headers['idempotency-key']);
    const contentDigest = `sha-256=:${createHash('sha256').update(request.bytes).digest('base64')}:`;
    if (request.headers['content-digest'] !== contentDigest) return badRequest('content-digest');
    const seen = keys.get(key);
    if (seen === 'running') return { status: 409, body: { code: 'in_progress' } };
    if (seen) return { status: 409, body: { code: 'already_applied', applied: seen } };

    const body = jsonIn(request.body) as FlightData;
    const deal = deals.get(body.dealId);
    if (!deal) return { status: 404, body: { code: 'not_found' } };
    if (CLOSED.includes(deal.status)) {
      return { status: 422, body: { code: 'deal_closed', field: 'dealId' } };
    }
    keys.set(key, 'running');
    await pause();
    const itinerary = itineraryOf(body);
    const receipt = {
      receiptId: `R-${randomUUID()}`,
      dealId: deal.id,
      receivedAt: new Date().toISOString(),
      itineraryId: itinerary.id,
    };
    const applied: Applied = { contentDigest, receipt };
    ledger.append({ ...written, kind: 'itinerary', detail: { clientId, itinerary } });
    clinicOf(clientId).itineraries.set(itinerary.id, itinerary);
    ledger.append({
      provider: 'doktor365',
      kind: 'flight-data',
      key,
      digest: digestOf(request.body),
      detail: { clientId, applied, flightData: body },
    });
    keys.set(key, applied);
    return { status: 201, body: receipt };
  }

  const performers: Readonly<
    Record<OperationId, (call: Call, pause: () => Promise<void>) => Promise<Reply>>
  > = {
    issueToken: issue,
    getDeal: (call, pause) => read(call, 'deals', pause),
    getItinerary: (call, pause) => read(call, 'itineraries', pause),
    sendFlightData: take,
  };
  const operations = Object.entries(contract.operations) as [OperationId, ContractOperation][];

  function found(request: SandboxRequest, id: OperationId, call: Call): Operation {
    const { operation } = call;
    const error = id === 'issueToken' ? tokenError : doktor365Error;
    return {
      name: NAMES[id],
      authorised: id === 'issueToken' || clientOf(request) !== undefined,
      async perform(pause) {
        const refusal = refusalOf(call);
        const refused =
          refusal && id === 'issueToken' ? tokenError(400, 'invalid_request') : refusal;
        return kept(operation, refused ?? (await performers[id](call, pause)));
      },
      error(status = 400, code) {
        const reply = error(status, code);
        // A fault may play a status that the contract does not know; its body then says nothing either.
        return operation.responseFault(status, reply.body) === 'status'
          ? reply
          : kept(operation, reply);
      },
    };
  }

  return {
    provider: 'doktor365',
    find(request) {
      for (const [id, operation] of operations) {
        const path = pathOf(operation, request);
        if (path) return found(request, id, { request, operation, path });
      }
      return undefined;
    },
    error: (status = 400, code) => doktor365Error(status, code),
    control(request) {
      const only = Object.keys(clients)[0] ?? '';
      switch (`${request.method} ${request.url.pathname}`) {
        case 'POST /_sandbox/doktor365/deals': {
          const { clientId = only, deal } = v.parse(Deal, jsonIn(request.body));
          if (!clinics.has(clientId)) return noSuchClient;
          ledger.append({ ...written, kind: 'deal', detail: { clientId, deal } });
          clinicOf(clientId).deals.set(deal.id, deal);
          return done;
        }
        case 'POST /_sandbox/doktor365/itineraries': {
          const { clientId = only, itinerary } = v.parse(Itinerary, jsonIn(request.body));
          if (!clinics.has(clientId)) return noSuchClient;
          ledger.append({ ...written, kind: 'itinerary', detail: { clientId, itinerary } });
          clinicOf(clientId).itineraries.set(itinerary.id, itinerary);
          return done;
        }
        case 'POST /_sandbox/doktor365/end-tokens':
          tokens.clear();
          return done;
        default:
          return undefined;
      }
    },
  };
}

/** What a fault's `operation` calls them. */
const NAMES: Readonly<Record<OperationId, string>> = {
  issueToken: 'token',
  getDeal: 'deal',
  sendFlightData: 'send-flights',
  getItinerary: 'itinerary',
};

/** The clinic plans at once: whoever lands is picked up, and treated from the next day on. Its clocks are Istanbul's. */
function itineraryOf({ legs }: FlightData): { readonly id: string } {
  const there = legs[0]?.segments.at(-1);
  const back = legs.length > 1 ? legs.at(-1)?.segments[0] : undefined;
  const inIstanbul = (local: string) => `${local.slice(0, 16)}:00+03:00`;
  const nextDay = new Date(Date.parse(`${there?.arriveLocal.slice(0, 10)}T00:00:00Z`) + 86_400_000);
  const consultation = {
    kind: 'consultation',
    at: inIstanbul(`${nextDay.toISOString().slice(0, 10)}T09:00`),
  };
  const arrival = { kind: 'arrival', at: inIstanbul(there?.arriveLocal ?? ''), place: there?.to };
  const departure = back && {
    kind: 'departure',
    at: inIstanbul(back.departLocal),
    place: back.from,
  };
  const items = [arrival, consultation, ...(departure ? [departure] : [])];
  return { id: `I-${randomUUID()}`, items } as { id: string };
}

const written = { provider: 'doktor365', key: null, digest: '' } as const;
const done: Reply = { status: 200, body: { ok: true } };
const noSuchClient: Reply = { status: 404, body: { error: 'no such client' } };

function restored(
  clients: Doktor365Options['clients'],
  ledger: SandboxLedger,
): ReadonlyMap<string, Clinic> {
  const clinics = new Map<string, Clinic>(
    Object.keys(clients).map((clientId) => [
      clientId,
      { deals: new Map(), itineraries: new Map(), keys: new Map() },
    ]),
  );
  for (const { provider, key, detail } of ledger.read()) {
    if (provider !== 'doktor365') continue;
    const { clientId, deal, itinerary, applied } = detail as unknown as {
      readonly clientId: string;
      readonly deal?: { readonly id: string; readonly status: string };
      readonly itinerary?: { readonly id: string };
      readonly applied?: Applied;
    };
    const clinic = clinics.get(clientId);
    if (deal) clinic?.deals.set(deal.id, deal);
    if (itinerary) clinic?.itineraries.set(itinerary.id, itinerary);
    if (applied && key !== null) clinic?.keys.set(key, applied);
  }
  return clinics;
}

/** The values in the operation's path; null if it is another path or method. */
function pathOf(
  { method, path }: ContractOperation,
  request: SandboxRequest,
): Readonly<Record<string, string>> | null {
  const wanted = `${DOKTOR365_PREFIX}${path}`.split('/');
  const given = request.url.pathname.split('/');
  if (request.method !== method || wanted.length !== given.length) return null;
  const values: Record<string, string> = {};
  for (const [index, step] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(step)?.[1];
    if (name !== undefined) values[name] = given[index] ?? '';
    else if (step !== given[index]) return null;
  }
  return values;
}

/** Null if the request keeps the contract. */
function refusalOf({ request, operation, path }: Call): Reply | null {
  const { contentType } = operation;
  if (request.url.search !== '') return badRequest('query');
  if (request.bytes.length > MAX_BODY_BYTES) return { status: 413, body: { code: 'too_large' } };
  if (contentType !== null && !request.headers['content-type']?.startsWith(contentType)) {
    return badRequest('content-type');
  }
  const body = request.bytes.length === 0 ? undefined : bodyOf(request, contentType);
  const fault = operation.requestFault({ path, headers: request.headers, body });
  return fault === null ? null : badRequest(fault);
}

function bodyOf(request: SandboxRequest, contentType: string | null): unknown {
  return contentType === 'application/x-www-form-urlencoded'
    ? formOf(request)
    : jsonIn(request.body);
}

function formOf({ body }: SandboxRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(body));
}

function badRequest(field: string): Reply {
  return { status: 400, body: { code: 'bad_request', field } };
}

/** @throws {Error} the sandbox itself would break the contract */
function kept(operation: ContractOperation, reply: Reply): Reply {
  const fault = operation.responseFault(reply.status, reply.body);
  if (fault !== null)
    throw new Error(`${operation.path} would answer outside the contract: ${fault}`);
  return reply;
}

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'token_invalid',
  403: 'forbidden',
  404: 'not_found',
  409: 'in_progress',
  413: 'too_large',
  422: 'unacceptable',
  429: 'rate_limited',
  500: 'internal',
  503: 'unavailable',
};

function doktor365Error(
  status: number,
  code: string | number = USUAL_CODES[status] ?? 'bad_request',
): Reply {
  const field = status === 422 ? { field: 'legs.0.segments.0.departLocal' } : {};
  return { status, body: { code: String(code), ...field, message: 'Simulated' } };
}

/** The token endpoint's own shape, but for the failures that are no answers of OAuth. */
function tokenError(status: number, code?: string | number): Reply {
  if (status === 429 || status >= 500) return doktor365Error(status, code);
  return { status, body: { error: String(code ?? 'invalid_client') } };
}
