import type { Deliveries } from './delivery.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
} from './simulator.ts';
import { stripeControls } from './stripe/controls.ts';
import { StripeRefusal, stripeError } from './stripe/errors.ts';
import {
  listIn,
  expansionsIn,
  onlyExpansionsIn,
  refundIn,
  refuseUnknown,
  sessionIn,
} from './stripe/forms.ts';
import { type Keying, createIdempotency } from './stripe/idempotency.ts';
import { type Session, restoredBooks } from './stripe/model.ts';
import { stripeNotices } from './stripe/notices.ts';
import { type Listed, pageOf } from './stripe/pages.ts';
import { below, rendering } from './stripe/rendered.ts';
import { stripeWorld } from './stripe/world.ts';

export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly ledger: SandboxLedger;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
  /** Where its pay pages are, for `url`. */
  readonly origin: () => string;
}

const SESSION_PARTS = ['payment_intent', 'payment_intent.latest_charge', 'payment_intent.review'];

type Perform = Operation['perform'];

/**
 * Stripe's Checkout Sessions and what becomes of them: payments, refunds and disputes, with idempotency keys, the lists that
 * reconciliation reads, and the pages behind it all. A restart continues from the ledger.
 */
export function stripeSimulator(options: StripeOptions): Simulator {
  const { secretKey, ledger, origin } = options;
  const { books, kept } = restoredBooks(ledger);
  const rendered = rendering(books, origin);
  const notices = stripeNotices(options);
  const world = stripeWorld(books, rendered);
  const keys = createIdempotency();
  for (const { change, ...keying } of kept) {
    const { session, refund } = change;
    if (refund) keys.remember(keying, () => ok(rendered.refund(refund)));
    else if (session) keys.remember(keying, () => ok(rendered.session(session)));
  }

  /** A request that may be repeated under its key. */
  function once(request: SandboxRequest, work: (keying: Keying) => Reply): Perform {
    return (pause) => keys.once(request, pause, work);
  }

  /** A request that only reads. */
  function reading(answer: () => Reply): Perform {
    return async (pause) => {
      await pause();
      try {
        return answer();
      } catch (error) {
        if (error instanceof StripeRefusal) return error.reply;
        throw error;
      }
    };
  }

  function list<Item extends Listed>(
    { url }: SandboxRequest,
    items: () => Iterable<Item>,
    render: (item: Item, expand: ReadonlySet<string>) => object,
    parts: readonly string[] = [],
  ): Perform {
    const path = url.pathname;
    return reading(() => {
      const inData = parts.map((part) => `data.${part}`);
      const form = listIn(url.searchParams);
      const expand = below('data', expansionsIn(url.searchParams, inData));
      const page = pageOf(form, [...items()]);
      const data = page.items.map((item) => render(item, expand));
      return ok({ object: 'list', url: path, data, has_more: page.hasMore });
    });
  }

  const createSession = (request: SandboxRequest) =>
    once(request, (keying) => {
      const session = sessionIn(request.body);
      books.write({ kind: 'checkout', ...keying, detail: { ...session }, change: { session } });
      return ok(rendered.session(session));
    });

  const expireSession = (request: SandboxRequest, id: string) =>
    once(request, (keying) => {
      refuseUnknown(new URLSearchParams(request.body), []);
      const session = found(books.sessionNow(id), 'session');
      if (session.status !== 'open') throw new StripeRefusal(400, undefined, {});
      const { session: expired, told } = world.expire(session, keying);
      void notices.post(told);
      return ok(rendered.session(expired));
    });

  const createRefund = (request: SandboxRequest) =>
    once(request, (keying) => {
      const { paymentId, amount, metadata } = refundIn(request.body);
      const payment = found(books.payments.get(paymentId), 'payment_intent');
      const { refund, told } = world.refund(payment, amount, metadata, keying);
      void notices.post(told);
      return ok(rendered.refund(refund));
    });

  /** Sessions as they are now. */
  function* sessionsNow(): Iterable<Session> {
    for (const id of books.sessions.keys()) yield found(books.sessionNow(id), 'session');
  }

  function performing(request: SandboxRequest): readonly [name: string, perform: Perform] | null {
    const { method, url } = request;
    const [, resource = '', id = '', verb = ''] =
      /^\/v1\/(checkout\/sessions|payment_intents|charges|refunds|disputes)(?:\/(\w+))?(?:\/(\w+))?$/.exec(
        url.pathname,
      ) ?? [];
    switch (`${method} ${resource}${id && '/:id'}${verb && `/${verb}`}`) {
      case 'POST checkout/sessions':
        return ['create', createSession(request)];
      case 'POST checkout/sessions/:id/expire':
        return ['expire', expireSession(request, id)];
      case 'GET checkout/sessions/:id':
        return [
          'retrieve',
          reading(() => {
            const expand = onlyExpansionsIn(url.searchParams, SESSION_PARTS);
            return ok(rendered.session(found(books.sessionNow(id), 'session'), expand));
          }),
        ];
      case 'GET checkout/sessions':
        return [
          'sessions',
          list(
            request,
            sessionsNow,
            (session, expand) => rendered.session(session, expand),
            SESSION_PARTS,
          ),
        ];
      case 'GET payment_intents/:id':
        return [
          'payment',
          reading(() => {
            const expand = onlyExpansionsIn(url.searchParams, ['latest_charge', 'review']);
            return ok(rendered.payment(found(books.payments.get(id), 'intent'), expand));
          }),
        ];
      case 'GET charges':
        return [
          'charges',
          list(
            request,
            () => world.charges(),
            ({ payment }) => rendered.charge(payment),
          ),
        ];
      case 'POST refunds':
        return ['refund', createRefund(request)];
      case 'GET refunds':
        return [
          'refunds',
          list(
            request,
            () => books.refunds.values(),
            (refund, expand) => rendered.refund(refund, expand),
            ['payment_intent'],
          ),
        ];
      case 'GET refunds/:id':
        return [
          'refund-read',
          reading(() => {
            const expand = onlyExpansionsIn(url.searchParams, ['payment_intent']);
            return ok(rendered.refund(found(books.refunds.get(id), 'id'), expand));
          }),
        ];
      case 'GET disputes':
        return [
          'disputes',
          list(
            request,
            () => books.disputes.values(),
            (dispute, expand) => rendered.dispute(dispute, expand),
            ['payment_intent'],
          ),
        ];
      default:
        return null;
    }
  }

  return {
    provider: 'stripe',
    find(request) {
      const operation = performing(request);
      if (operation === null) return undefined;
      const [name, perform] = operation;
      return { name, authorised: bearerIs(request, secretKey), perform };
    },
    error: (status = 400, code) => stripeError(status, code),
    control: stripeControls(books, world, notices),
  };
}

function ok(body: object): Reply {
  return { status: 200, body };
}

/** @throws {StripeRefusal} there is none */
function found<Thing>(thing: Thing | undefined, param: string): Thing {
  if (thing === undefined) throw new StripeRefusal(404, 'resource_missing', { param });
  return thing;
}
