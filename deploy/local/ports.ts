import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give to connections by themselves (from 32,768 on, by Linux): one of those may be taken at any time. */
const lowest = 20_000;
const highest = 32_000;
const mostTries = 100;

/** A TCP port of 127.0.0.1 that was free a moment ago. Another program may take it first: be ready to ask again. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = randomInt(lowest, highest);
    // oxlint-disable-next-line no-await-in-loop -- the first that is free
    if (await isFree(port)) return port;
  }
  throw new Error('No TCP port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
