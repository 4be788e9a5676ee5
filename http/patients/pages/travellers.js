/**
 * The form for everybody's passport data, behind a link we sent. What is filled in stays in this tab until it has arrived: over an
 * error, a broken connection and a reload; it is never in an address, and never shown again from what we keep.
 */
import {
  ask,
  bind,
  claimsOf,
  element,
  firstLanguage,
  language,
  offerLanguages,
  sorted,
  token,
} from './common.js';
import { countries } from './countries.js';
import {
  countryName,
  filledText,
  make,
  said,
  travellerFields,
  words,
} from './travellers-fields.js';

const link = claimsOf(token);
const trip =
  link !== null && Array.isArray(link.childrenAges) && Number.isInteger(link.adults) ? link : null;
const draftKey = `travellers ${trip?.bookingId}`;
const dayText = (day) =>
  new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));

// The draft: in this tab alone, until what was filled in has arrived.

function keepDraft() {
  try {
    sessionStorage.setItem(draftKey, JSON.stringify(forms.map((form) => form.read())));
  } catch {
    // Private windows may have no storage. Then a reload begins anew.
  }
}

function dropDraft() {
  try {
    sessionStorage.removeItem(draftKey);
  } catch {
    // As above.
  }
}

function restoreDraft() {
  try {
    const draft = JSON.parse(sessionStorage.getItem(draftKey) ?? '[]');
    for (const [index, one] of draft.entries()) forms[index]?.write(one);
  } catch {
    // A draft that cannot be read is none.
  }
}

// The page as a whole.

const ages =
  trip === null
    ? []
    : [
        ...Array.from({ length: trip.adults }, () => null),
        ...sorted(trip.childrenAges, (one, other) => other - one),
      ];
let forms = [];
let isSending = false;

function show(...ids) {
  for (const id of ['notice', 'problems', 'form', 'done']) element(id).hidden = !ids.includes(id);
}

let saying = () => '';
function say(text) {
  saying = text;
  element('said').textContent = text(words());
}

/** Nothing can be filled in: why, and what to do. */
function end(text) {
  dropDraft();
  sayNotice(text);
  show('notice');
  element('title').focus();
}

let notice = () => '';
function sayNotice(text) {
  notice = text;
  element('notice').textContent = text(words());
}

const faultText =
  ({ field, code, traveller }) =>
  ({ faults }) =>
    filledText(faults[`${code} ${field}`] ?? faults[code] ?? faults.required, {
      age: ages[traveller - 1] ?? '',
      day: dayText(trip.lastDay),
    });

function clearProblems() {
  for (const form of forms) for (const field of Object.values(form.fields)) field.mark(null);
  problems = [];
}

let problems = [];
function listProblems() {
  const list = problems.map((problem) => {
    const field = forms[problem.traveller - 1].fields[problem.field];
    const whose = filledText(words().traveller, { n: problem.traveller });
    const text = `${whose}, ${field.label(words())}: ${faultText(problem)(words())}`;
    const anchor = make('a', { href: '#', textContent: text });
    anchor.addEventListener('click', (event) => {
      event.preventDefault();
      field.focus();
    });
    return make('li', {}, anchor);
  });
  element('problems-list').replaceChildren(...list);
  element('problems-title').textContent = filledText(words().problems, { n: list.length });
}

function showProblems(found) {
  clearProblems();
  problems = found.filter(({ traveller, field }) => forms[traveller - 1]?.fields[field]);
  for (const problem of problems) {
    forms[problem.traveller - 1].fields[problem.field].mark(faultText(problem));
  }
  listProblems();
  show(...shownWithForm(), 'problems');
  element('problems').focus();
}

let given = null;
const shownWithForm = () => (given === null ? ['form'] : ['notice', 'form']);

const refusals = {
  invalid_token: (w) => w.over,
  link_expired: (w) => w.over,
  travellers_ordered: (w) => w.ordered,
  travellers_over: (w) => w.tripOver,
};

let warnings = [];
function sayDone() {
  const { done, faults, traveller } = words();
  element('done-text').textContent = filledText(done, { n: forms.length });
  const lines = warnings.map((warning) =>
    make('li', {
      textContent: `${filledText(traveller, { n: warning.traveller })}: ${filledText(faults[warning.code], { day: dayText(trip.lastDay) })}`,
    }),
  );
  element('warnings').replaceChildren(...lines);
}

function arrived(body) {
  dropDraft();
  given = body;
  warnings = body.warnings ?? [];
  sayDone();
  say(() => '');
  show('done');
  element('title').focus();
}

async function send() {
  if (isSending) return;
  isSending = true;
  keepDraft();
  element('send').setAttribute('aria-disabled', 'true');
  say((w) => w.sending);
  const { status, body } = await ask('travellers', {
    method: 'POST',
    body: { travellers: forms.map((form) => form.read()) },
  });
  isSending = false;
  element('send').removeAttribute('aria-disabled');
  if (status === 200) return arrived(body);
  say(() => '');
  if (Array.isArray(body?.problems)) return showProblems(body.problems);
  const refusal = refusals[body?.code];
  if (refusal !== undefined) return end(refusal);
  say((w) => (status === 429 ? w.tooOften : w.failed));
}

function sayGiven({ count, at }) {
  sayNotice((w) => filledText(w.given, { n: count, day: dayText(at) }));
}

/** Shows the form, unless the edge says that it is of no use. Whether the link is over is for its clock: the telephone's may be wrong. */
async function open() {
  const { status, body } = await ask('travellers/status', { timeoutMs: 6_000 });
  const refusal =
    refusals[body?.code] ??
    { ordered: refusals.travellers_ordered, over: refusals.travellers_over }[body?.closed];
  if (refusal !== undefined) return end(refusal);
  if (status === 200 && body.given) {
    given = body.given;
    sayGiven(given);
  }
  show(...shownWithForm());
}

function begin() {
  element('languages').hidden = false;
  element('title').hidden = false;
  said(element('language-label'), (w) => w.language);
  bind(() => (document.title = words().title));
  said(element('title'), (w) => w.title);
  said(element('intro'), (w) => w.intro);
  said(element('mrz-hint'), ({ hints }) => hints.names);
  said(element('send'), (w) => w.send);
  said(element('again'), (w) => w.again);
  bind(() => (element('said').textContent = saying(words())));
  bind(() => (element('notice').textContent = notice(words())));
  bind(() => {
    const names = sorted(countries.map(countryName), new Intl.Collator(language()).compare);
    element('countries').replaceChildren(...names.map((name) => new Option(name)));
  });
  bind(listProblems);
  if (trip === null) return end((w) => w.over);
  bind(sayDone);
  forms = ages.map((age, index) => travellerFields(index, age));
  element('travellers').append(...forms.map(({ box }) => box));
  restoreDraft();
  element('form').addEventListener('input', keepDraft);
  element('form').addEventListener('change', keepDraft);
  element('form').addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  element('again').addEventListener('click', () => {
    sayGiven(given);
    clearProblems();
    show(...shownWithForm());
    element('title').focus();
  });
  void open();
}

offerLanguages(element('language'), firstLanguage(trip?.lang));
begin();
