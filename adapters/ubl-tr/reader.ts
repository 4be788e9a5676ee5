import { type XmlElement, type XmlNode, XmlXPath } from 'libxml2-wasm';

const namespaces = {
  inv: 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  cac: 'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2',
  cbc: 'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2',
};

/** What a rule sees of a document: an element, and what is under it by XPath 1.0. */
export interface Reader {
  /** The text of each element or attribute found, in document order. */
  texts(path: string): readonly string[];
  /** The text of the first, or `''`. */
  text(path: string): string;
  count(path: string): number;
  /** Readers of each element found. */
  each(path: string): readonly Reader[];
}

/** Compiled expressions. Only the rules' own paths come here, so it stays as small as their table. */
const compiled = new Map<string, XmlXPath>();

function xpath(path: string): XmlXPath {
  let expression = compiled.get(path);
  if (!expression) {
    expression = XmlXPath.compile(path, namespaces);
    compiled.set(path, expression);
  }
  return expression;
}

/** Reads from an element. Valid until its document is disposed of. */
export function readerOf(element: XmlElement | XmlNode): Reader {
  const texts = (path: string): string[] =>
    element.find(xpath(path)).map(({ content }) => content.trim());
  return {
    texts,
    text: (path) => element.get(xpath(path))?.content.trim() ?? '',
    count: (path) => element.find(xpath(path)).length,
    each: (path) => element.find(xpath(path)).map(readerOf),
  };
}
