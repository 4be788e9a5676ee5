import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import type { StoredActor } from '../../actors/staff/case-view.ts';
import type { CaseEvent, CaseInput } from '../../machines/case-types.ts';
import { openCase } from '../kernel/stored.ts';
import { runs } from '../support/runs.ts';
import { noPorts } from './no-ports.ts';
import { sentOf } from './samples.ts';
import { understandingOf, type Asked } from './understanding.ts';
import {
  anonymised,
  awaitingPayment,
  checkout,
  clean,
  confirmed,
  day,
  deal,
  flights,
  hour,
  inDeciding,
  inImaging,
  inIntake,
  inReview,
  inSearch,
  journeyOf,
  leaking,
  offered,
  paid,
  receipt,
  seen,
  settled,
  isOpen,
  startCase,
  stored,
  study,
  uploadKey,
  verified,
  type Walk,
} from './walk.ts';
import { valueOf, wholeContext } from './whole.ts';

const minute = 60_000;

const regionOf = (walk: Walk, name: 'review' | 'papers' | 'clinicNews') => {
  const { value } = walk.state();
  return isOpen(value) ? value.open[name] : null;
};
const reviewOf = (walk: Walk) => regionOf(walk, 'review');
const contextOf = (walk: Walk) => walk.state().context;
const waitsFor = (walk: Walk) => walk.calls.map(({ name }) => name);
const handedOverFor = (walk: Walk) => contextOf(walk).handedOverFor;
const refused = (code: string) => Object.assign(new Error('no'), { code });

/** Has the archive's study held for what leaks. */
async function inLeak(): Promise<Walk> {
  const walk = inImaging();
  await walk.answer('findStudies', [study()]);
  await walk.answer('anonymiseStudy', anonymised());
  await walk.answer('inspectStudy', leaking);
  return walk;
}

suite('clinical review', () => {
  test('is needed for a procedure or a file, with the consent to health data only', async () => {
    const nothing = inSearch();
    assert.equal(reviewOf(nothing), 'unneeded');

    const unanswered = inIntake();
    unanswered.write('hair');
    unanswered.write('from Berlin, 2027-02-01, 2 adults');
    unanswered.press('trip:yes');
    assert.deepEqual(
      [reviewOf(unanswered), journeyOf(unanswered)],
      ['unneeded', { searching: 'begun' }],
    );
    unanswered.press('consent:health-data:no');
    assert.deepEqual(
      [reviewOf(unanswered), journeyOf(unanswered)],
      ['unneeded', { searching: 'begun' }],
    );

    const procedure = inReview();
    assert.deepEqual([reviewOf(procedure), journeyOf(procedure)], ['linking', 'clinicalReview']);
    assert.ok(procedure.has('clinical-review'));
    assert.deepEqual(procedure.calls, [], 'No flights are searched');

    const file = inIntake();
    file.photo();
    file.press('consent:health-data:yes');
    assert.equal(reviewOf(file), 'unneeded');
    await file.answer('fetchMedia', stored('2.1.jpg'));
    assert.equal(reviewOf(file), 'linking');
  });

  test('is no matter of a passport', async () => {
    const walk = inIntake();
    walk.photo();
    walk.press('consent:health-data:yes');
    await walk.fail('fetchMedia', refused('media_damaged'));
    walk.upload(uploadKey('passport'));
    await walk.answer('verifyDocument', verified(uploadKey('passport')));
    assert.equal(contextOf(walk).documents.length, 1);
    assert.equal(reviewOf(walk), 'unneeded');
    walk.upload(uploadKey('x-ray'));
    await walk.answer('verifyDocument', verified(uploadKey('x-ray')));
    assert.equal(reviewOf(walk), 'linking');
  });

  test('is waited for once all is known, and the patient told, also in answer to what they write', () => {
    const walk = inIntake();
    walk.write('hair');
    walk.press('consent:health-data:yes');
    walk.press('consent:transfer-abroad:no');
    walk.said();
    walk.write('from Berlin, 2027-02-01, 2 adults');
    const [readBack] = walk.sent;
    assert.equal(readBack?.purpose, 'health-data', 'It names the treatment');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:yes');
    assert.deepEqual(walk.said(), ['review.waiting']);
    walk.write('hm');
    assert.deepEqual(walk.said(), ['review.waiting']);
    walk.write('thanks');
    assert.deepEqual(walk.said(), []);
    walk.write('how long does it take?');
    assert.deepEqual(walk.said(), ['staff.handover']);
    walk.write('hm');
    assert.deepEqual(walk.said(), [], 'The bot does not talk over staff');
  });

  test('takes a case back from its search and its offer when the consent comes late', async () => {
    for (const walkThere of [inSearch, offered]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const walk = await walkThere();
      walk.write('hair');
      walk.said();
      walk.press('consent:health-data:yes');
      assert.equal(journeyOf(walk), 'clinicalReview');
      assert.deepEqual(walk.said().toSorted(), [
        'consent.noted',
        'consent.transfer-abroad.1',
        'review.waiting',
      ]);
      assert.deepEqual(walk.calls, []);
      walk.press('offer:1');
      assert.equal(journeyOf(walk), 'clinicalReview');
      walk.staff('staff.cleared');
      assert.deepEqual(journeyOf(walk), { searching: 'begun' });
    }
  });

  test('takes a case back from a failed search without searching again', async () => {
    const walk = inSearch();
    walk.write('hair');
    await walk.fail('searchFlights');
    walk.said();
    walk.press('consent:health-data:yes');
    assert.equal(journeyOf(walk), 'clinicalReview');
    walk.staff('staff.resume');
    assert.deepEqual(walk.calls, []);
    assert.ok(!walk.said().includes('flights.searching'));
  });

  test('does not hold up what is booked', async () => {
    const walk = await awaitingPayment();
    walk.write('hair');
    walk.press('consent:health-data:yes');
    assert.deepEqual([reviewOf(walk), journeyOf(walk)], ['linking', 'booking']);
  });

  test('knows the patient who was linked before it was needed', () => {
    const walk = inIntake();
    walk.link({ patientId: 'MRN-7' });
    assert.equal(reviewOf(walk), 'unneeded');
    walk.write('hair');
    assert.deepEqual(waitsFor(walk), []);
    walk.press('consent:health-data:yes');
    assert.equal(reviewOf(walk), 'imaging');
    const asked = walk.calls.map((call) => [call.name, call.input]);
    assert.deepEqual(asked, [['findStudies', { patientId: 'MRN-7' }]]);
  });

  test('waits for a patient who is linked after, and not for the deal', () => {
    const walk = inReview();
    walk.link({ dealId: 'deal-9' });
    assert.equal(reviewOf(walk), 'linking');
    walk.link({ patientId: 'MRN-7' });
    assert.equal(reviewOf(walk), 'imaging');
    const { patientId, dealId } = contextOf(walk).clinic;
    assert.deepEqual([patientId, dealId], ['MRN-7', 'deal-9']);
    assert.deepEqual(walk.said(), []);
  });

  test('never goes on with the images of a patient who was linked by mistake', async () => {
    const walk = await inLeak();
    walk.link({ patientId: 'MRN-8' });
    assert.equal(contextOf(walk).imagingHeld, null);
    const asked = walk.calls.map((call) => [call.name, call.input]);
    assert.deepEqual(asked, [['findStudies', { patientId: 'MRN-8' }]]);
    walk.link({ patientId: 'MRN-8', dealId: 'deal-9' });
    assert.deepEqual(waitsFor(walk), ['findStudies', 'readDeal'], 'The same again changes nothing');
    const decided = await inDeciding();
    decided.link({ dealId: 'deal-9' });
    assert.equal(reviewOf(decided), 'deciding');
    decided.link({ patientId: 'MRN-8' });
    assert.deepEqual([reviewOf(decided), contextOf(decided).imaging], ['imaging', null]);
  });

  test('finds, anonymises, inspects and has read a study, and keeps the findings for the clinic', async () => {
    const walk = inImaging();
    const phone = '491700000001';
    assert.deepEqual(await walk.answer('findStudies', [study()]), { patientId: 'MRN-7' });
    assert.deepEqual(await walk.answer('anonymiseStudy', anonymised()), {
      studyId: 'study-1',
      pseudonym: 'P-case1',
    });
    assert.deepEqual(await walk.answer('inspectStudy', clean), {
      study: anonymised(),
      patientId: 'MRN-7',
      phone,
    });
    assert.deepEqual(await walk.answer('analyseStudy', seen), { reference: clean.reference });
    assert.equal(reviewOf(walk), 'deciding');
    assert.deepEqual(contextOf(walk).imaging, {
      outcome: 'analysed',
      study: { studyId: 'study-1', date: '2027-01-01', modalities: ['DX'], instances: 2 },
      anonymisedStudyId: 'copy-1',
      model: { name: 'knee', version: '3' },
      findings: [{ label: 'fracture', confidence: 0.9 }],
    });
    assert.equal(journeyOf(walk), 'clinicalReview', 'The clinic decides, not the model');
    walk.staff('staff.cleared');
    await walk.answer('searchFlights', flights(2));
    assert.doesNotMatch(JSON.stringify(walk.sent), /fracture|knee|copy-1|study-1|MRN-7/);
  });

  test('looks again for a study that is not there yet', async () => {
    const walk = inImaging();
    await walk.answer('findStudies', []);
    assert.deepEqual(walk.calls, []);
    walk.clock.increment(10 * minute);
    await walk.answer('findStudies', [study()]);
    assert.deepEqual(waitsFor(walk), ['anonymiseStudy']);
  });

  test('shows staff which tags leak, and nobody else', async () => {
    const walk = await inLeak();
    assert.deepEqual(contextOf(walk).imagingHeld, {
      heldFor: 'leak',
      tags: ['0008,1030', '0028,0301'],
    });
    assert.equal(handedOverFor(walk), 'imaging-held');
    assert.ok(walk.has('with-staff'));
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.deepEqual(walk.sent, []);
    assert.deepEqual(walk.calls, [], 'Nothing leaves');
  });

  test('goes on from where it was held when staff say so', async () => {
    const walk = await inLeak();
    walk.staff('staff.resume');
    assert.equal(contextOf(walk).imagingHeld, null);
    assert.ok(!walk.has('with-staff'));
    await walk.answer('anonymiseStudy', anonymised());
    await walk.answer('inspectStudy', clean);
    await walk.answer('analyseStudy', seen);
    assert.equal(reviewOf(walk), 'deciding');
  });

  test('is decided without images when staff skip them, or before they are there', async () => {
    const skipped = await inLeak();
    skipped.staff('staff.skipImaging');
    assert.equal(reviewOf(skipped), 'deciding');
    assert.equal(contextOf(skipped).imaging?.outcome, 'none');
    assert.equal(contextOf(skipped).imagingHeld, null);
    skipped.staff('staff.cleared');
    assert.deepEqual(journeyOf(skipped), { searching: 'begun' });
    for (const walk of [inReview(), inImaging()]) {
      walk.staff('staff.cleared');
      assert.deepEqual([reviewOf(walk), journeyOf(walk)], ['cleared', { searching: 'begun' }]);
      assert.deepEqual(waitsFor(walk), ['searchFlights'], 'The archive is not asked any more');
    }
  });

  test('when cleared lets flights be offered, and is not asked for again', async () => {
    const walk = await inDeciding();
    walk.staff('staff.cleared');
    assert.deepEqual(walk.said(), ['flights.searching']);
    await walk.answer('searchFlights', flights(2));
    assert.equal(journeyOf(walk), 'offer');
    walk.photo();
    await walk.answer('fetchMedia', stored('9.1.jpg'));
    assert.deepEqual([reviewOf(walk), journeyOf(walk)], ['cleared', 'offer']);
    assert.ok(!walk.has('clinical-review'));
  });

  test('when declined is told in words of its own, and the case waits for staff', async () => {
    const walk = await inDeciding();
    walk.staff('staff.declined');
    assert.deepEqual(walk.said(), ['review.declined']);
    assert.deepEqual([reviewOf(walk), journeyOf(walk)], ['declined', 'clinicalReview']);
    walk.clock.increment(30 * day);
    assert.deepEqual([walk.said(), walk.calls], [[], []]);
    walk.write('hm');
    assert.deepEqual(walk.said(), ['staff.handover'], 'What they write goes to staff');
    walk.staff('staff.cleared');
    assert.deepEqual(walk.said(), ['flights.searching']);
  });

  test('when declined after all takes the offer back, and says so once', async () => {
    const walk = await inDeciding();
    walk.staff('staff.cleared');
    await walk.answer('searchFlights', flights(2));
    walk.said();
    walk.staff('staff.declined');
    assert.deepEqual(walk.said(), ['review.declined']);
    assert.equal(journeyOf(walk), 'clinicalReview');
    walk.press('offer:1');
    assert.equal(contextOf(walk).booking, null);
  });

  test('when declined stays so for a patient who takes the consent back, or was still asked for the trip', () => {
    const walk = inReview();
    walk.staff('staff.declined');
    walk.press('consent:health-data:no');
    assert.deepEqual([journeyOf(walk), walk.calls], ['clinicalReview', []]);
    walk.staff('staff.cleared');
    assert.deepEqual([reviewOf(walk), journeyOf(walk)], ['unneeded', { searching: 'begun' }]);
    const early = inIntake();
    early.write('hair');
    early.press('consent:health-data:yes');
    early.press('consent:transfer-abroad:no');
    early.staff('staff.declined');
    early.said();
    early.write('from Berlin, 2027-02-01, 2 adults');
    early.write('yes');
    assert.deepEqual(early.said(), ['intake.confirm', 'review.declined']);
    assert.equal(journeyOf(early), 'clinicalReview');
  });

  test('is taken back with the consent to health data, and its findings are forgotten', async () => {
    for (const walk of [inReview(), inImaging(), await inLeak(), await inDeciding()]) {
      walk.press('consent:health-data:no');
      assert.deepEqual([reviewOf(walk), journeyOf(walk)], ['unneeded', { searching: 'begun' }]);
      assert.deepEqual(waitsFor(walk), ['searchFlights']);
      const { imaging, imagingHeld, trip } = contextOf(walk);
      assert.deepEqual([imaging, imagingHeld, trip.procedure], [null, null, null]);
      walk.staff('staff.cleared');
      assert.equal(reviewOf(walk), 'unneeded');
    }
    const cleared = await inDeciding();
    cleared.staff('staff.cleared');
    cleared.press('consent:health-data:no');
    assert.deepEqual([reviewOf(cleared), journeyOf(cleared)], ['unneeded', { searching: 'begun' }]);
    assert.equal(contextOf(cleared).imaging, null);
    cleared.press('consent:health-data:yes');
    assert.equal(reviewOf(cleared), 'unneeded', 'There is nothing to look at');
    cleared.write('hair');
    assert.deepEqual([reviewOf(cleared), journeyOf(cleared)], ['imaging', 'clinicalReview']);
  });

  test('goes to staff when it is late: after two days, and not a millisecond before', async () => {
    for (const walkThere of [inReview, inImaging, inDeciding]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const walk = await walkThere();
      if (walk.calls.length > 0) await walk.answer('findStudies', []); // oxlint-disable-line no-await-in-loop -- in order
      walk.clock.increment(2 * day - 1);
      assert.equal(handedOverFor(walk), null);
      walk.clock.increment(1);
      assert.equal(handedOverFor(walk), 'review-late');
      assert.ok(walk.has('with-staff'));
    }
  });
});

suite('papers', () => {
  const passport = uploadKey('passport');
  const report = uploadKey('report');

  test('begin with the passport, once the booking is confirmed', async () => {
    const before = await awaitingPayment();
    assert.deepEqual([regionOf(before, 'papers'), before.linked()], ['none', []]);
    const walk = await confirmed();
    const { recipient, lang, heardAt } = contextOf(walk);
    assert.deepEqual(walk.links, [{ recipient, lang, heardAt, kind: 'passport' }]);
    assert.deepEqual(walk.said(), ['booking.confirmed']);
    walk.clock.increment(2 * day);
    assert.deepEqual(walk.linked(), ['passport', 'passport'], 'Recalled once');
  });

  test('are kept once they are verified', async () => {
    const walk = await confirmed();
    walk.linked();
    walk.upload(passport);
    assert.deepEqual(await walk.answer('verifyDocument', verified(passport)), {
      key: passport,
      kind: 'passport',
    });
    const { key, size, checksum, contentType } = verified(passport);
    assert.deepEqual(contextOf(walk).documents, [{ key, size, checksum, contentType }]);
    walk.clock.increment(20 * day);
    assert.deepEqual([walk.linked(), handedOverFor(walk)], [[], null]);
  });

  test('of the same name are kept as they are now', async () => {
    const walk = await confirmed();
    for (const size of [1, 2]) {
      walk.upload(passport);
      // oxlint-disable-next-line no-await-in-loop -- in order
      await walk.answer('verifyDocument', { ...verified(passport), size });
    }
    assert.deepEqual(
      contextOf(walk).documents.map((document) => document.size),
      [2],
    );
  });

  test('that are refused are told with the reason, and asked for again', async () => {
    for (const [code, text] of [
      ['media_too_large', 'documents.tooLarge'],
      ['media_wrong_type', 'documents.wrongType'],
      ['media_damaged', 'documents.damaged'],
      ['media_unsafe', 'documents.unsafe'],
    ] as const) {
      const walk = await confirmed(); // oxlint-disable-line no-await-in-loop -- one after the other
      walk.said();
      walk.linked();
      walk.upload(passport);
      await walk.fail('verifyDocument', refused(code)); // oxlint-disable-line no-await-in-loop -- in order
      assert.deepEqual([walk.said(), walk.linked()], [[text], ['passport']]);
      assert.deepEqual(contextOf(walk).documents, []);
      assert.equal(handedOverFor(walk), null);
    }
  });

  test('that nobody can look into, or that never come, go to staff', async () => {
    const walk = await confirmed();
    walk.upload(passport);
    await walk.fail('verifyDocument', refused('provider_refused'));
    assert.equal(handedOverFor(walk), 'document-held');
    walk.staff('staff.resume');
    await walk.answer('verifyDocument', verified(passport));
    assert.equal(contextOf(walk).documents.length, 1);
    const waiting = await confirmed();
    waiting.clock.increment(14 * day);
    assert.equal(handedOverFor(waiting), 'document-held');
  });

  test('are dropped when their time is over', async () => {
    const walk = inIntake();
    walk.write('!!');
    walk.write('!!'); // With staff, so that it sleeps by no timer.
    walk.upload(passport);
    await walk.answer('verifyDocument', verified(passport));
    walk.clock.increment(180 * day - 1);
    assert.equal(contextOf(walk).documents.length, 1);
    walk.clock.increment(1);
    assert.deepEqual(contextOf(walk).documents, []);
  });

  test('are asked for by staff, of any kind and at any time', () => {
    const walk = inIntake();
    walk.askDocument('report');
    assert.deepEqual(walk.linked(), ['report']);
    walk.askDocument('visa');
    walk.askDocument('visa');
    assert.deepEqual(walk.linked(), [], 'One after the other');
    walk.upload(report);
    assert.deepEqual(waitsFor(walk), ['verifyDocument']);
  });

  test('uploaded unasked are looked into, and those of others are not', async () => {
    const walk = inIntake();
    walk.upload('docs/anadolu/case-2/report-0190b7a4-0000-7000-8000-000000000001.pdf');
    assert.deepEqual(walk.calls, []);
    walk.upload(report);
    await walk.answer('verifyDocument', verified(report));
    assert.equal(contextOf(walk).documents[0]?.key, report);
    assert.deepEqual([walk.linked(), handedOverFor(walk)], [[], null]);
  });
});

suite('the clinic’s news', () => {
  const told = {
    dealId: 'deal-9',
    caseId: 'case-1',
    booking: { bookingId: 'case-1-b1', adults: 2, children: 0 },
    flights: flights(1).offers[0]?.legs,
    total: { amountMinor: '21000', currency: 'EUR' },
  };

  test('are the flights, told once after payment, when the deal is linked before', async () => {
    const walk = await awaitingPayment();
    walk.link({ dealId: 'deal-9' });
    walk.payment('paid');
    assert.ok(!waitsFor(walk).includes('tellClinic'), 'A webhook alone is no payment');
    await walk.answer('readPayment', paid());
    assert.deepEqual(await walk.answer('tellClinic', receipt), told);
    assert.equal(regionOf(walk, 'clinicNews'), 'told');
    walk.link({ dealId: 'deal-9' });
    walk.staff('staff.resume');
    walk.staff('staff.arrived');
    assert.deepEqual(waitsFor(walk), ['readDeal']);
  });

  test('are told also where the provider has no name for the payment', async () => {
    const walk = await awaitingPayment();
    walk.link({ dealId: 'deal-9' });
    walk.payment('paid');
    await walk.answer('readPayment', paid({ paymentId: null }));
    assert.deepEqual(await walk.answer('tellClinic', receipt), told);
  });

  test('are told when the deal is linked after', async () => {
    const walk = await confirmed();
    walk.link({ patientId: 'MRN-7' });
    assert.deepEqual(walk.calls, []);
    walk.link({ dealId: 'deal-9' });
    assert.deepEqual(await walk.answer('tellClinic', receipt), told);
    assert.equal(regionOf(walk, 'clinicNews'), 'told');
  });

  test('that cannot be told go to staff, and are told when they resume', async () => {
    const walk = await confirmed();
    walk.link({ dealId: 'deal-9' });
    await walk.fail('tellClinic', refused('provider_refused'));
    assert.equal(regionOf(walk, 'clinicNews'), 'untold');
    assert.equal(handedOverFor(walk), 'clinic-not-told');
    walk.link({ dealId: 'deal-10' });
    walk.staff('staff.resume');
    const input = await walk.answer('tellClinic', receipt);
    assert.deepEqual(input, { ...told, dealId: 'deal-10' });
    assert.equal(regionOf(walk, 'clinicNews'), 'told');
  });
});

suite('a stop', () => {
  const places: Readonly<Record<string, () => Walk | Promise<Walk>>> = {
    'an unlinked review': inReview,
    imaging: inImaging,
    'a held study': inLeak,
    'a decision': inDeciding,
    'a declined review': () => {
      const walk = inReview();
      walk.staff('staff.declined');
      return walk;
    },
    'a document asked for': () => {
      const walk = inIntake();
      walk.askDocument('report');
      return walk;
    },
    'a verification': () => {
      const walk = inIntake();
      walk.upload(uploadKey('report'));
      return walk;
    },
    'telling the clinic': async () => {
      const walk = await confirmed();
      walk.link({ dealId: 'deal-9' });
      return walk;
    },
  };
  for (const [place, walkThere] of Object.entries(places)) {
    test(`in ${place} ends it all, and nothing is sent`, async () => {
      const walk = await walkThere();
      walk.said();
      walk.linked();
      walk.write('STOP');
      assert.ok(walk.has('consent-withdrawn'));
      assert.deepEqual(walk.calls, []);
      assert.deepEqual(Object.keys(walk.state().children), [
        'conversation',
        'sales',
        'attention',
        'companions',
      ]);
      const { imaging, imagingHeld, trip } = contextOf(walk);
      assert.deepEqual([imaging, imagingHeld, trip.procedure], [null, null, null]);
      walk.link({ patientId: 'MRN-9', dealId: 'deal-9' });
      walk.askDocument('passport');
      walk.upload(uploadKey('x-ray'));
      for (const type of ['staff.resume', 'staff.cleared', 'staff.declined'] as const)
        walk.staff(type);
      walk.clock.increment(29 * day);
      await settled();
      assert.deepEqual(walk.said(), ['conversation.stopped']);
      assert.deepEqual([walk.linked(), walk.calls], [[], []]);
    });
  }

  test('before the patient writes anew leaves no review behind', async () => {
    const walk = await inDeciding();
    walk.staff('staff.declined');
    walk.write('STOP');
    walk.write('I changed my mind');
    assert.deepEqual([reviewOf(walk), contextOf(walk).review], ['unneeded', 'unneeded']);
    assert.deepEqual([regionOf(walk, 'papers'), regionOf(walk, 'clinicNews')], ['none', 'nothing']);
  });
});

/** One happening of a case that is played twice: in memory, and out of JSON and back before and after each step. */
type Step =
  | { readonly kind: 'send'; readonly event: CaseEvent }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The answer to what is asked for longest. */
  | { readonly kind: 'answer'; readonly ok: boolean };

const input: CaseInput = {
  tenant: 'anadolu',
  caseId: 'case-1',
  contact: { userId: null, phone: '491700000001' },
  lang: 'en',
};

function answerTo(name: string, asked: unknown): unknown {
  if (name === 'understand') return understandingOf(asked as Asked);
  if (name === 'verifyDocument') return verified((asked as { key: string }).key);
  const answers: Readonly<Record<string, unknown>> = {
    fetchMedia: stored('7.0.jpg'),
    searchFlights: flights(2),
    openCheckout: checkout(),
    readPayment: paid(),
    findStudies: [study()],
    anonymiseStudy: anonymised(),
    inspectStudy: clean,
    analyseStudy: seen,
    tellClinic: receipt,
    readDeal: deal,
    comparePlan: { isPlanned: true, differences: [] },
  };
  return answers[name];
}

const failure = { name: 'E', code: 'media_damaged', message: 'no' };

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

/** Where the machines of a tree stand and what they know; effects are compared as what is asked for. */
const machinesIn = ({ value, context, children = {} }: StoredActor): unknown => [
  value,
  context,
  Object.fromEntries(
    Object.entries(children).flatMap(([id, child]) =>
      child?.snapshot?.context === undefined ? [] : [[id, machinesIn(child.snapshot)]],
    ),
  ),
];

/** Plays the steps both ways, and compares after each: states, contexts, what is said and what is asked for. */
async function assertSame(steps: readonly Step[]): Promise<StoredActor> {
  const walk = startCase();
  walk.readByHand();
  walk.sendByHand();
  let delivered = 0;
  const effects = Object.keys(journeyPerformers(noPorts));
  const atRest = openCase(journeyMachines, effects);
  atRest.activate([{ create: { machine: 'case', input } }]);
  const over = new Set<string>();
  const waiting = () =>
    atRest.effects.filter(
      ({ kind, effectId, cancelled }) =>
        kind === 'invoke' &&
        !cancelled &&
        !over.has(effectId) &&
        !atRest.abandoned.includes(effectId),
    );
  const snapshot = () => atRest.envelope().snapshot as StoredActor;
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'send') {
      walk.send(step.event);
      assert.deepEqual(atRest.send({ ...step.event }).deadLetters, []);
    } else if (step.kind === 'wait') {
      walk.clock.increment(step.ms);
      atRest.wait(step.ms);
      assert.deepEqual(atRest.activate().deadLetters, []);
    } else {
      const [call] = walk.calls;
      if (call !== undefined) {
        const effect = waiting().find(({ name }) => name === call.name) ?? assert.fail(call.name);
        over.add(effect.effectId);
        const value = step.ok ? answerTo(call.name, call.input) : failure;
        // oxlint-disable-next-line no-await-in-loop -- in order
        await (step.ok ? walk.answer(call.name, value) : walk.fail(call.name, value));
        assert.deepEqual(atRest.settle(effect.effectId, step.ok, value).deadLetters, []);
      }
    }
    await settled(); // oxlint-disable-line no-await-in-loop -- in order
    for (; delivered < walk.questions.length; delivered++) {
      const sent = sentOf(walk.questions[delivered] ?? '', '2027-01-01T09:00:00.000Z');
      walk.send(sent);
      atRest.send(sent);
    }
    const place = `step ${index + 1}: ${JSON.stringify(step)}`;
    const inMemory = walk.actor.getPersistedSnapshot() as unknown as StoredActor;
    assert.deepEqual(machinesIn(snapshot()), json(machinesIn(inMemory)), place);
    const said = (names: readonly string[]) =>
      atRest.effects
        .filter(({ name }) => names.includes(name))
        .map((effect) => {
          const { asks: _asks, ...input } = JSON.parse(effect.input) as Record<string, unknown>;
          return input;
        });
    assert.deepEqual(said(['sendMessage']), json(walk.sent), place);
    assert.deepEqual(said(['sendDocumentLink']), json(walk.links), place);
    assert.deepEqual(said(['recordConsent']), json(walk.recorded), place);
    const asked = (call: { readonly name: string; readonly input: unknown }) =>
      `${call.name} ${JSON.stringify(call.input)}`;
    assert.deepEqual(
      waiting()
        .map(({ name, input }) => `${name} ${input}`)
        .toSorted(),
      walk.calls.map(asked).toSorted(),
      place,
    );
  }
  assert.equal(atRest.replayed(), atRest.text(), 'A replay gives the same, byte for byte');
  return snapshot();
}

const start = Date.parse('2027-01-01T09:00:00Z');
/** Messages and words of staff, a second apart in the order they are made. */
function says() {
  let made = 0;
  const at = () => new Date(start + 1_000 * made).toISOString();
  const inbound = (message: Extract<CaseEvent, { type: 'whatsapp.inbound' }>['message']): Step => {
    made++;
    const event = { messageId: `wamid.${made}`, message, lang: null, at: at() };
    return { kind: 'send', event: { type: 'whatsapp.inbound', ...event } };
  };
  return {
    text: (words: string) => inbound({ kind: 'text', text: words }),
    button: (id: string) => inbound({ kind: 'button', id }),
    photo: () => inbound({ kind: 'image', mediaId: 'media-1', sha256: null }),
    send: (event: object): Step => ({ kind: 'send', event: { at: at(), ...event } as CaseEvent }),
  };
}

const answered: Step = { kind: 'answer', ok: true };
const failed: Step = { kind: 'answer', ok: false };
const uploaded = (kind: 'passport' | 'x-ray') => ({
  type: 'document.uploaded',
  key: uploadKey(kind),
  size: 2_048,
  checksum: 'etag:1',
});
const wordsOfPayment = {
  type: 'payment.notified',
  provider: 'stripe',
  notice: 'paid',
  checkoutId: 'cs_case-1-b1',
  bookingId: 'case-1-b1',
  paymentId: null,
  at: '2027-01-01T09:30:00.000Z',
};

/** From the first message to a clinic that knows the flights and a passport that is kept. */
function wholeWay(): readonly Step[] {
  const { text, button, send } = says();
  const hours: Step = { kind: 'wait', ms: 3 * hour };
  const resumed = send({ type: 'staff.resume' });
  const linked = send({ type: 'staff.linked', patientId: 'MRN-7', dealId: 'deal-9' });
  return [
    [text('Hello'), answered, button('consent:service:yes'), text('hair'), answered],
    [button('consent:health-data:yes'), button('consent:transfer-abroad:no')],
    [text('from Berlin, 2027-02-01, 2 adults'), answered, button('trip:yes')],
    [linked, failed, resumed, answered, answered, answered, answered, answered],
    [send({ type: 'staff.cleared' }), answered, button('offer:1'), answered],
    [send(wordsOfPayment), answered, failed, resumed, answered, answered],
    [send(uploaded('passport')), answered, hours, send({ type: 'staff.arrived' })],
  ].flat();
}

suite('the clinic’s side of a case', () => {
  test('comes to the same whether or not it was stored in between, from end to end', async () => {
    const snapshot = await assertSame(wholeWay());
    const { open } = valueOf(snapshot) as { open: Readonly<Record<string, unknown>> };
    const { journey, review, papers, clinicNews, deal: dealRegion } = open;
    assert.deepEqual(
      [journey, review, papers, clinicNews, dealRegion],
      ['treatment', 'cleared', 'kept', 'told', 'kept'],
    );
    assert.equal(wholeContext(snapshot).documents.length, 1);
    const under = (id: string) => Object.keys(snapshot.children?.[id]?.snapshot?.children ?? {});
    assert.deepEqual(
      [under('sales'), under('clinic'), snapshot.children?.['documents']?.src],
      [['case-1-b1', 'case-1-b1-i1'], ['deal'], 'documents'],
    );
  });

  test('comes to the same whatever happens on the way', async () => {
    const happenings = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constant('answered' as const) },
        fc.constantFrom(
          'failed' as const,
          'hair' as const,
          'photo' as const,
          'hour' as const,
          'twoDays' as const,
          'passport' as const,
          'x-ray' as const,
          'yes' as const,
          'no' as const,
          'linked' as const,
          'relinked' as const,
          'visa' as const,
          'resume' as const,
          'skip' as const,
          'cleared' as const,
          'declined' as const,
          'offer' as const,
          'stop' as const,
        ),
      ),
      { maxLength: 16 },
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(wholeWay().length), happenings, async (ahead, names) => {
        const { text, button, photo, send } = says();
        for (let said = 0; said < 10; said++) text(''); // Later than the way that goes ahead.
        const steps = {
          answered: () => answered,
          failed: () => failed,
          hair: () => text('hair'),
          photo,
          hour: (): Step => ({ kind: 'wait', ms: hour }),
          twoDays: (): Step => ({ kind: 'wait', ms: 2 * day }),
          passport: () => send(uploaded('passport')),
          'x-ray': () => send(uploaded('x-ray')),
          yes: () => button('consent:health-data:yes'),
          no: () => button('consent:health-data:no'),
          linked: () => send({ type: 'staff.linked', patientId: 'MRN-7' }),
          relinked: () => send({ type: 'staff.linked', patientId: 'MRN-8', dealId: 'deal-10' }),
          visa: () => send({ type: 'staff.askDocument', kind: 'visa' }),
          resume: () => send({ type: 'staff.resume' }),
          skip: () => send({ type: 'staff.skipImaging' }),
          cleared: () => send({ type: 'staff.cleared' }),
          declined: () => send({ type: 'staff.declined' }),
          offer: () => button('offer:1'),
          stop: () => text('STOP'),
        };
        await assertSame([...wholeWay().slice(0, ahead), ...names.map((name) => steps[name]())]);
      }),
      { numRuns: runs(150) },
    );
  });
});
