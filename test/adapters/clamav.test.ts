import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import { clamavScan, noScan } from '../../adapters/clamav/scan.ts';
import { freePort } from '../../deploy/local/ports.ts';
import { type RealClamd, plantedMarker, plantedName, startClamd, streamMaxBytes } from './clamd.ts';

const host = '127.0.0.1';
const signal = () => AbortSignal.timeout(20_000);

/** A listener that does with each connection what it is told. */
async function withListener(
  onConnection: (socket: Socket) => void,
  run: (port: number) => Promise<void>,
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // Hung up on.
    onConnection(socket);
  }).listen(0, host);
  await once(server, 'listening');
  try {
    await run((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const busy = (reason: string) => (error: unknown) =>
  error instanceof ProviderBusy && error.reason === reason;
const unreachable = (reason: string) => (error: unknown) =>
  error instanceof ProviderUnreachable && error.reason === reason;

suite('a scan by the real clamd', () => {
  let clamd: RealClamd | string;
  before(async () => {
    clamd = await startClamd();
  });
  after(async () => {
    if (typeof clamd !== 'string') await clamd.close();
  });
  function scans(title: string, run: (port: number) => Promise<void>): void {
    test(title, async (t) => {
      if (typeof clamd === 'string') t.skip(clamd);
      else await run(clamd.port);
    });
  }

  scans('finds a clean file clean, of any length', async (port) => {
    const scan = clamavScan({ host, port });
    for (const length of [0, 1, 128 * 1_024, 128 * 1_024 + 1, streamMaxBytes]) {
      assert.deepEqual(await scan.scan(randomBytes(length), signal()), {
        by: 'clamav',
        found: null,
      });
    }
  });

  scans('finds malware, wherever it is, and names it', async (port) => {
    const scan = clamavScan({ host, port });
    const marker = Buffer.from(plantedMarker);
    const seam = Buffer.concat([
      Buffer.alloc(128 * 1_024 - 5, 'x'),
      marker,
      Buffer.alloc(1_000, 'y'),
    ]);
    const end = Buffer.concat([Buffer.alloc(1_000_000, 'x'), marker]);
    for (const bytes of [marker, seam, end]) {
      assert.deepEqual(await scan.scan(bytes, signal()), { by: 'clamav', found: plantedName });
    }
  });

  scans('serves many at a time', async (port) => {
    const scan = clamavScan({ host, port });
    const files = Array.from({ length: 12 }, (_, index) =>
      Buffer.from(index % 3 === 0 ? plantedMarker : `clean ${index}`),
    );
    const verdicts = await Promise.all(files.map((bytes) => scan.scan(bytes, signal())));
    assert.deepEqual(
      verdicts.map(({ found }) => found),
      files.map((_, index) => (index % 3 === 0 ? plantedName : null)),
    );
  });

  scans('is no verdict when the file is longer than clamd takes', async (port) => {
    const scan = clamavScan({ host, port });
    await assert.rejects(scan.scan(randomBytes(streamMaxBytes + 1), signal()), (error) =>
      // clamd says so and hangs up; on a busy machine the second may arrive first.
      [busy('size_limit'), unreachable('connection_broken')].some((is) => is(error)),
    );
  });
});

suite('a scan', () => {
  test('sends INSTREAM: chunks with their length, an empty one last', async () => {
    const received: Buffer[] = [];
    const bytes = randomBytes(200_000);
    await withListener(
      (socket) =>
        socket.on('data', (part: Buffer) => {
          received.push(part);
          if (Buffer.concat(received).subarray(-4).readUInt32BE() === 0) socket.end('stream: OK\0');
        }),
      async (port) => {
        await clamavScan({ host, port }).scan(bytes, signal());
      },
    );
    const stream = Buffer.concat(received);
    assert.equal(stream.toString('latin1', 0, 10), 'zINSTREAM\0');
    const chunks: Buffer[] = [];
    let at = 10;
    for (let length = -1; length !== 0;) {
      length = stream.readUInt32BE(at);
      chunks.push(stream.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    assert.equal(at, stream.length);
    assert.deepEqual(Buffer.concat(chunks), bytes);
  });

  for (const [answer, is] of [
    ['INSTREAM size limit exceeded. ERROR\0', busy('size_limit')],
    ["stream: Can't allocate memory ERROR\0", unreachable('unexpected_answer')],
    ['stream: OK', unreachable('unexpected_answer')],
    ['UNKNOWN COMMAND\0', unreachable('unexpected_answer')],
    ['stream: x FOUND OK\0', unreachable('unexpected_answer')],
    ['x'.repeat(10_000), unreachable('unexpected_answer')],
    ['', unreachable('unexpected_answer')],
  ] as const) {
    test(`is no verdict after ${JSON.stringify(answer.slice(0, 40))}`, async () => {
      await withListener(
        (socket) => socket.once('data', () => socket.end(answer)),
        async (port) => {
          await assert.rejects(clamavScan({ host, port }).scan(Buffer.from('x'), signal()), is);
        },
      );
    });
  }

  test('is no verdict when clamd hangs up', async () => {
    await withListener(
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      async (port) => {
        const scan = clamavScan({ host, port }).scan(randomBytes(5_000_000), signal());
        await assert.rejects(scan, unreachable('connection_broken'));
      },
    );
  });

  test('ends in time, and when its caller goes', async () => {
    await withListener(
      () => {}, // Reads nothing, answers nothing.
      async (port) => {
        const bytes = randomBytes(5_000_000);
        const slow = clamavScan({ host, port, timeoutMs: 50 }).scan(bytes, signal());
        await assert.rejects(slow, unreachable('timeout'));
        const left = clamavScan({ host, port }).scan(bytes, AbortSignal.timeout(50));
        await assert.rejects(left, unreachable('timeout'));
        const gone = clamavScan({ host, port }).scan(bytes, AbortSignal.abort());
        await assert.rejects(gone, busy('not_sent'));
      },
    );
  });

  test('is put off where nobody listens', async () => {
    const port = await freePort();
    const scan = clamavScan({ host, port }).scan(Buffer.from('x'), signal());
    await assert.rejects(scan, busy('not_connected'));
  });

  test('is not begun for a file above the limit', async () => {
    const scan = clamavScan({ host, port: 1, maxBytes: 10 }).scan(Buffer.alloc(11), signal());
    await assert.rejects(scan, busy('size_limit'));
  });

  test('says so where there is no scanner', async () => {
    assert.deepEqual(await noScan().scan(Buffer.from(plantedMarker), signal()), {
      by: 'none',
      found: null,
    });
  });
});
