import { randomUUID } from 'node:crypto';

import type { Reply } from '../simulator.ts';

/** What Meta answers with each code: HTTP status and title. Clients must go by the code alone. */
const KNOWN: Readonly<Record<number, readonly [status: number, title: string]>> = {
  0: [401, 'AuthException'],
  1: [400, 'API Unknown'],
  2: [503, 'API Service'],
  3: [500, 'API Method'],
  4: [400, 'API Too Many Calls'],
  10: [403, 'Permission Denied'],
  33: [400, 'Parameter value is not valid'],
  100: [400, 'Invalid parameter'],
  101: [400, 'Error validating application'],
  190: [401, 'Access token has expired'],
  200: [403, 'Permissions error'],
  368: [403, 'Temporarily blocked for policies violations'],
  80007: [400, 'Rate limit issues'],
  130429: [400, 'Rate limit hit'],
  130497: [403, 'Business account is restricted from messaging users in this country'],
  131000: [500, 'Something went wrong'],
  131005: [403, 'Access denied'],
  131008: [400, 'Required parameter is missing'],
  131009: [400, 'Parameter value is not valid'],
  131016: [500, 'Service unavailable'],
  131021: [400, 'Recipient cannot be sender'],
  131026: [400, 'Message undeliverable'],
  131031: [403, 'Account has been locked'],
  131042: [400, 'Business eligibility payment issue'],
  131047: [400, 'Re-engagement message'],
  131048: [400, 'Spam rate limit hit'],
  131049: [400, 'Meta chose not to deliver'],
  131050: [400, 'User has stopped marketing messages'],
  131051: [400, 'Unsupported message type'],
  131052: [400, 'Media download error'],
  131053: [400, 'Media upload error'],
  131056: [400, '(Business Account, Consumer Account) pair rate limit hit'],
  131062: [400, 'Business-scoped user id is not supported for this message'],
  132000: [400, 'Template param count mismatch'],
  132001: [404, 'Template does not exist'],
  132005: [400, 'Template hydrated text too long'],
  132012: [400, 'Template parameter format mismatch'],
  132015: [400, 'Template is paused'],
  132016: [400, 'Template is disabled'],
  132018: [400, 'There was an issue with the parameters in your template'],
  133004: [503, 'Server temporarily unavailable'],
};

const USUAL_CODES: Readonly<Record<number, number>> = { 401: 190, 429: 130429, 503: 131016 };

export function titleOf(code: number): string {
  return KNOWN[code]?.[1] ?? 'Message failed';
}

/** An error of the Graph API, with the status that Meta gives this code. */
export function graphError(code: number, details = titleOf(code)): Reply {
  const message = `(#${code}) ${titleOf(code)}`;
  return {
    status: KNOWN[code]?.[0] ?? 400,
    body: {
      error: {
        message,
        type: 'OAuthException',
        code,
        error_data: { messaging_product: 'whatsapp', details },
        fbtrace_id: randomUUID(),
      },
    },
  };
}

/** The error a fault asks for, which may name a status, a code or both. */
export function injectedError(status: number | undefined, code?: string | number): Reply {
  const named = Number(code ?? USUAL_CODES[status ?? 0] ?? 131000);
  const error = graphError(named, 'Simulated');
  return status === undefined ? error : { ...error, status };
}

export function invalidParameter(parameter: string): Reply {
  return graphError(100, `Invalid parameter: ${parameter}`);
}
