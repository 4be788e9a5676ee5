import * as v from 'valibot';

import {
  asStaff,
  caseIs,
  config,
  control,
  edge,
  inDays,
  json,
  phoneOf,
  say,
  sayWhy,
  staff,
} from './world.ts';

const DeadLetters = v.object({
  deadLetters: v.array(
    v.object({
      name: v.nullable(v.string()),
      code: v.nullable(v.string()),
      provider: v.nullable(v.string()),
      attempts: v.nullable(v.number()),
    }),
  ),
});

/** Omar writes Arabic, sends a photo, is handed to staff and back, and withdraws. */
export async function omarAsks(): Promise<void> {
  const omar = phoneOf('Omar', '97150');
  const first = await omar.write('السلام عليكم، أريد زراعة شعر');
  const caseId = first?.effectId.split('.')[0] as string;
  await omar.press('consent:service:yes', 2);
  await omar.press('consent:health-data:yes', 2);
  await omar.sendPhoto();
  await omar.write('كم تكلفة العملية؟ اسمي عمر الخطيب');
  sayWhy(await caseIs(caseId, 'the hand-over', ({ tags }) => tags.includes('with-staff')));
  for (const { from, kind, text } of (await staff.conversation(caseId)).lines.slice(-4))
    say('staff', `reads ${from}: ${text ?? `(${kind})`}`);
  say('staff', 'answers, and lets the bot go on');
  await staff.tell(caseId, { type: 'staff.reply', text: 'سيتصل بكم طبيبنا غدًا صباحًا.' });
  await omar.hear(1);
  await staff.tell(caseId, { type: 'staff.resume' });
  await omar.write('إيقاف', 0);
  const { consents } = await caseIs(
    caseId,
    'the withdrawal',
    ({ tags, consents: all }) =>
      tags.includes('consent-withdrawn') && all.every(({ status }) => status !== 'given'),
  );
  say('staff', `sees ${consents.map(({ purpose, status }) => `${purpose} ${status}`).join(', ')}`);
}

/** The airline's side refuses her search: she hears that it takes longer, and staff see what failed and why she waits. */
export async function johannaWaits(): Promise<void> {
  const johanna = phoneOf('Johanna', '49151');
  const first = await johanna.write('Guten Tag, ich möchte eine Zahnbehandlung');
  const caseId = first?.effectId.split('.')[0] as string;
  await johanna.press('consent:service:yes', 2);
  await johanna.press('consent:health-data:no');
  const provider = config.flights.provider;
  await control('/_sandbox/faults', {
    provider,
    mode: 'refuse',
    status: 422,
    code: 'validation_error',
    operation: 'search',
    count: 1,
  });
  const [year, month, date] = inDays(45).split('-');
  await johanna.write(`Von Berlin am ${date}.${month}.${year}, zwei Erwachsene`);
  await johanna.press('trip:yes');
  sayWhy(
    await caseIs(caseId, 'the hand-over', ({ why }) =>
      why.some(({ reason }) => reason === 'flights-not-searched'),
    ),
  );
  const { deadLetters } = await json(DeadLetters, `${edge}/admin/dead-letters?caseId=${caseId}`, {
    headers: asStaff,
  });
  for (const { name, code, provider, attempts } of deadLetters)
    say('staff', `see a dead letter: ${name} at ${provider}, ${code}, after ${attempts} tries`);
}
