import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';

import type { VisionPort } from '../../actors/ports/vision.ts';
import type { StudyReference } from '../../actors/shapes/imaging.ts';
import { type VisionOptions, httpVision, visionPolicy } from '../../adapters/vision/vision.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { uidsOf } from '../support/dicom.ts';
import { type Archive, startArchive } from '../support/orthanc.ts';
import { type Provider, performing, quick, startProvider } from './fixtures.ts';

const nobody = { names: [], identifiers: [], birthDates: [], phones: [] };

suite('AI vision', { timeout: 120_000 }, () => {
  let archive: Archive;
  let provider: Provider;
  let vision: VisionPort;
  before(async () => {
    archive = await startArchive();
    const { origin, username, password } = archive.server;
    provider = await startProvider({ visionArchive: { origin, username, password } });
    vision = made();
  });
  afterEach(async () => {
    await provider.fault({ provider: 'vision', mode: 'none' });
  });
  after(async () => {
    await provider.close();
    await archive.close();
  });

  function made(more: Partial<VisionOptions> = {}): VisionPort {
    return httpVision({
      baseUrl: provider.sandbox.origin,
      apiKey: sandboxSecrets.visionApiKey,
      dispatcher: provider.dispatcher,
      policy: quick('vision', visionPolicy, { timeoutMs: 10_000 }),
      telemetry: provider.telemetry,
      ...more,
    });
  }

  async function referenceTo(number: number, instances: number): Promise<StudyReference> {
    const studyId = await archive.store({ number, instances });
    const pseudonym = `V-${number}`;
    const copy = await archive.imaging.anonymise({ studyId, pseudonym }, performing());
    const inspection = await archive.imaging.inspect(copy, nobody, AbortSignal.timeout(60_000));
    assert.ok(inspection.outcome === 'clean');
    return inspection.reference;
  }

  for (const [number, instances, bright] of [
    [101, 3, 1],
    [102, 60, 6],
  ] as const) {
    test(`finds what is bright in ${instances} images, once for each effect`, async () => {
      const study = await referenceTo(number, instances);
      const effectId = `effect-${number}`;
      const result = await vision.analyse(study, performing({ effectId }));
      assert.deepEqual(result.model, { name: 'sandbox-brightness', version: '1.0' });
      assert.equal(result.findings.length, bright);
      for (const finding of result.findings) {
        assert.deepEqual([finding.label, finding.confidence], ['opacity', 0.78]);
        assert.match(finding.sopInstanceUid ?? '', /^1\.2\.276\./);
        assert.notEqual(finding.seriesInstanceUid, uidsOf({ number }, 0).series);
      }
      assert.deepEqual(await vision.analyse(study, performing({ effectId, attempt: 2 })), result);
      const done = (await provider.applied('analysis')).filter(({ key }) => key === effectId);
      assert.equal(done.length, 1);
    });
  }

  test('asks again when the answer was lost, and is analysed once', async () => {
    const study = await referenceTo(103, 1);
    await provider.fault({ provider: 'vision', mode: 'process-then-drop', count: 1 });
    const result = await vision.analyse(study, performing({ effectId: 'effect-103' }));
    assert.equal(result.findings.length, 1);
    const done = (await provider.applied('analysis')).filter(({ key }) => key === 'effect-103');
    assert.equal(done.length, 1);
  });

  test('refuses a study that still has its patient', async () => {
    const studyId = await archive.store({ number: 104, instances: 1 });
    const studyInstanceUid = uidsOf({ number: 104 }, 0).study;
    const url = `${archive.origin}/dicom-web/studies/${studyInstanceUid}`;
    const study = { studyId, studyInstanceUid, url, pseudonym: 'V-104', instances: 1 };
    await assert.rejects(vision.analyse(study, performing({ effectId: 'effect-104' })), {
      code: 'provider_refused',
      reason: 'study_not_anonymous',
    });
    const elsewhere = { ...study, url: `http://127.0.0.1:1/dicom-web/studies/${studyInstanceUid}` };
    await assert.rejects(vision.analyse(elsewhere, performing({ effectId: 'effect-105' })), {
      reason: 'study_not_found',
    });
    await assert.rejects(vision.analyse(elsewhere, performing({ effectId: 'effect-104' })), {
      reason: 'idempotency_key_reused',
    });
  });

  const anyStudy: StudyReference = {
    studyId: '',
    studyInstanceUid: '1.2.3',
    url: 'http://127.0.0.1:1/dicom-web/studies/1.2.3',
    pseudonym: 'V-1',
    instances: 1,
  };

  test('says what went wrong in our words', async () => {
    await assert.rejects(made({ apiKey: 'wrong' }).analyse(anyStudy, performing()), {
      code: 'provider_credentials_refused',
    });
    for (const [mode, code] of [
      ['error500', 'provider_unreachable'],
      ['busy429', 'provider_busy'],
    ] as const) {
      await provider.fault({ provider: 'vision', mode });
      const once = made({ policy: quick('vision', visionPolicy, { maxRetries: 0 }) });
      await assert.rejects(once.analyse(anyStudy, performing()), { code });
    }
  });

  test('gives up waiting for a model that hangs, or that never ends', async () => {
    await provider.fault({ provider: 'vision', mode: 'hang' });
    const policy = quick('vision', visionPolicy, { maxRetries: 0, timeoutMs: 100 });
    await assert.rejects(made({ policy }).analyse(anyStudy, performing()), { reason: 'timeout' });
    await provider.fault({ provider: 'vision', mode: 'none' });
    const study = await referenceTo(105, 30);
    await assert.rejects(
      made({ deadlineMs: 0 }).analyse(study, performing({ effectId: 'effect-106' })),
      { reason: 'analysis_deadline' },
    );
  });
});
