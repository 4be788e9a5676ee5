/** An element: children in the schema's order, attributes with `@`, its own text as `#`. What is `undefined` or blank is left out. */
export interface Element {
  readonly [name: string]: Content | undefined;
}
type Content = string | Element | readonly (string | Element)[];

/**
 * Writes a document. Ours and not `xmlbuilder2`, which takes `&amp;` or `&x;` in a text for markup that is already escaped: a patient
 * called "R&D;" would get an invoice that no parser reads.
 */
export function xmlOf(name: string, element: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${elementOf(name, element)}`;
}

function elementOf(name: string, content: string | Element): string {
  if (typeof content === 'string') {
    const text = escaped(content);
    return text === '' ? '' : `<${name}>${text}</${name}>`;
  }
  let attributes = '';
  let inside = '';
  for (const [key, value] of Object.entries(content)) {
    if (value === undefined) continue;
    if (typeof value !== 'string')
      inside += (isList(value) ? value : [value]).map((child) => elementOf(key, child)).join('');
    else if (key === '#') inside += escaped(value);
    else if (key.startsWith('@')) attributes += ` ${key.slice(1)}="${escaped(value)}"`;
    else inside += elementOf(key, value);
  }
  return `<${name}${attributes}>${inside}</${name}>`;
}

function isList(
  value: Element | readonly (string | Element)[],
): value is readonly (string | Element)[] {
  return Array.isArray(value);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text that XML 1.0 can hold, on one line: a name with a stray control character must not cost the whole invoice. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc} \ufffe\uffff]+/gu, ' ')
    .trim()
    .replaceAll(/[&<>"]/g, (mark) => escapes[mark] ?? mark);
}
