/** What staff see of a thing that we have no shape for. */
const longest = 4_096;
/** Longer than any id or sentence that matters in a list of fields; a signature or a picture in base64 is cut. */
const longestValue = 1_000;
/** Of JSON within JSON, which is read a second time. */
const longestForm = 65_536;
const mostLines = 200;
const deepest = 6;

/** Names the sender, or is told in other words. Neither helps who reads the rest. */
const leftOut: ReadonlySet<string> = new Set([
  'from',
  'from_user_id',
  'from_parent_user_id',
  'id',
  'timestamp',
  'type',
  'context',
  'errors',
  'unsupported',
  'flow_token',
]);

const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;

/**
 * A JSON value as lines of `name: value`, bounded in number, length and depth, whoever made it. Undefined where there is
 * nothing to show. `omitted` are names that are left out at the top.
 */
export function contentOf(
  value: unknown,
  omitted: ReadonlySet<string> = new Set(),
): string | undefined {
  const lines: string[] = [];
  const add = (path: string, one: unknown, depth: number): void => {
    if (lines.length >= mostLines || one === null || one === undefined) return;
    if (typeof one !== 'object') {
      const text = cut(`${one as string | number | boolean}`, longestValue);
      lines.push(path === '' ? text : `${path}: ${text}`);
      return;
    }
    if (depth === deepest) return;
    // Only so many of a list of thousands are looked at at all.
    for (const [name, inner] of Object.entries(one).slice(0, mostLines)) {
      if (depth === 0 && omitted.has(name)) continue;
      const label = Array.isArray(one) ? String(Number(name) + 1) : cut(name, 100);
      add(path === '' ? label : `${path}.${label}`, inner, depth + 1);
    }
  };
  add('', value, 0);
  const text = cut(lines.join('\n'), longest);
  return text === '' ? undefined : text;
}

/** What a message has beside what every message has. */
export function contentOfMessage(raw: unknown): { content?: string } {
  const content = contentOf(raw, leftOut);
  return content === undefined ? {} : { content };
}

/** A form's fields, which come as JSON within JSON. What is no JSON is shown as it came. */
export function contentOfForm(filled: unknown): string {
  if (typeof filled !== 'string') return contentOf(filled, leftOut) ?? '';
  const fields = filled.length <= longestForm ? parsed(filled) : undefined;
  return contentOf(fields, leftOut) ?? cut(filled, longest).toWellFormed();
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
