/** Of 32 bytes; a few of their letters repeat by chance, which an estimate can't tell from a pattern. */
const enoughBits = 240;
/** What a repetition or a sequence is worth: where it is from, and how long. */
const patternBits = 10;
/** A repetition of fewer bits is chance. */
const chanceBits = 20;

/** What people write where a secret is still to come. Random text has none of them in a million years. */
const placeholder =
  /change.?me|password|passwort|secret|example|placeholder|development|replace|insert|default|qwerty|letmein/i;

/**
 * Bits that somebody would have to guess, at most: by the letters that are used, less what repeats or goes up or down by
 * steps. It knows no words but those of placeholders, so a sentence seems better than it is; what it refuses is weak.
 */
export function guessableBits(secret: string): number {
  if (placeholder.test(secret)) return 0;
  const text = secret.replace(/=+$/, ''); // Padding of base64.
  return bitsOf(
    Array.from(text, (character) => character.codePointAt(0) ?? 0),
    bitsPerCharacter(text),
  );
}

/** The same for a key's bytes. Bytes that are all readable are text, whatever they were encoded as. */
export function guessableKeyBits(key: Uint8Array): number {
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? guessableBits(Buffer.from(key).toString('latin1')) : bitsOf([...key], 8);
}

/** Whether nobody can guess it: as good as 32 random bytes, give or take what chance takes. */
export function isStrong(bits: number): boolean {
  return bits >= enoughBits;
}

function bitsPerCharacter(text: string): number {
  if (/^[\da-f]*$/.test(text) || /^[\dA-F]*$/.test(text)) return /^\d*$/.test(text) ? 3.32 : 4;
  const pool =
    (/[a-z]/.test(text) ? 26 : 0) +
    (/[A-Z]/.test(text) ? 26 : 0) +
    (/\d/.test(text) ? 10 : 0) +
    new Set(text.match(/[^a-zA-Z\d]/gu)).size;
  return Math.log2(Math.max(2, pool));
}

/** Reads on from pattern to pattern, as a compressor would. */
function bitsOf(symbols: readonly number[], bitsEach: number): number {
  const shortest = Math.max(3, Math.ceil(chanceBits / bitsEach));
  let bits = 0;
  for (let at = 0; at < symbols.length;) {
    const repeated = repeatedFrom(symbols, at);
    const steps = sequenceFrom(symbols, at);
    const length = Math.max(repeated, steps);
    if (length >= shortest) {
      bits += Math.min(patternBits, length * bitsEach);
      at += length;
    } else {
      bits += bitsEach;
      at += 1;
    }
  }
  return bits;
}

/** How many symbols from `at` on stood somewhere before. */
function repeatedFrom(symbols: readonly number[], at: number): number {
  let longest = 0;
  for (let from = 0; from < at; from += 1) {
    let length = 0;
    while (at + length < symbols.length && symbols[from + length] === symbols[at + length])
      length += 1;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** How many symbols from `at` on go by equal steps of -1, 0 or 1: `aaaa`, `1234`, `dcba`. */
function sequenceFrom(symbols: readonly number[], at: number): number {
  const step = (symbols[at + 1] ?? Number.NaN) - (symbols[at] ?? 0);
  if (!(Math.abs(step) <= 1)) return 1;
  let length = 2;
  while (
    at + length < symbols.length &&
    (symbols[at + length] ?? 0) - (symbols[at + length - 1] ?? 0) === step
  )
    length += 1;
  return length;
}
