import type { Template } from '../ports/messaging.ts';
import type { TextValue } from '../shapes/messages.ts';
import { isTextKey, languages, type Language, type TextKey } from './keys.ts';
import { gapsOf, languageOf, shortened, valueOf, valueText, wordings } from './texts.ts';

/** A text as Meta has to approve it, once for each language. */
export interface TemplateToRegister {
  /** Lower case, digits and `_`. */
  readonly name: string;
  readonly language: Language;
  /** Gaps are `{{1}}`, `{{2}}`, … */
  readonly body: string;
  /** How many gaps `body` has. */
  readonly parameters: number;
}

/**
 * Whether Meta approves a body like this: on one line, with words before the first gap and after the last. A full stop
 * is no word: Meta counts `… {{1}}.` as ending with its gap.
 */
const isApprovable = (text: string): boolean =>
  !text.includes('\n') && !/^[^\p{L}\p{N}{]*\{/u.test(text) && !/\}[^\p{L}\p{N}}]*$/u.test(text);

/** A text is a template in all languages or in none, so that a name never depends on who reads it. */
const hasTemplate = (key: TextKey): boolean =>
  Object.values(wordings).every(({ texts }) => isApprovable(texts[key]));

/**
 * `media.tooLarge` is `media_too_large_1`, `consent.service.1` is `consent_service_1`. The words of an approved template
 * are edited at Meta under the same name.
 */
function templateName(key: TextKey): string {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const numbered = /\.\d+$/.test(name) ? name : `${name}.1`;
  return numbered.replaceAll(/[^a-z0-9_]/g, '_');
}

/** Meta refuses line breaks, tabs, runs of spaces and empty values in a gap, and with them the message. */
function parameterText(value: TextValue, lang: string): string {
  const line = shortened(valueText(value, lang).replaceAll(/\s+/g, ' ').trim(), 1_024);
  return line === '' ? '–' : line;
}

/**
 * What is sent in place of a text when the patient was silent for longer than 24 hours. A text that cannot be a
 * template (a list of offers, the words of staff, a gap at either end) becomes `conversation_reopen_1`, which asks for
 * an answer and so opens the conversation again; the text itself is then not said.
 *
 * @throws {Error} a gap of the template has no value, as `renderText`
 */
export function templateOf(
  key: TextKey,
  lang: string,
  values: Readonly<Record<string, TextValue>>,
): Template {
  const language = languageOf(lang);
  if (!hasTemplate(key)) {
    return { name: templateName('conversation.reopen'), language, parameters: [] };
  }
  const parameters = gapsOf(wordings[language].texts[key]).map((gap) =>
    parameterText(valueOf(key, gap, values), lang),
  );
  return { name: templateName(key), language, parameters };
}

/** Every template that `templateOf` may name, to be registered with Meta. */
export function templates(): readonly TemplateToRegister[] {
  const keys = Object.keys(wordings.en.texts).filter(isTextKey).filter(hasTemplate);
  return keys.flatMap((key) =>
    languages.map((language) => {
      const text = wordings[language].texts[key];
      const gaps = gapsOf(text);
      const body = text.replaceAll(
        /\{(\w+)\}/g,
        (_, gap: string) => `{{${gaps.indexOf(gap) + 1}}}`,
      );
      return { name: templateName(key), language, body, parameters: gaps.length };
    }),
  );
}
