import { chmod, mkdir, readdir, stat } from 'node:fs/promises';

/** What we and our servers keep in it. Anything else means that the folder is not ours alone. */
const ours = [
  /^(postgres|redis|orthanc|documents|invoices)$/,
  /^running\.json$/,
  /^sandbox\.jsonl/,
  /^audit-checkpoints\.jsonl$/,
];

const othersBits = 0o077;

/**
 * Makes DATA_DIR if `make` says so, and closes it to everybody but its owner: passwords, the sandbox's ledger, encrypted
 * documents and the audit trail's checkpoints lie in it. One that is open is closed if nothing but ours is in it; a folder
 * that others use too (`/tmp`, a home, `/var/lib`) is refused, because closing it would shut them out.
 *
 * @throws {Error} it is open to others and not ours to close; says what to do
 */
export async function closeDataFolder(path: string, make: boolean): Promise<void> {
  if (make) await mkdir(path, { recursive: true, mode: 0o700 });
  const found = await stat(path).catch(() => null);
  if (found === null || (found.mode & othersBits) === 0 || process.platform === 'win32') return;
  const names = await readdir(path);
  const foreign = names.find((name) => !ours.some((pattern) => pattern.test(name)));
  const refusal = (why: string) =>
    new Error(
      `DATA_DIR is open to other users (mode ${(found.mode & 0o777).toString(8)}) and ${why}: ` +
        'name a folder of its own, or run chmod 700 on it',
    );
  if (foreign !== undefined) throw refusal(`holds what is not ours (${foreign})`);
  try {
    await chmod(path, 0o700);
  } catch {
    throw refusal('belongs to somebody else');
  }
}
