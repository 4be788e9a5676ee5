import { ParseOption, XmlDocument, XmlParseError, type XsdValidator } from 'libxml2-wasm';

import type { InvoiceFinding, InvoiceWriter } from '../../actors/ports/invoicing.ts';
import { writeDocument } from './document.ts';
import { readerOf } from './reader.ts';
import { ruleFindings } from './rules.ts';
import { compileSchema, schemaFindings } from './schema.ts';

/** A document of ours with more to say than this is thoroughly wrong; the rest helps nobody. */
const MOST_FINDINGS = 50;

const ownSchema = new URL('schemas/invoice.xsd', import.meta.url);

/** The parser's own words could quote the document. */
const notXml: readonly InvoiceFinding[] = [
  { rule: 'UBL-XML', element: '/', message: 'It is no well-formed XML without a DTD.' },
];

/**
 * Writes and checks UBL-TR invoices. The schema is compiled with the first check, and kept.
 *
 * @param schema a `file:` URL of the main document of another schema, such as the authority's current package
 */
export function ublWriter({ schema = ownSchema }: { readonly schema?: URL } = {}): InvoiceWriter {
  let validator: XsdValidator | undefined;
  return {
    write: writeDocument,
    check: (xml, today) => {
      validator ??= compileSchema(schema);
      return findingsOf(xml, today, validator);
    },
  };
}

function findingsOf(
  xml: Uint8Array,
  today: string,
  validator: XsdValidator,
): readonly InvoiceFinding[] {
  const document = parsed(xml);
  if (!document) return notXml;
  try {
    // Ours have none; what it would bring in is not checked.
    if (document.dtd !== null) return notXml;
    return [
      ...schemaFindings(validator, document),
      ...ruleFindings(readerOf(document.root), today),
    ].slice(0, MOST_FINDINGS);
  } finally {
    document.dispose();
  }
}

function parsed(xml: Uint8Array): XmlDocument | null {
  try {
    return XmlDocument.fromBuffer(xml, { option: ParseOption.XML_PARSE_NO_XXE });
  } catch (error) {
    if (error instanceof XmlParseError) return null;
    throw error;
  }
}
