import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import {
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { fsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';

import type { InvoiceFinding } from '../../actors/ports/invoicing.ts';

/** What libxml2 says of the structure. Anything else it says may quote a value, which can be the buyer's. */
const structural =
  /^Element '[^']+'(?:, attribute '[^']+')?: (?:This element is not expected\.|Missing child element\(s\)\.|The attribute '[^']+' is (?:required but missing|not allowed)\.|No matching global declaration)/;

/**
 * Compiles a schema with the files it imports. Takes some milliseconds; whoever calls keeps the answer for the process's life.
 *
 * @param schema the main document's `file:` URL: ours, or a copy of the authority's or of OASIS's
 * @throws {Error} it can't be read or compiled
 */
export function compileSchema(schema: URL): XsdValidator {
  const path = fileURLToPath(schema);
  // libxml2 reads files only while we say so: what it is later given to check opens none.
  xmlRegisterInputProvider(fsInputProviders);
  try {
    const document = XmlDocument.fromBuffer(readFileSync(schema), { url: path });
    try {
      return XsdValidator.fromDoc(document);
    } finally {
      document.dispose();
    }
  } finally {
    xmlCleanupInputProvider();
  }
}

/** What does not fit the schema, without any of the document's values. */
export function schemaFindings(
  validator: XsdValidator,
  document: XmlDocument,
): readonly InvoiceFinding[] {
  try {
    validator.validate(document);
    return [];
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error;
    return error.details.map(({ message, xpath }) => ({
      rule: 'UBL-XSD',
      element: xpath?.replace(/^\/\*/, '/Invoice') ?? '/',
      message: structural.test(message)
        ? message.trim().replaceAll(/\{[^}]*\}/g, '')
        : 'A value or a name is not of the kind that the schema has here.',
    }));
  }
}
