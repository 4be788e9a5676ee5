import { mkdir, open as openFile, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import { ProviderBusy } from '../../actors/errors.ts';
import {
  longestLine,
  type CheckpointStore,
  type KeptLine,
} from '../../actors/ports/checkpoints.ts';
import { onDisk, unlessGone } from './disk.ts';

/** What a crash left of a line is finished with this, and a line that ends so is none. */
const torn = '#torn';
const readBytes = 262_144;
/** Of one page. */
const pageLines = 64;

/**
 * Checkpoints in a file that only grows, a line each: `chattr +a` may hold it to that. Best on another disk than the
 * database's, and copied elsewhere as it grows. Several processes of one machine may append to it.
 *
 * All throw `ProviderBusy` with the system's code when the disk fails.
 */
export function checkpointFile(path: string): CheckpointStore {
  return {
    append: ({ text }, signal) =>
      onDisk('checkpoints', async () => {
        if (text.includes('\n')) throw new RangeError('A checkpoint is one line');
        if (signal.aborted) throw new ProviderBusy('checkpoints', 'not_stored');
        await makeFolder(dirname(resolve(path)));
        const file = await openFile(path, 'a+', 0o600);
        try {
          // Should another process just be writing, the mark comes behind its line: writes to the end don't mix.
          const rest = (await endsOpen(file)) ? `${torn}\n` : '';
          await file.appendFile(`${rest}${text}\n`);
          await file.sync();
        } finally {
          await file.close();
        }
        await syncFolder(dirname(resolve(path))); // The file itself may be new.
      }),

    async *read(after, signal) {
      let { offset, lines } = cursorOf(after);
      const file = await onDisk('checkpoints', () => unlessGone(openFile(path, 'r')));
      if (file === null) return;
      try {
        // Cut off behind our back: what is left is read anew, and the chain of batches tells what is gone.
        const { size } = await onDisk('checkpoints', () => file.stat());
        if (offset > size) [offset, lines] = [0, 0];
        let buffer = Buffer.alloc(0);
        for (;;) {
          if (signal.aborted) throw new ProviderBusy('checkpoints', 'not_read');
          const at = offset + buffer.length;
          const { bytesRead, buffer: chunk } = await onDisk('checkpoints', () =>
            file.read(Buffer.allocUnsafe(readBytes), 0, readBytes, at),
          );
          if (bytesRead === 0) return; // A last line without an end is not finished, or never will be.
          buffer = Buffer.concat([buffer, chunk.subarray(0, bytesRead)]);
          let page: KeptLine[] = [];
          for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10)) {
            const text = buffer.toString('utf8', 0, end);
            buffer = buffer.subarray(end + 1);
            offset += end + 1;
            lines += 1;
            if (!text.endsWith(torn)) page.push({ place: `line ${lines}`, text });
            if (page.length === pageLines) {
              yield { lines: page, cursor: `${offset}:${lines}` };
              page = [];
            }
          }
          if (buffer.length > longestLine) {
            // Nothing of ours, and perhaps without end: one unreadable line, wherever it ends.
            page.push({ place: `line ${lines + 1}`, text: '' });
            offset += buffer.length;
            buffer = Buffer.alloc(0);
          }
          if (page.length > 0) yield { lines: page, cursor: `${offset}:${lines}` };
        }
      } finally {
        await file.close();
      }
    },
  };
}

/** Whether the file ends in the middle of a line. */
async function endsOpen(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 10;
}

async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first !== undefined) await syncFolder(dirname(first));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await openFile(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** `bytes:lines`. */
function cursorOf(cursor: string | null): { offset: number; lines: number } {
  const [offset = 0, lines = 0] = cursor?.split(':').map(Number) ?? [];
  return { offset, lines };
}
