import type { CaseEvent, Consent, HeardMessage, Said } from './case-types.ts';

/** What the sales know and say by themselves, so that nobody else has to. */
export const answeredBySales: readonly string[] = ['itinerary', 'paid', 'paid-twice'];

// What can be read of a message without understanding it: stopping, the kind of message, and what came before what.

/** Words are compared folded: without case, accents, Turkish dots, outer punctuation. */
export const fold = (text: string): string =>
  text
    .slice(0, 200)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');

const words = (list: string): ReadonlySet<string> => new Set(list.split(' ').map(fold));

// A whole message, never a part of one: "dur bir dakika" only asks us to wait.
const stopWords = words(
  'stop stopall dur durdur durdurun iptal unsubscribe cancel quit end abmelden stopp stoppen abbestellen arret arreter arretez désabonner стоп отписаться отмена хватит توقف توقفوا إيقاف أوقف الغاء',
);

/** What the message is, or what it was changed to. Cases that were under way before kinds were nested have it flat. */
export const saidIn = (event: { readonly type: string }): Said | null => {
  if (event.type !== 'whatsapp.inbound' && event.type !== 'whatsapp.edited') return null;
  const flat = event as { kind?: string; text?: string; buttonId?: string };
  if (flat.kind === 'text') return { kind: 'text', text: flat.text ?? '' };
  if (flat.kind === 'button') return { kind: 'button', id: flat.buttonId ?? '' };
  return (event as Extract<CaseEvent, { readonly type: 'whatsapp.inbound' }>).message;
};

export const wordsOf = (said: Said | null): string | null => {
  if (said === null) return null;
  if (said.kind === 'text') return said.text;
  return 'caption' in said ? (said.caption ?? null) : null;
};

/** A stop word, or the button that takes back the service consent, pressed after that was given. */
export const saysStop = (event: { readonly type: string }, service: Consent): boolean => {
  const said = saidIn(event);
  if (said?.kind === 'button')
    return (
      /^consent:(service:)?no$/.test(said.id) &&
      service.status === 'given' &&
      !isSaidBefore((event as { readonly at?: string }).at ?? '', service.at)
    );
  return said?.kind === 'text' && stopWords.has(fold(said.text));
};

/** Whether it is a message that something can be made of. */
export const isReadable = (event: { readonly type: string }): boolean => {
  const said = saidIn(event);
  return said?.kind === 'button' || said?.kind === 'location' || (wordsOf(said) ?? '') !== '';
};

export const isUnreadable = (event: { readonly type: string }): boolean => {
  const kind = saidIn(event)?.kind;
  return kind === 'sticker' || kind === 'contacts' || kind === 'unsupported';
};

/** What it is, where it is no text: the provider's word for it. */
const wordFor = (said: Said | null): string =>
  said !== null && 'type' in said && typeof said.type === 'string' ? said.type : '';

/** The provider tells us something; nobody spoke. But whoever opens the chat waits for somebody to speak. */
export const isNotice = (event: { readonly type: string }): boolean => {
  const said = saidIn(event);
  return said?.kind === 'notice' && !['empty', 'request_welcome'].includes(wordFor(said));
};

const files = ['image', 'document', 'audio', 'video', 'media_placeholder'];

/** A file that the provider lost on its way to us: the patient thinks that we have it. */
export const isLostFile = (event: { readonly type: string }): boolean => {
  const said = saidIn(event);
  if (said?.kind !== 'unsupported') return false;
  return ('errorCode' in said && said.errorCode === '131052') || files.includes(wordFor(said));
};

/** Something of the patient's that only a person can answer, whatever its words. */
export const isForStaff = (event: { readonly type: string }): boolean => {
  const kind = saidIn(event)?.kind;
  return kind === 'order' || kind === 'form';
};

/** The button that says no, pressed by one who said stop already. */
export const refusesAgain = (event: { readonly type: string }): boolean => {
  const said = saidIn(event);
  return said?.kind === 'button' && /^consent:(service:)?no$/.test(said.id);
};

/** A picture or a thumb is no word. */
export const hasWords = (text: string | null): boolean => /[\p{L}\p{N}]/u.test(text ?? '');

/** Of a whole message that only thanks, confirms or takes leave. */
const closingWords = words(
  'ok okay okey oki k kk alright fine good great understood noted sure thanks thank thx ty you u very much so many cheers bye goodbye ciao see later soon take care have a nice day evening night luck all the best danke dankeschön dankeschon vielen dank schon gut alles klar verstanden in ordnung passt tschüss tschau auf wiedersehen wiederhören bis dann schönen tag noch einen abend servus pfiat tamam tamamdır peki olur anladım anlaşıldı teşekkürler teşekkür ederim ederiz sağolun sağol sağ ol çok eyvallah hoşça hoşçakal hoşçakalın kal kalın görüşürüz görüşmek üzere güle iyi günler akşamlar geceler merci beaucoup bien d accord entendu compris c est noté parfait au revoir bonne journée soirée nuit à bientôt adieu et and und ve ок окей хорошо ладно понятно понял поняла ясно спасибо большое вам пока до свидания всего доброго хорошего дня удачи и حسنا تمام طيب أوك أوكي ماشي مفهوم شكرا جزيلا لكم لك مع السلامة وداعا إلى اللقاء يعطيك العافية',
);

/** Whether a message needs no answer: a goodbye, thanks, an "ok" that answers nothing, a thumb. */
export const isClosing = (text: string | null): boolean =>
  fold(text ?? '')
    .split(/[\p{P}\p{S}\s]+/u)
    .every((word) => word === '' || closingWords.has(word));

/** Says in so many words that they agree: after a refusal an "ok" is no consent. */
const agreeing =
  /\b(i|we) (do )?(agree|accept|consent)|\bagree(d)?\b|\baccept\b|kabul|onayl|onay ver|\brazıyım|raziyim|einverstanden|zustimm|stimme .*zu|akzeptier|willige|j.accepte|suis d.accord|je consens|соглас|соглаша|принимаю|موافق|اوافق|اقبل|قبلت/u;
const negating =
  /\b(not|no|never|dont|cant|wont|nicht|kein\w*|nie|değil|degil|etmiyor\w*|etmem|vermiyor\w*|onaylami\w*|onaylamı\w*|pas|jamais)\b|n['’]t|(^|[^\p{L}])(не|нет|لا|لن|لست|غير|ما)([^\p{L}]|$)/u;

export const agreesExpressly = (text: string | null): boolean => {
  const words = fold(text ?? '');
  return agreeing.test(words) && !negating.test(words);
};

export const later = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && Date.parse(other) > Date.parse(one)) ? other : one;

/**
 * Whether something was said before something else. Nothing is, while there is nothing else. WhatsApp's times are whole seconds:
 * of two messages in one second the one that came first was said first, so what comes now is not before.
 */
export const isSaidBefore = (at: string, other: string | null): boolean =>
  other !== null && Date.parse(at) < Date.parse(other);

/** Messages are read in the order they were said, as far as they are here. */
export const firstSaid = (heard: readonly HeardMessage[]): HeardMessage | undefined =>
  heard.reduce<HeardMessage | undefined>(
    (first, message) =>
      first === undefined || Date.parse(message.at) < Date.parse(first.at) ? message : first,
    undefined,
  );
