import { randomUUID } from 'node:crypto';

import { isSpanContextValid, TraceFlags, type Span } from '@opentelemetry/api';

import type { Admission } from './admission.ts';

/** What the edge knows of a request besides what Koa knows. */
export interface EdgeState {
  /** In the answer, the log and, as its trace id, in everything the request leads to. 32 hex digits. */
  correlationId: string;
  /** W3C trace context for what the request leads to. */
  traceparent: string;
  /** What it was let in by. */
  admission: Admission;
}

/**
 * Identifies a request by its span, or by random ids where no tracing is set up. What the sender claims is not taken:
 * it comes from outside, before any signature was checked.
 */
export function identify(span: Span): Pick<EdgeState, 'correlationId' | 'traceparent'> {
  const { traceId, spanId, traceFlags } = span.spanContext();
  if (isSpanContextValid(span.spanContext())) {
    const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01';
    return { correlationId: traceId, traceparent: `00-${traceId}-${spanId}-${flags}` };
  }
  const correlationId = randomUUID().replaceAll('-', '');
  const parent = randomUUID().replaceAll('-', '').slice(0, 16);
  return { correlationId, traceparent: `00-${correlationId}-${parent}-00` };
}

/** Whether a string could be an id of ours: 1 to 200 visible ASCII characters without a slash. */
export function isId(value: string): boolean {
  return /^[\x21-\x2e\x30-\x7e]{1,200}$/.test(value);
}

/** The token of an `authorization` header; empty, and so nobody's, without one. */
export function bearerOf(authorization: string): string {
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1] ?? '';
}
