import { ProviderBusy } from '../../actors/errors.ts';

/** Null where nothing is there. */
export async function unlessGone<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * What the disk does for `provider`. The system's message quotes the path, so only its code goes on.
 *
 * @throws {ProviderBusy} with the system's code, when the disk fails
 */
export async function onDisk<T>(provider: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error) {
      throw new ProviderBusy(provider, String(error.code));
    }
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
