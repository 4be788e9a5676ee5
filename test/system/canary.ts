import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Redis } from 'ioredis';

import { metaJson } from '../sandbox/webhooks.ts';

/** Health data or a name that we planted, and the question where it came out. */
export interface Canary {
  /** The planted words that `text` holds: as they are, in JSON escapes, in hex or in base64. Empty is good. */
  foundIn(text: string | Uint8Array): string[];
}

/** Looks for each of `words`, under the name it has here. Give words that nothing else can hold. */
export function canary(words: Readonly<Record<string, string>>): Canary {
  const needles = Object.entries(words).flatMap(([name, word]) =>
    spellings(word).map((spelling) => ({ name, spelling: spelling.toLowerCase() })),
  );
  return {
    foundIn(text) {
      // latin1 keeps every byte apart, so it serves for text in UTF-8 too once the needles are written the same way.
      const raw =
        typeof text === 'string'
          ? Buffer.from(text)
          : Buffer.from(text.buffer, text.byteOffset, text.length);
      const bytes = raw.toString('latin1').toLowerCase();
      const found = needles.filter(({ spelling }) => bytes.includes(spelling));
      return [...new Set(found.map(({ name }) => name))];
    },
  };
}

function spellings(word: string): string[] {
  const utf8 = Buffer.from(word);
  const escaped = metaJson(word).slice(1, -1);
  // Base64 looks different at each of three offsets; the characters that neighbours share in are cut off.
  const base64 = [0, 1, 2].flatMap((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), utf8]);
    const whole = Math.floor(shifted.length / 3) * 4;
    return shifted.toString('base64').slice(offset === 0 ? 0 : offset + 1, whole);
  });
  return [utf8.toString('latin1'), escaped, utf8.toString('hex'), encodeURIComponent(word)].concat(
    base64,
  );
}

/** Every value of every column of every table, named, in the form a thief of the disk would read it. */
export async function everyColumn(
  query: (sql: string) => Promise<Record<string, unknown>[]>,
): Promise<{ readonly where: string; readonly value: string | Buffer }[]> {
  const tables = await query(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const values: { where: string; value: string | Buffer }[] = [];
  for (const { name } of tables as { name: string }[]) {
    for (const row of await query(`select * from ${name}`)) {
      for (const [column, value] of Object.entries(row)) {
        const bytes = Buffer.isBuffer(value) ? value : (JSON.stringify(value) ?? '');
        values.push({ where: `${name}.${column}`, value: bytes });
      }
    }
  }
  return values;
}

/** Every command that anybody sends to this Redis, from now on, and what it holds at the end. */
export async function watchRedis(url: string): Promise<
  AsyncDisposable & {
    /** As far as they have reached us. */
    commands(): string;
    /** Key names and all their values. */
    contents(): Promise<string>;
  }
> {
  const redis = new Redis(url);
  redis.on('error', () => {}); // The server may go before us; what asks it then fails by itself.
  const monitor = await redis.monitor();
  monitor.on('error', () => {});
  const seen: string[] = [];
  monitor.on('monitor', (_time: string, command: string[]) => seen.push(command.join(' ')));

  async function valueOf(key: string): Promise<unknown> {
    const type = await redis.type(key);
    if (type === 'string') return redis.get(key);
    if (type === 'stream') return redis.xrange(key, '-', '+');
    if (type === 'hash') return redis.hgetall(key);
    if (type === 'set') return redis.smembers(key);
    if (type === 'zset') return redis.zrange(key, '0', '-1');
    if (type === 'list') return redis.lrange(key, '0', '-1');
    if (type === 'none') return null; // Gone since we saw its name.
    throw new Error(`Nobody reads a ${type}`);
  }

  return {
    commands: () => seen.join('\n'),
    async contents() {
      const held: unknown[] = [];
      for await (const keys of redis.scanStream() as AsyncIterable<string[]>) {
        for (const key of keys) held.push(key, await valueOf(key));
      }
      return JSON.stringify(held);
    },
    async [Symbol.asyncDispose]() {
      monitor.disconnect();
      redis.disconnect();
    },
  };
}

/** Takes what OpenTelemetry exports. */
export async function traceCollector(): Promise<
  AsyncDisposable & { readonly url: string; exported(): Buffer }
> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk));
    request.on('end', () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exported: () => Buffer.concat(bodies),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
