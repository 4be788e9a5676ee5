import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import type { Deliveries } from './delivery.ts';
import {
  type Checkout,
  type IyzicoState,
  type Payment,
  type Returned,
  restoredState,
} from './iyzico/model.ts';
import {
  DeliveryFaults,
  type NoticeOptions,
  type Notices,
  iyzicoNotices,
  noticeOptions,
} from './iyzico/notices.ts';
import { decimal, listed, reported, retrieved, turkishDay } from './iyzico/rendered.ts';
import {
  Cancel,
  ControlPrice,
  Detail,
  Details,
  Initialize,
  Refund,
  Retrieve,
  Transactions,
  minorOf,
  priceOf,
} from './iyzico/requests.ts';
import { type IyzicoSecrets, credentialsFault, signAnswer } from './iyzico/signing.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  digestOf,
  jsonIn,
} from './simulator.ts';

export interface IyzicoOptions extends IyzicoSecrets {
  readonly ledger: SandboxLedger;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
  /** Between the attempts of a webhook. */
  readonly webhookSpacingMs: number;
  /** Where its pay pages are. */
  readonly origin: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Half an hour, after which a form can't be paid. */
const TOKEN_SECONDS = 1_800;
/** Of `/v2/reporting/payment/transactions`. Small, so that readers meet a second one. */
const PAGE_LENGTH = 10;

/** The code of a token that nobody paid, as an integrator's own code has it; the rest is not in the documentation. */
const NO_SUCH_TOKEN = '5122';
const BASKET_DIFFERS = '5062';
const INVALID_REQUEST = '11';

const Pay = v.strictObject({
  outcome: v.optional(v.picklist(['success', 'failure', 'threeds']), 'success'),
  fraud: v.optional(v.picklist([1, 0, -1]), 1),
  /** What is taken, if it isn't what the form asked for. */
  paid: v.optional(ControlPrice),
  ...noticeOptions,
});
const PanelRefund = v.strictObject({ price: v.optional(ControlPrice) });
const FraudDecision = v.strictObject({ status: v.picklist([1, -1]), ...noticeOptions });
const Rules = v.strictObject({
  /** How long the reports stay behind. */
  reportingLagMs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
  /** What a retrieve says of an unpaid token, which nobody documented: a refusal, or success without a status. */
  unpaid: v.optional(v.picklist(['refused', 'told']), 'refused'),
  /** Whether reports and lists name the conversation of what went back. */
  naming: v.optional(v.boolean(), true),
  /** Whether the details' report refuses to answer. */
  refusing: v.optional(v.boolean(), false),
});
const Direct = v.strictObject({
  iyziEventType: v.optional(v.string(), 'API_AUTH'),
  paymentId: v.pipe(v.number(), v.safeInteger()),
  paymentConversationId: v.string(),
  status: v.optional(v.string(), 'SUCCESS'),
  ...noticeOptions,
});
const Subscription = v.strictObject({
  iyziEventType: v.optional(v.string(), 'subscription.order.success'),
  subscriptionReferenceCode: v.string(),
  orderReferenceCode: v.string(),
  customerReferenceCode: v.string(),
  ...noticeOptions,
});

type Perform = (request: SandboxRequest, pause: () => Promise<void>) => Promise<Reply>;

/** iyzico's checkout forms, refunds and reports, and the pages behind them. A restart continues from the ledger. */
export function iyzicoSimulator(options: IyzicoOptions): Simulator {
  const { apiKey, secretKey, ledger, deliveries, webhookUrl, webhookSpacingMs, origin, now } =
    options;
  const state = restoredState(ledger);
  const notices = iyzicoNotices({
    secretKey,
    deliveries,
    webhookUrl,
    spacingMs: webhookSpacingMs,
    now,
  });
  let rules = v.parse(Rules, {});

  const isSeen = ({ madeMs }: { readonly madeMs: number }) =>
    madeMs + rules.reportingLagMs <= now();

  const initialize: Perform = async (request, pause) => {
    const checked = v.safeParse(Initialize, jsonIn(request.body));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    const {
      conversationId,
      basketId,
      price,
      paidPrice,
      currency,
      callbackUrl,
      basketItems,
      locale,
    } = checked.output;
    const sum = basketItems.reduce((total, item) => total + minorOf(item.price, currency), 0n);
    if (sum !== minorOf(price, currency)) return iyzicoError(BASKET_DIFFERS);
    await pause();
    const checkout: Checkout = {
      token: randomUUID(),
      conversationId,
      basketId,
      price,
      paidPrice,
      currency,
      callbackUrl,
      openedMs: now(),
      paymentId: null,
    };
    const digest = digestOf(request.body);
    state.write({ kind: 'checkout', key: conversationId, digest, change: { checkout } });
    return success(conversationId, {
      token: checkout.token,
      checkoutFormContent: '<script type="text/javascript"></script>',
      tokenExpireTime: TOKEN_SECONDS,
      paymentPageUrl: `${origin()}/_sandbox/iyzico/checkouts/${checkout.token}?lang=${locale}`,
      signature: signAnswer(secretKey, [conversationId, checkout.token]),
    });
  };

  const retrieve: Perform = async (request, pause) => {
    const checked = v.safeParse(Retrieve, jsonIn(request.body));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    await pause();
    const { token, conversationId } = checked.output;
    const checkout = state.checkouts.get(token);
    if (!checkout) return iyzicoError(NO_SUCH_TOKEN);
    const payment = state.payments.get(checkout.paymentId ?? '');
    if (!payment) {
      if (rules.unpaid === 'refused') return iyzicoError(NO_SUCH_TOKEN);
      return success(conversationId, { token });
    }
    const { paymentId, status, currency, paidPrice, price } = payment;
    const signed = [
      status,
      paymentId,
      currency,
      checkout.basketId,
      conversationId,
      paidPrice,
      price,
    ];
    return success(conversationId, {
      ...retrieved(checkout, payment),
      signature: signAnswer(secretKey, [...signed, token]),
    });
  };

  const detail: Perform = async (request, pause) => {
    const checked = v.safeParse(Detail, jsonIn(request.body));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    await pause();
    const { paymentId, conversationId } = checked.output;
    const payment = state.payments.get(paymentId);
    const checkout = state.checkouts.get(payment?.token ?? '');
    if (!payment || !checkout) return iyzicoError('sandbox_no_such_payment');
    const { currency, paidPrice, price, basketId } = payment;
    const signed = [paymentId, currency, basketId, conversationId, paidPrice, price];
    const { token: _token, ...told } = retrieved(checkout, payment);
    return success(conversationId, { ...told, signature: signAnswer(secretKey, signed) });
  };

  /** What went back and can be seen, named or not. */
  const seenReturned = (): readonly Returned[] =>
    state.returned
      .filter(isSeen)
      .map((one) => (rules.naming ? one : { ...one, conversationId: null }));

  /** Codes are the sandbox's own: iyzico's list of them is not public. */
  function returnable(paymentId: string): Payment | Reply {
    const payment = state.payments.get(paymentId);
    if (!payment) return iyzicoError('sandbox_no_such_payment');
    if (payment.status !== 'SUCCESS' || payment.fraud !== 1) return iyzicoError('sandbox_not_paid');
    return payment;
  }

  function giveBack(
    kind: Returned['kind'],
    payment: Payment,
    price: string,
    conversationId: string | null,
    digest = '',
  ): Reply {
    const { paymentId, currency } = payment;
    const id = state.nextId();
    const returned = { kind, id, paymentId, conversationId, price, currency, madeMs: now() };
    state.write({ kind, key: conversationId, digest, change: { returned } });
    return success(conversationId ?? '', {
      paymentId,
      price: decimal(price),
      currency,
      [`${kind}HostReference`]: `host-${id}`,
      signature: signAnswer(secretKey, [paymentId, conversationId]),
    });
  }

  const refund: Perform = async (request, pause) => {
    const checked = v.safeParse(Refund, jsonIn(request.body));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    await pause();
    const { paymentId, price, currency, conversationId } = checked.output;
    const payment = returnable(paymentId);
    if ('body' in payment) return payment;
    if (payment.currency !== currency) return iyzicoError('sandbox_other_currency');
    if (minorOf(price, currency) > state.leftMinor(payment)) {
      return iyzicoError('sandbox_more_than_left');
    }
    return giveBack('refund', payment, price, conversationId, digestOf(request.body));
  };

  const cancel: Perform = async (request, pause) => {
    const checked = v.safeParse(Cancel, jsonIn(request.body));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    await pause();
    const { paymentId, conversationId } = checked.output;
    const payment = returnable(paymentId);
    if ('body' in payment) return payment;
    const { madeMs, paidPrice, currency } = payment;
    if (turkishDay(madeMs) !== turkishDay(now())) return iyzicoError('sandbox_another_day');
    if (state.leftMinor(payment) !== minorOf(paidPrice, currency)) {
      return iyzicoError('sandbox_refunded_before');
    }
    return giveBack('cancel', payment, paidPrice, conversationId, digestOf(request.body));
  };

  const details: Perform = async ({ url }, pause) => {
    const checked = v.safeParse(Details, Object.fromEntries(url.searchParams));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    await pause();
    if (rules.refusing) return iyzicoError('sandbox_no_report');
    const about = checked.output;
    const payments = [...state.payments.values()].filter(
      (payment) =>
        isSeen(payment) &&
        ('paymentId' in about
          ? payment.paymentId === about.paymentId
          : payment.conversationId === about.paymentConversationId),
    );
    return success(about.conversationId, {
      payments: payments.map((payment) => reported(state, payment, seenReturned())),
    });
  };

  const transactions: Perform = async ({ url }, pause) => {
    const checked = v.safeParse(Transactions, Object.fromEntries(url.searchParams));
    if (!checked.success) return iyzicoError(INVALID_REQUEST);
    await pause();
    const { transactionDate, page, conversationId } = checked.output;
    const isThen = (one: { readonly madeMs: number }) =>
      isSeen(one) && turkishDay(one.madeMs) === transactionDate;
    const lines = [
      ...[...state.payments.values()]
        .filter((payment) => payment.status === 'SUCCESS' && isThen(payment))
        .map((payment) => listed(payment)),
      ...seenReturned()
        .filter(isThen)
        .map((one) => listed(paymentOf(state, one), one)),
    ];
    return success(conversationId, {
      transactions: lines.slice((page - 1) * PAGE_LENGTH, page * PAGE_LENGTH),
      currentPage: page,
      totalPageCount: Math.max(1, Math.ceil(lines.length / PAGE_LENGTH)),
    });
  };

  const operations: Readonly<Record<string, { readonly name: string; readonly perform: Perform }>> =
    {
      'POST /payment/iyzipos/checkoutform/initialize/auth/ecom': {
        name: 'create',
        perform: initialize,
      },
      'POST /payment/iyzipos/checkoutform/auth/ecom/detail': {
        name: 'retrieve',
        perform: retrieve,
      },
      'POST /payment/detail': { name: 'detail', perform: detail },
      'POST /v2/payment/refund': { name: 'refund', perform: refund },
      'POST /payment/cancel': { name: 'cancel', perform: cancel },
      'GET /v2/reporting/payment/details': { name: 'details', perform: details },
      'GET /v2/reporting/payment/transactions': { name: 'transactions', perform: transactions },
    };

  /** The patient tries to pay on iyzico's page. */
  async function pay(token: string, body: unknown): Promise<Reply> {
    const { outcome, fraud, paid, ...wanted } = v.parse(Pay, body);
    const checkout = state.checkouts.get(token);
    if (!checkout) return { status: 404, body: { outcome: 'no_such_checkout' } };
    const before = state.payments.get(checkout.paymentId ?? '');
    if (before?.status === 'SUCCESS') return { status: 409, body: { outcome: 'paid_before' } };
    if (checkout.openedMs + TOKEN_SECONDS * 1_000 <= now()) {
      return { status: 409, body: { outcome: 'expired' } };
    }
    const { price, paidPrice, currency, conversationId, basketId } = checkout;
    const payment: Payment = {
      paymentId: state.nextId(),
      transactionId: state.nextId(),
      token,
      conversationId,
      basketId,
      price,
      paidPrice: paid ?? paidPrice,
      currency,
      status: ({ success: 'SUCCESS', failure: 'FAILURE', threeds: 'INIT_THREEDS' } as const)[
        outcome
      ],
      fraud,
      madeMs: now(),
    };
    const change = { checkout: { ...checkout, paymentId: payment.paymentId }, payment };
    state.write({ kind: kindOf(payment), key: conversationId, change });
    return noticed(notices, payment, wanted);
  }

  /** Staff of the merchant give money back in iyzico's panel. */
  function refundInPanel(paymentId: string, body: unknown): Reply {
    const { price } = v.parse(PanelRefund, body);
    const payment = returnable(paymentId);
    if ('body' in payment) return { ...payment, status: 409 };
    const { currency } = payment;
    const left = state.leftMinor(payment);
    const minor = price === undefined ? left : minorOf(price, currency);
    if (minor === 0n || minor > left) return { status: 409, body: { outcome: 'more_than_left' } };
    return giveBack('refund', payment, priceOf(minor, currency), null);
  }

  /** iyzico's fraud check ends. */
  async function decide(paymentId: string, body: unknown): Promise<Reply> {
    const { status, ...wanted } = v.parse(FraudDecision, body);
    const payment = state.payments.get(paymentId);
    if (payment?.status !== 'SUCCESS' || payment.fraud !== 0) {
      return { status: 409, body: { outcome: 'not_under_review' } };
    }
    const decided: Payment = { ...payment, fraud: status };
    const { conversationId } = payment;
    state.write({ kind: kindOf(decided), key: conversationId, change: { payment: decided } });
    return noticed(notices, decided, wanted);
  }

  async function control({ method, url, body }: SandboxRequest): Promise<Reply | undefined> {
    const match = /^\/_sandbox\/iyzico\/(?:(\w+)\/)?(?:([\w-]+)\/)?(\w+)$/.exec(url.pathname);
    if (method !== 'POST' || !match) return undefined;
    const [, what = '', id = '', verb = ''] = match;
    const wanted = body === '' ? {} : jsonIn(body);
    switch (`${what}/${verb}`) {
      case 'checkouts/pay':
        return pay(id, wanted);
      case 'checkouts/return':
        return returnToUs(state.checkouts.get(id));
      case 'payments/refund':
        return refundInPanel(id, wanted);
      case 'payments/fraud':
        return decide(id, wanted);
      case 'webhooks/direct': {
        const { lose, duplicate, reorder, ...said } = v.parse(Direct, wanted);
        const faults = chosen({ lose, duplicate, reorder });
        return { status: 200, body: await notices.post({ format: 'direct', ...said }, faults) };
      }
      case 'webhooks/subscription': {
        const { lose, duplicate, reorder, ...said } = v.parse(Subscription, wanted);
        const faults = chosen({ lose, duplicate, reorder });
        return {
          status: 200,
          body: await notices.post({ format: 'subscription', ...said }, faults),
        };
      }
      case '/delivery':
        notices.setFaults(v.parse(DeliveryFaults, wanted));
        return { status: 200, body: { ok: true } };
      case '/rules':
        rules = v.parse(Rules, wanted);
        return { status: 200, body: { ok: true } };
      default:
        return undefined;
    }
  }

  return {
    provider: 'iyzico',
    find(request): Operation | undefined {
      const found = operations[`${request.method} ${request.url.pathname}`];
      if (!found) return undefined;
      const fault = credentialsFault({ apiKey, secretKey }, request);
      return {
        name: found.name,
        authorised: fault === null,
        perform: (pause) => found.perform(request, pause),
        error: (status, code) =>
          iyzicoErrorOf(status, code ?? (status === 401 ? (fault ?? '1000') : undefined)),
      };
    },
    error: iyzicoErrorOf,
    control,
  };

  /** `status` and what every answer has. */
  function success(conversationId: string, more: object): Reply {
    const common = { status: 'success', locale: 'en', systemTime: now(), conversationId };
    return { status: 200, body: { ...common, ...more } };
  }

  function iyzicoError(errorCode: string | number, status = 200): Reply {
    const errorMessage = 'Simulated';
    const common = { status: 'failure', errorCode, errorMessage, locale: 'en', systemTime: now() };
    return { status, body: common };
  }

  /** Failures come with HTTP 200, but where a server in front breaks. The limit's code alone is a number. */
  function iyzicoErrorOf(status?: number, code?: string | number): Reply {
    if (status === 429) return iyzicoError(50_000);
    if (status === 401) return iyzicoError(code ?? '1000');
    if (status !== undefined && status >= 500) return iyzicoError(code ?? '100001', status);
    return iyzicoError(code ?? INVALID_REQUEST, status ?? 200);
  }
}

function kindOf({ status, fraud }: Payment) {
  if (status === 'FAILURE') return 'payment-failed';
  if (status === 'INIT_THREEDS') return 'payment-started';
  return ({ '1': 'payment', '0': 'payment-review', '-1': 'payment-rejected' } as const)[`${fraud}`];
}

/** Posts iyzico's word about a try to pay. That it speaks again when a fraud check ends is not verified. */
async function noticed(
  notices: Notices,
  payment: Payment,
  wanted: { readonly [name in keyof NoticeOptions]: boolean | undefined },
): Promise<Reply> {
  const { paymentId, token, conversationId, status, fraud } = payment;
  const notification = {
    format: 'hpp',
    iyziEventType: 'CHECKOUT_FORM_AUTH',
    iyziPaymentId: Number(paymentId),
    token,
    paymentConversationId: conversationId,
    status: fraud === -1 ? 'FAILURE' : status,
  } as const;
  const outcome = await notices.post(notification, chosen(wanted));
  return { status: 200, body: { outcome: 'settled', paymentId, ...outcome } };
}

/** Without what nobody asked for. */
function chosen(wanted: {
  readonly [name in keyof NoticeOptions]: boolean | undefined;
}): NoticeOptions {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

/** The buyer's browser comes back from iyzico's page. Answers with the status that it met. */
async function returnToUs(checkout: Checkout | undefined): Promise<Reply> {
  if (!checkout) return { status: 404, body: { outcome: 'no_such_checkout' } };
  const answer = await fetch(checkout.callbackUrl, {
    method: 'POST',
    body: new URLSearchParams({ token: checkout.token }),
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null);
  await answer?.arrayBuffer(); // Frees the connection.
  return { status: 200, body: { status: answer?.status ?? null } };
}

function paymentOf({ payments }: IyzicoState, { paymentId }: Returned): Payment {
  const payment = payments.get(paymentId);
  if (!payment) throw new Error('Money went back of no payment');
  return payment;
}
