import * as v from 'valibot';

import { type Reply, type SandboxRequest, jsonIn } from '../simulator.ts';
import { StripeRefusal } from './errors.ts';
import type { Books } from './model.ts';
import { DeliveryFaults, type Notice, type Notices, noticeOptions } from './notices.ts';
import type { World } from './world.ts';

const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(99_999_999));

const Plain = v.strictObject(noticeOptions);
const Pay = v.strictObject({
  ...noticeOptions,
  method: v.optional(v.picklist(['card', 'delayed']), 'card'),
  amount: v.optional(Amount),
  fraud: v.optional(v.picklist(['review', 'rejected'])),
});
const SettleDelayed = v.strictObject({
  ...noticeOptions,
  outcome: v.picklist(['succeed', 'fail']),
});
const OfAmount = v.strictObject({ ...noticeOptions, amount: v.optional(Amount) });
const CloseDispute = v.strictObject({ ...noticeOptions, outcome: v.picklist(['won', 'lost']) });

/** `/_sandbox/stripe/…`: what patients, banks and staff at Stripe's dashboard do. Undefined when there is no such control. */
export function stripeControls(books: Books, world: World, notices: Notices) {
  async function settled(
    told: readonly Notice[],
    options: Parameters<Notices['post']>[1],
    more: object = {},
  ): Promise<Reply> {
    const events = await notices.post(told, options);
    const telling = events.at(-1);
    const { eventId, webhook } = telling ?? {};
    return { status: 200, body: { outcome: 'settled', eventId, webhook, events, ...more } };
  }

  async function ofSession(id: string, verb: string, body: unknown): Promise<Reply | undefined> {
    const session = books.sessionNow(id);
    if (!session) return { status: 404, body: { outcome: 'no_such_session' } };
    const notOpen: Reply = { status: 409, body: { outcome: 'not_open' } };
    switch (verb) {
      case 'pay': {
        const { method, amount, fraud, ...options } = v.parse(Pay, body);
        if (session.status !== 'open') return notOpen;
        const { payment, told } = world.pay(session, { method, amount, fraud });
        return settled(told, options, { paymentId: payment.id });
      }
      case 'settle-delayed': {
        const { outcome, ...options } = v.parse(SettleDelayed, body);
        const after = world.settleDelayed(session, outcome);
        if (after === null) return { status: 409, body: { outcome: 'not_pending' } };
        return settled(after.told, options, { paymentId: session.paymentId });
      }
      case 'expire': {
        const options = v.parse(Plain, body);
        if (session.status !== 'open') return notOpen;
        return settled(world.expire(session).told, options);
      }
      default:
        return undefined;
    }
  }

  async function ofPayment(id: string, verb: string, body: unknown): Promise<Reply | undefined> {
    const payment = books.payments.get(id);
    if (!payment) return { status: 404, body: { outcome: 'no_such_payment' } };
    switch (verb) {
      case 'refund': {
        const { amount, ...options } = v.parse(OfAmount, body);
        const { refund, told } = world.refund(payment, amount ?? null, {});
        return settled(told, options, { refundId: refund.id });
      }
      case 'dispute': {
        const { amount = payment.amount, ...options } = v.parse(OfAmount, body);
        const disputed = books.disputeOf(id) !== undefined;
        if (disputed || payment.status !== 'succeeded' || amount > payment.amount) {
          return { status: 409, body: { outcome: 'not_disputable' } };
        }
        const { dispute, told } = world.dispute(payment, amount);
        return settled(told, options, { disputeId: dispute.id });
      }
      case 'approve': {
        const options = v.parse(Plain, body);
        if (payment.review !== 'open') return { status: 409, body: { outcome: 'not_in_review' } };
        return settled(world.approve(payment).told, options);
      }
      default:
        return undefined;
    }
  }

  async function failRefund(id: string, body: unknown): Promise<Reply> {
    const options = v.parse(Plain, body);
    const refund = books.refunds.get(id);
    if (!refund) return { status: 404, body: { outcome: 'no_such_refund' } };
    if (refund.status === 'failed') return { status: 409, body: { outcome: 'failed_already' } };
    return settled(world.failRefund(refund).told, options);
  }

  async function closeDispute(id: string, body: unknown): Promise<Reply> {
    const { outcome, ...options } = v.parse(CloseDispute, body);
    const dispute = books.disputes.get(id);
    if (!dispute) return { status: 404, body: { outcome: 'no_such_dispute' } };
    if (dispute.status !== 'needs_response') {
      return { status: 409, body: { outcome: 'closed_already' } };
    }
    return settled(world.closeDispute(dispute, outcome).told, options);
  }

  async function control(path: string, body: unknown): Promise<Reply | undefined> {
    if (path === 'delivery') {
      notices.setFaults(v.parse(DeliveryFaults, body));
      return { status: 200, body: { ok: true } };
    }
    const [, kind, id = '', verb = ''] =
      /^(sessions|payments|refunds|disputes)\/(\w+)\/([a-z-]+)$/.exec(path) ?? [];
    if (kind === 'sessions') return ofSession(id, verb, body);
    if (kind === 'payments') return ofPayment(id, verb, body);
    if (kind === 'refunds' && verb === 'fail') return failRefund(id, body);
    if (kind === 'disputes' && verb === 'close') return closeDispute(id, body);
    return undefined;
  }

  return async ({ method, url, body }: SandboxRequest): Promise<Reply | undefined> => {
    const path = /^\/_sandbox\/stripe\/(.+)$/.exec(url.pathname)?.[1];
    if (method !== 'POST' || path === undefined) return undefined;
    try {
      return await control(path, body === '' ? {} : jsonIn(body));
    } catch (error) {
      if (error instanceof StripeRefusal) return error.reply;
      throw error;
    }
  };
}
