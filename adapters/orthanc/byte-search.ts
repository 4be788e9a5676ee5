/** What is found, and by how many bytes: few of them turn up by chance. */
export interface Needle<Kind> {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
}

/** Looks at data that comes in pieces: the kind of what ends in this one, with at least `least` bytes. */
export type ByteSearch<Kind> = (least: number) => (piece: Uint8Array) => Kind | null;

/** Each state has a row of 256 numbers: together 3 MiB. */
const maxStates = 6_144;
const width = 256;

/**
 * Aho and Corasick's automaton over bytes, in which A to Z are the same as a to z: the time is that of the data, however many
 * needles there are. Those that there is no more room for are left out, so the most telling come first.
 */
export function byteSearch<Kind>(needles: Iterable<Needle<Kind>>): ByteSearch<Kind> {
  const rows = new Uint16Array(maxStates * width);
  const ends: (Needle<Kind> | undefined)[] = [undefined];
  for (const needle of needles) {
    if (ends.length + needle.bytes.length > maxStates) break;
    let state = 0;
    for (const byte of needle.bytes) {
      const cell = state * width + lower(byte);
      if (rows[cell] === 0) rows[cell] = ends.push(undefined) - 1;
      state = rows[cell] ?? 0;
    }
    ends[state] ??= needle;
  }
  connect(rows, ends);
  return (least) => {
    let state = 0;
    return (piece) => {
      let found: Kind | null = null;
      for (let at = 0; at < piece.length; at++) {
        state = rows[state * width + lower(piece[at] ?? 0)] ?? 0;
        const end = ends[state];
        if (end !== undefined && end.bytes.length >= least) found ??= end.kind;
      }
      return found;
    };
  };
}

/** Where a needle does not go on, the longest end of it that begins one does. */
function connect<Kind>(rows: Uint16Array, ends: (Needle<Kind> | undefined)[]): void {
  const shorter = new Uint16Array(ends.length);
  const queue = [0];
  for (let at = 0; at < queue.length; at++) {
    const state = queue[at] ?? 0;
    const fallback = shorter[state] ?? 0;
    ends[state] ??= ends[fallback];
    for (let byte = 0; byte < width; byte++) {
      const cell = state * width + byte;
      const next = rows[cell] ?? 0;
      const other = state === 0 ? 0 : (rows[fallback * width + byte] ?? 0);
      if (next === 0) {
        rows[cell] = other;
      } else {
        shorter[next] = other;
        queue.push(next);
      }
    }
  }
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}
