import { Pool } from 'undici';

import type { Confirmed, ConfirmInput, Found, SearchInput } from './machine.ts';

/** What either variant may ask of the outside world. `key` is the idempotency key. */
export interface Provider {
  search(input: SearchInput, key: string, signal: AbortSignal): Promise<Found>;
  confirm(input: ConfirmInput, key: string, signal: AbortSignal): Promise<Confirmed>;
  close(): Promise<void>;
}

/** Calls the stub over kept-alive connections. The answers are ours, so they are trusted. */
export function createProvider(url: string): Provider {
  const pool = new Pool(url, { connections: 64, pipelining: 1 });

  const post = async (
    path: string,
    input: SearchInput | ConfirmInput,
    key: string,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(input),
      signal,
    });
    const answer = await body.json();
    if (statusCode !== 200) throw new Error(`the stub answered ${statusCode}`);
    return answer;
  };

  return {
    search: async (input, key, signal) => (await post('/search', input, key, signal)) as Found,
    confirm: async (input, key, signal) =>
      (await post('/confirm', input, key, signal)) as Confirmed,
    close: () => pool.close(),
  };
}
