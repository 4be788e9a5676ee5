import * as v from 'valibot';

import type { SpokenLine } from '../../actors/ports/desk.ts';
import { Said } from '../../actors/shapes/events.ts';
import type { RowsOf } from '../database/statement.ts';
import { turns } from './turns.ts';
import type { heardOf, saidOf } from './views-sql.ts';

/** What is stored of what a patient did, as far as staff are shown it. Older releases stored another shape. */
const Heard = v.object({
  event: v.object({
    messageId: v.string(),
    message: v.optional(v.nullable(Said), null),
    originalMessageId: v.optional(v.nullable(v.string()), null),
    lang: v.optional(v.nullable(v.string()), null),
    at: v.string(),
  }),
});
type Heard = v.InferOutput<typeof Heard>['event'];
const InSomeLanguage = v.object({ lang: v.string() });

type HeardRow = RowsOf<typeof heardOf>;
type SaidRow = RowsOf<typeof saidOf>;

export interface Spoken {
  readonly heard: readonly HeardRow[];
  readonly said: readonly SaidRow[];
  /** Decrypts and parses what is stored. Throws on what is damaged. */
  readonly opened: (table: string, column: string, id: string, sealed: Buffer) => unknown;
  readonly mask: (text: string) => string;
  readonly say: (input: unknown) => string;
  readonly limit: number;
}

/** A line and where it stands. */
interface Placed {
  readonly us: bigint;
  readonly line: () => Promise<SpokenLine> | SpokenLine;
}

/** The last `limit` lines of a conversation, oldest first. Lines that were edited or taken back later say so. */
export async function spokenLines(spoken: Spoken): Promise<SpokenLine[]> {
  const takeTurns = turns();
  const heard: { row: HeardRow; event: Heard | null }[] = [];
  for (const row of spoken.heard) {
    await takeTurns();
    heard.push({ row, event: heardIn(row, spoken) });
  }
  const changes = changesIn(heard);
  const lines: Placed[] = [
    ...heard.map(({ row, event }) => ({
      us: row.reachedUs,
      line: () => heardLine(row, event, changes, spoken.mask, takeTurns),
    })),
    ...spoken.said.map((row) => ({ us: row.reachedUs, line: () => saidLine(row, spoken) })),
  ];
  // By our own clock alone: the provider's has whole seconds, and an answer would stand before its question.
  lines.sort((one, other) => (one.us < other.us ? -1 : one.us > other.us ? 1 : 0));
  const shown: SpokenLine[] = [];
  for (const { line } of lines.slice(-spoken.limit)) {
    await takeTurns(); // Two hundred long texts take longer to mask than a health check waits.
    shown.push(await line());
  }
  return shown;
}

/** Undefined is never stored; null is what cannot be read, and shown as a line that was there. */
function heardIn({ eventId, body }: HeardRow, { opened }: Spoken): Heard | null {
  try {
    const { success, output } = v.safeParse(Heard, opened('events', 'body', eventId, body));
    return success ? output.event : unknownShape;
  } catch {
    return null;
  }
}

/** A message as an older release stored it. */
const unknownShape: Heard = {
  messageId: '',
  message: null,
  originalMessageId: null,
  lang: null,
  at: '',
};

type Changes = ReadonlyMap<string, 'edited' | 'revoked'>;

/** What was taken back stays taken back, whatever else was done to it. */
function changesIn(heard: readonly { row: HeardRow; event: Heard | null }[]): Changes {
  const changes = new Map<string, 'edited' | 'revoked'>();
  for (const { row, event } of heard) {
    const original = event?.originalMessageId;
    if (original === null || original === undefined) continue;
    if (row.type === 'whatsapp.revoked') changes.set(original, 'revoked');
    else if (!changes.has(original)) changes.set(original, 'edited');
  }
  return changes;
}

async function heardLine(
  { type, reachedUs }: HeardRow,
  event: Heard | null,
  changes: Changes,
  mask: Spoken['mask'],
  takeTurns: () => Promise<void>,
): Promise<SpokenLine> {
  const reachedAt = new Date(Number(reachedUs / 1_000n)).toISOString();
  if (event === null) return damagedLine('patient', reachedAt, null);
  const { messageId, message, lang } = event;
  const at = event.at === '' ? reachedAt : event.at;
  const base = { at, from: 'patient', lang, status: null } as const;
  if (type === 'whatsapp.revoked') return { ...base, kind: 'revocation', text: null };
  const change = changes.get(messageId);
  const words = message === null || change === 'revoked' ? null : wordsOf(message);
  const text = words === null ? null : await masked(words, mask, takeTurns);
  const line = { ...base, text, ...(change === undefined ? {} : { change }) };
  if (type === 'whatsapp.edited') return { ...line, kind: 'edit' };
  const kind = message?.kind ?? 'unsupported';
  return type === 'whatsapp.echoed' ? { ...line, from: 'us', kind } : { ...line, kind };
}

function saidLine(row: SaidRow, { opened, mask, say }: Spoken): SpokenLine {
  const { effectId, status, at } = row;
  let input: unknown;
  try {
    input = opened('effects', 'input', effectId, row.input);
  } catch {
    return damagedLine('us', at, status);
  }
  const { success, output } = v.safeParse(InSomeLanguage, input);
  const lang = success ? output.lang : null;
  let text: string | null = null;
  try {
    text = mask(say(input));
  } catch {
    // A text that a later release took away. The rest of the conversation is still worth reading.
  }
  return { at, from: 'us', kind: 'text', text, lang, status };
}

/** What is shown in place of a line that cannot be read: that there was one. */
const damagedLine = (
  from: SpokenLine['from'],
  at: string,
  status: SpokenLine['status'],
): SpokenLine => ({ at, from, kind: 'unreadable', text: null, lang: null, status });

/** The provider's own words, which name nobody, and what is to be masked. */
interface Words {
  readonly words: string;
  readonly before?: string;
}

/** What of a message may be shown, once masked. Of files, places and contact cards nothing is. */
function wordsOf(message: Said): Words | null {
  switch (message.kind) {
    case 'text':
      return { words: message.rest === undefined ? message.text : message.text + message.rest };
    case 'button':
      return { words: message.title ?? message.id };
    case 'reaction':
      return message.emoji === null ? null : { words: message.emoji };
    case 'order':
      return { words: [message.caption, message.content].filter(Boolean).join('\n') };
    case 'form':
      return { words: message.content };
    case 'notice':
      return { before: `[${message.type}]`, words: message.content ?? '' };
    case 'unsupported': {
      const { type, errorCode, content } = message;
      const before = errorCode === null ? `[${type}]` : `[${type}, ${errorCode}]`;
      return { before, words: content ?? '' };
    }
    case 'image':
    case 'document':
    case 'audio':
    case 'video':
    case 'sticker':
    case 'location':
    case 'contacts':
    default:
      return null;
  }
}

/** What is masked in one go. A longer text is cut, at a blank where it has one. */
const longestPiece = 32_768;

async function masked(
  { before, words }: Words,
  mask: Spoken['mask'],
  takeTurns: () => Promise<void>,
): Promise<string> {
  const pieces: string[] = [];
  for (let rest = words; rest !== '';) {
    const blank = rest.length > longestPiece ? rest.lastIndexOf(' ', longestPiece) : -1;
    const piece = rest.slice(0, blank > longestPiece / 2 ? blank : longestPiece);
    pieces.push(mask(piece));
    rest = rest.slice(piece.length);
    if (rest !== '') await takeTurns();
  }
  return [before, pieces.join('')].filter((part) => part !== undefined && part !== '').join(' ');
}
