import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of Meta's webhook as tests look at. */
export interface MetaWebhook {
  readonly entry: readonly {
    readonly id: string;
    readonly changes: readonly {
      readonly field: string;
      readonly value: {
        readonly metadata: { readonly phone_number_id: string };
        readonly contacts?: readonly Record<string, unknown>[];
        readonly messages?: readonly Record<string, unknown>[];
        readonly statuses?: readonly Record<string, unknown>[];
      };
    }[];
  }[];
}

export interface Receiver {
  readonly url: string;
  /** What was posted, in order of arrival. */
  readonly webhooks: readonly MetaWebhook[];
  /** All statuses so far. */
  statuses(): readonly Record<string, unknown>[];
  close(): Promise<void>;
}

/** Answers 200 to every webhook and keeps it. Checks no signature. */
export async function startReceiver(): Promise<Receiver> {
  const webhooks: MetaWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      webhooks.push(JSON.parse(Buffer.concat(chunks).toString()) as MetaWebhook);
      response.writeHead(200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    webhooks,
    statuses: () =>
      webhooks.flatMap(({ entry }) =>
        entry.flatMap(({ changes }) => changes.flatMap(({ value }) => value.statuses ?? [])),
      ),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
