import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { startDaemon } from '../../deploy/local/daemon.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { testSoftware, whyNot } from '../support/software.ts';

export interface RealClamd {
  readonly port: number;
  close(): Promise<void>;
}

/** What the one signature looks for, so that no real malware and no EICAR file lies about. */
export const plantedMarker = 'CASE-TEST-MALWARE-MARKER';
export const plantedName = 'Test.Planted.Marker.UNOFFICIAL';
/** Its `StreamMaxLength`. */
export const streamMaxBytes = 2 * 1_024 * 1_024;

/**
 * ClamAV's own daemon. With one signature in place of the 200 MB of real ones it starts in 0.3 s.
 * Answers why not, where it can't be had.
 */
export async function startClamd(): Promise<RealClamd | string> {
  const reason = await whyNot(testSoftware.clamav);
  if (reason !== null) return reason;
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'clamd');
  const config = join(dataDir, 'clamd.conf');
  const daemon = await startDaemon({
    name: 'ClamAV',
    dataDir,
    port: undefined,
    startTimeoutMs: 30_000,
    prepare: async () => {
      const signatures = join(dataDir, 'signatures');
      mkdirSync(signatures);
      const planted = Buffer.from(plantedMarker).toString('hex');
      writeFileSync(join(signatures, 'planted.ndb'), `Test.Planted.Marker:0:*:${planted}\n`);
    },
    command: (port) => {
      const settings = [
        'Foreground yes',
        `DatabaseDirectory ${join(dataDir, 'signatures')}`,
        `TemporaryDirectory ${dataDir}`,
        `TCPSocket ${port}`,
        'TCPAddr 127.0.0.1',
        `StreamMaxLength ${streamMaxBytes}`,
        'MaxThreads 2',
        'SelfCheck 0',
        '',
      ];
      writeFileSync(config, settings.join('\n'));
      return { file: 'clamd', args: ['-c', config] };
    },
    answers: ping,
    worthAnotherTry: () => false,
  });
  return {
    port: daemon.port,
    async close() {
      await daemon.end([
        { signal: 'SIGTERM', timeoutMs: 5_000 },
        { signal: 'SIGKILL', timeoutMs: 5_000 },
      ]);
      await removeFolder(folder);
    },
  };
}

async function ping(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(2_000, () => socket.destroy(new Error('clamd does not answer')));
  await once(socket, 'connect');
  socket.write('zPING\0');
  if ((await text(socket)) !== 'PONG\0') throw new Error('clamd is not ready');
}
