import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import { ProviderRefused } from '../../actors/errors.ts';
import type { InvoiceArchive } from '../../actors/ports/invoicing.ts';

const signal = () => AbortSignal.timeout(30_000);

export const keyOf = (ettn: string = randomUUID()) => `invoices/${ettn}.pdf`;

export const fileAt = (key: string, text = 'The invoice', tenant = 'clinic-a') => ({
  tenant,
  key,
  bytes: Buffer.from(`%PDF-1.4\n${text}\n%%EOF\n`),
  contentType: 'application/pdf',
  retainUntil: '2036-12-31T23:59:59.000Z',
});

/** What every archive of invoices keeps to. */
export function archiveContract(
  name: string,
  archive: () => InvoiceArchive,
  isLocked: boolean,
): void {
  suite(name, () => {
    test('keeps a file with its checksum, and gives it back as it was', async () => {
      const file = fileAt(keyOf());
      const checksum = createHash('sha256').update(file.bytes).digest('hex');
      assert.deepEqual(await archive().keep(file, signal()), { checksum, isLocked });
      assert.deepEqual(
        Buffer.from((await archive().read(file.tenant, file.key, signal())) ?? []),
        file.bytes,
      );
    });

    test('takes the same file again, and refuses another under its key', async () => {
      const file = fileAt(keyOf());
      const first = await archive().keep(file, signal());
      assert.deepEqual(await archive().keep(file, signal()), first);
      await assert.rejects(archive().keep(fileAt(file.key, 'Another'), signal()), ProviderRefused);
      assert.deepEqual(
        Buffer.from((await archive().read(file.tenant, file.key, signal())) ?? []),
        file.bytes,
      );
    });

    test('keeps one of many that come at once, and the same many times', async () => {
      const key = keyOf();
      const same = await Promise.all(
        Array.from({ length: 8 }, () => archive().keep(fileAt(key), signal())),
      );
      assert.equal(new Set(same.map(({ checksum }) => checksum)).size, 1);
    });

    test('has nothing that was never kept, and nothing of another tenant', async () => {
      const file = fileAt(keyOf());
      await archive().keep(file, signal());
      assert.equal(await archive().read(file.tenant, keyOf(), signal()), null);
      assert.equal(await archive().read('clinic-b', file.key, signal()), null);
    });

    test('refuses places that are none', async () => {
      const key = keyOf();
      for (const wrong of [
        fileAt('invoices/../secrets.pdf'),
        fileAt('docs/clinic-a/case/scan.pdf'),
        fileAt(key, 'x', '../other'),
        { ...fileAt(key), retainUntil: 'for ever' },
      ]) {
        await assert.rejects(archive().keep(wrong, signal()), RangeError);
      }
      await assert.rejects(archive().read('clinic-a', `${key}/../x`, signal()), RangeError);
    });
  });
}
