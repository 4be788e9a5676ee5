import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { ConfirmInput, Found, SearchInput } from './machine.ts';

const offersLapseAt = new Date(Date.now() + 24 * 60 * 60 * 1_000).toISOString();

/** The answer to every search: five offers, 2.4 KB of JSON. */
export const found: Found = {
  offers: Array.from({ length: 5 }, (_, index) => ({
    id: `off_${String(index).padStart(4, '0')}8c51e6f29b7d`,
    amountMinor: String(21_900 + index * 1_350),
    currency: 'EUR',
    expiresAt: offersLapseAt,
    legs: ['outward', 'homeward'].map((direction) => ({
      direction,
      durationMinutes: 205 + index * 35,
      carrier: 'TK',
      flightNumber: `TK${1_700 + index}`,
      from: direction === 'outward' ? 'FRA' : 'IST',
      to: direction === 'outward' ? 'IST' : 'FRA',
      departLocal: '2027-03-12T09:25:00',
      arriveLocal: '2027-03-12T14:50:00',
    })),
  })),
};

/** What the provider saw, told from outside the system under test. */
export interface Evidence {
  readonly searches: number;
  readonly confirmations: number;
  /** Calls with a key that was seen before: allowed, a provider answers them from its memory. */
  readonly repeats: number;
  /** A second key for the same effect of the same case: an effect done twice. */
  readonly doubles: number;
}

export interface Stub {
  readonly url: string;
  /** What was seen since the last call. */
  takeEvidence(): Evidence;
  stop(): Promise<void>;
}

/** A provider of both effects, answering at once. */
export async function startStub(): Promise<Stub> {
  const answers = {
    '/search': JSON.stringify(found),
    '/confirm': JSON.stringify({ confirmationId: 'cnf_5b0c7a2e94d1' }),
  };
  const keys = { '/search': new Map<string, string>(), '/confirm': new Map<string, string>() };
  let repeats = 0;
  let doubles = 0;

  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const effect = request.url === '/search' ? '/search' : '/confirm';
      const { caseId } = JSON.parse(body) as SearchInput | ConfirmInput;
      const key = String(request.headers['idempotency-key']);
      const before = keys[effect].get(caseId);
      if (before === undefined) keys[effect].set(caseId, key);
      else if (before === key) repeats += 1;
      else doubles += 1;
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': answers[effect].length,
      });
      response.end(answers[effect]);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeEvidence: () => {
      const evidence = {
        searches: keys['/search'].size,
        confirmations: keys['/confirm'].size,
        repeats,
        doubles,
      };
      keys['/search'].clear();
      keys['/confirm'].clear();
      repeats = 0;
      doubles = 0;
      return evidence;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
