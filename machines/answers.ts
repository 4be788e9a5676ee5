import type { CaseEvent, Consent, HeardMessage, Said } from './case-types.ts';

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

/** What the message is. Cases that were under way before kinds were nested have it flat. */
export const saidIn = (event: { readonly type: string }): Said | null => {
  if (event.type !== 'whatsapp.inbound') return null;
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
  return said?.kind === 'button' || said?.kind === 'location' || wordsOf(said) !== null;
};

export const isUnreadable = (event: { readonly type: string }): boolean => {
  const kind = saidIn(event)?.kind;
  return kind === 'sticker' || kind === 'contacts' || kind === 'unsupported';
};

export const later = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && Date.parse(other) > Date.parse(one)) ? other : one;

/** Whether something was said before or just when something else was. Nothing is, while there is nothing else. */
export const isSaidBefore = (at: string, other: string | null): boolean =>
  other !== null && Date.parse(at) <= Date.parse(other);

/** Messages are read in the order they were said, as far as they are here. */
export const firstSaid = (heard: readonly HeardMessage[]): HeardMessage | undefined =>
  heard.reduce<HeardMessage | undefined>(
    (first, message) =>
      first === undefined || Date.parse(message.at) < Date.parse(first.at) ? message : first,
    undefined,
  );
