import type pg from 'pg';

import type { Config } from '../../config.ts';
import { createBlindIndex, type BlindIndex } from '../../persistence/encryption/blind-index.ts';
import { createDataKeys, type DataKeys } from '../../persistence/encryption/data-keys.ts';
import { tryKeys } from '../../persistence/encryption/key-probes.ts';
import { createLocalKeyring, type LocalKeyring } from '../../persistence/encryption/keyring.ts';

/** The keys of the settings, as what needs them takes them. */
export interface Keys {
  readonly keyring: LocalKeyring;
  readonly keys: DataKeys;
  readonly blindIndex: BlindIndex;
  /** Of bodies. */
  readonly digestKey: Buffer;
}

/**
 * The keys of the settings, tried against the data: for every role and command that encrypts, decrypts or looks up.
 *
 * @throws {KeysUnfit} they are not those of this database
 */
export async function openKeys(
  pool: pg.Pool,
  settings: Pick<Config, 'keyring' | 'indexKey' | 'audit'>,
): Promise<Keys> {
  const keyring = createLocalKeyring(
    settings.keyring.map(({ id, key }) => ({ id, key: Buffer.from(key) })),
  );
  const blindIndex = createBlindIndex([{ id: '1', key: settings.indexKey }]);
  const { isDevelopmentKey, signingKey, publicKeys } = settings.audit;
  await tryKeys(pool, {
    keyring,
    keyIds: settings.keyring.map(({ id }) => id),
    blindIndex,
    audit: isDevelopmentKey ? null : { signingKeyId: signingKey.keyId, publicKeys },
  });
  return { keyring, keys: createDataKeys(pool, keyring), blindIndex, digestKey: settings.indexKey };
}
