import { randomBytes } from 'node:crypto';

import {
  type Context,
  ROOT_CONTEXT,
  type SpanContext,
  SpanStatusCode,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api';
import { type DestinationStream, pino } from 'pino';
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

import { ExpectedError, errorTypeOf, errorTypes, type ErrorType } from './actors/errors.ts';
import { mask } from './actors/masking/on-demand.ts';
import { isProviderName } from './actors/ports/providers.ts';

/**
 * The only fields a log line may have. Identifiers are ours, never a provider's: a WhatsApp message id, for one,
 * is base64 around the patient's phone number. Free text has no place here, so nothing in it can be about a patient.
 */
export interface LogFields {
  readonly tenant?: string;
  readonly caseId?: string;
  readonly eventId?: string;
  readonly effectId?: string;
  /** From the webhook to the effect. */
  readonly correlationId?: string;
  readonly provider?: string;
  readonly machine?: string;
  readonly version?: string;
  readonly role?: string;
  readonly owner?: string;
  readonly stream?: string;
  readonly group?: string;
  readonly partition?: number;
  readonly epoch?: number;
  readonly attempt?: number;
  readonly count?: number;
  readonly seq?: number;
  readonly durationMs?: number;
  /** The route's pattern, never the path itself. */
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  readonly port?: number;
  readonly outcome?: string;
  /** An event or effect type. */
  readonly type?: string;
  /** A stable code of ours or of a provider. */
  readonly code?: string;
  readonly reason?: string;
}

const FIELD_TYPES: { readonly [Name in keyof LogFields]-?: 'string' | 'number' } = {
  tenant: 'string',
  caseId: 'string',
  eventId: 'string',
  effectId: 'string',
  correlationId: 'string',
  provider: 'string',
  machine: 'string',
  version: 'string',
  role: 'string',
  owner: 'string',
  stream: 'string',
  group: 'string',
  partition: 'number',
  epoch: 'number',
  attempt: 'number',
  count: 'number',
  seq: 'number',
  durationMs: 'number',
  route: 'string',
  method: 'string',
  status: 'number',
  port: 'number',
  outcome: 'string',
  type: 'string',
  code: 'string',
  reason: 'string',
};

/** An identifier or a code: no spaces, no quotes, no control characters, so neither a sentence nor a forged line. */
const TOKEN = /^[\w.:/{}*#+-]{1,200}$/;

/** Fields whose value may be a provider's own: those are masked too. The rest are our ids, and masking costs time. */
const FOREIGN: ReadonlySet<string> = new Set(['code', 'reason', 'outcome']);

/** Longest message of a span's status, in UTF-16 code units. */
const longestStatus = 200;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes one JSON line: `{ level, time, event, …fields, errorName?, errorCode? }`, with the trace when there is one.
 * What the types forbid is dropped at run time too: unknown fields, and values that are no token or finite number.
 * Of `error` only the name and the code are kept, because messages carry values (PostgreSQL's `detail` is a row).
 */
export type Log = (level: LogLevel, event: string, fields?: LogFields, error?: unknown) => void;

export interface Telemetry {
  /** What `/metrics` shows. Register further metrics here; their labels never hold a case, a patient or free text. */
  readonly registry: Registry;
  readonly log: Log;
  /**
   * Runs one request to a provider, and counts, times and traces it. Wrap every attempt by itself: a retried call is
   * two requests. Resolves and rejects as `request` does.
   */
  integrationCall<T>(provider: string, request: () => Promise<T>): Promise<T>;
}

export interface TelemetryOptions {
  readonly level: LogLevel | 'silent';
  /** Where log lines go; standard output if absent. */
  readonly destination?: DestinationStream;
  /** Adds prom-client's process metrics (memory, event loop, descriptors). Off by default: its observers outlive tests. */
  readonly processMetrics?: boolean;
}

/** Metrics, logs and provider calls of one process. Nothing is global but OpenTelemetry's own API. */
export function createTelemetry({
  level,
  destination,
  processMetrics,
}: TelemetryOptions): Telemetry {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  return {
    registry,
    log: createLog(level, destination),
    integrationCall: integrationCalls(registry),
  };
}

function createLog(level: TelemetryOptions['level'], destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = destination ? pino(options, destination) : pino(options);
  return (level, event, fields = {}, error) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level]({
      event: token(event),
      ...allowed(fields),
      ...errorFields(error),
      ...traceFields(),
    });
  };
}

function allowed(fields: LogFields): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    // `in` would find `constructor` too.
    if (!Object.hasOwn(FIELD_TYPES, name)) continue;
    const type = FIELD_TYPES[name as keyof LogFields];
    if (type === 'number' && typeof value === 'number' && Number.isFinite(value))
      kept[name] = value;
    if (type === 'string' && typeof value === 'string')
      kept[name] = FOREIGN.has(name) ? maskedToken(value) : token(value);
  }
  return kept;
}

function token(value: string): string {
  return TOKEN.test(value) ? value : '[dropped]';
}

/** A token without what is about a person: a code of a provider's may end in the number it was about. */
function maskedToken(value: string): string {
  return TOKEN.test(value) ? mask(value) : '[dropped]';
}

function errorFields(error: unknown): Record<string, string> {
  if (error === undefined) return {};
  if (!(error instanceof Error)) return { errorName: typeof error };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    errorName: token(error.name),
    ...(typeof code === 'string' ? { errorCode: maskedToken(code) } : {}),
  };
}

function traceFields(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}

/**
 * Names and values fixed by the platform's documents: `integration_…` of the providers that they name. What else we depend
 * on, the language model for one, is counted in the same way as `dependency_…`.
 */
function integrationCalls(registry: Registry): Telemetry['integrationCall'] {
  const providers = callMetrics(registry, 'integration', 'provider');
  const dependencies = callMetrics(registry, 'dependency', 'dependency');
  const tracer = trace.getTracer('patient-case-orchestrator');

  return (name, request) =>
    tracer.startActiveSpan(
      `integration ${name}`,
      { attributes: { 'otel.span': 'integration_call', 'integration.provider': name } },
      async (span) => {
        const count = isProviderName(name) ? providers : dependencies;
        const startedAt = performance.now();
        try {
          const answer = await request();
          count(name, startedAt);
          return answer;
        } catch (error) {
          const type = errorTypeOf(error);
          count(name, startedAt, type);
          // No recordException: it would export the message as it is, and the stack.
          span.setAttribute('error.type', type);
          span.setStatus({
            code: SpanStatusCode.ERROR,
            ...(span.isRecording() && error instanceof ExpectedError
              ? { message: statusMessage(error) }
              : {}),
          });
          throw error;
        } finally {
          span.end();
        }
      },
    );
}

/** Counts one request to `name` that began at `startedAt`, by `performance.now`. */
type CountCall = (name: string, startedAt: number, errorType?: ErrorType) => void;

function callMetrics(registry: Registry, prefix: string, label: string): CountCall {
  const requests = new Counter({
    name: `${prefix}_requests_total`,
    help: 'Requests, each attempt counted, by outcome (success, error)',
    labelNames: [label, 'status'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: `${prefix}_request_duration_seconds`,
    help: 'Time from sending a request to its outcome',
    labelNames: [label],
    // Up to our longest time-out; flight searches take seconds, messages a fraction of one.
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [registry],
  });
  const errors = new Counter({
    name: `${prefix}_errors_total`,
    help: `Requests that did not end well, by kind (${errorTypes.join(', ')})`,
    labelNames: [label, 'error_type'],
    registers: [registry],
  });
  return (name, startedAt, errorType) => {
    requests.inc({ [label]: name, status: errorType === undefined ? 'success' : 'error' });
    if (errorType !== undefined) errors.inc({ [label]: name, error_type: errorType });
    seconds.observe({ [label]: name }, (performance.now() - startedAt) / 1_000);
  };
}

/** An expected error's message, masked. Others' messages stay here: PostgreSQL's, for one, quote rows. */
function statusMessage({ message }: ExpectedError): string {
  // Cut well before masking too, which is then quick whatever a provider answered, but never inside what is kept.
  return mask(message.slice(0, 4 * longestStatus)).slice(0, longestStatus);
}

export interface TracingOptions {
  readonly serviceName: string;
  /** Base address of an OTLP/HTTP collector, e.g. `http://collector:4318`; without it nothing is loaded or traced. */
  readonly otlpEndpoint?: string | undefined;
}

/**
 * Starts tracing if there is somewhere to send traces to. Without an endpoint OpenTelemetry's API stays the no-op it is
 * by default, and the SDK, some 0.2 s of loading, is not even imported.
 *
 * @returns flushes and stops; call it once, on shutdown
 */
export async function startTracing({
  serviceName,
  otlpEndpoint,
}: TracingOptions): Promise<() => Promise<void>> {
  if (!otlpEndpoint) return async () => {};
  const [{ NodeSDK }, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const sdk = new NodeSDK({
    serviceName,
    traceExporter: new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces` }),
    metricReaders: [], // Prometheus reads ours.
    logRecordProcessors: [],
    // Detectors would export the command line and the host's name.
    autoDetectResources: false,
  });
  sdk.start();
  return () => sdk.shutdown();
}

/** Version 00; the trace id and parent id may not be all zeros. @see https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * The `traceparent` to store or send on: the active span's; else `received`, if it is well-formed; else a new one.
 * So there always is one, also while tracing is off, and its trace id can be followed through ledger and streams.
 */
export function injectTraceparent(received?: string): string {
  const active = trace.getActiveSpan()?.spanContext();
  if (active && isSpanContextValid(active)) return traceparentOf(active);
  if (received && TRACEPARENT.test(received)) return received;
  // Sampled flag off: nobody recorded this parent.
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** A stored `traceparent` as the context to start a span in, or to link to. A malformed or missing one gives the root. */
export function extractTraceparent(traceparent: string | null | undefined): Context {
  const match = TRACEPARENT.exec(traceparent ?? '');
  const [, traceId, spanId, flags] = match ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, parent);
}

/** Runs `work` as a part of the trace that `traceparent` names. */
export function withTraceparent<T>(traceparent: string | null | undefined, work: () => T): T {
  return context.with(extractTraceparent(traceparent), work);
}
