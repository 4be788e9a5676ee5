import type { Template } from '../ports/messaging.ts';
import type { TextValue } from '../shapes/messages.ts';
import { shortened } from './formats.ts';
import { isTextKey, languages, type ButtonId, type Language, type TextKey } from './keys.ts';
import { buttonTitle, gapText, patientName } from './texts.ts';
import { gapsOf, languageOf, wordings } from './wordings.ts';

/** A text as Meta has to approve it, once for each language. */
export interface TemplateToRegister {
  /** Lower case, digits and `_`. */
  readonly name: string;
  readonly language: Language;
  /** Gaps are `{{1}}`, `{{2}}`, … */
  readonly body: string;
  /** How many gaps `body` has. */
  readonly parameters: number;
  /** The titles of its quick-reply buttons, in order: Meta approves them with the text. */
  readonly buttons: readonly string[];
}

/**
 * Choices whose titles say the same to everybody, which is what Meta approves: by the name they have in a template's name, with an id
 * whose title it is. What a list offers (places, days, flights) differs from patient to patient.
 */
const fixedChoices = {
  yes: 'consent:yes',
  no: 'consent:no',
  pay: 'pay:again:1',
  confirm: 'trip:yes',
  origin: 'trip:origin',
  dates: 'trip:dates',
  party: 'trip:party',
  procedure: 'trip:procedure',
  change: 'trip:change',
  same: 'journey:same',
  new: 'journey:new',
  continue: 'continue',
} as const satisfies Readonly<Record<string, ButtonId>>;
type FixedChoice = keyof typeof fixedChoices;

/** The choice that an id stands for, whichever purpose, booking, round or case it names; null for one of a list. */
function fixedChoiceOf(id: ButtonId): FixedChoice | null {
  const [kind = '', ...rest] = id.replace(/~[\w.:-]{1,8}$/, '').split(':');
  if (kind === 'consent') return rest.at(-1) === 'yes' ? 'yes' : 'no';
  if (kind === 'pay') return 'pay';
  if (kind === 'continue') return 'continue';
  const [word = ''] = rest;
  if (kind === 'trip' && word === 'yes') return 'confirm';
  if ((kind === 'trip' || kind === 'journey') && Object.hasOwn(fixedChoices, word))
    return word as FixedChoice;
  return null;
}

/** Of a quick-reply template; Meta takes more, but shows more than three behind a press. */
const mostButtons = 3;

/** What texts offer, beside whatever is asked of nobody: a template is approved with its buttons. */
const consentAsked: readonly (readonly FixedChoice[])[] = [['yes', 'no']];
const offered: Partial<Record<string, readonly (readonly FixedChoice[])[]>> = {
  'consent.service.1': consentAsked,
  'consent.health-data.1': consentAsked,
  'consent.transfer-abroad.1': consentAsked,
  'consent.marketing.1': consentAsked,
  'consent.again': consentAsked,
  'consent.still': consentAsked,
  'consent.reminder': consentAsked,
  'consent.refused': [['yes']],
  'consent.unanswered': [['yes']],
  'payment.renew': [['pay']],
  'payment.expired': [['pay']],
  'intake.confirm': [['confirm', 'change']],
  'intake.change': [['origin', 'dates', 'party']],
  'journey.ask.unnamed': [['new', 'same']],
  'journey.ask': [
    ['new', 'same'],
    ['same', 'new'],
  ],
  'conversation.reopen': [['continue']],
};

/** The sets of buttons that a text's template is registered with. A question that is answered in words gets one to go on with. */
function setsOf(key: TextKey): readonly (readonly FixedChoice[])[] {
  const sets = offered[key];
  return sets ?? (key.startsWith('intake.') ? [['continue']] : []);
}

/** What a template shows of more choices than it has room for: the rest comes after the press, or is said in words. */
function shownOf(choices: readonly ButtonId[]): readonly ButtonId[] {
  if (choices.length <= mostButtons) return choices;
  const [yes] = choices;
  return yes !== undefined && fixedChoiceOf(yes) === 'confirm'
    ? [yes, 'trip:change']
    : choices.slice(0, mostButtons);
}

/** The ids of a text's choices as its template has them; null where no template has them. */
function quickReplies(
  key: TextKey,
  choices: readonly ButtonId[] | undefined,
): { readonly set: readonly FixedChoice[]; readonly ids: readonly ButtonId[] } | null {
  const sets = setsOf(key);
  if (choices === undefined) {
    const goesOn = sets.some(([first]) => first === 'continue');
    return goesOn ? { set: ['continue'], ids: ['continue'] } : { set: [], ids: [] };
  }
  const ids = shownOf(choices);
  const set = ids.map(fixedChoiceOf);
  const registered = sets.find((one) => one.join() === set.join());
  return registered === undefined ? null : { set: registered, ids };
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
 * `media.tooLarge` is `media_too_large_1`, `consent.service.1` with its buttons `consent_service_1_yes_no`. The words of an approved
 * template are edited at Meta under the same name.
 */
function templateName(key: TextKey, set: readonly FixedChoice[]): string {
  const name = key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const numbered = /\.\d+$/.test(name) ? name : `${name}.1`;
  return [numbered.replaceAll(/[^a-z0-9_]/g, '_'), ...set].join('_');
}

/** Meta refuses line breaks, tabs, runs of spaces and empty values in a gap, and with them the message. */
function parameterText(value: string): string {
  const line = shortened(value.replaceAll(/\s+/g, ' ').trim(), 1_024);
  return line === '' ? '–' : line;
}

/** A template, and whether it only asks for an answer, so that what was to be said is still to be said. */
export interface StandIn extends Template {
  readonly isReopening: boolean;
}

/** Asks for an answer, and so opens the conversation again. A press on its button is one. */
function reopening(language: Language): StandIn {
  const key = 'conversation.reopen';
  const name = templateName(key, ['continue']);
  return { name, language, parameters: [], buttons: ['continue'], isReopening: true };
}

/** The template of the same words for one of several patients on a phone: their name stands in front. */
const namedTemplate = (name: string): string => `${name}_for`;
const namedBody = (language: Language, body: string): string =>
  `${wordings[language].rows.for}${body.replaceAll(/\{\{(\d+)\}\}/g, (_, gap: string) => `{{${Number(gap) + 1}}}`)}`.replace(
    '{name}',
    '{{1}}',
  );

/** A template for one of several patients on a phone. */
export function templateFor(patient: string, template: StandIn): StandIn {
  const { name, language, parameters } = template;
  const named = parameterText(patientName(patient, language));
  return { ...template, name: namedTemplate(name), parameters: [named, ...parameters] };
}

/**
 * What is sent in place of a text when the patient was silent for longer than 24 hours, with the choices that can be pressed. A text
 * that cannot be a template (a list of offers, the words of staff, a gap at either end, choices that differ from patient to
 * patient) becomes `conversation_reopen_1_continue`, which asks for an answer and so opens the conversation again; the text itself
 * is then not said.
 *
 * @throws {Error} a gap of the template has no value, as `renderText`
 */
export function templateOf(
  key: TextKey,
  lang: string,
  values: Readonly<Record<string, TextValue>>,
  choices?: readonly ButtonId[],
): StandIn {
  const language = languageOf(lang);
  const replies = hasTemplate(key) ? quickReplies(key, choices) : null;
  if (replies === null || key === 'conversation.reopen') return reopening(language);
  const parameters = gapsOf(wordings[language].texts[key]).map((gap) =>
    parameterText(gapText(key, gap, lang, values)),
  );
  const name = templateName(key, replies.set);
  return { name, language, parameters, buttons: replies.ids, isReopening: false };
}

/** Every template that `templateOf` may name, to be registered with Meta. */
export function templates(): readonly TemplateToRegister[] {
  const keys = Object.keys(wordings.en.texts).filter(isTextKey).filter(hasTemplate);
  return keys.flatMap((key) =>
    // What has no buttons today may have had none in a release that still runs.
    [[], ...setsOf(key)].flatMap((set: readonly FixedChoice[]) =>
      languages.flatMap((language) => {
        const text = wordings[language].texts[key];
        const gaps = gapsOf(text);
        const body = text.replaceAll(
          /\{(\w+)\}/g,
          (_, gap: string) => `{{${gaps.indexOf(gap) + 1}}}`,
        );
        const buttons = set.map((choice) => buttonTitle(fixedChoices[choice], language));
        const name = templateName(key, set);
        const plain = { name, language, body, parameters: gaps.length, buttons };
        const named = {
          ...plain,
          name: namedTemplate(name),
          body: namedBody(language, body),
          parameters: gaps.length + 1,
        };
        return [plain, named];
      }),
    ),
  );
}
