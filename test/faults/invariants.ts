import { parseEnvelope } from '../../actors/kernel/persisted-state.ts';
import type { Ledger } from '../../actors/kernel/ports.ts';
import { prepareMachines } from '../../actors/kernel/registry.ts';
import { replay } from '../../actors/kernel/replay.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import type { SaleLine } from '../../actors/shapes/invoices.ts';
import { familyOf } from '../../actors/staff/case-view.ts';
import { loadConfig } from '../../config.ts';
import { messageKey } from '../../http/server/pipeline.ts';
import { splitLines } from '../../machines/money.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { emptyHead, verifyChain } from '../../persistence/ledger/audit-chain.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { noPorts } from '../machines/no-ports.ts';
import { readLedger, type LedgerEntry } from '../sandbox/ledger.ts';
import type { Cluster } from './cluster.ts';
import { moneyFindings, readBooks, repeatedRefunds, type OurBooks } from './money.ts';
import { readGenerator, requestDeadlineMs, type GeneratorLine } from './patients.ts';

type History = Awaited<ReturnType<Ledger['history']>>;

interface CaseEvidence {
  readonly caseId: string;
  readonly tenant: string;
  readonly partition: number;
  readonly seq: number;
  readonly tags: readonly string[];
  readonly state: string;
  /** As stored, decrypted. */
  readonly envelope: string;
  readonly history: History;
}

interface EventRow {
  readonly id: string;
  readonly case_id: string;
  readonly source: string;
  readonly dedupe_key: string;
  readonly type: string;
  readonly position: string;
  readonly pending: boolean;
}

interface EffectRow {
  readonly effect_id: string;
  readonly case_id: string;
  readonly name: string;
  readonly status: string;
  readonly resolution: string;
  readonly attempt: number;
  /** The tag its case must have when it starts; null if none. */
  readonly needs: string | null;
}

/** From when to when a case stood withdrawn: epoch ms by the database's clock, each when it was committed. */
interface Withdrawal {
  readonly caseId: string;
  readonly from: number;
  /** Infinity if it still does. */
  readonly until: number;
}

interface AuditRow {
  readonly chain: string;
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly caseId: string | null;
  readonly caseSeq: number | null;
  readonly subject: string;
  readonly detail: string;
  readonly hash: Buffer;
}

/** What is judged: two files from outside, and the database read once, at rest. */
export interface Evidence {
  readonly patients: number;
  readonly generator: readonly GeneratorLine[];
  readonly provider: readonly LedgerEntry[];
  readonly cases: readonly CaseEvidence[];
  readonly events: readonly EventRow[];
  readonly effects: readonly EffectRow[];
  readonly audit: readonly AuditRow[];
  readonly books: OurBooks;
  readonly withdrawals: readonly Withdrawal[];
  readonly parked: ReadonlySet<string>;
  /** Stream entries delivered and not acknowledged, over all groups. */
  readonly streamPending: number;
  /** Whether effects may have been given up in doubt: a performer died, or its provider did not answer. */
  readonly mayDoubt: boolean;
  /** How long the provider was told to take before it applies a message, ms; 0 if absent. */
  readonly slowMs?: number;
  /** Cases that waited for nothing but a message that was perhaps never sent (doubts.ts). None if absent. */
  readonly inDoubt?: ReadonlySet<string>;
  /** From then until they were confirmed, too; null if some never were. */
  readonly longestDoubtSeconds?: number | null;
  /** Seconds from healing until every patient's case was confirmed but for those; null if some never was. */
  readonly recoverySeconds: number | null;
  /** More is red; 30 if absent. */
  readonly mostRecoverySeconds?: number;
}

/** What is wrong, one line each; empty when the invariant holds. */
export type Invariant = (evidence: Evidence) => readonly string[];

/** Each acknowledged webhook has exactly one event in the ledger, and that event a disposition. */
export const i1NoLoss: Invariant = ({ generator, cases, events, parked }) => {
  const met = new Map<string, number>();
  for (const { history } of cases) {
    for (const entry of history) {
      const messageId = messageIdIn(entry);
      if (messageId !== null) met.set(messageId, (met.get(messageId) ?? 0) + 1);
    }
  }
  const byKey = new Map(events.map((event) => [event.dedupe_key, event]));
  return [
    ...acknowledged(generator, 'message').flatMap((id) => {
      if (parked.has(messageKey(id))) return [];
      const times = met.get(id) ?? 0;
      return times === 1 ? [] : [`message ${id} was acknowledged and met its case ${times} times`];
    }),
    ...acknowledged(generator, 'payment').flatMap((id) => {
      if (parked.has(id)) return [];
      const event = byKey.get(id);
      if (!event) return [`payment ${id} was acknowledged and is not in the ledger`];
      return event.pending ? [`payment ${id} has no disposition`] : [];
    }),
    ...[...met].flatMap(([id, times]) =>
      times > 1 ? [`message ${id} met its case ${times} times`] : [],
    ),
    ...events
      .filter(({ pending }) => pending)
      .map(({ id, type }) => `event ${id} (${type}) has no disposition`),
  ];
};

/**
 * No effect was applied twice; healed, each exactly once. One that was given up in doubt (`resolution: 'none'`) was not
 * applied, or the provider's callback would have settled it, and only counts where a performer died.
 */
export const i2OneEffect: Invariant = ({ provider, effects, mayDoubt }) => {
  const applied = new Map<string, number>();
  const openedAtIyzico = new Set<string>();
  for (const { provider: name, kind, key } of provider) {
    // iyzico knows no effects: a form whose address nobody got stays unpaid, so only those of bookings are counted.
    if (kind === 'checkout' && name === 'iyzico') openedAtIyzico.add(key ?? '');
    else if (kind === 'message' || kind === 'checkout')
      applied.set(key ?? 'none', (applied.get(key ?? 'none') ?? 0) + 1);
  }
  const known = new Map(effects.map((effect) => [effect.effect_id, effect]));
  const unseen = effects.filter(
    ({ effect_id: id, name, status }) =>
      name === 'openCheckout' && status === 'done' && !applied.has(id),
  );
  return [
    ...repeatedRefunds(provider),
    ...(unseen.length <= openedAtIyzico.size
      ? []
      : unseen.map(({ effect_id: id }) => `effect ${id} is done and perhaps never applied`)),
    ...[...applied].flatMap(([key, times]) => [
      ...(times > 1 ? [`effect ${key} was applied ${times} times`] : []),
      ...(known.has(key) ? [] : [`effect ${key} was applied and nobody asked for it`]),
    ]),
    ...effects.flatMap(({ effect_id: id, name, status, resolution, attempt }) => {
      const once = applied.has(id);
      if (status === 'done' && appliedKinds.has(name) && !once)
        return [`effect ${id} (${name}) is done and was never applied`];
      if (status !== 'done' && once) return [`effect ${id} (${name}) was applied and is ${status}`];
      if (status === 'done' || status === 'cancelled') return [];
      const inDoubt = resolution === 'none' && (status === 'unknown' || status === 'failed');
      if (mayDoubt && inDoubt) return [];
      return [`effect ${id} (${name}) is ${status} after ${attempt} tries`];
    }),
  ];
};

const appliedKinds = new Set(['sendMessage']);

/** Each case's history counts 1 to n, each step starts where the one before ended, and a patient's words keep their order. */
export const i3Order: Invariant = ({ cases, events, generator }) => {
  const positions = new Map(events.map(({ id, position }) => [id, BigInt(position)]));
  const stepOf = new Map(generator.map(({ id, step }) => [id, step]));
  return cases.flatMap(({ caseId, seq, state, history }) => {
    const wrong: string[] = [];
    let before: string | null = null;
    let position = -1n;
    let step = 0;
    for (const [i, entry] of history.entries()) {
      if (entry.seq !== i + 1) wrong.push(`case ${caseId}: entry ${i + 1} has seq ${entry.seq}`);
      if (entry.stateBefore !== before)
        wrong.push(
          `case ${caseId}: entry ${entry.seq} began in another state than the last one ended in`,
        );
      before = entry.stateAfter;
      const messageId = messageIdIn(entry);
      if (messageId === null) continue;
      const [itsPosition, itsStep] = [
        positions.get(entry.subject) ?? 0n,
        stepOf.get(messageId) ?? 0,
      ];
      if (itsPosition < position)
        wrong.push(`case ${caseId}: entry ${entry.seq} came before an earlier one in the ledger`);
      if (itsStep < step)
        wrong.push(`case ${caseId}: entry ${entry.seq} was sent before the one it follows`);
      [position, step] = [itsPosition, itsStep];
    }
    if (seq !== history.length)
      wrong.push(`case ${caseId} is at ${seq}, its history at ${history.length}`);
    if (before !== null && state !== before)
      wrong.push(`case ${caseId} is not in the state that its history ends in`);
    return wrong;
  });
};

/**
 * Healed, every case moves: within 30 s (or what is said) all patients are confirmed, but for those whose case waits for nothing but a
 * message in doubt. Those are few, and only where a message may be in doubt; they are told so, and go on when they write.
 */
export const i4NoStuckCase: Invariant = (evidence) => {
  const { patients, cases, recoverySeconds, inDoubt = new Set() } = evidence;
  const { mostRecoverySeconds = 30 } = evidence;
  const stuck = cases.filter(({ tags }) => !tags.includes('confirmed'));
  return [
    ...(cases.length === patients ? [] : [`${patients} patients have ${cases.length} cases`]),
    ...stuck.map(({ caseId, state }) => `case ${caseId} stands in ${state}`),
    ...(inDoubt.size <= patients / 2 ? [] : [`${inDoubt.size} of ${patients} wait in doubt`]),
    ...(recoverySeconds === null
      ? ['not everybody was confirmed']
      : recoverySeconds > mostRecoverySeconds
        ? [`it took ${recoverySeconds} s`]
        : []),
  ];
};

const performers = journeyPerformers(noPorts);
const registry = prepareMachines(journeyMachines, performers);

/** Folding a case's history through its machine gives the stored envelope, byte for byte. */
export const i5Replay: Invariant = ({ cases }) =>
  cases.flatMap(({ caseId, tenant, partition, envelope, history }) => {
    try {
      const folded = replay({ tenant, caseId }, history, { registry, performers, partition });
      if (folded === envelope) return [];
      return [
        `case ${caseId}: stored at seq ${parseEnvelope(envelope).seq}, replayed to ${parseEnvelope(folded).seq}, and they differ`,
      ];
    } catch (error) {
      return [`case ${caseId} cannot be replayed: ${(error as Error).message}`];
    }
  });

/** Every chain verifies; each transition and each effect has its one line. */
export const i6Audit: Invariant = ({ audit, effects, cases }) => {
  const broken = [...Map.groupBy(audit, ({ chain }) => chain)].flatMap(([chain, rows]) => {
    const verdict = verifyChain(rows, { from: emptyHead(chain) });
    return verdict.ok ? [] : [`chain ${chain} is ${verdict.why} at ${verdict.seq}`];
  });
  const lines = Map.groupBy(
    audit.filter(({ action }) => action === 'effect'),
    ({ subject }) => subject,
  );
  const unwritten = effects.filter(({ effect_id: id }) => lines.get(id)?.length !== 1);
  const transitions = audit.filter(({ action }) => action === 'transition').length;
  const steps = cases.reduce((sum, { seq }) => sum + seq, 0);
  return [
    ...broken,
    ...unwritten.map(({ effect_id: id }) => `effect ${id} has ${lines.get(id)?.length ?? 0} lines`),
    ...(transitions === steps ? [] : [`${steps} steps have ${transitions} lines`]),
  ];
};

/**
 * Our books are the providers' books: in sum, for each payment, on invoices and in the audit trail (money.ts). And who is
 * confirmed has paid, once, what the case says.
 */
export const i9Money: Invariant = (evidence) => {
  const { provider, cases } = evidence;
  const paid = provider
    .filter(({ kind }) => kind === 'payment')
    .map(({ detail }) => detail as unknown as Payment);
  const confirmed = cases.filter(({ tags }) => tags.includes('confirmed'));
  const byBooking = Map.groupBy(paid, ({ bookingId }) => bookingId);
  const sold = confirmed.map(({ caseId, envelope }) => ({ caseId, sales: salesIn(envelope) }));
  const invoicesDue = new Map(
    sold.flatMap(({ sales }) =>
      sales.map(({ bookingId, lines }) => [bookingId, splitLines(lines).length] as const),
    ),
  );
  return [
    ...moneyFindings({ ...evidence.books, ...evidence, invoicesDue }),
    ...(paid.length === confirmed.length
      ? []
      : [`${paid.length} payments, ${confirmed.length} confirmed cases`]),
    ...sold.flatMap(({ caseId, sales }) => {
      const bought = sales.filter(({ status }) => status === 'paid');
      if (bought.length !== 1)
        return [`case ${caseId} is confirmed with ${bought.length} bookings`];
      return bought.flatMap(({ bookingId, total: { amountMinor, currency } }) => {
        const payments = byBooking.get(bookingId) ?? [];
        const [payment] = payments;
        if (payments.length !== 1 || payment === undefined)
          return [`case ${caseId} is confirmed with ${payments.length} payments`];
        const { amount, currency: inFact } = payment;
        const same = String(amount) === amountMinor && currency === inFact.toUpperCase();
        return same
          ? []
          : [`case ${caseId} has ${amountMinor} ${currency}, the provider ${amount} ${inFact}`];
      });
    }),
  ];
};

interface Payment {
  readonly amount: number;
  readonly currency: string;
  readonly bookingId: string;
}

/** What a case says that it sold. */
interface Sale {
  readonly bookingId: string;
  readonly status: string;
  readonly total: { readonly amountMinor: string; readonly currency: string };
  readonly lines: readonly SaleLine[];
}

function salesIn(envelope: string): readonly Sale[] {
  return familyOf(parseEnvelope(envelope).snapshot).sales?.bookings ?? [];
}

/**
 * While a case stands withdrawn, nothing that needs a consent starts: all that the provider applied had reached it
 * before the withdrawal was committed, or was on its way.
 */
export const i10Consent: Invariant = ({ provider, effects, withdrawals, slowMs = 0 }) => {
  const known = new Map(effects.map((effect) => [effect.effect_id, effect]));
  return provider.flatMap(({ kind, key, at }) => {
    const effect = known.get(key ?? '');
    if (!effect || effect.needs === null) return [];
    const startedMs = Date.parse(at) - slowMs - mostOnItsWayMs;
    return withdrawals
      .filter(
        ({ caseId, from, until }) =>
          caseId === effect.case_id && startedMs > from && startedMs < until,
      )
      .map(
        ({ from }) =>
          `${kind} ${key}, which needs ${effect.needs}, started ${Math.round(startedMs - from)} ms or more after the withdrawal`,
      );
  });
};

/** From the claim in the ledger to the provider, at worst: a busy machine, a token, a limiter, a connection. */
const mostOnItsWayMs = 500;

/** Nothing is left over: no waiting row, no open effect, no more unread stream entries than a dead consumer's last read. */
export const i11Bounded: Invariant = ({ events, streamPending }) => {
  const waiting = events.filter(({ pending }) => pending).length;
  return [
    ...(waiting === 0 ? [] : [`${waiting} events wait`]),
    ...(streamPending <= 1_000 ? [] : [`${streamPending} stream entries are pending`]),
  ];
};

/** Every request ended within its deadline; no 2xx without a row, and every refusal is a 503 that says when to return. */
export const i12Honest: Invariant = ({ generator, events, cases, parked }) => {
  const stored = new Set([...events.map(({ dedupe_key: key }) => key), ...parked]);
  for (const { history } of cases)
    for (const entry of history) stored.add(messageIdIn(entry) ?? '');
  const ended = new Set(
    generator.filter(({ type }) => type !== 'invoke').map(({ request }) => request),
  );
  return [
    ...generator.flatMap(({ type, request }) =>
      type === 'invoke' && !ended.has(request) ? [`request ${request} never ended`] : [],
    ),
    ...generator.flatMap(({ type, kind, request, id, status, retryAfter, ms = 0 }) => {
      if (type === 'invoke' || kind === 'payment') return [];
      const wrong = ms > requestDeadlineMs + 1_000 ? [`request ${request} took ${ms} ms`] : [];
      if (type === 'ok' && !stored.has(id))
        wrong.push(`request ${request} was answered ${status}, and ${id} is not in the ledger`);
      if (type === 'fail' && (status !== 503 || !retryAfter))
        wrong.push(`request ${request} was answered ${status}, Retry-After ${retryAfter}`);
      return wrong;
    }),
    ...acknowledged(generator, 'payment').flatMap((id) =>
      stored.has(id) ? [] : [`payment ${id} was taken and is not in the ledger`],
    ),
  ];
};

/** An answer later than this is none: whoever waits has gone, or writes again. */
const longestSilenceMs = 60_000;

/** How long each message and payment of a patient waited until something reached their telephone, ms; Infinity for never. */
export function waitsOf({ generator, provider }: Pick<Evidence, 'generator' | 'provider'>): Wait[] {
  const heard = new Map<string, number[]>();
  for (const { kind, at, detail } of provider) {
    if (kind !== 'message') continue;
    const to = String(detail['to']);
    heard.set(to, [...(heard.get(to) ?? []), Date.parse(at)]);
  }
  const begun = new Map<string, number>();
  for (const { type, request, at } of generator) if (type === 'invoke') begun.set(request, at);
  const taken = new Map<string, Wait>();
  for (const { type, request, id, at, phone } of generator) {
    if (type !== 'ok' || phone === undefined || taken.has(id)) continue;
    // What it causes may arrive before we have read that it was taken.
    const since = begun.get(request) ?? at;
    const answered = heard.get(phone)?.find((time) => time >= since);
    const waited = answered === undefined ? Number.POSITIVE_INFINITY : Math.max(0, answered - at);
    taken.set(id, { id, phone, at, waited });
  }
  return [...taken.values()];
}

export interface Wait {
  readonly id: string;
  readonly phone: string;
  /** Epoch ms: when we had taken it. */
  readonly at: number;
  /** ms */
  readonly waited: number;
}

/** Nobody is left in silence: whatever fails, and though staff never act, something reaches the patient within a minute. */
export const i13Heard: Invariant = (evidence) =>
  waitsOf(evidence)
    .filter(({ waited }) => waited > longestSilenceMs)
    .map(({ id, waited }) =>
      waited === Number.POSITIVE_INFINITY
        ? `${id} was never answered`
        : `${id} was answered after ${Math.round(waited / 1_000)} s`,
    );

/** The flights of a booking are ordered once, whoever died, and what a case believes to be ordered is. */
export const i14Ordered: Invariant = ({ provider, cases }) => {
  const made = new Map<string, string[]>();
  for (const { kind, key, detail } of provider) {
    if (kind !== 'order' || key === null) continue;
    const bookingId = key.replace(/-f\d+$/, '');
    made.set(bookingId, [...(made.get(bookingId) ?? []), String(detail['id'])]);
  }
  return [
    ...[...made].flatMap(([bookingId, orders]) =>
      orders.length > 1 ? [`the flights of ${bookingId} were ordered ${orders.length} times`] : [],
    ),
    ...cases.flatMap(({ envelope }) => {
      const { sales, ticketing } = familyOf(parseEnvelope(envelope).snapshot);
      return (sales?.bookings ?? []).flatMap(({ bookingId }) => {
        const standing = ticketing(bookingId)?.standing;
        return standing?.state === 'ordered' && !made.get(bookingId)?.includes(standing.orderRef)
          ? [`${bookingId} is said to be ordered, and is not`]
          : [];
      });
    }),
  ];
};

export const invariants = {
  I1: i1NoLoss,
  I2: i2OneEffect,
  I3: i3Order,
  I4: i4NoStuckCase,
  I5: i5Replay,
  I6: i6Audit,
  I9: i9Money,
  I10: i10Consent,
  I11: i11Bounded,
  I12: i12Honest,
  I13: i13Heard,
  I14: i14Ordered,
} as const satisfies Record<string, Invariant>;

export type InvariantName = keyof typeof invariants;

function acknowledged(generator: readonly GeneratorLine[], kind: GeneratorLine['kind']): string[] {
  const lines = generator.filter((line) => line.type === 'ok' && line.kind === kind);
  return [...new Set(lines.map(({ id }) => id))];
}

/** Which message of a patient's this step was about. A first message has two: the one that opened the case is not counted. */
function messageIdIn({ type, body }: History[number]): string | null {
  if (body === null || type !== 'whatsapp.inbound') return null;
  return (JSON.parse(body) as { event?: { messageId?: string } }).event?.messageId ?? null;
}

/** Reads everything the invariants judge. Call it when nothing moves any more. */
export async function gather(
  cluster: Cluster,
  about: Pick<
    Evidence,
    | 'patients'
    | 'mayDoubt'
    | 'recoverySeconds'
    | 'mostRecoverySeconds'
    | 'slowMs'
    | 'inDoubt'
    | 'longestDoubtSeconds'
  >,
  /** Whose histories are read; the others' are empty. Everybody's if absent. */
  isRead: (caseId: string) => boolean = () => true,
): Promise<Evidence> {
  const { keyring: roots, indexKey } = loadConfig({});
  const pool = createPool({ url: cluster.databaseUrl, max: 4 });
  try {
    const keyring = createLocalKeyring(roots.map(({ id, key }) => ({ id, key: Buffer.from(key) })));
    const ledger = createLedger({ pool, keys: createDataKeys(pool, keyring), digestKey: indexKey });
    const rows = await cluster.query<Omit<CaseEvidence, 'envelope' | 'history'>>(
      `select case_id as "caseId", tenant, partition, seq, tags, state from cases order by case_id`,
    );
    const stored = new Map(
      (await ledger.load(rows.map(({ caseId }) => caseId).filter(isRead))).map((one) => [
        one.caseId,
        one.envelope,
      ]),
    );
    const cases: CaseEvidence[] = [];
    for (const row of rows) {
      const history = isRead(row.caseId) ? await ledger.history(row.tenant, row.caseId) : [];
      cases.push({ ...row, envelope: stored.get(row.caseId) ?? '', history });
    }
    const audit = await cluster.query<AuditRow>(
      `select chain, seq::float8 as seq, round(extract(epoch from at) * 1000)::float8 as at, actor, action,
         case_id as "caseId", case_seq as "caseSeq", subject, detail, hash
       from audit_entries order by chain, seq`,
    );
    const parked = await cluster.query<{ dedupe_key: string }>(
      'select dedupe_key from parked_deliveries',
    );
    return {
      ...about,
      generator: readGenerator(cluster.generatorFile),
      provider: readLedger(cluster.sandboxFile),
      cases,
      audit,
      books: await readBooks((sql) => cluster.query(sql)),
      events: await cluster.query<EventRow>(
        `select e.id::text as id, e.case_id, e.source, e.dedupe_key, e.type, e.position::text as position, p.event_id is not null as pending
         from events e left join pending_events p on p.event_id = e.id`,
      ),
      effects: await cluster.query<EffectRow>(
        'select effect_id, case_id, name, status, resolution, attempt, needs from effects',
      ),
      withdrawals: await withdrawalsIn(cluster),
      parked: new Set(parked.map(({ dedupe_key: key }) => key)),
      streamPending: await pendingIn(cluster),
    };
  } finally {
    await pool.end();
  }
}

async function withdrawalsIn(cluster: Cluster): Promise<Withdrawal[]> {
  const rows = await cluster.query<{ caseId: string; at: number; withdrawn: boolean }>(
    `select case_id as "caseId", after as withdrawn, (extract(epoch from committed) * 1000)::float8 as at
     from (
       select case_id, case_seq, pg_xact_commit_timestamp(xmin) as committed,
         coalesce(detail::json->>'stateBefore' like '{"withdrawn"%', false) as before,
         coalesce(detail::json->>'stateAfter' like '{"withdrawn"%', false) as after
       from audit_entries where action = 'transition'
     ) t
     where before <> after order by case_id, case_seq`,
  );
  return rows.flatMap(({ caseId, at, withdrawn }, i) => {
    if (!withdrawn) return [];
    const next = rows[i + 1];
    const until = next?.caseId === caseId ? next.at : Number.POSITIVE_INFINITY;
    return [{ caseId, from: at, until }];
  });
}

async function pendingIn(cluster: Cluster): Promise<number> {
  return cluster.redis(async (redis) => {
    let pending = 0;
    for (const stream of await redis.keys('*:{p*}')) {
      for (const fields of (await redis.xinfo('GROUPS', stream)) as unknown[][]) {
        pending += Number(fields[fields.indexOf('pending') + 1]);
      }
    }
    return pending;
  });
}
