import assert from 'node:assert/strict';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { closeDataFolder } from '../../deploy/wiring/data-folder.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

suite('the folder of data', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeFolder(folder));

  test('is made for its owner alone, or not at all where nothing needs it', async () => {
    await closeDataFolder(join(folder, 'deep', 'data'), true);
    assert.equal(await modeOf(join(folder, 'deep', 'data')), '700');
    await closeDataFolder(join(folder, 'none'), false);
    await assert.rejects(stat(join(folder, 'none')));
  });

  test('is closed if it was open and holds nothing but ours', async () => {
    const path = join(folder, 'open');
    await mkdir(join(path, 'postgres'), { recursive: true });
    await writeFile(join(path, 'running.json'), '{}');
    await chmod(path, 0o755);
    await closeDataFolder(path, false);
    assert.equal(await modeOf(path), '700');
  });

  test('is refused if it is open and others use it, and is left as it is', async () => {
    const path = join(folder, 'shared');
    await mkdir(path);
    await writeFile(join(path, 'letter.txt'), '');
    await chmod(path, 0o750);
    await assert.rejects(closeDataFolder(path, true), /DATA_DIR is open .* \(letter\.txt\): name/);
    assert.equal(await modeOf(path), '750');
    await chmod(path, 0o700);
    await closeDataFolder(path, true);
  });
});
