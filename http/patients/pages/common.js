/**
 * What all pages for patients share. The link's token is in the fragment, which no server sees. Plain JavaScript, because browsers run
 * it as it is.
 */

/** What we write in, as each calls itself. */
export const languages = {
  tr: 'Türkçe',
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
  ru: 'Русский',
  fr: 'Français',
};

export const element = (id) => document.getElementById(id);

export const token = location.hash.slice(1);

/** What the link says. Only for the page: the edge verifies it. Null where it is none. */
export function claimsOf(jwt) {
  try {
    const [, payload = ''] = jwt.split('.');
    const base64 = payload.replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** A sorted copy. */
export function sorted(list, compare) {
  // oxlint-disable-next-line unicorn/no-array-sort -- telephones of some years ago have no toSorted
  return [...list].sort(compare);
}

/** The language of the link, else the first of the browser's that we write in. */
export function firstLanguage(claimed) {
  const wanted = [claimed, ...(navigator.languages ?? [navigator.language])];
  return wanted.map((one) => String(one).split('-')[0]).find((one) => one in languages) ?? 'en';
}

const bound = [];
let current = 'en';

export const language = () => current;

/** Says something now, and again whenever the language changes. */
export function bind(say) {
  bound.push(say);
  say();
}

function setLanguage(lang) {
  current = lang;
  document.documentElement.lang = lang;
  document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr';
  for (const say of bound) say();
}

/** A list of all languages that changes what the page says, and nothing that was filled in. From now on the page works. */
export function offerLanguages(select, begin) {
  element('starting')?.remove();
  for (const [lang, name] of Object.entries(languages)) {
    const option = new Option(name, lang, false, lang === begin);
    option.lang = lang;
    select.append(option);
  }
  select.addEventListener('change', () => setLanguage(select.value));
  setLanguage(begin);
}

/** `{ status, body }` of JSON, or `{ status: 0 }` where there was no answer. */
export async function ask(path, { method = 'GET', body, timeoutMs = 30_000 } = {}) {
  const late = new AbortController(); // Telephones of some years ago have no AbortSignal.timeout.
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    const answer = await fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      signal: late.signal,
    });
    return { status: answer.status, body: await answer.json() };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
}
