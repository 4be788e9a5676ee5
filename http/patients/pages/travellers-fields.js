/** The fields of the form for travellers: how each is made, read, written, and marked as wrong. */
import { bind, language } from './common.js';
import { aliases, countries } from './countries.js';
import { texts } from './travellers-texts.js';

export const words = () => texts[language()];
/** Values are put in once. */
export const filledText = (text, values = {}) =>
  text.replaceAll(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);
export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Says a text of the page in an element, in whichever language is chosen. */
export function said(into, text) {
  bind(() => (into.textContent = text(words())));
  return into;
}

// Countries: each by its names in all our languages, so that changing the language loses none.

const folded = (text) =>
  text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{P}\p{Cf}\s]/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll('ة', 'ه')
    .replaceAll('ى', 'ي');
const namesIn = (lang) => new Intl.DisplayNames([lang], { type: 'region' });
const codes = new Map(Object.entries(aliases).map(([name, code]) => [folded(name), code]));
for (const lang of Object.keys(texts)) {
  const names = namesIn(lang);
  for (const code of countries) codes.set(folded(names.of(code)), code);
}
for (const code of countries) codes.set(folded(code), code);
/** What is no country is sent as it is, and refused with its field. */
const countryCode = (name) => codes.get(folded(name)) ?? name.trim();
export const countryName = (code) =>
  countries.includes(code) ? namesIn(language()).of(code) : code;

// Fields. Each has what it is called, where its fault is said, and how to read and write it.

let lastId = 0;
const newId = () => `field-${(lastId += 1)}`;

function faultPlace(id) {
  return make('p', { id: `${id}-fault`, className: 'error', hidden: true });
}

/** Marks controls as wrong, or right again. */
function marking(controls, fault, described = []) {
  for (const control of controls) {
    control.setAttribute('aria-describedby', [...described, fault.id].join(' '));
  }
  let say = () => '';
  bind(() => (fault.textContent = say(words())));
  return (text) => {
    say = text ?? (() => '');
    fault.textContent = say(words());
    fault.hidden = text === null;
    for (const control of controls) {
      if (text === null) control.removeAttribute('aria-invalid');
      else control.setAttribute('aria-invalid', 'true');
    }
  };
}

function textField({ label, hint = null, list = null, ...properties }) {
  const id = newId();
  const input = make('input', { id, type: 'text', maxLength: 200, ...properties });
  if (list !== null) input.setAttribute('list', list);
  const fault = faultPlace(id);
  const box = make('div', { className: 'field' });
  box.append(said(make('label', { htmlFor: id }), label));
  const described = [];
  if (hint !== null) {
    box.append(said(make('p', { id: `${id}-hint`, className: 'hint' }), hint));
    described.push(`${id}-hint`);
  }
  box.append(input, fault);
  const mark = marking([input], fault, described);
  return {
    box,
    input,
    label,
    mark,
    focus: () => input.focus(),
    read: () => input.value,
    write: (value) => (input.value = value),
  };
}

/** The passport's Latin spelling: who types another script is told so at once, and nothing is changed. */
function nameField(options) {
  const field = textField({
    className: 'latin',
    dir: 'ltr',
    spellcheck: false,
    autocapitalize: 'characters',
    ...options,
  });
  const advice = make('p', { className: 'hint', hidden: true });
  advice.setAttribute('role', 'status');
  field.box.append(said(advice, ({ hints }) => hints.script));
  const look = () => (advice.hidden = !/(?!\p{Script=Latin})\p{L}/u.test(field.input.value));
  field.input.addEventListener('input', look);
  return { ...field, write: (value) => (field.write(value), look()) };
}

function countryField() {
  const field = textField({
    label: ({ fields }) => fields['passport.issuingCountry'],
    hint: ({ hints }) => hints.country,
    autocomplete: 'off',
    list: 'countries',
    spellcheck: false,
  });
  bind(() => field.write(countryName(countryCode(field.input.value))));
  return {
    ...field,
    read: () => countryCode(field.input.value),
    write: (code) => field.write(countryName(code)),
  };
}

const parts = ['day', 'month', 'year'];

function dayField({ label, autocomplete }) {
  const id = newId();
  const inputs = Object.fromEntries(
    parts.map((part) => {
      const input = make(part === 'month' ? 'select' : 'input', {
        id: `${id}-${part}`,
        autocomplete: autocomplete(part),
      });
      if (part !== 'month') {
        Object.assign(input, {
          type: 'text',
          inputMode: 'numeric',
          maxLength: part === 'day' ? 2 : 4,
        });
      }
      return [part, input];
    }),
  );
  const months = Array.from({ length: 12 }, (_, month) => {
    const option = new Option('', String(month + 1).padStart(2, '0'));
    bind(() => {
      const name = new Intl.DateTimeFormat(language(), { month: 'long', timeZone: 'UTC' });
      option.textContent = `${month + 1} – ${name.format(new Date(Date.UTC(2026, month, 15)))}`;
    });
    return option;
  });
  inputs.month.append(new Option('', ''), ...months);
  const fault = faultPlace(id);
  const box = make('fieldset', { className: 'field' });
  box.append(
    said(make('legend'), label),
    make(
      'div',
      { className: 'day' },
      ...parts.map((part) =>
        make(
          'div',
          {},
          said(make('label', { htmlFor: `${id}-${part}` }), (w) => w[part]),
          inputs[part],
        ),
      ),
    ),
    fault,
  );
  const mark = marking(Object.values(inputs), fault);
  return {
    box,
    label,
    mark,
    focus: () => inputs.day.focus(),
    read: () => {
      const [day, month, year] = parts.map((part) => inputs[part].value.trim());
      if (day === '' && month === '' && year === '') return '';
      return `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    },
    write: (value) => {
      const [year = '', month = '', day = ''] = value.split('-');
      Object.assign(inputs.day, { value: day.replace(/^0+/, '') });
      Object.assign(inputs.month, { value: month });
      Object.assign(inputs.year, { value: year.replace(/^0+/, '') });
    },
  };
}

function sexField() {
  const id = newId();
  const fault = faultPlace(id);
  const radios = ['f', 'm'].map((value) =>
    make('input', { id: `${id}-${value}`, type: 'radio', name: id, value }),
  );
  const box = make('fieldset', { className: 'field' });
  const choices = radios.map((radio) =>
    make(
      'div',
      { className: 'choice' },
      radio,
      said(make('label', { htmlFor: radio.id }), (w) => w.sexes[radio.value]),
    ),
  );
  const label = ({ fields }) => fields.sex;
  const hint = said(make('p', { id: `${id}-hint`, className: 'hint' }), ({ hints }) => hints.sex);
  box.append(
    said(make('legend'), label),
    hint,
    make('div', { className: 'choices' }, ...choices),
    fault,
  );
  return {
    box,
    label,
    mark: marking(radios, fault, [hint.id]),
    focus: () => radios[0].focus(),
    read: () => radios.find(({ checked }) => checked)?.value ?? '',
    write: (value) => radios.forEach((radio) => (radio.checked = radio.value === value)),
  };
}

/** All of one traveller. `age` is null for an adult. */
export function travellerFields(index, age) {
  const completing = (what) => `section-traveller${index + 1} ${what}`;
  const name = (field, autocomplete) =>
    nameField({ label: ({ fields }) => fields[field], autocomplete: completing(autocomplete) });
  const fields = {
    familyName: name('familyName', 'family-name'),
    givenName: name('givenName', 'given-name'),
    bornOn: dayField({
      label: ({ fields: names }) => names.bornOn,
      autocomplete: (part) => completing(`bday-${part}`),
    }),
    sex: sexField(),
    'passport.number': textField({
      label: ({ fields: names }) => names['passport.number'],
      className: 'latin',
      dir: 'ltr',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: false,
    }),
    'passport.issuingCountry': countryField(),
    'passport.expiresOn': dayField({
      label: ({ fields: names }) => names['passport.expiresOn'],
      autocomplete: () => 'off',
    }),
  };
  const oneName = make('input', { id: newId(), type: 'checkbox' });
  const oneNameBox = make(
    'div',
    { className: 'choice' },
    oneName,
    said(make('label', { htmlFor: oneName.id }), ({ hints }) => hints.oneName),
  );
  const showNames = () => (fields.givenName.box.hidden = oneName.checked);
  oneName.addEventListener('change', showNames);
  fields.familyName.box.append(oneNameBox);
  const legend = said(make('legend'), (w) =>
    filledText(age === null ? w.adult : w.child, { n: index + 1, age }),
  );
  const box = make('fieldset', { className: 'traveller' }, legend);
  box.append(...Object.values(fields).map((field) => field.box));
  return {
    box,
    fields,
    read: () => ({
      hasOneName: oneName.checked,
      givenName: oneName.checked ? '' : fields.givenName.read(),
      familyName: fields.familyName.read(),
      bornOn: fields.bornOn.read(),
      sex: fields.sex.read(),
      passport: {
        number: fields['passport.number'].read(),
        issuingCountry: fields['passport.issuingCountry'].read(),
        expiresOn: fields['passport.expiresOn'].read(),
      },
    }),
    write: ({ passport, ...own }) => {
      oneName.checked = own.hasOneName === true;
      showNames();
      for (const [field, value] of [
        ...Object.entries(own),
        ...Object.entries(passport).map(([field, value]) => [`passport.${field}`, value]),
      ]) {
        if (typeof value === 'string') fields[field]?.write(value);
      }
    },
  };
}
