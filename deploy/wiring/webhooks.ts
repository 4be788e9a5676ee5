import type { Config } from '../../config.ts';
import type { Webhook } from '../../http/app.ts';
import { efaturaRoutes } from '../../http/webhooks/efatura.ts';
import { paymentRoutes } from '../../http/webhooks/payments.ts';
import { whatsappRoutes } from '../../http/webhooks/whatsapp.ts';

/** Each provider's webhook, with what proves its requests. A new provider gets its line here. */
export function webhooksOf({ whatsapp, stripe, iyzico, efaturaWebhookSecrets }: Config): Webhook[] {
  const ofIyzico =
    iyzico === null
      ? undefined
      : { webhookSecrets: iyzico.secretKeys, merchantId: iyzico.merchantId };
  const ofIntegrator = { webhookSecrets: efaturaWebhookSecrets };
  return [
    (pipeline) => whatsappRoutes(pipeline, whatsapp),
    (pipeline) => paymentRoutes(pipeline, stripe, ofIyzico),
    ...(efaturaWebhookSecrets.length === 0
      ? []
      : ([(pipeline) => efaturaRoutes(pipeline, ofIntegrator)] satisfies Webhook[])),
  ];
}
