import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { attachmentsMachine } from '../../machines/attachments.ts';
import { startNested } from './nested.ts';
import { stored } from './walk.ts';

const sentAt = '2027-01-01T09:00:00.000Z';

/** The attachments of one case, stored and read again after every step. */
function startAttachments(withdrawnAt: string | null = null) {
  const walk = startNested({
    machine: attachmentsMachine,
    input: { withdrawnAt },
    effects: ['fetchMedia'],
  });
  let sent = 0;
  return {
    ...walk,
    photo(kind: 'image' | 'audio' | 'sticker' = 'image', at = sentAt) {
      sent++;
      const message = { kind, mediaId: `media-${sent}`, sha256: null };
      const messageId = `wamid.${sent}`;
      walk.send({ type: 'whatsapp.inbound', messageId, message, lang: null, at });
    },
    consent: (status: 'given' | 'refused', purposes = ['service', 'health-data']) => {
      for (const purpose of purposes)
        walk.send({ type: 'consent.changed', purpose, status, lang: 'en', at: sentAt });
    },
    waiting: () => (walk.context()['attachments'] as unknown[]).length,
    /** What the case was told since the last time this was asked, as type and what it is about. */
    news: () =>
      (walk.heard() as Record<string, unknown>[]).map(({ type, text, reason, purpose }) =>
        [type, text, reason, purpose].filter((part) => typeof part === 'string').join(' '),
      ),
  };
}

suite('attachments', () => {
  test('wait for the consent to health data, and are fetched one after the other', () => {
    const files = startAttachments();
    files.photo();
    files.photo();
    assert.deepEqual(files.news(), ['consent.needed health-data']);
    files.consent('given', ['health-data']);
    assert.deepEqual(files.waitsFor(), [], 'The service comes first');
    files.consent('given', ['service']);
    assert.deepEqual(files.answer('fetchMedia', stored('1.jpg')), {
      kind: 'image',
      mediaId: 'media-1',
      sha256: null,
      at: sentAt,
    });
    assert.deepEqual(files.heard(), [{ type: 'file.kept', document: stored('1.jpg') }]);
    files.answer('fetchMedia', stored('2.jpg'));
    assert.deepEqual(files.news(), ['file.kept', 'say media.received']);
    assert.deepEqual([files.value(), files.waiting()], ['none', 0]);
    assert.equal(files.atRest.replayed(), files.atRest.text());
  });

  test('are forgotten when the consent is refused, also while one is fetched', () => {
    const waiting = startAttachments();
    waiting.photo();
    const fetching = startAttachments();
    fetching.consent('given');
    fetching.photo();
    for (const files of [waiting, fetching]) {
      files.news();
      files.consent('refused', ['health-data']);
      assert.deepEqual(files.news(), ['say media.refused']);
      assert.deepEqual([files.value(), files.waiting(), files.waitsFor()], ['none', 0, []]);
    }
  });

  test('are forgotten when their message is taken back before they are fetched', () => {
    const files = startAttachments();
    const revoke = (n: number) =>
      files.send({
        type: 'whatsapp.revoked',
        messageId: `wamid.revoked-${n}`,
        originalMessageId: `wamid.${n}`,
        at: sentAt,
      });
    files.photo();
    revoke(1);
    assert.deepEqual([files.value(), files.waiting()], ['none', 0]);
    files.consent('given');
    for (const _ of [2, 3, 4]) files.photo();
    revoke(2);
    revoke(3);
    assert.equal(files.waiting(), 2, 'The first of them is being fetched');
    files.answer('fetchMedia', stored('2.jpg'));
    const { mediaId } = files.answer('fetchMedia', stored('4.jpg')) as { mediaId: string };
    assert.deepEqual([mediaId, files.value()], ['media-4', 'none']);
  });

  test('that cannot be kept are answered; staff see to what the patient cannot mend', () => {
    for (const [code, news] of [
      ['media_too_large', ['say media.tooLarge']],
      ['provider_down', ['say media.failed', 'handOver file-not-readable']],
    ] as const) {
      const files = startAttachments();
      files.consent('given');
      files.photo();
      files.news();
      files.fail('fetchMedia', code);
      assert.deepEqual([files.news(), files.value()], [news, 'none']);
    }
  });

  test('that are spoken go to staff', () => {
    const files = startAttachments();
    files.consent('given');
    files.photo('audio');
    files.news();
    files.answer('fetchMedia', stored('1.ogg'));
    assert.deepEqual(files.news(), ['file.kept', 'handOver voice-or-video']);
  });

  test('are no stickers, and nothing that was sent before the patient withdrew', () => {
    const files = startAttachments('2027-01-01T10:00:00.000Z');
    files.photo();
    files.photo('sticker', '2027-01-01T11:00:00.000Z');
    assert.equal(files.waiting(), 0);
    files.photo('image', '2027-01-01T11:00:00.000Z');
    assert.equal(files.waiting(), 1);
  });

  test('are ten at most', () => {
    const files = startAttachments();
    for (let sent = 0; sent < 11; sent++) files.photo();
    assert.equal(files.waiting(), 10);
    assert.deepEqual(files.news(), ['consent.needed health-data', 'handOver too-many-messages']);
  });
});
