import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import type { TextValue } from '../../actors/shapes/messages.ts';
import type { Language, TextKey } from '../../actors/texts/keys.ts';
import { renderText } from '../../actors/texts/texts.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { traceCollector } from './canary.ts';
import { staffHeader, startOrchestrator, type Orchestrator } from './orchestrator.ts';
import { caseOf, phoneOf, type Message } from './phones.ts';
import { staffDesk, type StaffDesk } from './staff-desk.ts';

const ayseWrites = "Ben Berlin'den 10 Mart 2027, annem Ankara'dan 15 Mart 2027 gelecek";

/** The fourth journey: a daughter and her mother, on the daughter's phone, through the edge and back. */
suite('two of a family on one phone', { timeout: 600_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let desk: StaffDesk;
  before(async () => {
    const traces = parts.use(await traceCollector());
    system = parts.use(await startOrchestrator(services, traces.url));
    desk = staffDesk(system);
  });
  after(() => parts.disposeAsync());

  /** A phone with what is on its screen. Buttons are pressed as they were sent. */
  function phone(number: string, lang: Language, name: string) {
    const handset = phoneOf(system.sandbox, { phone: number, lang, name });
    const heard = new Set<string>();
    /** Meta takes one message to one person in some seconds, so the last of several comes late. */
    async function hears(what: string, is: (message: Message) => boolean): Promise<Message> {
      let all: readonly Message[] = [];
      try {
        const found = await waitUntil(
          async () => {
            all = await handset.messages();
            return all.find((one) => !heard.has(one.messageId) && is(one));
          },
          { what, timeoutMs: 60_000 },
        );
        heard.add(found.messageId);
        return found;
      } catch (cause) {
        const got = all.map(({ messageId, body }) => `${heard.has(messageId) ? '+' : '-'} ${body}`);
        throw new Error(`Not heard: ${what}\n${got.join('\n')}`, { cause });
      }
    }
    return {
      ...handset,
      hears,
      /** A text of ours; for one of them by name where there are several. */
      gets: async (
        key: TextKey,
        to: string | null = null,
        values: Readonly<Record<string, TextValue>> = {},
      ) => {
        const words = renderText(key, lang, { tenant: 'Demo Clinic', ...values });
        return hears(key, ({ body }) => body === (to === null ? words : `${to}: ${words}`));
      },
      tap: async (message: Message, id: string) => {
        const button = message.buttons.find((one) => one.id.startsWith(id));
        assert.ok(button, `${id} is on no button of: ${JSON.stringify(message.buttons)}`);
        return handset.send({ button: { id: button.id, title: button.title } });
      },
      reply: async (message: Message, text: string) =>
        handset.send({ text, replyTo: message.messageId }),
    };
  }

  const consentsOf = async (caseId: string) => {
    const rows = await system.query<{ purpose: string; status: string }>(
      'select purpose, status from consents where case_id = $1 order by purpose',
      [caseId],
    );
    return rows.map(({ purpose, status }) => `${purpose} ${status}`);
  };

  test('have each a case, consents, a trip and a decision of their own', async () => {
    const number = '4917012340001';
    const ayse = phone(number, 'tr', 'Ayşe Yılmaz');
    await ayse.write('Merhaba, ben Ayşe. Saç ekimi istiyorum');
    const first = await ayse.gets('consent.service.1');
    const ayseCase = caseOf(first);
    await ayse.tap(first, 'consent:service:yes');
    await ayse.tap(await ayse.gets('consent.health-data.1'), 'consent:health-data:yes');
    await ayse.gets('consent.noted');

    await ayse.write('Bir de annem Fatma diz protezi olacak, onun için de randevu istiyoruz');
    await ayse.tap(await ayse.gets('journey.ask', null, { name: 'Fatma' }), 'journey:new');
    const asked = await ayse.gets('consent.service.1', 'Fatma');
    const fatmaCase = caseOf(asked);
    assert.notEqual(fatmaCase, ayseCase);
    assert.deepEqual(await consentsOf(fatmaCase), []);
    await ayse.tap(asked, 'consent:service:yes');
    await ayse.tap(await ayse.gets('consent.health-data.1', 'Fatma'), 'consent:health-data:yes');
    await ayse.gets('consent.noted', 'Fatma');

    await ayse.write(ayseWrites);
    const party = (name: string) =>
      ayse.hears(`who travels with ${name}`, ({ body }) =>
        body.startsWith(`${name}: Kaç yetişkin`),
      );
    await ayse.reply(await party('Ayşe'), '1 yetişkin');
    await ayse.reply(await party('Fatma'), '1 yetişkin');
    // The choices are a list, which the sandbox does not show: they are answered in words.
    const readBack = (name: string, ...words: readonly string[]) =>
      ayse.hears(
        `${name}'s trip with ${words.join()}`,
        ({ body }) =>
          body.startsWith(`${name}: Lütfen yolculuğunuzu`) &&
          words.every((word) => body.includes(word)),
      );
    const ayseTrip = await readBack('Ayşe', 'Berlin', '10 Mart 2027');
    const fatmaTrip = await readBack('Fatma', 'Ankara', '15 Mart 2027');
    assert.ok(!ayseTrip.body.includes('Ankara') && !fatmaTrip.body.includes('Berlin'));

    // It contradicts what was said before: it is read back anew, in her case.
    await ayse.write("Merhaba, ben Fatma. Diz protezi istiyorum, İzmir'den 20 Mart 2027");
    const other = await readBack('Fatma', 'İzmir', '20 Mart 2027');
    assert.equal(caseOf(other), fatmaCase);

    await ayse.reply(ayseTrip, 'evet doğru');
    await ayse.gets('review.waiting', 'Ayşe');
    const clinician = await staffHeader({ roles: ['clinician'] });
    const cleared = await desk.tell(ayseCase, { type: 'staff.cleared' }, clinician);
    assert.equal(cleared.status, 202);
    const offers = await ayse.hears('offers', ({ body }) => /\n1\) /.test(body));
    assert.ok(offers.body.startsWith('Ayşe: '), offers.body);
    const given = ['health-data given', 'service given'];
    assert.deepEqual([await consentsOf(ayseCase), await consentsOf(fatmaCase)], [given, given]);
    const toFatma = (await ayse.messages()).filter((one) => caseOf(one) === fatmaCase);
    assert.ok(toFatma.every(({ body }) => !/\n1\) /.test(body)));

    // Ayşe's case asked last: a bare day is about her, and is read back under her name before anything is done.
    await ayse.write('22 Mart 2027');
    await readBack('Ayşe', 'Berlin', '22 Mart 2027');

    const found = await desk.get(`?phone=${number}`);
    const listed = (found.json() as { cases: { caseId: string }[] }).cases.map((one) => one.caseId);
    assert.deepEqual(listed.toSorted(), [ayseCase, fatmaCase].toSorted());

    // A stop is the phone's: both are still, and it is acknowledged once.
    await ayse.write('dur');
    await ayse.gets('conversation.stopped');
    for (const caseId of [ayseCase, fatmaCase])
      await desk.caseIs(caseId, 'a stop', ({ tags }) => tags.includes('consent-withdrawn'));
    const said = renderText('conversation.stopped', 'tr', {});
    const all = await ayse.messages();
    assert.equal(all.filter(({ body }) => body.endsWith(said)).length, 1);
    assert.deepEqual(await system.query('select reason from dead_letters'), []);
  });
});
