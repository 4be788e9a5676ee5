import type { Config } from '../../config.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { LedgerWiring } from './ledger.ts';
import type { RedisWiring } from './redis.ts';
import type { Archive } from './servers.ts';
import type { Shutdown } from './shutdown.ts';

/** What this process is connected to, as all its parts are put together from it. */
export interface System {
  readonly config: Config;
  readonly telemetry: Telemetry;
  readonly shutdown: Shutdown;
  readonly ledger: LedgerWiring;
  readonly redis: RedisWiring;
  /** Comes late where it is one of ours; null where there is none. */
  readonly archive: Promise<Archive | null>;
  /** Plays the providers without an address; empty where none is played. */
  readonly sandboxOrigin: string;
  /** Our edge's own address, once it listens. */
  readonly edgeUrl: () => string;
}
