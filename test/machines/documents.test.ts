import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { documentLimits } from '../../actors/performers/document-links.ts';
import type { DocumentKind } from '../../actors/shapes/documents.ts';
import { documentsMachine } from '../../machines/documents.ts';
import {
  assertFaithful,
  day,
  startNested,
  type Nested,
  type NestedWalk,
  type Step,
} from './nested.ts';

const heardAt = '2027-01-01T09:00:00Z';
const nested: Nested = {
  machine: documentsMachine,
  input: { caseId: 'case-1', tenant: 'anadolu' },
  effects: ['verifyDocument'],
};

const wanted = (kind: DocumentKind) => ({ type: 'document.wanted', kind });
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const keyOf = (kind: DocumentKind, number = 1) => `docs/anadolu/case-1/${kind}-${uuid(number)}.pdf`;
const uploaded = (kind: DocumentKind, number = 1) => uploadedAs(keyOf(kind, number));
const uploadedAs = (key: string) => ({
  type: 'document.uploaded',
  caseId: 'case-1',
  key,
  size: 100,
  checksum: 'etag:1',
});
const resume = { type: 'staff.resume', at: heardAt };

const checked = (key: string) => ({
  key,
  contentType: 'application/pdf',
  size: 100,
  checksum: 'abc',
});
const verified = (kind: DocumentKind, number = 1) => ({
  type: 'document.verified',
  kind,
  ...checked(keyOf(kind, number)),
});
const held = (kind: DocumentKind, heldFor: string) => ({ type: 'documents.held', kind, heldFor });
const expired = (kind: DocumentKind, number = 1) => ({
  type: 'document.expired',
  kind,
  key: keyOf(kind, number),
});
const link = (kind: DocumentKind) => ({ type: 'link', kind });

/** What the parent hears: what is to be said to the patient is told apart from the news. */
function startDocuments() {
  const walk = startNested(nested);
  const news: unknown[] = [];
  const said: unknown[] = [];
  const listen = () => {
    for (const one of walk.heard())
      (/^(?:say|link)$/.test((one as { type: string }).type) ? said : news).push(one);
  };
  return {
    ...walk,
    heard: () => {
      listen();
      return news.splice(0);
    },
    told: () => {
      listen();
      return said.splice(0) as {
        readonly type: string;
        readonly values?: unknown;
        readonly purpose?: string;
      }[];
    },
  };
}

/** Verifies what is being verified. */
const verify = (walk: Pick<NestedWalk, 'answer'>, kind: DocumentKind, number = 1) => {
  const key = keyOf(kind, number);
  assert.deepEqual(walk.answer('verifyDocument', checked(key)), { key, kind });
};

function requested(kind: DocumentKind = 'passport') {
  const walk = startDocuments();
  walk.send(wanted(kind));
  assert.deepEqual(walk.told(), [link(kind)]);
  return walk;
}

suite('documents', () => {
  test('asks for a document with a link, and verifies what comes', () => {
    const walk = requested();
    assert.deepEqual(walk.value(), { requested: 'waiting' });
    walk.send(uploaded('passport'));
    assert.deepEqual(walk.heard(), [], 'Nobody relies on it yet');
    verify(walk, 'passport');
    assert.deepEqual(walk.heard(), [verified('passport')]);
    assert.equal(walk.value(), 'idle');
    assert.deepEqual(walk.timers(), [`expiry.${uuid(1)}`]);
    assert.deepEqual(walk.told(), []);
  });

  test('asks for one at a time, each kind once', () => {
    const walk = requested();
    for (const kind of ['visa', 'passport', 'x-ray', 'visa'] as const) walk.send(wanted(kind));
    assert.deepEqual(walk.told(), []);
    walk.send(uploaded('passport'));
    verify(walk, 'passport');
    assert.deepEqual(walk.told(), [link('visa')]);
    walk.send(uploaded('visa', 2));
    verify(walk, 'visa', 2);
    walk.send(uploaded('x-ray', 3));
    verify(walk, 'x-ray', 3);
    assert.equal(walk.value(), 'idle');
    walk.send(wanted('passport'));
    assert.deepEqual(walk.value(), { requested: 'waiting' }, 'A newer one may be needed');
  });

  test('reminds once after two days, and is held after fourteen', () => {
    const walk = requested();
    walk.wait(2 * day - 1);
    assert.deepEqual(walk.told(), []);
    walk.wait(1);
    assert.deepEqual(walk.told(), [link('passport')]);
    walk.wait(12 * day - 1);
    assert.deepEqual([walk.told(), walk.heard()], [[], []]);
    walk.wait(1);
    assert.deepEqual(walk.heard(), [held('passport', 'not-uploaded')]);
    assert.equal(walk.value(), 'held');
    walk.send(resume);
    assert.deepEqual(walk.told(), [link('passport')]);
    walk.wait(14 * day);
    assert.deepEqual(walk.heard(), [held('passport', 'not-uploaded')]);
    walk.send(uploaded('passport'));
    verify(walk, 'passport');
    assert.deepEqual(walk.heard(), [verified('passport')], 'It came late, but it came');
    assert.equal(walk.value(), 'idle');
  });

  const refusals = {
    media_too_large: ['documents.tooLarge', { limit: 10 }],
    media_wrong_type: ['documents.wrongType', {}],
    media_damaged: ['documents.damaged', {}],
    media_unsafe: ['documents.unsafe', {}],
  } as const;
  for (const [code, [text, values]] of Object.entries(refusals)) {
    test(`says why a document is refused and sends a new link: ${code}`, () => {
      const walk = requested();
      walk.wait(13 * day);
      walk.told();
      walk.send(uploaded('passport'));
      walk.fail('verifyDocument', code);
      assert.deepEqual(walk.told(), [
        { type: 'say', text, values, purpose: 'service' },
        link('passport'),
      ]);
      assert.deepEqual(walk.value(), { requested: 'waiting' });
      walk.wait(13 * day);
      assert.deepEqual(walk.heard(), [], 'The patience begins anew');
      walk.send(uploaded('passport', 2));
      verify(walk, 'passport', 2);
      assert.deepEqual(walk.heard(), [verified('passport', 2)]);
    });
  }

  test('tells the limit of each kind, as the link holds it, under the consent it needs', () => {
    for (const [kind, { maxBytes }] of Object.entries(documentLimits)) {
      const walk = requested(kind as DocumentKind);
      walk.send(uploaded(kind as DocumentKind));
      walk.fail('verifyDocument', 'media_too_large');
      const [message] = walk.told();
      assert.deepEqual(message?.values, { limit: maxBytes / (1_024 * 1_024) });
      const isHealth = kind === 'report' || kind === 'x-ray';
      assert.equal(message?.purpose, isHealth ? 'health-data' : 'service', kind);
    }
  });

  test('is held when an upload cannot be looked into, and tries it again on resume', () => {
    const walk = requested();
    walk.send(uploaded('passport'));
    walk.fail('verifyDocument', 'provider_unreachable');
    assert.deepEqual(walk.heard(), [held('passport', 'not-readable')]);
    walk.send(resume);
    assert.deepEqual(walk.told(), [], 'The patient need not upload it again');
    verify(walk, 'passport');
    assert.deepEqual(walk.heard(), [verified('passport')]);
    assert.equal(walk.value(), 'idle');
  });

  test('takes a newer upload while it is held, and forgets the unreadable one', () => {
    const walk = requested();
    walk.send(uploaded('passport'));
    walk.fail('verifyDocument', 'provider_unreachable');
    walk.heard();
    walk.send(uploaded('passport', 2));
    verify(walk, 'passport', 2);
    assert.deepEqual(walk.heard(), [verified('passport', 2)]);
    assert.equal(walk.value(), 'idle');
  });

  test('says why and begins anew when what came late is refused', () => {
    const walk = requested();
    walk.wait(14 * day);
    walk.heard();
    walk.told();
    walk.send(uploaded('passport'));
    walk.fail('verifyDocument', 'media_wrong_type');
    assert.deepEqual(
      walk.told().map(({ type }) => type),
      ['say', 'link'],
    );
    assert.deepEqual([walk.value(), walk.context()['heldFor']], [{ requested: 'waiting' }, null]);
    walk.wait(14 * day);
    assert.deepEqual(walk.heard(), [held('passport', 'not-uploaded')]);
  });

  test('asks anew on resume when the upload is gone', () => {
    const walk = requested();
    walk.send(uploaded('passport'));
    walk.fail('verifyDocument', 'media_gone');
    assert.deepEqual(walk.heard(), [held('passport', 'not-readable')]);
    walk.send(resume);
    assert.deepEqual(walk.told(), [link('passport')]);
    assert.deepEqual(walk.value(), { requested: 'waiting' });
  });

  test('verifies what nobody asked for while nothing is asked', () => {
    const walk = startDocuments();
    walk.send(uploaded('report'));
    verify(walk, 'report');
    assert.deepEqual(walk.heard(), [verified('report')]);
    walk.send(uploaded('visa'));
    walk.fail('verifyDocument', 'media_damaged');
    assert.deepEqual(
      walk.told().map(({ type }) => type),
      ['say'],
      'No link for what is not asked for',
    );
    assert.equal(walk.value(), 'idle');
    walk.send(uploaded('visa', 2));
    walk.fail('verifyDocument', 'provider_refused');
    assert.deepEqual(walk.heard(), [held('visa', 'not-readable')]);
    walk.send(wanted('passport'));
    walk.send(resume);
    verify(walk, 'visa', 2);
    assert.deepEqual(walk.told(), [link('passport')]);
  });

  test('verifies what nobody asked for while it waits for another', () => {
    const walk = requested();
    walk.send(uploaded('report'));
    walk.send(uploaded('visa'));
    verify(walk, 'report');
    assert.deepEqual(walk.value(), { requested: 'verifying' });
    walk.fail('verifyDocument', 'media_unsafe');
    assert.deepEqual(walk.value(), { requested: 'waiting' });
    assert.deepEqual(
      walk.told().map(({ type }) => type),
      ['say'],
      'The link for the passport still holds',
    );
    walk.wait(14 * day);
    assert.deepEqual(walk.heard(), [verified('report'), held('passport', 'not-uploaded')]);
    walk.send(uploaded('report', 2));
    verify(walk, 'report', 2);
    assert.equal(walk.value(), 'held', 'What is asked for is still missing');
  });

  test('loses no upload when the patience ends while it is verified', () => {
    const walk = requested();
    walk.wait(14 * day - 1);
    walk.told();
    walk.send(uploaded('visa'));
    walk.wait(1);
    assert.deepEqual(walk.heard(), [held('passport', 'not-uploaded')]);
    verify(walk, 'visa');
    assert.deepEqual(walk.heard(), [verified('visa'), held('passport', 'not-uploaded')]);
  });

  test('does not call missing what is being verified', () => {
    const walk = requested();
    walk.wait(2 * day - 1);
    walk.send(uploaded('passport'));
    walk.wait(13 * day);
    assert.deepEqual([walk.told(), walk.heard()], [[], []]);
    walk.fail('verifyDocument', 'media_damaged');
    assert.equal(walk.told().length, 2);
    walk.wait(14 * day);
    assert.deepEqual(walk.heard(), [held('passport', 'not-uploaded')]);
  });

  test('does not ask for what came before its turn', () => {
    const walk = requested();
    walk.send(wanted('visa'));
    walk.send(uploaded('visa'));
    verify(walk, 'visa');
    walk.send(uploaded('passport'));
    verify(walk, 'passport');
    assert.equal(walk.value(), 'idle');
    assert.deepEqual(walk.told(), []);
  });

  test('says when the time of a document is over', () => {
    const walk = requested();
    walk.send(uploaded('passport'));
    verify(walk, 'passport');
    walk.wait(90 * day);
    walk.send(uploaded('visa', 2));
    verify(walk, 'visa', 2);
    walk.heard();
    walk.wait(90 * day - 1);
    assert.deepEqual(walk.heard(), []);
    walk.wait(1);
    assert.deepEqual(walk.heard(), [expired('passport')]);
    assert.deepEqual(walk.context()['verified'], [{ kind: 'visa', ...checked(keyOf('visa', 2)) }]);
    walk.wait(90 * day);
    assert.deepEqual(walk.heard(), [expired('visa', 2)]);
    assert.deepEqual(walk.timers(), []);
  });

  test('begins the time of a document anew when it is uploaded anew', () => {
    const walk = requested();
    for (let round = 0; round < 2; round++) {
      walk.send(uploaded('passport'));
      verify(walk, 'passport');
      walk.wait(100 * day);
    }
    assert.deepEqual(walk.heard(), [verified('passport'), verified('passport')]);
    walk.wait(80 * day);
    assert.deepEqual(walk.heard(), [expired('passport')]);
  });

  test('relies no more on a document that something bad was put in the place of', () => {
    const walk = requested();
    walk.send(uploaded('passport'));
    verify(walk, 'passport');
    walk.send(uploaded('passport'));
    walk.heard();
    walk.fail('verifyDocument', 'media_unsafe');
    assert.deepEqual(walk.heard(), [expired('passport')]);
    assert.deepEqual([walk.context()['verified'], walk.timers()], [[], []]);
  });

  for (const [what, key] of Object.entries({
    'another tenant': keyOf('passport').replace('anadolu', 'other'),
    'another case': keyOf('passport').replace('case-1', 'case-2'),
    'no kind of ours': keyOf('passport').replace('passport', 'selfie'),
    'a name of another form': 'docs/anadolu/case-1/7.0.jpg',
    'a folder more': keyOf('passport').replace('passport-', 'more/passport-'),
  })) {
    test(`takes up no upload to ${what}`, () => {
      const walk = requested();
      walk.send(uploadedAs(key));
      assert.deepEqual(walk.waitsFor(), []);
      assert.deepEqual(walk.value(), { requested: 'waiting' });
    });
  }

  test('stays small in a flood', () => {
    const walk = startDocuments();
    for (let number = 1; number <= 60; number++) {
      walk.send(uploaded('visa', number));
      verify(walk, 'visa', number);
    }
    assert.equal((walk.context()['verified'] as unknown[]).length, 50);
    for (let number = 1; number <= 60; number++) walk.send(uploaded('report', number));
    assert.equal((walk.context()['uploads'] as unknown[]).length, 20);
  });

  const kind = fc.constantFrom<DocumentKind>('passport', 'visa', 'report', 'x-ray');
  const failures = [...Object.keys(refusals), 'media_gone', 'provider_refused', 'not_permitted'];
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 2, arbitrary: kind.map((one) => ({ kind: 'send', event: wanted(one) }) as const) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(kind, fc.integer({ min: 1, max: 3 }))
        .map(([one, number]) => ({ kind: 'send', event: uploaded(one, number) }) as const),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'send', event: resume } as const) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(1, day, 2 * day, 12 * day, 14 * day, 100 * day)
        .map((ms) => ({ kind: 'wait', ms }) as const),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.boolean(), fc.constantFrom(...failures))
        .map(([isGood, code]): Step => ({
          kind: 'answer',
          value: () =>
            isGood
              ? { ok: true, value: checked(keyOf('passport')) }
              : { ok: false, value: { name: 'E', code, message: 'no' } },
        })),
    },
  );

  test('does the same whether or not it is stored after every step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) =>
        assertFaithful(nested, steps),
      ),
      { numRuns: 200 },
    );
  });

  test('comes to rest: after any history nothing waits unseen once staff resume and files can be read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const walk = startDocuments();
        const settle = (isGood: boolean, code: string) => {
          if (walk.waitsFor().length === 0) return;
          const { key } = walk.context()['upload'] as { key: string };
          if (isGood) walk.answer('verifyDocument', checked(key));
          else walk.fail('verifyDocument', code);
        };
        for (const each of steps) {
          if (each.kind === 'wait') walk.wait(each.ms);
          if (each.kind === 'send') walk.send(each.event);
          if (each.kind !== 'answer') continue;
          const { ok, value } = each.value('verifyDocument');
          settle(ok, ok ? '' : (value as { code: string }).code);
        }
        for (let rounds = 0; rounds < 30; rounds++) {
          settle(true, '');
          if (walk.value() === 'held') walk.send(resume);
        }
        const { upload, uploads, unreadable, asked } = walk.context();
        assert.deepEqual([upload, uploads, unreadable], [null, [], []]);
        assert.deepEqual(walk.value(), asked === null ? 'idle' : { requested: 'waiting' });
      }),
      { numRuns: 100 },
    );
  });
});
