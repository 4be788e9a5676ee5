import { settingsGroup, webAddress } from './kit.ts';

/** Where traces go. */
export const tracingSettings = settingsGroup({
  title: 'Tracing',
  variables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: {
      schema: webAddress,
      about: 'Where OpenTelemetry sends traces (OTLP over HTTP).',
      fallback: 'nowhere',
    },
  },
  /** Null: traces go nowhere. */
  read: (env) => ({ otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null }),
});
