/** The most we read of a message; WhatsApp's own limit for a text. */
const longest = 4_096;

/**
 * Writes text the one way all our tables are written: lower case, no accents, no Turkish dots, no Arabic vowel marks,
 * Latin digits, plain apostrophes and dashes, single spaces. At most 4,096 characters are read, before and after they are taken
 * apart.
 */
export function fold(text: string): string {
  return (
    text
      .slice(0, longest)
      // Also before they are taken off their letters: putting thousands of marks in order takes the square of their number.
      .replaceAll(/\p{M}+/gu, '')
      .normalize('NFKD')
      .slice(0, longest) // One character may have become eighteen.
      .replaceAll(/[\p{M}\u0640\u200B-\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
      .toLowerCase()
      .replaceAll(/\p{M}/gu, '') // The dot that `İ` leaves when it becomes small.
      .replaceAll('ı', 'i')
      .replaceAll('ß', 'ss')
      .replaceAll('œ', 'oe')
      .replaceAll('ى', 'ي')
      .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
      .replaceAll(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
      .replaceAll(/[‘’ʼ`´]/g, "'")
      .replaceAll(/[‐-―−]/g, '-')
      .replaceAll('٫', '.')
      .replaceAll('٬', ',')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

/** Only the words and numbers of folded text, one space between: `d'accord!` is `d accord`. */
export function wordsOf(folded: string): string {
  return folded.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
