import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { imagingMachine } from '../../machines/imaging.ts';
import { reviewMachine } from '../../machines/review.ts';
import { day, startNested } from './nested.ts';
import { anonymised, clean, leaking, seen, stored, study, uploadKey } from './walk.ts';

const at = '2027-01-01T09:00:00.000Z';

/** The review of one case, stored and read again after every step. */
function startReview(patientId: string | null = null) {
  const walk = startNested({
    machine: reviewMachine.provide({ actors: { imaging: imagingMachine } }),
    input: { caseId: 'case-1', patientId, phone: '491700000001', documents: [] },
    effects: ['findStudies', 'anonymiseStudy', 'inspectStudy', 'analyseStudy'],
  });
  return {
    ...walk,
    consent: (status: 'given' | 'refused') =>
      walk.send({ type: 'consent.changed', purpose: 'health-data', status, lang: 'en', at }),
    documents: (...keys: readonly string[]) =>
      walk.send({
        type: 'documents.changed',
        documents: keys.map((key) => ({ ...stored(''), key })),
      }),
    staff: (type: string, more: object = {}) => walk.send({ type, at, ...more }),
    /** What the case was told since the last time this was asked, as type and what it is about. */
    news: () =>
      (walk.heard() as Record<string, unknown>[]).map(({ type, text, reason, review }) =>
        [type, text, reason, review].filter((part) => typeof part === 'string').join(' '),
      ),
  };
}

/** The patient said what it is about, with the consent to keep it. */
function wanted(patientId: string | null = null) {
  const review = startReview(patientId);
  review.consent('given');
  review.send({ type: 'procedure.told' });
  review.news();
  return review;
}

suite('review', () => {
  test('is wanted by a treatment or a document for the clinic, with the consent to health data', () => {
    const review = startReview();
    assert.deepEqual(review.news(), ['review.changed unneeded']);
    review.documents(uploadKey('passport'));
    review.consent('given');
    assert.equal(review.value(), 'unneeded');
    review.documents(uploadKey('passport'), uploadKey('report'));
    assert.deepEqual([review.value(), review.news()], ['linking', ['review.changed needed']]);
    review.documents();
    assert.deepEqual([review.value(), review.news()], ['unneeded', ['review.changed unneeded']]);
    review.send({ type: 'procedure.told' });
    assert.equal(review.value(), 'linking');
    review.send({ type: 'procedure.forgotten' });
    assert.equal(review.value(), 'unneeded');
  });

  test('looks at images of the linked patient, and keeps what the model saw for the clinic', () => {
    const review = wanted();
    review.staff('staff.linked', { patientId: 'MRN-7' });
    review.answer('findStudies', [study()]);
    review.answer('anonymiseStudy', anonymised());
    review.answer('inspectStudy', clean);
    review.answer('analyseStudy', seen);
    assert.equal(review.value(), 'deciding');
    assert.equal((review.context()['imaging'] as { outcome: string }).outcome, 'analysed');
    review.staff('staff.cleared');
    assert.deepEqual(review.news(), ['review.changed cleared']);
    assert.equal(review.atRest.replayed(), review.atRest.text());
  });

  test('looks at no other patient’s images any longer', () => {
    const review = wanted('MRN-7');
    review.staff('staff.linked', { patientId: 'MRN-8' });
    assert.deepEqual(review.answer('findStudies', []), { patientId: 'MRN-8' });
  });

  test('shows staff what leaks, and forgets it once they had it tried again', () => {
    const review = wanted('MRN-7');
    review.answer('findStudies', [study()]);
    review.answer('anonymiseStudy', anonymised());
    review.answer('inspectStudy', leaking);
    assert.deepEqual(review.news(), ['handOver imaging-held']);
    assert.deepEqual(review.context()['imagingHeld'], {
      heldFor: 'leak',
      tags: ['0008,1030', '0028,0301'],
    });
    review.staff('staff.resume');
    assert.equal(review.context()['imagingHeld'], null);
  });

  test('tells the patient that it is declined, and is forgotten with the consent', () => {
    const review = wanted();
    review.staff('staff.declined');
    assert.deepEqual(review.news(), ['review.changed declined', 'say review.declined']);
    review.consent('refused');
    assert.equal(review.value(), 'declined', 'Staff alone say otherwise');
    review.staff('staff.cleared');
    assert.deepEqual(review.news().at(-1), 'review.changed unneeded');
  });

  test('calls staff when the clinic takes two days', () => {
    const review = wanted();
    review.wait(2 * day);
    assert.deepEqual(review.news(), ['handOver review-late']);
  });
});
