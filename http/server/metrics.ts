import { Counter, Histogram, type Registry } from 'prom-client';

/** What the edge counts. Labels come from closed sets: routes as patterns, never as they were asked for. */
export interface EdgeMetrics {
  answered(route: string, method: string, status: number, seconds: number): void;
  delivered(source: string, outcome: string): void;
  /** `code` is one of `RefusalCode`. */
  refused(route: string, code: string): void;
}

const methods = new Set(['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Registers on `registry`; call it once for each registry. */
export function edgeMetrics(registry: Registry): EdgeMetrics {
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by route pattern, method and status',
    labelNames: ['route', 'method', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request headers to the answer',
    labelNames: ['route', 'method'],
    // 0.05 s is our own acknowledgement target; 0.25 s (median) and 1 s (99 %) are what Meta asks of webhooks.
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const deliveries = new Counter({
    name: 'webhook_deliveries_total',
    help: 'Facts received in verified webhooks, by source and what the ledger made of them',
    labelNames: ['source', 'outcome'],
    registers: [registry],
  });
  const refusals = new Counter({
    name: 'http_refusals_total',
    help: 'Requests refused, by route pattern and code. What is refused again and again is counted here, and written nowhere',
    labelNames: ['route', 'code'],
    registers: [registry],
  });
  return {
    refused: (route, code) => refusals.labels(route, code).inc(),
    answered: (route, method, status, seconds) => {
      const known = methods.has(method) ? method : 'other';
      requests.labels(route, known, String(status)).inc();
      durations.labels(route, known).observe(seconds);
    },
    delivered: (source, outcome) => deliveries.labels(source, outcome).inc(),
  };
}
