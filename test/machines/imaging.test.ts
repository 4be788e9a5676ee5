import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { imagingMachine, type ImagingHeldFor } from '../../machines/imaging.ts';
import { assertFaithful, day, minute, startNested, type Nested, type Step } from './nested.ts';

const nested: Nested = {
  machine: imagingMachine,
  input: { caseId: 'case-1', patientId: 'P-1', phone: '491700000001', pseudonym: 'anon-1' },
  effects: ['findStudies', 'anonymiseStudy', 'inspectStudy', 'analyseStudy'],
};

const study = (studyId: string, more: object = {}) => ({
  studyId,
  studyInstanceUid: `1.2.${studyId.length}`,
  date: '2027-01-01',
  modalities: ['DX'],
  description: 'Ayşe knee',
  instances: 2,
  stable: true,
  ...more,
});

const copy = { studyId: 'copy-1', sourceStudyId: 'study-1', instances: 2 };
const reference = {
  studyId: 'copy-1',
  studyInstanceUid: '1.2.3',
  url: 'https://pacs.example/dicom-web/studies/1.2.3',
  pseudonym: 'anon-1',
  instances: 2,
};
const clean = { outcome: 'clean', reference };
const leaking = {
  outcome: 'held',
  leaks: [
    { reason: 'name', tag: '0008,1030', instances: 2 },
    { reason: 'phone', tag: '0008,1030', instances: 1 },
    { reason: 'burned_in', tag: '0028,0301', instances: 2 },
  ],
};
const result = {
  model: { name: 'knee', version: '3' },
  findings: [
    { label: 'opacity', confidence: 0.4, seriesInstanceUid: '1.2', sopInstanceUid: null },
    { label: 'fracture', confidence: 0.9, seriesInstanceUid: '1.2', sopInstanceUid: '1.3' },
  ],
};
const resume = { type: 'staff.resume', at: '2027-01-01T09:00:00Z' };
const skip = { type: 'staff.skipImaging', at: '2027-01-01T09:00:00Z' };

function found() {
  const walk = startNested(nested);
  walk.answer('findStudies', [study('study-1')]);
  return walk;
}

function anonymised() {
  const walk = found();
  walk.answer('anonymiseStudy', copy);
  return walk;
}

function inspected() {
  const walk = anonymised();
  walk.answer('inspectStudy', clean);
  return walk;
}

const held = (heldFor: ImagingHeldFor, tags: readonly string[] = []) => [
  { type: 'imaging.held', heldFor, tags },
];

suite('imaging', () => {
  test('brings a study from the archive to its findings, surest first', () => {
    const walk = startNested(nested);
    assert.deepEqual(walk.answer('findStudies', [study('study-1')]), { patientId: 'P-1' });
    assert.deepEqual(walk.answer('anonymiseStudy', copy), {
      studyId: 'study-1',
      pseudonym: 'anon-1',
    });
    assert.deepEqual(walk.answer('inspectStudy', clean), {
      study: copy,
      patientId: 'P-1',
      phone: '491700000001',
    });
    assert.deepEqual(walk.answer('analyseStudy', result), { reference });
    assert.deepEqual(walk.heard(), [
      {
        output: {
          outcome: 'analysed',
          study: { studyId: 'study-1', date: '2027-01-01', modalities: ['DX'], instances: 2 },
          anonymisedStudyId: 'copy-1',
          model: { name: 'knee', version: '3' },
          findings: [
            { label: 'fracture', confidence: 0.9 },
            { label: 'opacity', confidence: 0.4 },
          ],
        },
      },
    ]);
  });

  test('keeps at most twenty findings, and no description of a study', () => {
    const walk = inspected();
    assert.doesNotMatch(JSON.stringify(walk.context()), /Ayşe/);
    const findings = Array.from({ length: 200 }, (_, index) => ({
      label: `finding-${index}`,
      confidence: index / 200,
    }));
    walk.answer('analyseStudy', { ...result, findings });
    const [over] = walk.heard() as [{ output: { findings: { label: string }[] } }];
    assert.equal(over.output.findings.length, 20);
    assert.equal(over.output.findings[0]?.label, 'finding-199');
  });

  test('takes the newest study whose images have all arrived', () => {
    const walk = startNested(nested);
    walk.answer('findStudies', [
      study('arriving', { stable: false }),
      study('empty', { instances: 0 }),
      study('study-2'),
      study('study-1'),
    ]);
    assert.deepEqual(walk.answer('anonymiseStudy', copy), {
      studyId: 'study-2',
      pseudonym: 'anon-1',
    });
  });

  test('looks again every ten minutes while there is none', () => {
    const walk = startNested(nested);
    walk.answer('findStudies', []);
    walk.wait(10 * minute - 1);
    assert.deepEqual(walk.waitsFor(), []);
    walk.wait(1);
    walk.answer('findStudies', [study('study-1', { stable: false })]);
    assert.deepEqual(walk.value(), { awaitingStudy: 'waiting' });
    walk.wait(10 * minute);
    walk.answer('findStudies', [study('study-1')]);
    assert.equal(walk.value(), 'anonymising');
  });

  test('is held when no study came in fourteen days, and looks anew on resume', () => {
    const walk = startNested(nested);
    walk.answer('findStudies', []);
    walk.wait(14 * day - 1);
    assert.deepEqual(walk.heard(), []);
    walk.wait(1);
    assert.deepEqual(walk.heard(), held('no-study'));
    assert.deepEqual(walk.waitsFor(), [], 'A look that was under way is given up');
    assert.deepEqual(walk.timers(), []);
    walk.send(resume);
    walk.wait(14 * day - 1);
    assert.deepEqual(walk.heard(), [], 'The patience is a fresh one');
    walk.answer('findStudies', [study('study-1')]);
    assert.equal(walk.value(), 'anonymising');
    assert.deepEqual(walk.timers(), []);
  });

  test('is held when the archive cannot be asked, and asks again on resume', () => {
    const walk = startNested(nested);
    walk.fail('findStudies', 'provider_refused');
    assert.deepEqual(walk.heard(), held('archive'));
    assert.ok(walk.atRest.last?.status === 'active');
    walk.send(resume);
    assert.deepEqual(walk.waitsFor(), ['findStudies']);
  });

  test('is held when no copy can be made, and makes it on resume', () => {
    const walk = found();
    walk.fail('anonymiseStudy', 'provider_refused');
    assert.deepEqual(walk.heard(), held('anonymising'));
    walk.send(resume);
    walk.answer('anonymiseStudy', copy);
    assert.equal(walk.value(), 'inspecting');
    assert.equal(walk.context()['heldFor'], null);
  });

  test('holds a copy that leaks, tells staff each tag once, and lets nothing leave', () => {
    const walk = anonymised();
    walk.answer('inspectStudy', leaking);
    assert.deepEqual(walk.heard(), held('leak', ['0008,1030', '0028,0301']));
    assert.deepEqual(walk.context()['leaks'], leaking.leaks);
    assert.deepEqual(walk.waitsFor(), []);
    walk.send(resume);
    assert.deepEqual(walk.waitsFor(), ['anonymiseStudy'], 'Staff may have removed the copy');
    walk.answer('anonymiseStudy', copy);
    walk.answer('inspectStudy', leaking);
    assert.deepEqual(walk.heard(), held('leak', ['0008,1030', '0028,0301']));
    walk.send(resume);
    walk.answer('anonymiseStudy', copy);
    walk.answer('inspectStudy', clean);
    assert.deepEqual(walk.context()['leaks'], []);
    assert.equal(walk.value(), 'analysing');
  });

  test('is held when the copy cannot be inspected, and inspects it after resume', () => {
    const walk = anonymised();
    walk.fail('inspectStudy', 'provider_unreachable');
    assert.deepEqual(walk.heard(), held('archive'));
    walk.send(resume);
    walk.answer('anonymiseStudy', copy);
    walk.answer('inspectStudy', clean);
    assert.equal(walk.value(), 'analysing');
  });

  test('is held when the model fails, and asks it again on resume', () => {
    const walk = inspected();
    walk.fail('analyseStudy', 'provider_refused');
    assert.deepEqual(walk.heard(), held('vision'));
    walk.send(resume);
    assert.deepEqual(walk.answer('analyseStudy', result), { reference });
    assert.equal(walk.value(), null);
  });

  for (const [where, start] of Object.entries({
    'while it looks': () => startNested(nested),
    'while it anonymises': found,
    'while it inspects': anonymised,
    'while it is analysed': inspected,
    'while it is held': () => {
      const walk = found();
      walk.fail('anonymiseStudy', 'provider_refused');
      walk.heard();
      return walk;
    },
  })) {
    test(`is skipped by staff ${where}`, () => {
      const walk = start();
      walk.send(skip);
      const [over] = walk.heard() as [{ output: { outcome: string; findings: unknown[] } }];
      assert.equal(over.output.outcome, 'none');
      assert.deepEqual(over.output.findings, []);
      assert.deepEqual(walk.waitsFor(), []);
      assert.deepEqual(walk.timers(), []);
    });
  }

  test('does nothing on resume while it is not held', () => {
    const walk = found();
    walk.send(resume);
    assert.equal(walk.value(), 'anonymising');
    assert.deepEqual(walk.waitsFor(), ['anonymiseStudy']);
  });

  const answers: Readonly<Record<string, readonly unknown[]>> = {
    findStudies: [
      [],
      [study('study-1')],
      [study('study-1')],
      [study('study-1', { stable: false })],
    ],
    anonymiseStudy: [copy],
    inspectStudy: [clean, clean, leaking],
    analyseStudy: [result, { ...result, findings: [] }],
  };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ kind: 'send', event: resume } as const) },
    { weight: 1, arbitrary: fc.constant({ kind: 'wait', ms: 10 * minute } as const) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(1, minute, day, 13 * day, 14 * day)
        .map((ms) => ({ kind: 'wait', ms }) as const),
    },
    {
      weight: 6,
      arbitrary: fc.tuple(fc.nat(11), fc.nat(5)).map(([pick, luck]) => ({
        kind: 'answer' as const,
        value: (name: string) =>
          luck === 0
            ? { ok: false, value: { name: 'E', code: 'provider_refused', message: 'no' } }
            : { ok: true, value: answers[name]?.[pick % answers[name].length] },
      })),
    },
  );

  test('does the same whether or not it is stored after every step, and never leaks', async () => {
    let analysed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 20, size: 'max' }),
        async (steps) => {
          await assertFaithful(nested, steps);
          const walk = startNested(nested);
          for (const each of steps) {
            const [name] = walk.waitsFor();
            if (each.kind === 'send') walk.send(each.event);
            if (each.kind === 'wait') walk.wait(each.ms);
            if (each.kind !== 'answer' || name === undefined) continue;
            const { ok, value } = each.value(name);
            if (!ok) walk.fail(name, 'provider_refused');
            else walk.answer(name, value);
            if (value === leaking) assert.deepEqual(walk.waitsFor(), []);
          }
          if (walk.value() === null) analysed++;
        },
      ),
      { numRuns: 150 },
    );
    assert.ok(analysed > 5, 'The walks went far enough to mean something');
  });
});
