import type { Kernel } from '../../actors/kernel/kernel.ts';
import { mask } from '../../actors/masking/on-demand.ts';
import { providerWaitedFor } from '../../actors/outward/failed-effects.ts';
import { journeyMachines, journeyWaitingOf, wordsOf } from '../../actors/performers/journey.ts';
import { attentionOf } from '../../actors/staff/attention-view.ts';
import { orderOf } from '../../actors/staff/case-order.ts';
import { withClinicRecords } from '../../actors/staff/clinical-review.ts';
import { reviewOf } from '../../actors/staff/review-view.ts';
import { createStaffActions } from '../../actors/staff/staff-actions.ts';
import { tripOf } from '../../actors/staff/waiting-view.ts';
import { redisSeenRequests } from '../../adapters/seen-requests.ts';
import { createEdge } from '../../http/app.ts';
import { clientAddresses } from '../../http/server/client-address.ts';
import { serve } from '../../http/server/serve.ts';
import { createDesk } from '../../persistence/cases/views.ts';
import { createMoneyDesk } from '../../persistence/finance/views.ts';
import { failuresOf } from './failures.ts';
import { intakeOf } from './intake.ts';
import type { Providers } from './providers.ts';
import type { System } from './system.ts';
import { webhooksOf } from './webhooks.ts';

/** The door to the outside: providers' webhooks, staff and patients. Listens from now on. */
export async function startEdge(
  system: System,
  { ports, documents, links, travellers, invoices }: Providers,
  kernel: Kernel,
): Promise<{ readonly url: string }> {
  const { config, ledger, redis, telemetry, shutdown } = system;
  const { pool, keyring, keys, blindIndex } = ledger;
  const { registry, log } = telemetry;
  const { securityContacts, publicUrl } = config;
  const intake = intakeOf(system, kernel);
  const desk = createDesk({
    pool,
    keys,
    now: Date.now,
    mask,
    say: wordsOf,
    reviewOf,
    waitingOf: journeyWaitingOf,
    attentionOf,
    order: orderOf(journeyMachines.case.machine),
    providerOf: providerWaitedFor,
    tripOf,
    blindIndex,
  });
  /** A case has its key from its first event until it is erased. */
  const tenantOf = async (caseId: string) =>
    (await keys.load([caseId])).known.get(caseId)?.tenant ?? null;
  const addresses = clientAddresses(config.trustedProxies);
  const edge = createEdge({
    addresses,
    isHttps: publicUrl?.startsWith('https:') === true,
    ...(securityContacts.length > 0 && { security: { contacts: securityContacts, publicUrl } }),
    intake,
    desk: withClinicRecords(desk, ports),
    staffActions: createStaffActions({ kernel, desk }),
    webhooks: webhooksOf(config),
    seen: redisSeenRequests(redis.shared.client),
    paymentReturn: { keys: config.documents.linkKeys },
    failures: failuresOf({
      settings: config,
      pool,
      keyring,
      kernel,
      intake,
      desk,
      mask,
      now: Date.now,
    }),
    money: { desk: createMoneyDesk({ pool, desk }), archive: invoices },
    staffTokens: config.staffTokens,
    travellers: { ...travellers, tenantOf },
    documents: {
      ...documents,
      links,
      bucket: config.documents.bucket,
      webhookTokens: config.documents.webhookTokens,
      tenantOf,
    },
    registry,
    report: (error, correlationId) => log('error', 'http.unexpected', { correlationId }, error),
  });
  const { host, port } = config;
  const server = await serve(edge.callback(), { host, port }, {}, addresses);
  shutdown.onStop(() => server.drain(3_000));
  return server;
}
