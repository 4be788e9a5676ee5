import { Router } from '@koa/router';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import Koa, { type Middleware } from 'koa';
import type { Registry } from 'prom-client';

import type { Desk, StaffActions } from '../actors/ports/desk.ts';
import type { ServedDocuments } from '../actors/ports/documents.ts';
import type { SeenRequests } from '../actors/ports/idempotency.ts';
import type { Intake } from '../actors/ports/intake.ts';
import { servedDocumentRoutes } from './patients/document-store.ts';
import { uploadRoutes, type PatientUploads } from './patients/documents.ts';
import { linkAudit } from './patients/link-audit.ts';
import { paymentReturnRoutes, type PaymentReturnKeys } from './patients/payment-return.ts';
import { travellersPageRoutes } from './patients/travellers-page.ts';
import { travellerRoutes, type PatientTravellers } from './patients/travellers.ts';
import { uploadPageRoutes } from './patients/upload-page.ts';
import {
  admissionLimits,
  createAdmissions,
  type AdmissionLimits,
  type Admissions,
} from './server/admission.ts';
import { clientAddresses, type ClientAddresses } from './server/client-address.ts';
import { createCounter } from './server/counter.ts';
import { comeAgain, problemBody, Refusal } from './server/errors.ts';
import { edgeMetrics, type EdgeMetrics } from './server/metrics.ts';
import { webhookPipeline, type WebhookPipeline } from './server/pipeline.ts';
import { bodyReader, type BodyLimits } from './server/raw-body.ts';
import { identify, type EdgeState } from './server/request.ts';
import { securityTextRoutes, type SecurityContact } from './server/security-txt.ts';
import { adminRoutes } from './staff/cases.ts';
import { deadLetterRoutes, type DeadLettersEdge } from './staff/dead-letters.ts';
import { staffDocumentRoutes, type StaffDocuments } from './staff/documents.ts';
import { moneyRoutes, type MoneyEdge } from './staff/money.ts';
import { staffReader, type StaffTokens } from './staff/tokens.ts';
import { staffTravellerRoutes, type StaffTravellers } from './staff/travellers.ts';
import { documentWebhookRoutes, type DocumentNotices } from './webhooks/documents.ts';

/** What the routes for documents work with. */
interface DocumentsEdge extends DocumentNotices, PatientUploads, StaffDocuments {
  readonly store: StaffDocuments['store'] & PatientUploads['store'];
  /** Of a store without a server of its own: this edge serves its links. */
  readonly served?: ServedDocuments;
}

/** What the routes for travellers work with. */
interface TravellersEdge extends PatientTravellers, StaffTravellers {
  readonly port: PatientTravellers['port'] & StaffTravellers['port'];
}

interface EdgeLimits extends BodyLimits, AdmissionLimits {
  /** Milliseconds the ledger has to commit; after that a 503, and the sender's next try settles what happened. */
  readonly commitDeadlineMs: number;
}

const edgeLimits: EdgeLimits = {
  ...admissionLimits,
  bodyBytes: 1_024 * 1_024,
  bodyDeadlineMs: 10_000,
  commitDeadlineMs: 10_000,
};

/** The routes of one provider, which commit through the pipeline. */
export type Webhook = (pipeline: WebhookPipeline) => Router<EdgeState>;

export interface EdgeOptions {
  readonly intake: Intake;
  /** Remembers payments' and invoices' webhooks for a day, in front of the ledger. Without it the ledger alone finds duplicates. */
  readonly seen?: SeenRequests;
  readonly desk: Desk;
  readonly staffActions: StaffActions;
  /** Of every provider that tells us something. */
  readonly webhooks: readonly Webhook[];
  /** The keys that `returnAddress` was given. Without them there is no page to come back to. */
  readonly paymentReturn?: PaymentReturnKeys;
  readonly staffTokens: StaffTokens;
  /** Without it staff have no routes for bookings and invoices. */
  readonly money?: MoneyEdge;
  /** Without it staff have no routes for what failed for good, or has no case. */
  readonly failures?: DeadLettersEdge;
  /** Without it there is no form for travellers. */
  readonly travellers?: TravellersEdge;
  /** Without it there are no routes for documents. */
  readonly documents?: DocumentsEdge;
  /** Whose requests are counted together. By connections alone if absent. */
  readonly addresses?: ClientAddresses;
  /** Without it there is no security.txt. */
  readonly security?: SecurityContact;
  /** Whether browsers reach us by https:// alone: then they are told so. */
  readonly isHttps?: boolean;
  /** Gets the edge's metrics; one edge for each registry. */
  readonly registry: Registry;
  /** Told of errors that nobody expected. They are answered with a bare 500; health data may be in them. */
  readonly report?: (error: unknown, correlationId: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly limits?: Partial<EdgeLimits>;
}

const securityHeaders = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
});

/** A year. Not for names below ours: they may be somebody else's. */
const onlyHttps = ['strict-transport-security', 'max-age=31536000'] as const;
/** Codes that say the same to a client: what is stored of the case is damaged, and coming again does not help. */
const unreadable: ReadonlySet<unknown> = new Set([
  'case_unreadable',
  'key_unreadable',
  'seal_broken',
]);

/** What a thrown thing means to the client. Errors of the core say by `retryable` whether to come again. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof Error && 'code' in error && unreadable.has(error.code))
    return new Refusal('case_unreadable');
  const retryable = error instanceof Error && 'retryable' in error && error.retryable === true;
  return retryable ? comeAgain('unavailable') : new Refusal('internal');
}

/** What the router says by a status alone. */
function refusalOfStatus(status: number): Refusal | null {
  if (status === 404) return new Refusal('not_found');
  if (status === 405) return new Refusal('method_not_allowed');
  return status === 501 ? new Refusal('not_implemented') : null;
}

/** The router's pattern, never the path: that may name a case. */
function routeOf(ctx: object): string {
  const route: unknown = Reflect.get(ctx, '_matchedRoute');
  return typeof route === 'string' ? route : 'none';
}

const reportWindowMs = 10_000;
/** Reports of one kind in that time. While a database is away each request would bring one, and say nothing new. */
const mostReports = 20;

/** Reports what nobody expected, at first each time, and then how often it came. */
function reporter(report: NonNullable<EdgeOptions['report']>) {
  const counter = createCounter({
    windowMs: reportWindowMs,
    mostKeys: 1_000,
    now: () => performance.now(),
    onClosed: (kind, count) => {
      if (count > mostReports) report(new Error(`${kind}, ${count} times in 10 s`), 'none');
    },
  });
  return (kind: string, error: unknown, correlationId: string) => {
    if (counter.count(kind) <= mostReports) report(error, correlationId);
  };
}

/** Around everything: identity, limits, the one error path, metrics and the span. */
function guard(
  metrics: EdgeMetrics,
  admissions: Admissions,
  headers: readonly (readonly [string, string])[],
  report: EdgeOptions['report'] = () => undefined,
): Middleware<EdgeState> {
  const tell = reporter(report);
  const tracer = trace.getTracer('http');

  return async (ctx, next) => {
    const startedAt = performance.now();
    const span = tracer.startSpan('HTTP', { kind: SpanKind.SERVER, root: true });
    Object.assign(ctx.state, identify(span));
    const { correlationId } = ctx.state;
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    ctx.res.setHeader('x-correlation-id', correlationId);

    let refusal: Refusal | null = null;
    let leave = () => {};
    try {
      const admitted = admissions.enter(ctx.req, ctx.path);
      ctx.state.admission = admitted;
      leave = () => admitted.leave();
      await next();
      if (ctx.body === undefined || ctx.body === null) refusal = refusalOfStatus(ctx.status);
    } catch (error) {
      refusal = refusalOf(error);
      const route = routeOf(ctx);
      if (refusal.code === 'internal' || refusal.code === 'bad_copy') {
        tell(`${route} ${refusal.code}`, error, correlationId);
      }
      // Answered 503, so the sender comes again; but why it has to is for us to know.
      if (refusal.code === 'unavailable') {
        tell(`${route} ${refusal.code}`, (error as Error).cause ?? error, correlationId);
      }
    } finally {
      leave();
    }
    const route = routeOf(ctx);
    if (refusal !== null) {
      metrics.refused(route, refusal.code);
      ctx.status = refusal.status;
      ctx.set(refusal.headers);
      ctx.type = 'application/problem+json';
      ctx.body = problemBody(refusal, correlationId);
    }

    metrics.answered(route, ctx.method, ctx.status, (performance.now() - startedAt) / 1_000);
    span.updateName(`${ctx.method} ${route}`);
    span.setAttributes({
      'http.request.method': ctx.method,
      'http.route': route,
      'http.response.status_code': ctx.status,
    });
    if (ctx.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
}

/**
 * The public edge: provider webhooks and what staff read (design, section 11). Serve it with `serve`.
 *
 * A webhook is answered 200 only after `intake.receive` resolved, for it or for the same request before. Errors are `application/problem+json` with a stable `code`.
 */
export function createEdge(options: EdgeOptions): Koa<EdgeState> {
  const { intake, seen, desk, registry, now = Date.now } = options;
  const limits = { ...edgeLimits, ...options.limits };
  const metrics = edgeMetrics(registry);
  const { commitDeadlineMs } = limits;
  const readBody = bodyReader(limits);
  const pipeline = webhookPipeline({ readBody, intake, seen, metrics, commitDeadlineMs, now });

  const router = new Router<EdgeState>();
  for (const webhook of options.webhooks) router.use(webhook(pipeline).routes());
  if (options.paymentReturn !== undefined) {
    router.use(paymentReturnRoutes(pipeline, options.paymentReturn).routes());
  }
  if (options.security !== undefined) {
    router.use(securityTextRoutes(options.security, now).routes());
  }
  const readStaff = staffReader(options.staffTokens);
  router.use(
    adminRoutes(desk, options.staffActions, readStaff, limits.bodyDeadlineMs, now).routes(),
  );
  if (options.money !== undefined) router.use(moneyRoutes(options.money, readStaff).routes());
  if (options.failures !== undefined)
    router.use(deadLetterRoutes(options.failures, readStaff).routes());
  const audit = linkAudit(desk, now);
  if (options.travellers !== undefined) {
    router.use(staffTravellerRoutes(desk, options.travellers, readStaff).routes());
    router.use(travellerRoutes(pipeline, options.travellers, audit).routes());
    router.use(travellersPageRoutes().routes());
  }
  if (options.documents !== undefined) {
    const { documents } = options;
    router.use(documentWebhookRoutes(pipeline, documents).routes());
    router.use(staffDocumentRoutes(desk, documents, readStaff, now).routes());
    router.use(uploadRoutes(pipeline, documents, audit).routes());
    router.use(uploadPageRoutes().routes());
    if (documents.served !== undefined) {
      const { served, bucket } = documents;
      router.use(servedDocumentRoutes(pipeline, audit, { served, bucket }).routes());
    }
  }

  const app = new Koa<EdgeState>();
  app.silent = true; // `guard` sees every error; what is left are sockets that broke while we answered.
  const admissions = createAdmissions(limits, options.addresses ?? clientAddresses());
  const headers = options.isHttps === true ? [...securityHeaders, onlyHttps] : securityHeaders;
  app.use(guard(metrics, admissions, headers, options.report));
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
