import {
  assign,
  enqueueActions,
  sendParent,
  setup,
  type DoneActorEvent,
  type ParameterizedObject,
} from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import type {
  Companion,
  CompanionNews,
  CompanionToOpen,
  NewsToCompanion,
  ToldAbout,
} from '../actors/shapes/families.ts';
import { saidIn, wordsOf } from './answers.ts';
import type { CaseEvent, HandOverReason } from './case-types.ts';
import {
  firstNameOf,
  isSameName,
  maxCompanions,
  nameOf,
  partsOf,
  pickedIn,
  relativeIn,
  type Part,
  type PhoneFamily,
} from './companions-rules.ts';
import type {
  CompanionsContext,
  CompanionsEvent,
  CompanionsInput,
  Held,
  Seen,
} from './companions-types.ts';
import type { Ask, Changed, FamilyEvent, Inbound, Say } from './family-types.ts';
import type { StateMeta } from './money-types.ts';

const hour = 60 * 60 * 1_000; // ms

/** Nobody asks when a number changed that another case knows already. */
const longAgo = '1970-01-01T00:00:00Z';

/** Held at most; what comes on top of it goes to staff. */
const maxHeld = 20;
/** Messages that we know the way of; an older one is changed by nobody. */
const maxMoved = 30;

export const initialContext = ({ input }: { input: CompanionsInput }): CompanionsContext => ({
  ...input,
  patient: input.patient ?? { name: '', called: [], isHolder: true },
  isIntroduced: input.patient !== null,
  hasOwn: input.patient !== null,
  isAgreed: false,
  held: [],
  moved: [],
  waiting: [],
});

const familyIn = ({ patient: self, others }: CompanionsContext): PhoneFamily => ({ self, others });

const numbered = (index: number): `case:${number}` => `case:${index + 1}`;

/** Buttons with the patients' names; the first is this case's. */
export const whomQuestion = ({ context: { patient, others } }: Seen): Say => {
  const names = [patient, ...others].slice(0, 10).map(({ name }) => name);
  return {
    type: 'say',
    text: 'family.whom',
    values: Object.fromEntries(names.map((name, index) => [numbered(index), name])),
    choices: names.map((_, index) => numbered(index)),
    purpose: 'notice',
  };
};

const firstHeld = ({ held }: CompanionsContext, about: Held['about']): Held | undefined =>
  held.find((one) => one.about === about);

export const journeyQuestion = ({ context }: Seen): Ask => {
  const name = firstHeld(context, 'journey')?.who.name ?? '';
  return {
    type: 'ask',
    question: 'journey',
    text: name === '' ? 'journey.ask.unnamed' : 'journey.ask',
    values: name === '' ? {} : { name },
    choices: ['journey:new', 'journey:same'],
    purpose: 'notice',
  };
};

const textIn = ({ told }: Pick<Held, 'told'>): string | null => wordsOf(told.message as never);

/** What of a message is about somebody whom we do not know yet, and what about this patient. */
const splitFor = (context: CompanionsContext, { told, who }: Held) => {
  const text = textIn({ told });
  const newcomer = { ...who, caseId: 'new' };
  const parts =
    text === null ? 'nobody' : partsOf(text, { self: context.patient, others: [newcomer] });
  if (typeof parts === 'string' || parts.every(({ to }) => to === null)) return null;
  const textsFor = (to: string | null) =>
    parts.flatMap((part) => (part.to === to ? [part.text] : [])).join('\n');
  return { theirs: textsFor('new'), own: textsFor(null) };
};

export const companionToOpen = ({ context }: Seen): CompanionToOpen => {
  const { tenantName, destination, currency, isInvoicing, recipient, lang, others } = context;
  const held = firstHeld(context, 'journey') as Held;
  const { name, called, isHolder } = held.who;
  const { messageId, at, message } = held.told;
  return {
    // Whoever has no name has a number.
    patient: { name: name === '' ? String(others.length + 2) : name, called, isHolder },
    by: context.patient,
    others,
    recipient,
    lang,
    tenantName,
    destination,
    currency,
    isInvoicing,
    message: { messageId, at, message },
  };
};

export const companionOpened = ({ event }: { event: DoneActorEvent<Companion> }): Companion =>
  event.output;

/** The message to this case's own conversation, as if it had come here and nowhere else. */
const ownInbound = ({ messageId, at, message, replyTo }: Held['told'], routed: Inbound['routed']) =>
  ({
    type: 'whatsapp.inbound',
    messageId,
    at,
    message,
    lang: null,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(routed === undefined ? {} : { routed }),
  }) as unknown as Inbound;

const toldIn = ({ messageId, at, message, replyTo }: Inbound): Held['told'] => ({
  messageId,
  at,
  message: message as unknown as ToldAbout['message'],
  ...(replyTo === undefined ? {} : { replyTo }),
});

/** What is worth a question whom it is for; a sticker or a thumb is not. */
const matters: ReadonlySet<string> = new Set(['image', 'document', 'audio', 'video', 'location']);

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  CompanionsContext,
  CompanionsEvent,
  ParameterizedObject['params'] | undefined,
  CompanionsEvent,
  never,
  { type: 'tellCompanion'; params: NewsToCompanion },
  never
>;
type Enqueue = Parameters<Parameters<typeof enqueued>[0]>[0]['enqueue'];

const tell = (enqueue: Enqueue, to: string, news: CompanionNews) =>
  enqueue({ type: 'tellCompanion', params: { to, news } });
const answer = (enqueue: Enqueue, event: FamilyEvent | CaseEvent) => enqueue(sendParent(event));

/** Each part to whom it is for. A message that is for one of them goes whole, with its file. */
const deal = (
  enqueue: Enqueue,
  { moved }: CompanionsContext,
  told: Held['told'],
  parts: readonly Part[],
) => {
  const [first, ...others] = new Set(parts.map(({ to }) => to));
  const to = others.length > 0 ? 'several' : first;
  if (typeof to === 'string')
    enqueue.assign({ moved: [...moved, { messageId: told.messageId, to }].slice(-maxMoved) });
  for (const { to, text } of parts) {
    const part = parts.length === 1 ? told : { ...told, message: { kind: 'text', text } };
    if (to === null) answer(enqueue, ownInbound(part, 'own'));
    else {
      const { messageId, at, message } = part;
      tell(enqueue, to, { about: 'message', message: { messageId, at, message } });
    }
  }
};

const hold = (enqueue: Enqueue, context: CompanionsContext, one: Held) => {
  if (context.held.length < maxHeld) enqueue.assign({ held: [...context.held, one] });
  else answer(enqueue, { type: 'handOver', reason: 'too-many-messages' });
};

const nobodyKnown = { name: '', called: [], isHolder: false } as const;

/** Our messages say whom they are for where there are several; and who writes under another name is noticed. */
const tellName = (enqueue: Enqueue, { patient, others, isIntroduced }: CompanionsContext) => {
  const { name } = patient;
  if (isIntroduced || others.length > 0)
    answer(enqueue, { type: 'patient.named', name, isAlone: others.length === 0 });
};

/** What the companions' actor does and asks; its states are in companions.ts. */
export const companionsSetup = setup({
  types: {} as {
    context: CompanionsContext;
    events: CompanionsEvent;
    input: CompanionsInput;
    meta: StateMeta;
  },
  actors: { openCompanion: {} as Effect<'openCompanion'> },
  actions: {
    tellCompanion: (_args, _telling: NewsToCompanion) => {}, // The host performs it.
    ask: sendParent((_, question: Ask) => question),
    say: sendParent((_, what: Say) => what),
    handOver: sendParent((_, { reason }: { reason: HandOverReason }) => ({
      type: 'handOver',
      reason,
    })),
    closeQuestion: sendParent({ type: 'unask', question: 'journey' }),
    /** Whom a message is about, where several patients write from one phone. */
    sort: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'whatsapp.inbound') return;
      const told = toldIn(event);
      const said = saidIn(event);
      const words = wordsOf(said);
      const parts = words === null ? 'nobody' : partsOf(words, familyIn(context));
      const { routed, ...plain } = event;
      const isTheirs =
        routed === 'sure' ||
        (routed === 'likely' && parts === 'nobody') ||
        context.others.length === 0;
      if (typeof parts !== 'string') deal(enqueue, context, told, parts);
      else if (isTheirs) answer(enqueue, plain);
      // It is read for danger first, and comes back from there.
      else if (words !== null) answer(enqueue, { ...event, routed: 'whose' });
      else if (matters.has(said?.kind ?? ''))
        hold(enqueue, context, { about: 'whom', told, who: nobodyKnown });
      else answer(enqueue, plain);
    }),
    /** What changes a message goes where that went; where its new words name somebody else, a person looks. */
    follow: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'whatsapp.edited' && event.type !== 'whatsapp.revoked') return;
      const { routed: _, ...plain } = event;
      const { messageId, at, originalMessageId } = event;
      const message = event.type === 'whatsapp.edited' ? event.message : null;
      const words = message === null ? null : wordsOf(message);
      const parts = words === null ? 'nobody' : partsOf(words, familyIn(context));
      const to = context.moved.findLast((one) => one.messageId === originalMessageId)?.to ?? null;
      const isNamed = typeof parts !== 'string' && parts.every((one) => one.to === to);
      const isHeld = context.held.some(({ told }) => told.messageId === originalMessageId);
      if (isHeld)
        enqueue.assign({
          held: context.held.flatMap((one) => {
            if (one.told.messageId !== originalMessageId) return [one];
            const changed = message as unknown as ToldAbout['message'] | null;
            return changed === null ? [] : [{ ...one, told: { ...one.told, message: changed } }];
          }),
        });
      else if (to === 'several' || !(parts === 'nobody' || isNamed))
        answer(enqueue, { type: 'handOver', reason: 'message-edited' });
      else if (to === null) answer(enqueue, plain);
      else if (originalMessageId !== null)
        tell(enqueue, to, {
          about: 'edit',
          messageId,
          originalMessageId,
          at,
          message: message as unknown as ToldAbout['message'] | null,
        });
    }),
    /** Its understanding says that it may be about somebody else. */
    sortAnother: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'another.told') return;
      const { message, reason } = event;
      const text = message.text ?? '';
      const { messageId, at, replyTo } = message;
      const told = {
        messageId,
        at,
        message: { kind: 'text', text },
        ...(replyTo === undefined ? {} : { replyTo }),
      };
      const parts = context.others.length === 0 ? 'nobody' : partsOf(text, familyIn(context));
      if (typeof parts !== 'string') {
        deal(enqueue, context, told, parts);
        return;
      }
      if (reason === 'unclear' || parts === 'unclear') {
        hold(enqueue, context, { about: 'whom', told, who: nobodyKnown });
        return;
      }
      const relative = relativeIn(text);
      const name = nameOf(event.name) || nameOf(relative);
      const self = context.patient.name || firstNameOf(event.profileName);
      if (self !== context.patient.name)
        enqueue.assign({ patient: { ...context.patient, name: self } });
      const who = {
        name,
        called: relative === null ? [] : [relative.slice(0, 40)],
        isHolder: false,
      };
      const known = [null, ...context.others].find((one) => isSameName(name, one?.name ?? self));
      if (known !== undefined) {
        deal(enqueue, context, told, [{ to: known?.caseId ?? null, text }]);
        return;
      }
      const held: Held = { about: 'journey', told, who };
      const split = splitFor(context, held);
      if (split !== null && split.own !== '') {
        // What is about this patient needs no answer from anybody.
        answer(enqueue, ownInbound({ ...told, message: { kind: 'text', text: split.own } }, 'own'));
        const theirs = { ...told, message: { kind: 'text', text: split.theirs } };
        hold(enqueue, context, { ...held, told: theirs, isPart: true });
        return;
      }
      if (reason === 'procedure' || context.hasOwn) {
        hold(enqueue, context, held);
        return;
      }
      // Nothing is known of anybody yet: the journey is theirs.
      enqueue.assign({ patient: who, isIntroduced: true });
      tellName(enqueue, { ...context, patient: who, isIntroduced: true });
      answer(enqueue, ownInbound(told, 'own'));
    }),
    /** The answer to "for whom?", for all that waited for it. */
    dealHeld: enqueued(({ context, event, enqueue }) => {
      const picked = pickIn(context, event);
      if (picked === null) return;
      const [theirs, rest] = [
        context.held.filter(({ about }) => about === 'whom'),
        context.held.filter(({ about }) => about !== 'whom'),
      ];
      let { moved } = context;
      for (const { told } of theirs) {
        deal(enqueue, { ...context, moved }, told, [{ to: picked.to, text: '' }]);
        if (picked.to !== null) moved = [...moved, { messageId: told.messageId, to: picked.to }];
      }
      enqueue.assign({ held: rest });
    }),
    /** The same journey: what was held is said here. */
    giveBack: enqueued(({ context, enqueue }) => {
      for (const { about, told } of context.held)
        if (about === 'journey') answer(enqueue, ownInbound(told, 'own'));
      enqueue.assign({ held: context.held.filter(({ about }) => about !== 'journey') });
    }),
    /** What was held besides may be the newcomer's, too. */
    addOpened: enqueued(({ context, enqueue }, params) => {
      const opened = params as unknown as Companion;
      const [first, ...rest] = context.held.filter(({ about }) => about === 'journey');
      const messageId = first?.told.messageId ?? '';
      const to = first?.isPart === true ? 'several' : opened.caseId;
      const others = [...context.others, opened].slice(-maxCompanions);
      enqueue.assign({
        others,
        moved: [...context.moved, { messageId, to }].slice(-maxMoved),
        held: context.held.filter(({ about }) => about !== 'journey'),
        waiting: [],
      });
      tellName(enqueue, { ...context, others });
      for (const { told, who } of rest)
        answer(enqueue, {
          type: 'another.told',
          message: { ...told, text: textIn({ told }), buttonId: null },
          name: who.name,
          reason: 'another',
        });
      for (const event of context.waiting) answer(enqueue, event);
    }),
    /** Staff have it: nobody says any more whom it is about. */
    dropHeld: assign(({ context }) => ({
      held: context.held.filter(({ about }) => about !== 'journey'),
      waiting: [],
    })),
    sortWaiting: enqueued(({ context, enqueue }) => {
      for (const event of context.waiting) answer(enqueue, event);
    }),
    wait: assign(({ context, event }) =>
      event.type === 'whatsapp.inbound'
        ? { waiting: [...context.waiting, event].slice(-maxHeld) }
        : {},
    ),
    setName: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'name.told') return;
      const patient = { ...context.patient, name: nameOf(event.name) };
      enqueue.assign({ patient, isIntroduced: true });
      tellName(enqueue, { ...context, patient, isIntroduced: true });
    }),
    setOwn: assign({ hasOwn: true }),
    setAgreed: assign(({ context, event }) =>
      event.type === 'consent.changed' && event.purpose === 'service'
        ? { isAgreed: event.status === 'given' }
        : { isAgreed: context.isAgreed },
    ),
    setContact: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'contact.changed') return;
      const { recipient, lang } = event;
      enqueue.assign({ recipient, lang });
      const { phone, userId } = context.recipient;
      if (recipient.phone === phone && recipient.userId === userId) return;
      for (const { caseId } of context.others)
        tell(enqueue, caseId, { about: 'contact', recipient });
    }),
    /** From another case of the phone. */
    hearNews: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'companion.news') return;
      const { news } = event;
      if (news.about === 'message') answer(enqueue, ownInbound(news.message, 'own'));
      else if (news.about === 'edit') {
        const { messageId, originalMessageId, at, message } = news;
        const changed = { messageId, originalMessageId, at };
        if (message === null) answer(enqueue, { type: 'whatsapp.revoked', ...changed });
        else
          answer(enqueue, {
            type: 'whatsapp.edited',
            ...changed,
            message,
            lang: null,
          } as unknown as Changed);
      } else if (news.about === 'danger')
        answer(enqueue, { type: 'handed.over', reason: 'urgent' });
      else if (news.about === 'contact') {
        const { phone = null, userId = null } = news.recipient;
        answer(enqueue, { type: 'whatsapp.contact', contact: { phone, userId }, at: longAgo });
      } else if (news.about === 'companion') {
        const rest = context.others.filter(({ caseId }) => caseId !== news.companion.caseId);
        const others = [...rest, news.companion].slice(-maxCompanions);
        enqueue.assign({ others });
        tellName(enqueue, { ...context, others });
      } else {
        // It was heard and acknowledged there.
        const { messageId, at } = news;
        const quietly = { messageId, at, quietly: true } as const;
        if (news.about === 'stop') answer(enqueue, { type: 'stopped', ...quietly });
        else answer(enqueue, { type: 'rights.requested', kind: 'erasure', ...quietly });
      }
    }),
    nameSelf: enqueued(({ context, enqueue }) => tellName(enqueue, context)),
    /** A stop and a right are the phone's, not one patient's. */
    tellStopped: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'withdrawn' || event.quietly === true) return;
      const { messageId = '', at } = event;
      if (messageId === '' || at === null) return;
      for (const { caseId } of context.others)
        tell(enqueue, caseId, { about: 'stop', messageId, at });
    }),
    tellRights: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'rights.requested' || event.quietly === true) return;
      const { messageId, at } = event;
      for (const { caseId } of context.others)
        tell(enqueue, caseId, { about: 'erasure', messageId, at });
    }),
    /** Whose emergency it is, nobody said: it shows on all. */
    tellUrgent: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'patient.said') return;
      const { messageId, at } = event;
      for (const { caseId } of context.others)
        tell(enqueue, caseId, { about: 'danger', messageId, at });
    }),
    forget: assign({ held: [], waiting: [], isAgreed: false }),
  },
  guards: {
    hasUnclear: ({ context }) => firstHeld(context, 'whom') !== undefined,
    hasAnother: ({ context }) => context.isAgreed && firstHeld(context, 'journey') !== undefined,
    picksWhom: ({ context, event }) => pickIn(context, event) !== null,
    saysNew: ({ event }) => answersJourney(event) === 'new',
    saysSame: ({ event }) => answersJourney(event) === 'same',
    isUrgentForAnybody: ({ event }) =>
      event.type === 'patient.said' && event.intent === 'urgent' && event.routed === 'whose',
  },
  delays: { patience: hour },
});

/** Whom the patient picks: a button, or in words. */
function pickIn(context: CompanionsContext, event: CompanionsEvent): { to: string | null } | null {
  const family = familyIn(context);
  if (event.type === 'patient.said') {
    const [, number] = /^case:(\d)$/.exec(event.buttonId ?? '') ?? [];
    if (number === undefined) return null;
    if (number === '1') return { to: null };
    const other = context.others[Number(number) - 2];
    return other === undefined ? null : { to: other.caseId };
  }
  if (event.type !== 'whatsapp.inbound') return null;
  const words = wordsOf(saidIn(event));
  return words === null ? null : pickedIn(words, family);
}

/** What is answered to "a journey of their own?". */
function answersJourney(event: CompanionsEvent): 'new' | 'same' | null {
  if (event.type !== 'patient.said') return null;
  if (event.buttonId === 'journey:new') return 'new';
  if (event.buttonId === 'journey:same') return 'same';
  if (event.asked !== 'journey') return null;
  if (event.intent === 'agree') return 'new';
  return event.intent === 'refuse' ? 'same' : null;
}
