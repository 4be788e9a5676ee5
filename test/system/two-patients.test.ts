import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';

import { createIntake } from '../../actors/intake.ts';
import { createKernel, type Kernel } from '../../actors/kernel/kernel.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import type { Delivery, Intake } from '../../actors/ports/intake.ts';
import type { SendMessage } from '../../actors/ports/messaging.ts';
import { familyOf } from '../../actors/staff/case-view.ts';
import { withPeople } from '../../adapters/rules/people.ts';
import { rulesUnderstanding } from '../../adapters/rules/understanding.ts';
import { messageKey } from '../../http/server/pipeline.ts';
import { createConsentRegister } from '../../persistence/cases/consents.ts';
import { createReceipts } from '../../persistence/contacts/delivery-status.ts';
import { createDirectory } from '../../persistence/contacts/directory.ts';
import { createLeases, fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createBlindIndex } from '../../persistence/encryption/blind-index.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { createTransport } from '../../streams/transport.ts';
import { noPorts } from '../machines/no-ports.ts';
import { runs } from '../support/runs.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';

const account = '100000000000001';
const tenant = 'clinic';
const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };

/** A message of ours, as it reached the phone. */
interface Shown {
  readonly messageId: string;
  readonly caseId: string;
  readonly body: string;
  readonly buttons: readonly { readonly id: string; readonly title: string }[];
}

/** Two patients, and what may only be found in their own case. */
const people = {
  Ayşe: {
    procedure: 'hair-transplant',
    origin: 'BER',
    date: '2027-03-10',
    adults: 1,
    says: ['Berlin’den', '10 Mart 2027', '1 yetişkin'],
  },
  Fatma: {
    procedure: 'orthopaedic',
    origin: 'ESB',
    date: '2027-03-15',
    adults: 2,
    says: ['Ankara’dan', '15 Mart 2027', '2 yetişkin'],
  },
} as const;
type Name = keyof typeof people;
const names = ['Ayşe', 'Fatma'] as const;

suite('two patients who write from one phone in any order', { timeout: 300_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let kernel: Kernel;
  let intake: Intake;
  let pool: ReturnType<typeof createPool>;
  let ledger: ReturnType<typeof createLedger>;
  /** What each phone shows. */
  const shown = new Map<string, Shown[]>();

  before(async () => {
    pool = parts.adopt(createPool({ url: services.databaseUrl, max: 8 }), (made) => made.end());
    const keyring = createLocalKeyring([rootKey]);
    const keys = createDataKeys(pool, keyring);
    const digestKey = Buffer.alloc(32, 9);
    const blindIndex = createBlindIndex([rootKey]);
    const directory = createDirectory({ pool, keyring, keys, blindIndex, digestKey });
    await fixPartitions(pool, 4);
    await directory.setUpTenant({ tenant, name: 'Klinik Şifa', whatsappAccount: account });
    const transport = parts.adopt(createTransport({ url: services.redisUrl }), (made) =>
      made.close(),
    );
    ledger = createLedger({ pool, keys, digestKey });
    const receipts = createReceipts({ pool });
    kernel = createKernel({
      machines: journeyMachines,
      performers: journeyPerformers({
        ...noPorts,
        companions: { ...directory, sendAll: async (many) => kernel.sendAll(many) },
        consents: createConsentRegister({ pool, keyring }),
        understanding: withPeople(rulesUnderstanding()),
        messaging: {
          ...noPorts.messaging,
          async send({ recipient, message }: SendMessage, { effectId }) {
            const messageId = `wamid.${effectId}`;
            const [caseId = ''] = effectId.split('.');
            await receipts.note([{ effectId, messageId }]);
            const body = message.kind === 'media' ? '' : message.body;
            const buttons =
              message.kind === 'buttons'
                ? message.buttons
                : message.kind === 'list'
                  ? message.rows
                  : [];
            const screen = shown.get(recipient.phone ?? '') ?? [];
            screen.push({ messageId, caseId, body, buttons });
            shown.set(recipient.phone ?? '', screen);
            return { messageId };
          },
        },
      }),
      ledger,
      leases: createLeases(pool),
      transport,
      partitions: 4,
    });
    kernel.start();
    parts.defer(() => kernel.stop());
    intake = createIntake({
      kernel,
      directory,
      receipts,
      languageOf: () => null,
      machine: 'case',
      breathMs: 0,
    });
  });
  after(() => parts.disposeAsync());

  /** Until no event waits and no effect is under way. */
  const quiet = async () => {
    let times = 0;
    await waitUntil(
      async () => {
        const { rows } = await pool.query<{ n: number }>(
          `select (select count(*) from pending_events)::int4 + (select count(*) from effects where settled_at is null)::int4 as n`,
        );
        times = rows[0]?.n === 0 ? times + 1 : 0;
        return times >= 2;
      },
      { what: 'everything to be done', timeoutMs: 60_000 },
    );
  };

  /** One phone: what is written on it, and what is on its screen. */
  function phoneOf(number: string) {
    let at = Date.parse('2026-12-01T09:00:00Z');
    const deliveries: Delivery[] = [];
    /** How much was on the screen when something was last sent. */
    let seen = 0;
    const screen = () => shown.get(number) ?? [];
    async function send(message: object, more: object = {}) {
      at += 3_000;
      const messageId = `wamid.${randomUUID()}`;
      const delivery: Delivery = {
        source: 'whatsapp',
        dedupeKey: messageKey(messageId),
        type: 'whatsapp.inbound',
        data: {
          messageId,
          message,
          lang: null,
          at: new Date(at).toISOString(),
          from: { userId: null, phone: number },
          profileName: 'Ayşe Yılmaz',
          ...more,
        },
        about: { kind: 'contact', account, userId: null, phone: number, profileName: null },
      };
      deliveries.push(delivery);
      seen = screen().length;
      const [receipt] = await intake.receive([delivery]);
      assert.equal(receipt?.outcome, 'stored');
      await quiet();
    }
    return {
      screen,
      /** Whose question stands last on the screen, since something was sent. */
      asked: () => screen().slice(seen).at(-1)?.caseId ?? null,
      /** The provider tells of a message once more. */
      async repeat(index: number) {
        const delivery = deliveries.at(-1 - index);
        if (delivery === undefined) return;
        const [receipt] = await intake.receive([delivery]);
        assert.equal(receipt?.outcome, 'duplicate');
      },
      write: async (text: string, more: object = {}) => send({ kind: 'text', text }, more),
      /** The newest button of this id, of this case's. */
      async tap(id: string, caseId?: string): Promise<boolean> {
        const on = screen().findLast(
          (one) =>
            (caseId === undefined || one.caseId === caseId) &&
            one.buttons.some((button) => button.id.startsWith(id)),
        );
        const button = on?.buttons.find((one) => one.id.startsWith(id));
        if (!on || !button) return false;
        await send({ kind: 'button', id: button.id, title: button.title });
        return true;
      },
      /** An answer to the newest message of this case, by a reply. */
      async reply(caseId: string, text: string) {
        const on = screen().findLast((one) => one.caseId === caseId);
        await send({ kind: 'text', text }, on ? { replyTo: on.messageId } : {});
      },
    };
  }

  /** A phone with two cases, each with its own patient. */
  async function begun() {
    const number = `49170${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
    const phone = phoneOf(number);
    await phone.write('Merhaba, ben Ayşe. Saç ekimi istiyorum');
    await phone.tap('consent:service:yes');
    const [first] = phone.screen();
    await phone.write('Bir de annem Fatma diz protezi olacak');
    assert.ok(await phone.tap('journey:new'), JSON.stringify(phone.screen()));
    const second = phone.screen().at(-1);
    assert.ok(first && second && first.caseId !== second.caseId, JSON.stringify(phone.screen()));
    return { phone, cases: { Ayşe: first.caseId, Fatma: second.caseId } };
  }

  /** What a case knows of the trip and of the decision about it, as it is stored. */
  async function knownBy(caseId: string) {
    const stored = await ledger.read(tenant, caseId);
    assert.ok(stored, caseId);
    const { snapshot } = JSON.parse(stored.envelope) as { snapshot: unknown };
    const { journey, review, conversation } = familyOf(snapshot);
    const { rows } = await pool.query<{ purpose: string; status: string }>(
      'select purpose, status from consents where case_id = $1',
      [caseId],
    );
    return {
      trip: JSON.stringify([journey, review]),
      adults: (journey as { trip?: { adults?: number | null } } | undefined)?.trip?.adults ?? null,
      health: conversation?.consents['health-data'].status,
      answers: rows.map(({ purpose, status }) => `${purpose} ${status}`).toSorted(),
    };
  }

  interface Step {
    readonly who: Name;
    readonly how: 'named' | 'reply' | 'unnamed' | 'press' | 'again';
    readonly what: number;
  }
  const step: fc.Arbitrary<Step> = fc.record({
    who: fc.constantFrom(...names),
    how: fc.constantFrom('named', 'reply', 'unnamed', 'press', 'again'),
    what: fc.nat({ max: 2 }),
  });

  async function play(
    { phone, cases }: Awaited<ReturnType<typeof begun>>,
    { who, how, what }: Step,
    agreed: Set<Name>,
  ) {
    const words = people[who].says[what] ?? '';
    const shownBefore = phone.screen().length;
    if (how === 'press') {
      const purpose = what === 0 ? 'service' : 'health-data';
      if ((await phone.tap(`consent:${purpose}:yes`, cases[who])) && what > 0) agreed.add(who);
    } else if (how === 'named') await phone.write(`${who}: ${words}`);
    else if (how === 'reply') await phone.reply(cases[who], words);
    else if (how === 'again') await phone.repeat(what);
    else {
      // Nobody answers a question that is plainly the other's without saying so.
      const isOthers = phone.asked() !== null && phone.asked() !== cases[who];
      await phone.write(isOthers ? `${who} için: ${words}` : words);
      const whom = phone.screen().slice(shownBefore);
      const button = whom
        .flatMap(({ buttons }) => buttons)
        .find(({ id, title }) => id.startsWith('case:') && title === who);
      if (button !== undefined) await phone.tap(button.id);
    }
  }

  test('have no detail, consent or clearance of each other’s', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const family = await begun();
        const agreed = new Set<Name>();
        for (const one of steps) await play(family, one, agreed);
        const at = '2026-12-01T12:00:00Z';
        await kernel.send({
          tenant,
          caseId: family.cases.Ayşe,
          source: 'staff',
          dedupeKey: randomUUID(),
          event: { type: 'staff.cleared', at },
        });
        await quiet();
        for (const who of names) {
          const [own, other] = [people[who], people[who === 'Ayşe' ? 'Fatma' : 'Ayşe']];
          const known = await knownBy(family.cases[who]);
          const told = `${who}: ${known.trip}`;
          for (const theirs of [other.origin, other.date, other.procedure])
            assert.ok(!known.trip.includes(`"${theirs}"`), `${theirs} in ${told}`);
          assert.ok(known.adults === null || known.adults === own.adults, told);
          assert.equal(known.health === 'given', agreed.has(who), told);
          const health = known.answers.filter((one) => one === 'health-data given');
          assert.equal(health.length, agreed.has(who) ? 1 : 0);
          if (who === 'Fatma') assert.ok(!known.trip.includes('"cleared"'), told);
        }
      }),
      { numRuns: runs(40), endOnFailure: true },
    );
  });
});
