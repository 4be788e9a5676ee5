import { SpanKind, trace } from '@opentelemetry/api';
import { Counter, Gauge, type Registry } from 'prom-client';

import type { AttentionNews } from '../machines/attention-setup.ts';
import type { CaseTag } from '../machines/case-types.ts';
import { withTraceparent, type Telemetry } from '../telemetry.ts';
import type { CountedFact, Observer } from './kernel/observing.ts';
import type { Backlog } from './ports/backlog.ts';
import type { OutwardStream } from './ports/outbox.ts';
import { handOverReasons } from './shapes/hand-over.ts';
import { reasonTag } from './staff/attention-view.ts';

const facts: Readonly<Record<CountedFact, string>> = {
  events_applied: 'Events that moved or changed their case',
  events_ignored: 'Events that their case did not accept in its state',
  events_dead: 'Events and timers that could not be applied and wait for staff',
  timers_fired: 'Timers fired',
  effects_done: 'Effects done',
  effects_failed: 'Effects failed for good',
  effects_retried: 'Tries of effects that will be repeated',
  effects_unknown: 'Tries of effects whose outcome is not known',
  effects_not_permitted: 'Effects that did not start because their case does not permit it now',
  entries_swept: 'Announcements made again because nothing had come of them',
  commits_refused: 'Commits that another worker was quicker with',
};

const escalated: AttentionNews['type'] = 'attention.escalated';

/** The kernel's facts as metrics, its troubles as log lines, and each effect as a span of the trace that caused it. */
export function kernelObserver({ registry, log }: Pick<Telemetry, 'registry' | 'log'>): Observer {
  const counters = new Map(
    Object.entries(facts).map(([fact, help]) => [
      fact,
      new Counter({ name: `kernel_${fact}_total`, help, registers: [registry] }),
    ]),
  );
  const escalations = new Counter({
    name: 'staff_escalations_total',
    help: 'Target times that passed without anybody taking a case, of emergencies and of what else waits for staff',
    registers: [registry],
  });
  const tracer = trace.getTracer('kernel');
  return {
    emitted: (type) => {
      if (type === escalated) escalations.inc();
    },
    count: (fact, n) => counters.get(fact)?.inc(n),
    note: (what, { tenant, caseId, subject, reason }) =>
      log('warn', `kernel.${what}`, {
        ...(tenant === null ? {} : { tenant }),
        caseId,
        ...(what.startsWith('effect') ? { effectId: subject } : { eventId: subject }),
        reason: reason.slice(0, 200).replaceAll(/[^\w.:/{}*#+-]/g, '_'), // The log takes tokens only.
      }),
    trouble: (where, error) =>
      log('warn', 'kernel.trouble', { reason: where.replaceAll(' ', '_') }, error),
    trace: (name, traceparent, work) =>
      withTraceparent(traceparent, () =>
        tracer.startActiveSpan(`process ${name}`, { kind: SpanKind.CONSUMER }, async (span) => {
          try {
            return await work();
          } finally {
            span.end();
          }
        }),
      ),
  };
}

/** Gauges of the outward streams, set by whoever trims them: the one process that publishes. */
export function outwardGauges(registry: Registry): (streams: readonly OutwardStream[]) => void {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['stream'], registers: [registry] });
  const length = gauge('outward_stream_length', 'Entries of an outward stream');
  const unacknowledged = gauge(
    'outward_unacknowledged_seconds',
    'Age of the oldest entry that some consumer group has not acknowledged',
  );
  const dropped = new Counter({
    name: 'outward_dropped_total',
    help: 'Entries that went although some consumer group had not acknowledged them',
    labelNames: ['stream'],
    registers: [registry],
  });
  return (streams) => {
    length.reset();
    unacknowledged.reset();
    for (const one of streams) {
      length.set({ stream: one.stream }, one.length);
      unacknowledged.set({ stream: one.stream }, one.unacknowledgedMs / 1_000);
      dropped.inc({ stream: one.stream }, one.dropped);
    }
  };
}

/** The tags of a case that say what it waits for. */
const shownTags: readonly CaseTag[] = [
  'waiting-for-patient',
  'waiting-for-provider',
  'with-staff',
  'clinical-review',
  'refund-needed',
  'invoice-held',
  'awaits-staff',
  'urgent',
  'rights-request',
];

/** The tag of an emergency that no person has taken. */
const untaken: CaseTag = 'urgent-untaken';

/** The tags that cases are counted by. */
export const waitingTags: readonly string[] = [
  ...shownTags,
  untaken,
  ...handOverReasons.map(reasonTag),
];

const withTags = (
  counts: Readonly<Record<string, number>>,
  names: Readonly<Record<string, string>>,
): Record<string, number> =>
  Object.fromEntries(Object.entries(names).map(([name, tag]) => [name, counts[tag] ?? 0]));

/** Gauges of the backlog; one look at the ledger serves a whole scrape and the next `keptMs`. */
export function backlogGauges(
  registry: Registry,
  look: () => Promise<Backlog>,
  keptMs = 5_000,
): void {
  let latest: Promise<Backlog> | null = null;
  let lookedAt = -Infinity;
  const backlog = () => {
    if (!latest || performance.now() - lookedAt > keptMs) {
      lookedAt = performance.now();
      latest = look();
    }
    return latest;
  };
  const gauge = (name: string, help: string, read: (from: Backlog) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        await backlog().then(
          (from) => this.set(read(from)),
          () => this.set(Number.NaN),
        ); // The other metrics still count.
      },
    });
  const labelled = (
    name: string,
    help: string,
    label: string,
    read: (from: Backlog) => Readonly<Record<string, number>>,
    /** Shown also when there is none, so that nobody takes an empty panel for a broken one. */
    always: readonly string[] = [],
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      async collect() {
        this.reset();
        const none = Object.fromEntries(always.map((value) => [value, 0]));
        const counts = await backlog().then(
          (from) => ({ ...none, ...read(from) }),
          () => ({}),
        );
        for (const [value, n] of Object.entries(counts)) this.set({ [label]: value }, n);
      },
    });
  gauge('ledger_events_pending', 'Events without a disposition', (from) => from.eventsPending);
  gauge(
    'ledger_oldest_event_seconds',
    'Age of the oldest event without a disposition',
    (from) => from.oldestEventSeconds,
  );
  gauge(
    'timers_overdue',
    'Cases with a timer due for more than 10 s',
    (from) => from.timersOverdue,
  );
  gauge('dead_letters_open', 'Dead letters that wait for staff', (from) => from.deadLetters);
  gauge(
    'parked_deliveries_open',
    'Webhooks that belong to no case and wait for staff',
    (from) => from.parkedDeliveries,
  );
  gauge(
    'outbox_waiting',
    'Publications that are not on their stream yet',
    (from) => from.outboxWaiting,
  );
  gauge(
    'outbox_oldest_seconds',
    'Age of the oldest publication that is not on its stream yet',
    (from) => from.oldestPublicationSeconds,
  );
  labelled(
    'dead_letters_recent',
    'Effects that failed for good in the last 24 hours, by provider',
    'provider',
    (from) => from.deadLettersByProvider,
  );
  labelled(
    'effects_open',
    'Effects that are not settled, by status',
    'status',
    (from) => from.effects,
    ['pending', 'started', 'retry', 'unknown'],
  );
  labelled('cases', 'Cases by status', 'status', (from) => from.cases, [
    'active',
    'done',
    'parked',
  ]);
  labelled(
    'cases_waiting',
    'Cases by what they wait for, a tag; one case may wait for several',
    'tag',
    ({ casesWaiting }) =>
      withTags(casesWaiting, Object.fromEntries(shownTags.map((tag) => [tag, tag]))),
  );
  labelled(
    'cases_waiting_for_staff',
    'Cases that staff have, by reason; one case may have several',
    'reason',
    ({ casesWaiting }) =>
      withTags(
        casesWaiting,
        Object.fromEntries(handOverReasons.map((reason) => [reason, reasonTag(reason)])),
      ),
  );
  gauge(
    'cases_urgent_untaken',
    'Emergencies that no person has taken',
    ({ casesWaiting }) => casesWaiting[untaken] ?? 0,
  );
  gauge(
    'cases_urgent_untaken_oldest_seconds',
    'Age of the oldest emergency that no person has taken',
    ({ oldestWaiting }) => oldestWaiting[untaken] ?? 0,
  );
}
