import { notingMessages } from '../../actors/performers/noted-messages.ts';
import type { MediaPort } from '../../actors/ports/media.ts';
import type { MessagingPort } from '../../actors/ports/messaging.ts';
import { guardedFetch } from '../../adapters/guarded-fetch.ts';
import { callPolicy } from '../../adapters/policy.ts';
import { whatsappMedia, whatsappMediaPolicy } from '../../adapters/whatsapp/media.ts';
import {
  whatsappMessaging,
  whatsappPolicy,
  whatsappUploadPolicy,
} from '../../adapters/whatsapp/messaging.ts';
import { whatsappTokens } from '../../adapters/whatsapp/token.ts';
import { isLoopback } from '../../config.ts';
import { createReceipts } from '../../persistence/contacts/delivery-status.ts';
import type { Adapting } from './adapting.ts';
import type { System } from './system.ts';

/** What patients are written to with, and where their files come from. */
export function whatsappOf(
  { config, redis, ledger }: System,
  adapting: Adapting,
): { readonly messaging: MessagingPort; readonly media: MediaPort } {
  const { whatsapp, tenant } = config;
  const { log } = adapting.telemetry;
  const baseUrl = whatsapp.apiBase ?? adapting.sandboxOrigin;
  const graph = { ...adapting, baseUrl, redis: redis.shared.client };
  const tokens = whatsappTokens({
    ...graph,
    accessToken: whatsapp.token,
    app:
      whatsapp.appId === null
        ? undefined
        : { id: whatsapp.appId, secret: whatsapp.appSecrets[0] as string },
    now: Date.now,
  });
  const phoneNumberIdOf = (asked: string) =>
    asked === tenant.tenant ? whatsapp.phoneNumberId : undefined;
  const guard = guardedFetch({
    // Only where Meta itself is played on this machine may a file come from it.
    trustedOrigins: !config.production && isLoopback(baseUrl) ? [new URL(baseUrl).origin] : [],
  });
  adapting.onIdle(() => guard.close());
  const sending = whatsappMessaging({
    ...graph,
    senderOf: (asked) => {
      const phoneNumberId = phoneNumberIdOf(asked);
      return phoneNumberId === undefined ? undefined : { phoneNumberId };
    },
    tokens,
    limits: whatsapp.limits,
    recipientKey: config.indexKey,
    policy: callPolicy('whatsapp', whatsappPolicy, log),
    uploadPolicy: callPolicy('whatsapp', whatsappUploadPolicy, log),
    now: Date.now,
    random: Math.random,
  });
  return {
    messaging: notingMessages(sending, createReceipts({ pool: ledger.pool })),
    media: whatsappMedia({
      ...graph,
      tokenOf: (_tenant, signal) => tokens.get(signal),
      tokenRefused: (token, reason) => tokens.refused(token, reason),
      phoneNumberIdOf,
      guard,
      policy: callPolicy('whatsapp', whatsappMediaPolicy, log),
    }),
  };
}
