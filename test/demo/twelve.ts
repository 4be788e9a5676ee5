import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import * as v from 'valibot';

import {
  asStaff,
  choicesOf,
  control,
  edge,
  json,
  Messages,
  sandbox,
  staff,
  type Sent,
} from './world.ts';

/** What a patient does: writes a line, or presses the choice whose id begins with `press`. Or what staff tell the case meanwhile. */
type Act = string | { readonly press: string } | { readonly staff: string };

interface Patient {
  readonly name: string;
  /** Calling code: what the first question is asked in, where the words do not tell. */
  readonly country: string;
  readonly about: string;
  readonly acts: readonly Act[];
  /** Where it has to end: flights to choose from, or with staff. */
  readonly ends: 'offer' | 'staff';
  /** How many cases there have to be in the end; one if absent. */
  readonly cases?: number;
}

const press = (id: string): Act => ({ press: id });
const agree = press('consent:service:yes');
const healthData = press('consent:health-data:yes');
const noHealthData = press('consent:health-data:no');
const notAbroad = press('consent:transfer-abroad:no');
const confirm = press('trip:yes');

const patients: readonly Patient[] = [
  {
    name: 'Ayşe',
    country: '90532',
    about: 'family of two on one phone',
    acts: [
      'Merhaba, ben Ayşe. Saç ekimi istiyorum',
      agree,
      healthData,
      notAbroad,
      'Bir de annem Fatma diz protezi olacak, onun için de randevu istiyoruz',
      press('journey:new'),
      agree,
      healthData,
      notAbroad,
      "Ankara'dan 15 Mart 2027, bir kişi",
      confirm,
    ],
    ends: 'staff',
    cases: 2,
  },
  {
    name: 'Kemal',
    country: '90542',
    about: 'typos only',
    acts: [
      'slm dis yaptrcam',
      'kabl ediyorum',
      noHealthData,
      'ankraadan gelcem',
      '15 subatt',
      '2 kisiyz',
      'evt dogru',
    ],
    ends: 'offer',
  },
  {
    name: 'Grace',
    country: '4479',
    about: 'changes her dates',
    acts: [
      'Hi, I would like to come for my teeth',
      agree,
      noHealthData,
      'From London on 10 March 2027, 1 adult',
      confirm,
      'sorry, can we make it the 12th of March instead?',
      confirm,
    ],
    ends: 'offer',
  },
  {
    name: 'Daniel',
    country: '4478',
    about: 'urgent, while staff have the case',
    acts: [
      'Hello, I would like a check-up',
      agree,
      noHealthData,
      'Do you work with a hotel near the clinic?',
      'I have severe chest pain and cannot breathe',
    ],
    ends: 'staff',
  },
  {
    name: 'Jürgen',
    country: '49171',
    about: 'text only',
    acts: [
      'Gutn Tag, ich möchte meine Zähne machen lasen, Implantate',
      'ja klar',
      'jaa einverstanden',
      'nein danke',
      'Ich komm aus Müchen',
      'am 15. Febuar',
      'wir sind zu zweit, ich und meine Frau',
      'ja stimmt',
      { staff: 'staff.cleared' },
    ],
    ends: 'offer',
  },
  {
    name: 'Sabine',
    country: '49172',
    about: 'an emergency before any consent',
    acts: ['die Naht ist offen und es hört nicht auf zu bluten'],
    ends: 'staff',
  },
  {
    name: 'Omar',
    country: '97150',
    about: 'there and back',
    acts: [
      'السلام عليكم، أريد زراعة شعر',
      agree,
      noHealthData,
      'من دبي يوم 10 مارس 2027 والعودة يوم 17 مارس، شخص واحد',
      confirm,
    ],
    ends: 'offer',
  },
  {
    name: 'Layla',
    country: '96650',
    about: 'asks before she agrees',
    acts: ['مرحبا', 'كم تكلفة العملية؟', 'نعم أوافق'],
    ends: 'staff',
  },
  {
    name: 'Иван',
    country: '7916',
    about: 'a place of many, then a pick from the list',
    acts: [
      'Здравствуйте, хочу вставить зубы',
      agree,
      noHealthData,
      'вылетаем из Москвы',
      '20 февраля',
      'нас двое',
      confirm,
    ],
    ends: 'offer',
  },
  {
    name: 'Ольга',
    country: '7926',
    about: 'wants a person',
    acts: ['Добрый день', 'да, согласна', 'позовите, пожалуйста, человека'],
    ends: 'staff',
  },
  {
    name: 'Camille',
    country: '33612',
    about: 'refuses and comes back',
    acts: [
      'Bonjour, je voudrais une greffe de cheveux',
      'Non',
      "D'accord, finalement j'accepte",
      'Je pars de Paris le 10 mars 2027, une personne',
      confirm,
    ],
    ends: 'offer',
  },
  {
    name: 'Lucie',
    country: '33622',
    about: 'with a child',
    acts: [
      'bonjour je veux me faire opérer des yeux',
      agree,
      noHealthData,
      'de Lyon le 3 avril 2027, deux adultes et une petite de 4 ans',
      confirm,
    ],
    ends: 'offer',
  },
];

/** Of a case that staff have, or whose treatment the clinic looks at. */
const staffTags: readonly string[] = ['with-staff', 'clinical-review'];

const Cases = v.object({ cases: v.array(v.object({ caseId: v.string() })) });

/** The longest that a patient waits for an answer before the demo counts it as silence. */
const patienceMs = 60_000;

/** Plays them all at once; prints each conversation whole. True if each came to where it has to. */
export async function twelvePatients(): Promise<boolean> {
  const played = await Promise.all(patients.map(play));
  for (const { patient, lines, fault } of played) {
    const { name, about, ends } = patient;
    process.stdout.write(
      `\n── ${name}: ${about} → ${ends}${fault === null ? '' : `  ✗ ${fault}`}\n`,
    );
    for (const line of lines) process.stdout.write(`${line}\n`);
  }
  const right = played.filter(({ fault }) => fault === null).length;
  process.stdout.write(`\n${JSON.stringify({ patients: played.length, asExpected: right })}\n`);
  return right === played.length;
}

async function play(patient: Patient) {
  const chat = await chatOf(patient);
  let fault: string | null = null;
  for (const act of patient.acts) {
    if (typeof act === 'string') fault = await chat.write(act);
    else fault = 'press' in act ? await chat.press(act.press) : await chat.staffTell(act.staff);
    if (fault !== null) break;
  }
  fault ??= await chat.endsAs(patient);
  return { patient, lines: chat.lines, fault };
}

/** A phone that waits, after each line, until all of its cases have nothing more to do. */
async function chatOf({ name, country }: Patient) {
  const phone = `${country}${randomInt(1_000_000, 9_999_999)}`;
  const lines: string[] = [];
  let heard: readonly Sent[] = [];

  const messages = async () =>
    (await json(Messages, `${sandbox}/_sandbox/whatsapp/messages?to=${phone}`)).messages;

  async function caseIds(): Promise<readonly string[]> {
    const { cases } = await json(Cases, `${edge}/admin/cases?phone=${phone}`, { headers: asStaff });
    return cases.map(({ caseId }) => caseId);
  }

  /** Something was said, and no case of the phone has an event or an effect under way. */
  async function isQuiet(before: number): Promise<boolean> {
    const now = await messages();
    if (now.length <= before) return false;
    const found = await Promise.all((await caseIds()).map(staff.read));
    const isIdle = found.every(
      ({ waitsFor }) =>
        waitsFor.pendingEvents === 0 &&
        waitsFor.effects.every(({ nextTryAt }) => nextTryAt !== null),
    );
    return isIdle && (await messages()).length === now.length;
  }

  async function send(words: string, content: object): Promise<string | null> {
    return hearAfter(`${name}: ${words}`, async () =>
      control('/_sandbox/whatsapp/inbound', {
        from: phone,
        profileName: name,
        timestamp: Math.floor(Date.now() / 1_000),
        ...content,
      }),
    );
  }

  async function hearAfter(words: string, act: () => Promise<unknown>): Promise<string | null> {
    lines.push(words);
    const before = heard.length;
    await act();
    const until = performance.now() + patienceMs;
    while (!(await isQuiet(before))) {
      if (performance.now() > until) return `no answer to ${words}`;
      await delay(100);
    }
    await hearNews();
    return null;
  }

  async function hearNews(): Promise<void> {
    const before = heard.length;
    heard = await messages();
    for (const message of heard.slice(before)) {
      lines.push(`  us: ${message.body.replaceAll('\n', '\n      ')}`);
      const titles = choicesOf(message).map(({ title }) => `[${title}]`);
      if (titles.length > 0) lines.push(`      ${titles.join(' ')}`);
    }
  }

  return {
    lines,
    write: async (text: string) => send(text, { text }),
    async staffTell(type: string): Promise<string | null> {
      const [caseId = ''] = await caseIds();
      return hearAfter(`(${type})`, async () => staff.tell(caseId, { type }));
    },
    async press(id: string): Promise<string | null> {
      const button = heard.flatMap(choicesOf).findLast((choice) => choice.id.startsWith(id));
      if (button === undefined) return `nothing to press that is ${id}`;
      return send(`[${button.title}]`, { button });
    },
    /** Waits for the end: a search that a provider put off is tried again. */
    async endsAs({ ends, cases = 1 }: Patient): Promise<string | null> {
      const until = performance.now() + patienceMs;
      for (;;) {
        await hearNews();
        const found = await Promise.all((await caseIds()).map(staff.read));
        if (found.length !== cases) return `${found.length} cases, not ${cases}`;
        const last = heard.at(-1);
        const isThere =
          ends === 'staff'
            ? found.some(({ tags }) => tags.some((tag) => staffTags.includes(tag)))
            : last && choicesOf(last).some(({ id }) => id.startsWith('offer:1'));
        if (isThere) return null;
        if (performance.now() > until)
          return ends === 'staff' ? 'staff do not have it' : 'no offer';
        await delay(200);
      }
    },
  };
}
