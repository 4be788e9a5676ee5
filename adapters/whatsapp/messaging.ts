import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  Deferred,
  ProviderCredentialsRefused,
  ProviderRefused,
} from '../../actors/errors.ts';
import type {
  MessagingPort,
  OutboundMessage,
  Template,
  Upload,
} from '../../actors/ports/messaging.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import type { Recipient } from '../../actors/shapes/messages.ts';
import type { Telemetry } from '../../telemetry.ts';
import { type ProviderAnswer, exchange, jsonOf, parsed } from '../http.ts';
import {
  type CallPolicy,
  type PolicyOptions,
  whenNothingWasDone,
  whenRetryable,
} from '../policy.ts';
import { OUTSIDE_WINDOW, deadTokenReason, jittered, limitOf, whatsappError } from './errors.ts';
import { type LimiterStore, type Place, type WhatsappLimits, whatsappLimiter } from './limiter.ts';
import { GRAPH_VERSION, type WhatsappTokens } from './token.ts';

/**
 * For messages. No idempotency key, so only what was certainly not accepted is sent again. How many are sent is the
 * limiter's business; the concurrency only bounds what is under way. Meta answers within a second or two; who hangs longer leaves a
 * doubt, and a patient who waits for this answer should hear of it soon.
 */
export const whatsappPolicy: PolicyOptions = {
  timeoutMs: 5_000,
  retryWhen: whenNothingWasDone,
  concurrency: 32,
};

/** For files: leaving one twice does no harm, and each is held in memory twice while it is on its way. */
export const whatsappUploadPolicy: PolicyOptions = {
  timeoutMs: 60_000,
  retryWhen: whenRetryable,
  concurrency: 4,
};

export interface WhatsappSender {
  readonly phoneNumberId: string;
  /** The business portfolio whose limit on people the number shares. One for all if absent. */
  readonly portfolio?: string;
}

export interface WhatsappOptions {
  /** `https://graph.facebook.com`, without the version. */
  readonly baseUrl: string;
  /** The number a tenant writes from; undefined if it has none. */
  readonly senderOf: (tenant: string) => WhatsappSender | undefined;
  readonly tokens: WhatsappTokens;
  /** What the limiter counts in, for all processes. */
  readonly redis: LimiterStore;
  /** What is not given is as in `whatsappLimits`. */
  readonly limits?: Partial<WhatsappLimits> | undefined;
  /** 32 bytes or so: Redis sees patients only as HMACs under it. The same in all processes. */
  readonly recipientKey: Uint8Array;
  readonly dispatcher?: Dispatcher | undefined;
  /** Made from `whatsappPolicy`. One that repeats a send after `ProviderUnreachable` would send twice. */
  readonly policy: CallPolicy;
  /** Made from `whatsappUploadPolicy`. */
  readonly uploadPolicy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall' | 'log'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1; spreads those that wait. */
  readonly random: () => number;
}

/** Meta takes free text for so long after it heard from the patient. */
const WINDOW_MS = 24 * 60 * 60 * 1_000;
/** So that the window does not close while a message is on its way, or because our clock is behind. */
const WINDOW_MARGIN_MS = 60_000;

const Accepted = v.object({
  messages: v.tupleWithRest([v.object({ id: v.string() })], v.unknown()),
});
const Uploaded = v.object({ id: v.pipe(v.string(), v.nonEmpty()) });

/** One request to a number's endpoint. */
interface Post {
  readonly place: Place;
  /** After the number's id. */
  readonly endpoint: 'messages' | 'media';
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}

/**
 * Sends by the WhatsApp Cloud API. The effect id travels as `biz_opaque_callback_data` and comes back in every status
 * webhook, which is how an unknown outcome is settled. 200 means accepted; a failure may still follow by webhook.
 *
 * Every message first takes its place from the limiter, and every try of it one of its own. A limit, ours or Meta's,
 * is a `Deferred`; so is a dead token. Nothing here sleeps through a limit.
 *
 * @see https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
 */
export function whatsappMessaging(options: WhatsappOptions): MessagingPort {
  const { baseUrl, senderOf, tokens, dispatcher, policy, uploadPolicy, telemetry } = options;
  const { now, random } = options;
  const limiter = whatsappLimiter(options);

  async function post({ place, endpoint, contentType, body, signal }: Post) {
    const token = await tokens.get(signal);
    // Last of all, so that what is granted is sent at once.
    if (endpoint === 'messages') await limiter.take(place);
    return await telemetry.integrationCall('whatsapp', async () => {
      const answer = await exchange({
        provider: 'whatsapp',
        dispatcher,
        baseUrl,
        path: `/${GRAPH_VERSION}/${place.number}/${endpoint}`,
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
        body,
        signal,
      });
      if (answer.status >= 200 && answer.status <= 299)
        return { json: jsonOf('whatsapp', answer.text), at: takenAt(answer, now()) };
      throw await refusalOf(answer, token, place);
    });
  }

  /** What to throw, after everybody else who has to know was told. */
  async function refusalOf(
    answer: ProviderAnswer,
    token: string,
    place: Place,
  ): Promise<ExpectedError> {
    const deadReason = deadTokenReason(answer);
    if (deadReason !== undefined) return await tokens.refused(token, deadReason);
    const error = whatsappError(answer, 0, random);
    const limit = limitOf(answer);
    if (!limit) return error;
    const { code, scope } = limit;
    const level = scope === 'templates' ? 'error' : 'warn';
    telemetry.log(level, 'whatsapp_limit_passed', { provider: 'whatsapp', code });
    const heldMs = await limiter.hold(limit, place);
    if (!(error instanceof Deferred) || heldMs === undefined) return error;
    const waitMs = Math.max(error.retryAfterMs, jittered(heldMs, random));
    return new Deferred('whatsapp', code, waitMs);
  }

  function placeOf(tenant: string, recipient: string, outside: boolean): Place {
    const sender = senderOf(tenant);
    if (!sender) throw new ProviderCredentialsRefused('whatsapp', 'no_sender');
    const { phoneNumberId: number, portfolio = 'default' } = sender;
    return { number, portfolio, recipient, outside };
  }

  async function deliver(
    recipient: Recipient,
    content: object,
    outside: boolean,
    { effectId, tenant, signal }: Performing,
  ): Promise<{ messageId: string; at: string }> {
    const address = addressed(recipient);
    const place = placeOf(tenant, address.to ?? address.recipient, outside);
    const body = JSON.stringify({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      ...address,
      ...content,
      biz_opaque_callback_data: effectId,
    });
    return await policy.execute(async (call) => {
      const { json, at } = await post({
        place,
        endpoint: 'messages',
        contentType: 'application/json',
        body,
        signal: call.signal,
      });
      return { messageId: parsed('whatsapp', Accepted, json).messages[0].id, at };
    }, signal);
  }

  return {
    async send({ recipient, message, template, heardAt }, performing) {
      if (isOpen(heardAt, now())) {
        try {
          return await deliver(recipient, written(message), false, performing);
        } catch (error) {
          // Meta counts from another message than we do. It sent nothing, so the template is no second message.
          const isClosed = error instanceof ProviderRefused && error.reason === OUTSIDE_WINDOW;
          if (!isClosed) throw error;
        }
      }
      return {
        ...(await deliver(recipient, prepared(template), true, performing)),
        isTemplate: true,
      };
    },

    async upload(file, { tenant, signal }) {
      const place = placeOf(tenant, '', false);
      const { contentType, body } = await multipart(file);
      return await uploadPolicy.execute(async (call) => {
        const { json } = await post({
          place,
          endpoint: 'media',
          contentType,
          body,
          signal: call.signal,
        });
        return { mediaId: parsed('whatsapp', Uploaded, json).id };
      }, signal);
    },
  };
}

/** Further apart, one of the clocks is wrong, and it need not be ours. */
const MAX_CLOCK_DIFFERENCE_MS = 10 * 60_000;

/** When Meta took it, in whole seconds by its own clock, as it dates what patients write; by ours where it does not say. */
function takenAt({ headers }: ProviderAnswer, nowMs: number): string {
  const { date } = headers;
  const ms = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  const isLikely = Math.abs(ms - nowMs) < MAX_CLOCK_DIFFERENCE_MS; // Of NaN nothing is true.
  return new Date(isLikely ? ms : nowMs).toISOString();
}

function isOpen(heardAt: string | null, nowMs: number): boolean {
  const heardMs = heardAt === null ? Number.NaN : Date.parse(heardAt);
  return nowMs < heardMs + WINDOW_MS - WINDOW_MARGIN_MS; // Of NaN nothing is true.
}

/** `to` takes a phone number, `recipient` a business-scoped user id; of both `to` would win. */
function addressed({
  phone,
  userId,
}: Recipient): { to: string } | { to?: undefined; recipient: string } {
  if (phone !== undefined) return { to: phone };
  if (userId !== undefined) return { recipient: userId };
  throw new ProviderRefused('whatsapp', 'no_recipient');
}

function written(message: OutboundMessage): object {
  if (message.kind === 'text') return { type: 'text', text: { body: message.body } };
  if (message.kind === 'buttons') {
    const buttons = message.buttons.map((reply) => ({ type: 'reply', reply }));
    return interactive('button', message.body, { buttons });
  }
  if (message.kind === 'list') {
    const { body, button, rows } = message;
    return interactive('list', body, { button, sections: [{ rows }] }); // One section needs no title.
  }
  const { media, mediaId: id, caption, filename } = message;
  // Meta refuses what a kind does not have; what is undefined does not reach JSON.
  const about = {
    id,
    caption: media === 'audio' ? undefined : caption,
    filename: media === 'document' ? filename : undefined,
  };
  return { type: media, [media]: about };
}

function interactive(type: 'button' | 'list', text: string, action: object): object {
  return { type: 'interactive', interactive: { type, body: { text }, action } };
}

function prepared({ name, language, parameters, buttons }: Template): object {
  const body = { type: 'body', parameters: parameters.map((text) => ({ type: 'text', text })) };
  // Without a component of its own a button would come back with its title, in whichever language.
  const replies = buttons.map((payload, index) => ({
    type: 'button',
    sub_type: 'quick_reply',
    index: String(index),
    parameters: [{ type: 'payload', payload }],
  }));
  return {
    type: 'template',
    template: {
      name,
      language: { code: language },
      // A template without gaps takes no component without parameters.
      components: [...(parameters.length > 0 ? [body] : []), ...replies],
    },
  };
}

/** The file as a form, encoded by the platform: the name it has for the patient may hold quotes or line breaks. */
async function multipart({ bytes, contentType, filename }: Upload) {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('type', contentType);
  form.set('file', new Blob([new Uint8Array(bytes)], { type: contentType }), filename);
  const encoded = new Response(form);
  return {
    contentType: encoded.headers.get('content-type') ?? '',
    body: new Uint8Array(await encoded.arrayBuffer()),
  };
}
