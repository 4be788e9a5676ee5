import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as v from 'valibot';

import { createIngress } from './ingress.ts';
import { RuntimeSettings } from './protocol.ts';
import type { RuntimeMessage, Webhook } from './protocol.ts';

/** Tells the load generator that a case has reached a state. */
export type Report = (caseId: string, state: string) => void;

/** A way to host the machine. */
export interface Variant {
  accept(webhook: Webhook): Promise<void> | void;
  stop(): Promise<void>;
}

/**
 * The whole life of a process under test: settings from the first argument, the variant, the ingress in front of it,
 * `ready` to the parent, and a clean end when the parent says `stop` (so that a CPU profile is written).
 */
export async function serve(
  createVariant: (settings: RuntimeSettings, report: Report) => Promise<Variant> | Variant,
): Promise<void> {
  const settings = v.parse(RuntimeSettings, JSON.parse(process.argv[2] ?? '{}'));
  const variant = await createVariant(settings, createReport());
  const app = createIngress({
    secret: settings.webhookSecret,
    accept: (webhook) => variant.accept(webhook),
  });
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  tell({ kind: 'ready', port: (server.address() as AddressInfo).port });

  await Promise.race([once(process, 'message'), once(process, 'disconnect')]);
  server.close();
  server.closeAllConnections();
  await variant.stop();
  process.disconnect?.();
}

/** One message for each turn of the event loop, whatever the number of cases that moved in it. */
function createReport(): Report {
  let reached: string[] = [];
  const flush = (): void => {
    tell({ kind: 'progress', reached });
    reached = [];
  };
  return (caseId, state) => {
    if (reached.push(caseId, state) === 2) setImmediate(flush);
  };
}

function tell(message: RuntimeMessage): void {
  // A parent that is gone ends this process through `disconnect`; there is nobody to tell.
  if (process.connected) process.send?.(message);
}
