import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import type { VirusScanPort } from '../../actors/ports/media.ts';

export interface ClamavOptions {
  readonly host: string;
  /** 3310 is clamd's own. */
  readonly port: number;
  /** For a whole scan. 60 s if absent: clamd stops looking into a file after 120 s by itself. */
  readonly timeoutMs?: number;
  /** Must not be above clamd's `StreamMaxLength`, which was 25 MB for years. That if absent. */
  readonly maxBytes?: number;
}

const provider = 'clamav';
const chunkBytes = 128 * 1_024;
const connectMs = 3_000;
/** While clamd looks into a file it says nothing; TCP's probes tell whether its machine is still there. */
const keepAliveMs = 5_000;
/** Far more than any verdict. */
const maxAnswerBytes = 4_096;

/**
 * Scans with ClamAV's daemon over TCP. clamd has neither password nor encryption: it has to be on the same host or in a
 * private network.
 *
 * @see https://docs.clamav.net/manual/Usage/Scanning.html#clamd (INSTREAM, in `man 8 clamd`)
 */
export function clamavScan(options: ClamavOptions): VirusScanPort {
  const { host, port, timeoutMs = 60_000, maxBytes = 25_000_000 } = options;
  return {
    async scan(bytes, signal) {
      // Not cut, since malware may be in the rest; not sent, since clamd would hang up.
      if (bytes.length > maxBytes) throw new ProviderBusy(provider, 'size_limit');
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      if (bounded.aborted) throw new ProviderBusy(provider, 'not_sent');
      const socket = connect({
        host,
        port,
        keepAlive: true,
        keepAliveInitialDelay: keepAliveMs,
      });
      let connected = false;
      try {
        await once(socket, 'connect', {
          signal: AbortSignal.any([bounded, AbortSignal.timeout(connectMs)]),
        });
        connected = true;
        return { by: provider, found: verdictOf(await instream(socket, bytes, bounded)) };
      } catch (error) {
        if (error instanceof ProviderBusy || error instanceof ProviderUnreachable) throw error;
        if (!connected) throw new ProviderBusy(provider, 'not_connected');
        if (bounded.aborted) throw new ProviderUnreachable(provider, 'timeout');
        throw new ProviderUnreachable(provider, 'connection_broken');
      } finally {
        socket.destroy();
      }
    },
  };
}

/** For where there is no scanner: says that it looked at nothing. */
export function noScan(): VirusScanPort {
  return { scan: async () => ({ by: 'none', found: null }) };
}

/** Sends a file as chunks of `length(4, big-endian) | bytes`, an empty one last, and gives clamd's answer. */
async function instream(socket: Socket, bytes: Uint8Array, signal: AbortSignal): Promise<string> {
  const stop = () => socket.destroy(new Error('No time left'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    socket.write('zINSTREAM\0');
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      const chunk = bytes.subarray(at, at + chunkBytes);
      socket.write(lengthOf(chunk));
      socket.write(chunk); // By reference: what waits in the socket is the file itself, not a copy.
    }
    socket.write(new Uint8Array(4));
    let answer = '';
    for await (const part of socket as AsyncIterable<Buffer>) {
      answer += part.toString('latin1');
      if (answer.length > maxAnswerBytes || answer.includes('\0')) break;
    }
    return answer;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function lengthOf(chunk: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(chunk.length);
  return length;
}

/** Only clamd's exact "OK" is clean: whatever we do not understand was not scanned. */
function verdictOf(answer: string): string | null {
  if (answer === 'stream: OK\0') return null;
  const found = /^stream: ([\x21-\x7e]{1,200}) FOUND\0$/.exec(answer)?.[1];
  if (found !== undefined) return found;
  if (answer.startsWith('INSTREAM size limit exceeded')) {
    throw new ProviderBusy(provider, 'size_limit');
  }
  throw new ProviderUnreachable(provider, 'unexpected_answer');
}
