import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import { ProviderCredentialsRefused, ProviderRefused } from '../../actors/errors.ts';
import type { MessagingPort, OutboundMessage, Recipient } from '../../actors/ports/messaging.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, jsonOf, parsed } from '../http.ts';
import { type CallPolicy, type PolicyOptions, whenNothingWasDone } from '../policy.ts';
import { whatsappError } from './errors.ts';

/** Introduced 2026-07-29. @see https://developers.facebook.com/docs/graph-api/changelog */
const GRAPH_VERSION = 'v26.0';

/**
 * No idempotency key, so only what was certainly not accepted is sent again. 80 messages a second is the default
 * throughput of a number. @see https://developers.facebook.com/docs/whatsapp/cloud-api/overview#throughput
 */
export const whatsappPolicy: PolicyOptions = {
  timeoutMs: 10_000,
  retryWhen: whenNothingWasDone,
  concurrency: 32,
};

export interface WhatsappSender {
  readonly phoneNumberId: string;
  /** A system-user token, which does not expire. */
  readonly accessToken: string;
}

export interface WhatsappOptions {
  /** `https://graph.facebook.com`, without the version. */
  readonly baseUrl: string;
  /** The number a tenant writes from; undefined if it has none. */
  readonly senderOf: (tenant: string) => WhatsappSender | undefined;
  readonly dispatcher?: Dispatcher;
  /** Made from `whatsappPolicy`. One that repeats a send after `ProviderUnreachable` would send twice. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

const Accepted = v.object({
  messages: v.tupleWithRest([v.object({ id: v.string() })], v.unknown()),
});

/**
 * Sends by the WhatsApp Cloud API. The effect id travels as `biz_opaque_callback_data` and comes back in every status
 * webhook, which is how an unknown outcome is settled. 200 means accepted; a failure may still follow by webhook.
 *
 * @see https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
 */
export function whatsappMessaging(options: WhatsappOptions): MessagingPort {
  const { baseUrl, senderOf, dispatcher, policy, telemetry } = options;
  return {
    async send({ recipient, message }, { effectId, attempt, tenant, signal }) {
      const sender = senderOf(tenant);
      if (!sender) throw new ProviderCredentialsRefused('whatsapp', 'no_sender');
      const body = JSON.stringify({
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        ...addressed(recipient),
        ...written(message),
        biz_opaque_callback_data: effectId,
      });
      return await policy.execute(
        (call) =>
          telemetry.integrationCall('whatsapp', async () => {
            const answer = await exchange({
              provider: 'whatsapp',
              dispatcher,
              baseUrl,
              path: `/${GRAPH_VERSION}/${sender.phoneNumberId}/messages`,
              method: 'POST',
              headers: {
                authorization: `Bearer ${sender.accessToken}`,
                'content-type': 'application/json',
              },
              body,
              signal: call.signal,
            });
            if (answer.status < 200 || answer.status > 299) {
              throw whatsappError(answer, attempt - 1 + call.retries);
            }
            const accepted = parsed('whatsapp', Accepted, jsonOf('whatsapp', answer.text));
            return { messageId: accepted.messages[0].id };
          }),
        signal,
      );
    },
  };
}

/** `to` takes a phone number, `recipient` a business-scoped user id; of both `to` would win. */
function addressed({ phone, userId }: Recipient): { to: string } | { recipient: string } {
  if (phone !== undefined) return { to: phone };
  if (userId !== undefined) return { recipient: userId };
  throw new ProviderRefused('whatsapp', 'no_recipient');
}

function written(message: OutboundMessage): object {
  if (message.kind === 'text') return { type: 'text', text: { body: message.body } };
  const buttons = message.buttons.map((reply) => ({ type: 'reply', reply }));
  return {
    type: 'interactive',
    interactive: { type: 'button', body: { text: message.body }, action: { buttons } },
  };
}
