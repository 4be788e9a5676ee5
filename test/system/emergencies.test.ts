import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { Redis } from 'ioredis';
import * as v from 'valibot';

import { outwardSchemas } from '../../actors/outward/events.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { traceCollector } from './canary.ts';
import {
  inbound,
  staffHeader,
  startOrchestrator,
  textFrom,
  type Orchestrator,
} from './orchestrator.ts';
import { staffDesk, type StaffDesk } from './staff-desk.ts';

/** As patients write them, in the six languages we speak. */
const emergencies = [
  'I have severe chest pain and cannot breathe',
  'die Naht ist offen und es hört nicht auf zu bluten',
  'Göğsüm çok ağrıyor, nefes alamıyorum',
  'عندي نزيف شديد ولا أستطيع التنفس',
  'у меня сильное кровотечение, мне плохо',
  "j'ai très mal à la poitrine et je n'arrive pas à respirer",
] as const;
const greetings = ['Hello', 'Guten Tag', 'Merhaba', 'مرحبا', 'Здравствуйте', 'Bonjour'] as const;

const trips = [
  'From London on 10 March 2027, 1 adult',
  'Von London am 10. März 2027, 1 Erwachsener',
  "Londra'dan 10 Mart 2027, 1 yetişkin",
  'من لندن في 10 مارس 2027، شخص بالغ واحد',
  'Из Лондона 10 марта 2027, 1 взрослый',
  'De Londres le 10 mars 2027, 1 adulte',
] as const;

/** Until the emergency heads the list, from when we took the message: ms. */
const within = 1_000;
const perKind = 19;

interface Patient {
  readonly phone: string;
  /** Which of the six languages. */
  readonly lang: number;
  /** Null before the first word. */
  caseId: string | null;
}

const Line = v.object({
  caseId: v.string(),
  tags: v.array(v.string()),
  attention: v.nullable(
    v.object({
      urgency: v.string(),
      urgentSince: v.nullable(v.string()),
      reasons: v.array(v.object({ reason: v.string(), since: v.nullable(v.string()) })),
      unanswered: v.number(),
      targetAt: v.nullable(v.string()),
      escalations: v.object({ count: v.number() }),
      taken: v.nullable(v.object({ by: v.nullable(v.string()) })),
    }),
  ),
});
const List = v.object({ cases: v.array(Line), next: v.nullable(v.string()) });

suite('emergencies', { timeout: 280_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let desk: StaffDesk;
  let planted = 0;
  /** How long five ordinary messages take, ms. */
  let calm = 0;

  before(async () => {
    const traces = parts.use(await traceCollector());
    system = parts.use(
      await startOrchestrator(services, traces.url, { env: { LOG_LEVEL: 'warn' } }),
    );
    desk = staffDesk(system);
    // What is loaded with the first message is there.
    await greeted(newPatient());
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 5 }, newPatient).map(greeted));
    calm = performance.now() - startedAt;
  });
  after(() => parts.disposeAsync());

  let phones = 0;
  const newPatient = (): Patient => ({
    phone: `4915900${String(100_000 + phones).slice(-6)}`,
    lang: phones++ % 6,
    caseId: null,
  });
  const post = async (messages: Parameters<typeof inbound>[0]) => {
    const answer = await system.whatsapp(inbound(messages));
    assert.equal(answer.status, 200, answer.text);
  };
  const write = async ({ phone }: Patient, text: string) => post([textFrom(phone, text)]);
  const press = async ({ phone }: Patient, id: string) =>
    post([textFrom(phone, '', { content: { kind: 'button', id, title: id } })]);

  /** Until a case of the patient's is so; and which it is. */
  async function until(patient: Patient, what: string, holds: (one: CaseRow) => boolean) {
    const found = await waitUntil(
      async () => (await casesOf(patient.phone)).find((one) => holds(one)) ?? false,
      { what: `${what} of ${patient.phone}`, timeoutMs: 30_000 },
    );
    patient.caseId = found.caseId;
    return found;
  }
  interface CaseRow {
    readonly caseId: string;
    readonly status: string;
    readonly tags: readonly string[];
  }
  /** By the number, as staff look for it: the newest of the contact's cases. */
  async function casesOf(phone: string): Promise<CaseRow[]> {
    const answer = await desk.get(`?phone=${phone}`);
    const { cases } = v.parse(List, answer.json());
    const ids = cases.map(({ caseId }) => caseId);
    const rows = await system.query<{ case_id: string; status: string; tags: string[] }>(
      'select case_id, status, tags from cases where case_id = any($1)',
      [ids],
    );
    return rows.map(({ case_id: caseId, status, tags }) => ({ caseId, status, tags }));
  }
  /** The list's head, in pages as the console reads them. */
  async function head(count: number) {
    const lines: v.InferOutput<typeof Line>[] = [];
    let after = '';
    do {
      const answer = await desk.get(`?limit=90${after}`);
      const { cases, next } = v.parse(List, answer.json());
      lines.push(...cases);
      after = next === null ? '' : `&after=${encodeURIComponent(next)}`;
    } while (after !== '' && lines.length < count);
    return lines.slice(0, count);
  }

  async function greeted(patient: Patient) {
    await write(patient, greetings[patient.lang] as string);
    await until(patient, 'the case', () => true);
  }
  async function consented(patient: Patient) {
    await greeted(patient);
    await until(patient, 'the question', ({ tags }) => tags.includes('waiting-for-patient'));
    await press(patient, 'consent:service:yes');
    await until(patient, 'the consent', ({ tags }) => tags.includes('consent:service'));
  }
  const act = async ({ caseId }: Patient, event: object) => {
    const answer = await desk.tell(caseId ?? '', event);
    assert.equal(answer.status, 202, answer.text);
  };
  async function withStaff(patient: Patient) {
    await consented(patient);
    await write(patient, 'I want to speak to a person');
    await until(patient, 'staff', ({ tags }) => tags.includes('awaits-staff'));
  }

  /** Until so many lists to choose from came, and the newest is pressed: its choices are not on the sandbox's screen. */
  async function chosen(patient: Patient, lists: number, id: string) {
    await waitUntil(
      async () =>
        (await system.messagesTo(patient.phone)).filter(({ kind }) => kind === 'list').length >=
        lists,
      { what: `list ${lists} for ${patient.phone}`, timeoutMs: 30_000 },
    );
    await press(patient, id);
  }
  async function searched(patient: Patient) {
    await consented(patient);
    await write(patient, trips[patient.lang] as string);
    await chosen(patient, 1, 'trip:yes');
  }

  /** Where a case may stand when its patient's emergency comes. */
  const kinds: Readonly<Record<string, (patient: Patient) => Promise<void>>> = {
    'a stranger': async () => undefined,
    'asked for a consent': greeted,
    'asked by the bot': consented,
    'waiting for staff': withStaff,
    'taken by staff': async (patient) => {
      await withStaff(patient);
      await act(patient, { type: 'staff.took' });
      await until(patient, 'it taken', ({ tags }) => tags.includes('taken'));
    },
    'answered by staff': async (patient) => {
      await withStaff(patient);
      await act(patient, { type: 'staff.reply', text: 'We work with two hotels nearby.' });
      await until(patient, 'an answer', ({ tags }) => !tags.includes('awaits-staff'));
    },
    'one whose flights are searched': async (patient) => {
      await system.setFault({ provider: 'duffel', mode: 'hang' });
      await searched(patient);
      await until(patient, 'search', ({ tags }) => tags.includes('waiting-for-provider'));
    },
    'one who has a link to pay': async (patient) => {
      await system.setFault({ provider: 'duffel', mode: 'none' });
      await searched(patient);
      await chosen(patient, 2, 'offer:1');
      await waitUntil(
        async () => (await system.messagesTo(patient.phone)).some(({ body }) => /http/.test(body)),
        { what: `a link for ${patient.phone}`, timeoutMs: 30_000 },
      );
    },
    'one who refused': async (patient) => {
      await greeted(patient);
      await until(patient, 'the question', ({ tags }) => tags.includes('waiting-for-patient'));
      await press(patient, 'consent:service:no');
      await until(
        patient,
        'the refusal',
        ({ tags, status }) => status === 'done' || tags.includes('resting'),
      );
    },
    'one who withdrew': async (patient) => {
      await consented(patient);
      await write(patient, 'stop');
      await until(
        patient,
        'the withdrawal',
        ({ tags, status }) => status === 'done' || tags.includes('consent-withdrawn'),
      );
    },
    'closed by staff': async (patient) => {
      await consented(patient);
      await act(patient, { type: 'staff.close', reason: 'done' });
      await until(patient, 'the end', ({ status }) => status === 'done');
      patient.caseId = null;
    },
  };

  for (const [kind, prepare] of Object.entries(kinds))
    test(`of ${kind} head the list within a second`, async (t) => {
      const patients = Array.from({ length: perKind }, newPatient);
      await Promise.all(patients.map(prepare));
      const taken: number[] = [];
      // Five at a time: more than any clinic has, and each is timed from its own answer.
      for (let from = 0; from < patients.length; from += 5)
        await Promise.all(
          patients.slice(from, from + 5).map(async (patient) => {
            await write(patient, emergencies[patient.lang] as string);
            const startedAt = performance.now();
            planted++;
            await until(patient, 'the emergency', ({ tags }) => tags.includes('urgent-untaken'));
            taken.push(performance.now() - startedAt);
          }),
        );
      const lines = await head(planted);
      const ids = new Set(lines.map(({ caseId }) => caseId));
      assert.deepEqual(
        patients
          .filter(({ caseId }) => caseId === null || !ids.has(caseId))
          .map(({ lang }) => lang),
        [],
      );
      for (const { attention } of lines) {
        assert.equal(attention?.urgency, 'urgent');
        assert.equal(
          attention.reasons.some(({ reason }) => reason === 'urgent'),
          true,
        );
        assert.ok(attention.unanswered > 0 && attention.targetAt !== null);
      }
      const slowest = Math.max(...taken);
      t.diagnostic(`slowest ${Math.round(slowest)} ms, ${Math.round(calm)} ms of anything else`);
      // A loaded machine is slow by itself: then it may be a few times as slow as it was, and no more.
      assert.ok(slowest < Math.max(within, 5 * calm), `${slowest} ms`);
    });

  test('are counted, and told to other services', async () => {
    // What is counted may be five seconds old.
    await waitUntil(
      async () => {
        const { text } = await system.request(`${system.ops}/metrics`);
        const [, count] = /^cases_urgent_untaken (\d+)$/m.exec(text) ?? [];
        return Number(count) === planted;
      },
      { what: `${planted} emergencies in the metrics`, timeoutMs: 15_000 },
    );
    const redis = new Redis(services.redisUrl);
    try {
      const raised = await waitUntil(
        async () => {
          const entries = await redis.xrange('case.attention', '-', '+');
          const told = entries.map(([, fields]) => fields[fields.indexOf('data') + 1] ?? '');
          const urgent = told.filter((data) => /"raised".*"urgency":"urgent"/.test(data));
          return urgent.length >= planted && urgent;
        },
        { what: `${planted} emergencies on the stream`, timeoutMs: 15_000 },
      );
      for (const data of raised)
        assert.ok(v.safeParse(outwardSchemas['case.attention'], JSON.parse(data)).success, data);
    } finally {
      redis.disconnect();
    }
  });

  test('stay at the head until staff settle them, and who took one is shown', async () => {
    const [first] = await head(1);
    assert.ok(first);
    const patient = { caseId: first.caseId, phone: '', lang: 0 };
    await act(patient, { type: 'staff.took' });
    const taken = await waitUntil(
      async () =>
        (await head(planted)).find(
          ({ caseId, tags }) => caseId === first.caseId && !tags.includes('urgent-untaken'),
        ) ?? false,
      { what: 'it taken' },
    );
    assert.equal(taken.attention?.taken?.by, 'staff-1');
    assert.notEqual((await head(1))[0]?.caseId, first.caseId);
    await act(patient, { type: 'staff.settled', reason: 'urgent' });
    await waitUntil(
      async () =>
        !(await head(planted)).some(
          ({ caseId, tags }) => caseId === first.caseId && tags.includes('urgent'),
        ),
      { what: 'it settled' },
    );
    const headers = await staffHeader({ roles: ['patient'] });
    assert.equal((await desk.get('', headers)).status, 403);
  });
});
