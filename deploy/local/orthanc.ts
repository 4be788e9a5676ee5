import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import * as v from 'valibot';

import { startDaemon } from './daemon.ts';
import { install } from './installer.ts';
import { orthancSoftware } from './software.ts';

export interface OrthancServerOptions {
  /** Images, index and configuration. */
  readonly dataDir: string;
  /** Any free port if absent. */
  readonly port?: number;
  /** Finished jobs that are remembered. 100 if absent; Orthanc's own 10 are soon forgotten. */
  readonly jobsHistory?: number;
  /** Without new images for so long a study is stable. Seconds, 5 if absent. */
  readonly stableAgeSeconds?: number;
}

/** An Orthanc of our own. It outlives this process unless it is stopped. */
export interface LocalOrthanc {
  /** `http://127.0.0.1:49152`. DICOMweb is at `/dicom-web` of it. */
  readonly origin: string;
  readonly username: string;
  readonly password: string;
  readonly port: number;
  readonly pid: number;
  /** Ends its jobs and closes its index. */
  stop(): Promise<void>;
  /** SIGKILL, for tests of what a crash leaves behind. */
  kill(): Promise<void>;
}

/** It takes 1 s, or minutes on a slow or busy machine, and nothing waits for it. If it ends, we see that at once. */
const startTimeoutMs = 10 * 60_000;
const username = 'orchestrator';
const dicomWebPlugins = [
  '/usr/share/orthanc/plugins/libOrthancDicomWeb.so', // Debian, Ubuntu
  '/usr/lib/orthanc/libOrthancDicomWeb.so',
];
const Configuration = v.object({ RegisteredUsers: v.object({ [username]: v.string() }) });

/**
 * Starts the machine's Orthanc with DICOMweb in `dataDir`. It answers this machine alone, over HTTP and with a password; its
 * DICOM port stays closed. If the program is missing, and we are root on a machine with apt, it is installed first and
 * `note` is told so. A server that a killed predecessor left running is taken over as it is.
 *
 * @see https://orthanc.uclouvain.be/book/users/configuration.html
 * @throws {NotInstalled} no Orthanc here, and it can't be installed
 * @throws {Error} another living process uses `dataDir`, it ended while starting, or no answer within 10 min
 */
export async function startOrthanc(
  options: OrthancServerOptions,
  note: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<LocalOrthanc> {
  const dataDir = resolve(options.dataDir);
  const file = join(dataDir, 'orthanc.json');
  const daemon = await startDaemon({
    name: 'Orthanc',
    dataDir,
    port: options.port,
    startTimeoutMs,
    async prepare() {
      if (!isOrthancHere()) await install(orthancSoftware, note);
      await mkdir(join(dataDir, 'images'), { recursive: true, mode: 0o700 });
    },
    command(port) {
      const text = JSON.stringify(configuration(dataDir, port, passwordIn(file), options), null, 2);
      writeFileSync(file, text, { mode: 0o600 });
      return { file: 'Orthanc', args: [file] };
    },
    answers: (port) => ping(port, passwordIn(file)),
    worthAnotherTry: () => false,
  });
  return {
    origin: `http://127.0.0.1:${daemon.port}`,
    username,
    password: passwordIn(file),
    port: daemon.port,
    pid: daemon.pid,
    stop: () =>
      daemon.end([
        { signal: 'SIGTERM', timeoutMs: 10_000 },
        { signal: 'SIGKILL', timeoutMs: 5_000 },
      ]),
    kill: () => daemon.end([{ signal: 'SIGKILL', timeoutMs: 5_000 }]),
  };
}

/** Whether this machine has it, with its plugin for DICOMweb. */
export function isOrthancHere(): boolean {
  return spawnSync('Orthanc', ['--version']).status === 0 && plugin() !== undefined;
}

function plugin(): string | undefined {
  return dicomWebPlugins.find((path) => existsSync(path));
}

function configuration(
  dataDir: string,
  port: number,
  password: string,
  { jobsHistory = 100, stableAgeSeconds = 5 }: OrthancServerOptions,
): object {
  return {
    Name: 'Local archive',
    StorageDirectory: join(dataDir, 'images'),
    IndexDirectory: join(dataDir, 'images'),
    Plugins: [plugin()],
    HttpPort: port,
    // Orthanc listens on all addresses and can't be told otherwise; this makes it refuse all peers but this machine.
    RemoteAccessAllowed: false,
    AuthenticationEnabled: true,
    RegisteredUsers: { [username]: password },
    OrthancExplorerEnabled: false,
    WebDavEnabled: false,
    DicomServerEnabled: false,
    HttpDescribeErrors: true,
    JobsHistorySize: jobsHistory,
    StableAge: stableAgeSeconds,
    OverwriteInstances: false,
    DicomWeb: {
      Enable: true,
      Root: '/dicom-web/',
      Host: `127.0.0.1:${port}`, // In links that it answers; localhost without a port by default.
      Ssl: false,
      EnableWado: false,
    },
  };
}

/** Kept from start to start, so that clients of a restarted server need not change. */
function passwordIn(file: string): string {
  const known = existsSync(file)
    ? v.safeParse(v.pipe(v.string(), v.parseJson(), Configuration), readFileSync(file, 'utf8'))
    : null;
  if (known?.success) return known.output.RegisteredUsers[username];
  return randomBytes(24).toString('base64url');
}

async function ping(port: number, password: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await fetch(`http://127.0.0.1:${port}/system`, {
    headers: { authorization },
    signal: AbortSignal.timeout(2_000),
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`Orthanc is not ready: status ${answer.status}`);
}
