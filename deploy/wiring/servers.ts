import type { Config } from '../../config.ts';
import type { Shutdown } from './shutdown.ts';

/** An image archive, wherever it is. */
export interface Archive {
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly dicomWebUrl: string;
}

export interface Servers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** An archive of our own comes after `startOptional`; null when there is none. */
  readonly archive: Promise<Archive | null>;
  readonly startOptional: () => void;
}

/** The servers that the settings name; in development our own under DATA_DIR for those they do not. */
export async function serversOf(config: Config, shutdown: Shutdown): Promise<Servers> {
  const { databaseUrl, redisUrl, orthanc, dataDir, roles } = config;
  const given = Promise.resolve(orthanc.kind === 'server' ? orthanc : null);
  const wanted = orthanc.kind === 'own' && roles.includes('performers');
  if (databaseUrl !== null && redisUrl !== null && !wanted) {
    return { databaseUrl, redisUrl, archive: given, startOptional: () => undefined };
  }
  const { localServers } = await import('../local/servers.ts');
  const servers = localServers({ databaseUrl, redisUrl, dataDir, orthanc: wanted });
  shutdown.onStop(() => servers.stop());
  shutdown.onStopSlowly(() => servers.stopOrthanc());
  const addresses = await servers.start();
  const own = servers.orthanc.then(
    (server) =>
      server && {
        baseUrl: server.origin,
        username: server.username,
        password: server.password,
        dicomWebUrl: `${server.origin}/dicom-web`,
      },
  );
  return {
    ...addresses,
    archive: wanted ? own : given,
    startOptional: () => servers.startOptional(),
  };
}
