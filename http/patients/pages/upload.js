/**
 * The page behind a link we sent: the token is in the fragment, which no server sees. It asks for a form and posts the
 * file with it, straight to the store. Plain JavaScript, because browsers run it as it is.
 */
import { refusals, texts } from './upload-texts.js';

const primary = navigator.language.split('-')[0];
const lang = primary in texts ? primary : 'en';
const words = texts[lang];
const token = location.hash.slice(1);
const element = (id) => document.getElementById(id);
const say = (key) => (element('said').textContent = words[key]);

/** The kinds the link is for. Only for the page: what may be uploaded the edge decides. */
function kindsIn(jwt) {
  try {
    const [, payload = ''] = jwt.split('.');
    const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(bytes).kinds ?? [];
  } catch {
    return [];
  }
}

/** Only for the page: what may be chosen, so that an iPhone sends a JPEG for its own kind of photo. */
const pictures = ['image/jpeg', 'image/png', 'application/pdf'];
const chosenFrom = (kind) => (kind === 'x-ray' ? [] : pictures).join();

async function codeOf(answer) {
  const text = await answer.text();
  const xml = /<Code>(\w+)<\/Code>/.exec(text);
  if (xml) return xml[1];
  try {
    return JSON.parse(text).code;
  } catch {
    return 'failed';
  }
}

async function upload(kind, file) {
  if (file.size === 0) return 'empty';
  const asked = await fetch('docs-visa/presign', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind, contentType: file.type, size: file.size }),
  });
  if (!asked.ok) return refusals[await codeOf(asked)] ?? 'failed';
  const { url, fields } = await asked.json();
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file); // The store takes no field after it.
  const stored = await fetch(url, { method: 'POST', body: form });
  return stored.ok ? 'done' : (refusals[await codeOf(stored)] ?? 'failed');
}

document.documentElement.lang = lang;
document.documentElement.dir = lang === 'ar' ? 'rtl' : 'ltr';
document.title = words.title;
element('title').textContent = words.title;
element('send').textContent = words.send;
const [kind] = kindsIn(token);
if (kind === undefined) say('linkOver');
else {
  element('file').accept = chosenFrom(kind);
  element('form').hidden = false;
}

async function send(file) {
  element('send').disabled = true;
  say('sending');
  const outcome = await upload(kind, file).catch(() => 'failed');
  say(outcome);
  element('form').hidden = ['done', 'received', 'linkOver'].includes(outcome);
  element('send').disabled = false;
}

element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const [file] = element('file').files;
  if (file !== undefined) void send(file);
});
