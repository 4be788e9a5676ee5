import { createHash } from 'node:crypto';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { ClinicPort } from '../../actors/ports/clinic.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import { sendJson } from '../http.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';
import { type ContractOperation, type ContractRequest, contract } from './contract.ts';
import {
  type DealAnswer,
  type ItineraryAnswer,
  type ReceiptAnswer,
  dealOf,
  flightDataOf,
  itineraryOf,
  receiptOf,
} from './mapping.ts';
import { type Doktor365TokenOptions, doktor365Tokens } from './token.ts';

/** Every call only reads or carries an idempotency key, so all may be repeated. The numbers go with openapi.yaml's limits. */
export const doktor365Policy: PolicyOptions = {
  /** The contract's own 10 s, and something for the way. */
  timeoutMs: 12_000,
  retryWhen: whenRetryable,
  /** Two after the first: a clinic's system that is down stays so for minutes, and the performer tries again later. */
  maxRetries: 2,
  /** At the limit of 10 a second, waiting less than about half a second would meet the same 429 again. */
  initialDelayMs: 500,
  /** At 8 at once even answers of 0.8 s keep within 10 a second, for all tenants of a process together. */
  concurrency: 8,
  /** 8 places and answers of a second drain 64 in 8 s; who would wait longer waits in the ledger, where it is seen. */
  queue: 64,
  /** One call in 15 s asks whether a clinic's system is back; nobody watches a screen meanwhile. */
  openMs: 15_000,
};

export interface Doktor365Options extends Doktor365TokenOptions {
  /** Made from `doktor365Policy`. */
  readonly policy: CallPolicy;
}

/** An answer that is in the contract. */
interface Answer {
  readonly status: number;
  readonly json: unknown;
}

const { getDeal, getItinerary, sendFlightData } = contract.operations;

/**
 * Deals, flights and itineraries by Doktor365. What is sent and what is answered is checked against openapi.yaml beside this
 * file; an answer outside of it is no answer, and a request outside of it (`unsendable:total.amount`) is not sent.
 */
export function doktor365Clinic(options: Doktor365Options): ClinicPort {
  const { baseUrl, dispatcher, policy, telemetry } = options;
  const tokens = doktor365Tokens(options);

  /** Asks with the tenant's token, and once more with a new one if that was refused. */
  function ask<T>(
    operation: ContractOperation,
    wanted: ContractRequest & { readonly text?: string },
    performing: Performing,
    read: (answer: Answer) => T,
  ): Promise<T> {
    const { effectId, tenant } = performing;
    const request = { ...wanted, headers: { ...wanted.headers, 'x-correlation-id': effectId } };
    const fault = operation.requestFault(request);
    if (fault !== null) throw new ProviderRefused('doktor365', `unsendable:${fault}`);

    const askWith = (token: string, signal: AbortSignal) =>
      telemetry.integrationCall('doktor365', async () => {
        const answer = await sendJson({
          provider: 'doktor365',
          dispatcher,
          baseUrl,
          path: filled(operation.path, request.path),
          method: operation.method,
          headers: {
            ...request.headers,
            accept: 'application/json',
            authorization: `Bearer ${token}`,
            ...(operation.contentType === null ? {} : { 'content-type': operation.contentType }),
          },
          ...(wanted.text === undefined ? {} : { body: wanted.text }),
          signal,
        });
        return read(within(operation, answer));
      });

    return policy.execute(async ({ signal }) => {
      const token = await tokens.get(tenant, signal);
      try {
        return await askWith(token, signal);
      } catch (error) {
        if (!(error instanceof ProviderCredentialsRefused) || error.reason !== TOKEN_REFUSED) {
          throw error;
        }
        // It may have been ended before its time: one new one, and then it's not the token.
        await tokens.forget(tenant, token);
        return await askWith(await tokens.get(tenant, signal), signal);
      }
    }, performing.signal);
  }

  return {
    async deal(dealId, performing) {
      const wanted = { path: { dealId }, headers: {} };
      return await ask(getDeal, wanted, performing, ({ status, json }) =>
        status === 404 ? null : dealOf(dealId, json as DealAnswer),
      );
    },
    async itinerary(itineraryId, performing) {
      const wanted = { path: { itineraryId }, headers: {} };
      return await ask(getItinerary, wanted, performing, ({ status, json }) =>
        status === 404 ? null : itineraryOf(itineraryId, json as ItineraryAnswer),
      );
    },
    async sendFlights(flights, performing) {
      const body = flightDataOf(flights);
      const text = JSON.stringify(body);
      const digest = contentDigest(text);
      const headers = { 'idempotency-key': performing.effectId, 'content-digest': digest };
      const wanted = { path: {}, headers, body, text };
      return await ask(sendFlightData, wanted, performing, ({ status, json }) => {
        if (status === 404) throw new ProviderRefused('doktor365', 'deal_not_found');
        const receipt = status === 409 ? appliedBefore(json as Conflict, digest) : json;
        return receiptOf(flights.dealId, receipt as ReceiptAnswer);
      });
    },
  };
}

const TOKEN_REFUSED = 'status_401';

/**
 * The answer, if it is one that a caller makes something of: what was asked for, 404 or 409.
 *
 * @throws {ProviderUnreachable} it is not in the contract
 * @throws {ProviderCredentialsRefused | ProviderRefused} it is a refusal
 */
function within(operation: ContractOperation, { status, json }: Answer): Answer {
  // By its status alone: gateways answer it, in shapes of their own, before Doktor365 sees the request.
  if (status === 401) throw new ProviderCredentialsRefused('doktor365', TOKEN_REFUSED);
  if (operation.responseFault(status, json) !== null) {
    const rest = withoutOddItems(operation, status, json);
    if (rest === null) throw new ProviderUnreachable('doktor365', 'unexpected_body');
    return { status, json: rest };
  }
  if (status < 400 || status === 404 || status === 409) return { status, json };
  const { code, field } = json as { readonly code: string; readonly field?: string };
  if (status === 403) throw new ProviderCredentialsRefused('doktor365', code);
  throw new ProviderRefused('doktor365', field === undefined ? code : `field:${field}`);
}

/** A list of the contract without the items that are not in it; null where that was not all that is wrong, or none is left. */
function withoutOddItems(
  operation: ContractOperation,
  status: number,
  json: unknown,
): object | null {
  const { items } = (json ?? {}) as { items?: unknown };
  if (status >= 400 || !Array.isArray(items)) return null;
  const fits = (some: readonly unknown[]) =>
    operation.responseFault(status, { ...(json as object), items: some }) === null;
  const readable = items.filter((item) => fits([item]));
  return readable.length > 0 && fits(readable) ? { ...(json as object), items: readable } : null;
}

interface Conflict {
  readonly code: 'already_applied' | 'in_progress';
  readonly applied?: { readonly contentDigest: string; readonly receipt: ReceiptAnswer };
}

/**
 * The receipt of what was applied under our key, if that was the same.
 *
 * @throws {ProviderBusy} our own earlier try still runs there
 * @throws {ProviderRefused} `key_reused`: it was something else
 */
function appliedBefore({ code, applied }: Conflict, digest: string): ReceiptAnswer {
  if (code === 'in_progress' || !applied) throw new ProviderBusy('doktor365', 'in_progress');
  if (applied.contentDigest !== digest) throw new ProviderRefused('doktor365', 'key_reused');
  return applied.receipt;
}

/** @see https://www.rfc-editor.org/rfc/rfc9530 */
function contentDigest(text: string): string {
  return `sha-256=:${createHash('sha256').update(text).digest('base64')}:`;
}

function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
}
