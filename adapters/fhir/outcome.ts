import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import { type ProviderAnswer, retryAfterHeader } from '../http.ts';

/**
 * R4's issue types. A code outside the list is not repeated anywhere: it is a stranger's free text.
 *
 * @see https://hl7.org/fhir/R4/valueset-issue-type.html
 */
const ISSUE_CODES = [
  'invalid',
  'structure',
  'required',
  'value',
  'invariant',
  'security',
  'login',
  'unknown',
  'expired',
  'forbidden',
  'suppressed',
  'processing',
  'not-supported',
  'duplicate',
  'multiple-matches',
  'not-found',
  'deleted',
  'too-long',
  'code-invalid',
  'extension',
  'too-costly',
  'business-rule',
  'conflict',
  'transient',
  'lock-error',
  'no-store',
  'exception',
  'timeout',
  'incomplete',
  'throttled',
  'informational',
] as const;

/** The server's "not now", whatever status it comes with. */
const NOT_NOW: ReadonlySet<string> = new Set(['transient', 'lock-error', 'throttled']);
/** Statuses of servers and proxies in trouble, which pass. 500 is not among them: HAPI answers it to what breaks it. */
const PASSING: ReadonlySet<number> = new Set([502, 503, 504]);

/** `details` and `diagnostics` are left out on purpose: HAPI quotes the request in them, and so the patient. */
const Outcome = v.object({
  resourceType: v.literal('OperationOutcome'),
  issue: v.array(
    v.object({
      severity: v.string(),
      code: v.fallback(v.union([v.picklist(ISSUE_CODES), v.null()]), null),
    }),
  ),
});

/**
 * The code of an OperationOutcome's first error; undefined for a mere warning, and for what is no outcome. An error
 * without a code of the list is `processing`.
 */
export function errorIn(json: unknown): (typeof ISSUE_CODES)[number] | undefined {
  const outcome = v.safeParse(Outcome, json);
  if (!outcome.success) return undefined;
  const error = outcome.output.issue.find(
    ({ severity }) => severity === 'error' || severity === 'fatal',
  );
  return error && (error.code ?? 'processing');
}

/** What an answer with an error's status means. `reason` is an issue type where the server gave one. */
export function fhirError({ status, headers, text }: ProviderAnswer): ExpectedError {
  const retryAfterMs = retryAfterHeader(headers);
  if (status === 429) return new ProviderBusy('fhir', 'status_429', retryAfterMs);
  if (PASSING.has(status) && retryAfterMs !== undefined) {
    return new ProviderBusy('fhir', `status_${status}`, retryAfterMs);
  }
  // Without a time it counts as trouble, and opens the circuit.
  if (status >= 500 || status < 400) return new ProviderUnreachable('fhir', `status_${status}`);
  const code = errorIn(jsonOrNothing(text));
  if (status === 401) return new ProviderCredentialsRefused('fhir', code ?? 'status_401');
  if (code !== undefined && NOT_NOW.has(code)) return new ProviderBusy('fhir', code, retryAfterMs);
  return new ProviderRefused('fhir', code ?? `status_${status}`);
}

/** Whether another try may follow at once; see `PASSING`. */
export function passes(error: ExpectedError): boolean {
  return error.retryable && !(error instanceof ProviderUnreachable && lasts(error.reason));
}

function lasts(reason: string): boolean {
  const [, status] = /^status_(\d{3})$/.exec(reason) ?? [];
  return status !== undefined && !PASSING.has(Number(status));
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
