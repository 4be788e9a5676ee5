/** Who troubles a running system from outside, each in a way of his own. All of them can be stopped. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { inbound, textFrom, type Orchestrator } from './orchestrator.ts';

export interface Attack {
  /** What it did so far, for whoever reads a failed test. */
  readonly done: () => string;
  stop(): Promise<void>;
}

/** Sends headers and half a body on each of so many connections, stops, and begins anew on each that is closed. */
export async function slowClient(edge: string, sockets: number): Promise<Attack> {
  const { hostname, port } = new URL(edge);
  const open = new Set<Socket>();
  let begun = 0;
  let stopped = false;
  const begin = () => {
    const socket = connect(Number(port), hostname);
    open.add(socket);
    begun += 1;
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      if (!stopped) setTimeout(() => void begin(), 100).unref();
    });
    socket.resume();
    socket.write(
      'POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2000\r\n\r\n' +
        '{'.padEnd(1_000),
    );
    return once(socket, 'connect').catch(() => undefined);
  };
  await Promise.all(Array.from({ length: sockets }, begin));
  return {
    done: () => `${begun} connections begun, ${open.size} open`,
    async stop() {
      stopped = true;
      for (const socket of open) socket.destroy();
    },
  };
}

/** Repeats something, one after the other, until it is stopped. Failures are what it is for. */
export function repeating(what: string, act: (round: number) => Promise<unknown>): Attack {
  let rounds = 0;
  const ending = new AbortController();
  const running = (async () => {
    while (!ending.signal.aborted) await act((rounds += 1)).catch(() => undefined);
  })();
  return {
    done: () => `${rounds} times: ${what}`,
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** The longest texts that cost a reader most: dates in dates, digits in digits, words in words. */
const worstTexts = ['12.03.1980 1', '1 2 3 4 5 6 ', 'a@a.', 'x'.repeat(11), '0'.repeat(12)].map(
  (unit) => unit.repeat(Math.ceil(4_096 / unit.length)).slice(0, 4_096),
);

/** Writes the worst texts from one number, and has staff look at the conversation while he does. */
export function hostileTexter(
  system: Orchestrator,
  phone: string,
  look: () => Promise<unknown>,
): Attack {
  return repeating('a worst text, and a look at the conversation', async (round) => {
    const text = worstTexts[round % worstTexts.length] as string;
    await system.whatsapp(inbound([textFrom(phone, text)]));
    await look();
  });
}

/** Flips a byte of a case's data key where the database keeps it, and goes on writing to that case. */
export async function brokenKey(
  system: Orchestrator,
  caseId: string,
  phone: string,
): Promise<Attack> {
  const last = 'length(wrapped) - 1';
  await system.query(
    `update data_keys set wrapped = set_byte(wrapped, ${last}, get_byte(wrapped, ${last}) # 1) where case_id = $1`,
    [caseId],
  );
  return repeating('a text to the case with the broken key', async () => {
    await system.whatsapp(inbound([textFrom(phone, 'Guten Tag')]));
  });
}
