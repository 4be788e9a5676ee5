import type { Dispatcher } from 'undici';

import type { TokenEncryption } from '../../adapters/token-encryption.ts';
import type { Telemetry } from '../../telemetry.ts';
import { once } from './on-first-use.ts';
import type { System } from './system.ts';

/** What every adapter of a provider is made with. */
export interface Adapting {
  readonly dispatcher: Dispatcher;
  readonly telemetry: Telemetry;
  /** Of providers' tokens in Redis. */
  readonly encryption: TokenEncryption;
  /** Empty where no provider is played. */
  readonly sandboxOrigin: string;
  /** Runs once nobody asks a provider any more. */
  readonly onIdle: (close: () => Promise<unknown>) => void;
}

/** Made when the first adapter is: the HTTP client is not loaded in a process that asks nobody. */
export function adaptingOf({ config, telemetry, shutdown, sandboxOrigin }: System) {
  const closing: (() => Promise<unknown>)[] = [];
  // Said before the kernel starts, so that it is done after the kernel has stopped: its last calls go through what is loaded late,
  // and a message that is cut off is in doubt.
  shutdown.onStop(() => Promise.all(closing.map((close) => close())));
  const onIdle: Adapting['onIdle'] = (close) => void closing.push(close);
  return once(async (): Promise<Adapting> => {
    const { providerDispatcher } = await import('../../adapters/http.ts');
    const { createTokenEncryption } = await import('../../adapters/token-encryption.ts');
    const dispatcher = providerDispatcher();
    onIdle(() => dispatcher.close());
    const encryption = createTokenEncryption(config.keyring);
    return { dispatcher, telemetry, encryption, sandboxOrigin, onIdle };
  });
}
