import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { languages } from '../../actors/texts/keys.ts';
import { startDocumentsEdge } from './documents-edge.ts';

const Texts = v.object({
  texts: v.record(v.string(), v.record(v.string(), v.string())),
  refusals: v.record(v.string(), v.string()),
});
const readTexts = async () =>
  v.parse(
    Texts,
    await import(new URL('../../http/patients/pages/upload-texts.js', import.meta.url).href),
  );

suite('the upload page', () => {
  test('is a page that runs nothing but itself and is framed by nobody', async (t) => {
    const { url } = await startDocumentsEdge(t);
    const types: Readonly<Record<string, RegExp>> = {
      '/docs-visa': /^text\/html/,
      '/docs-visa/upload.css': /^text\/css/,
      '/docs-visa/upload.js': /^text\/javascript/,
      '/docs-visa/upload-texts.js': /^text\/javascript/,
    };
    for (const [path, type] of Object.entries(types)) {
      const answer = await fetch(url + path);
      assert.equal(answer.status, 200, path);
      assert.match(answer.headers.get('content-type') ?? '', type);
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'; script-src 'self'/);
      assert.match(policy, /frame-ancestors 'none'/);
      assert.ok((await answer.text()).length > 100);
    }
  });

  test('loads only what the edge serves', async (t) => {
    const { url } = await startDocumentsEdge(t);
    const html = await (await fetch(`${url}/docs-visa`)).text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    assert.deepEqual(loaded, ['docs-visa/upload.css', 'docs-visa/upload.js']);
    assert.doesNotMatch(html, /<script(?![^>]*src=)|\son\w+=|style=/);
  });

  test('tells the patient in each language why a file is refused', async () => {
    const { texts, refusals } = await readTexts();
    assert.deepEqual(Object.keys(texts).toSorted(), [...languages].toSorted());
    const keys = Object.keys(texts['en'] ?? {});
    for (const words of Object.values(texts)) assert.deepEqual(Object.keys(words), keys);
    for (const key of Object.values(refusals)) assert.ok(keys.includes(key), key);
    for (const code of ['document_too_large', 'document_wrong_type', 'link_expired', 'link_used'])
      assert.ok(code in refusals, code);
    for (const code of ['EntityTooLarge', 'AccessDenied']) assert.ok(code in refusals, code);
  });
});
