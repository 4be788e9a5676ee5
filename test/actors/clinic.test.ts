import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { MediaRefused, ProviderBusy, ProviderRefused } from '../../actors/errors.ts';
import type { Performance } from '../../actors/kernel/ports.ts';
import { clinicPerformers, type ClinicPorts } from '../../actors/performers/clinic.ts';
import { createDocumentLinks } from '../../actors/performers/document-links.ts';
import { checkingInputs } from '../../actors/performers/performers.ts';
import { ClinicalAnswerUnusable, type ClinicalPatient } from '../../actors/ports/clinical.ts';
import { placeOf } from '../../actors/ports/document-place.ts';
import type { IdentifyingValues } from '../../actors/ports/imaging.ts';
import type { SendMessage } from '../../actors/ports/messaging.ts';
import type { ClinicFlights } from '../../actors/shapes/clinic.ts';
import type { StoredDocument } from '../../actors/shapes/documents.ts';
import type { Inspection, StudyReference } from '../../actors/shapes/imaging.ts';
import { languages } from '../../actors/texts/keys.ts';
import { renderText } from '../../actors/texts/texts.ts';
import { documentsMachine } from '../../machines/documents.ts';
import { imagingMachine } from '../../machines/imaging.ts';

const performing: Performance = {
  caseId: 'case-1',
  effectId: 'case-1.7.0',
  attempt: 1,
  signal: new AbortController().signal,
  tenant: 'anadolu',
};
const now = Date.parse('2027-01-01T09:00:00Z');
const day = 24 * 60 * 60 * 1_000;

const copy = { studyId: 'copy-1', sourceStudyId: 'study-1', instances: 2 };
const reference: StudyReference = {
  studyId: 'copy-1',
  studyInstanceUid: '1.2.3',
  url: 'https://pacs.example/dicom-web/studies/1.2.3',
  pseudonym: 'anon-1',
  instances: 2,
};
const record: ClinicalPatient = {
  id: 'fhir-1',
  version: '1',
  active: true,
  givenNames: ['Ayşe', 'Nur'],
  familyName: 'Yılmaz',
  allNames: ['Ayşe Nur Yılmaz', 'Gökalp'],
  birthDate: '1980-02-03',
  sex: 'female',
  phone: '0532 123 45 67',
};

const pdf = Buffer.from('%PDF-1.7\n%%EOF');
const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
const uuid = '00000000-0000-4000-8000-000000000001';
const keyOf = (name: string) => `docs/anadolu/case-1/${name}`;

interface Stored {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** What the store says of it, where that is not the truth. */
  readonly size?: number;
}

const leaks = [{ reason: 'name', tag: '0008,1090', instances: 1 }] as const;

interface World {
  readonly patient?: ClinicalPatient | null | Error;
  readonly stored?: Stored;
  readonly found?: string | null;
  readonly copied?: typeof copy | null;
  readonly held?: boolean;
}

const links = createDocumentLinks({
  keys: [Buffer.alloc(32, 7)],
  newId: () => 'link-1',
  now: () => now,
});

/** Performers whose ports answer from `world` and note what they are asked. */
function performersOf({ patient = null, stored, found = null, copied = null, held }: World = {}) {
  const asked: unknown[] = [];
  const sent: SendMessage[] = [];
  const inspected: IdentifyingValues[] = [];
  const none = async () => Promise.reject(new Error('Not called here'));
  const ports: ClinicPorts = {
    imaging: {
      studies: async (patientId) => {
        asked.push(['studies', patientId]);
        return [];
      },
      anonymise: async (request, { effectId }) => {
        asked.push(['anonymise', request, effectId]);
        return copy;
      },
      lookup: async (request) => {
        asked.push(['lookup', request]);
        return copied;
      },
      inspect: async (study, values): Promise<Inspection> => {
        asked.push(['inspect', study]);
        inspected.push(values);
        return held ? { outcome: 'held', leaks } : { outcome: 'clean', reference };
      },
      instanceIds: none,
      readInstance: none,
      removeCopies: async (pseudonym) => {
        asked.push(['removeCopies', pseudonym]);
        return 1;
      },
      remove: async (studyId) => {
        asked.push(['remove', studyId]);
      },
    },
    vision: {
      analyse: async (study, { effectId }) => {
        asked.push(['analyse', study, effectId]);
        return { model: { name: 'knee', version: '3' }, findings: [] };
      },
    },
    clinical: {
      findPatient: async (identifier) => {
        asked.push(['findPatient', identifier]);
        if (patient instanceof Error) throw patient;
        return patient;
      },
      readPatient: none,
      observations: none,
      imagingStudies: none,
    },
    clinic: {
      deal: none,
      itinerary: none,
      sendFlights: async (flights, { effectId }) => {
        asked.push(['sendFlights', flights, effectId]);
        return { receiptId: 'r-1', receivedAt: '2027-01-01T09:00:00Z', itineraryId: null };
      },
    },
    store: {
      stat: async (place) =>
        stored === undefined
          ? null
          : {
              key: keyOf(place.name),
              name: place.name,
              size: stored.size ?? stored.bytes.length,
              checksum: 'etag:1',
              contentType: stored.contentType,
              version: '1',
              storedAt: '2027-01-01T09:00:00Z',
            },
      get: async (place) => {
        asked.push(['get', place.name]);
        return stored ?? null;
      },
    },
    links,
    virusScan: {
      scan: async () => {
        asked.push(['scan']);
        return { by: 'test', found };
      },
    },
    messaging: {
      send: async (message) => {
        sent.push(message);
        return { messageId: 'wamid.1' };
      },
    },
    uploadPage: (token) => `https://upload.example/#${token}`,
  };
  return { performers: checkingInputs(clinicPerformers(ports, () => now)), asked, sent, inspected };
}

suite('performers of imaging', () => {
  test('look for studies of exactly this patient', async () => {
    const { performers, asked } = performersOf();
    await performers.findStudies.perform({ patientId: 'P-1' }, performing);
    assert.deepEqual(asked, [['studies', 'P-1']]);
  });

  test('make a copy, and after a doubt look for it first', async () => {
    const order = { studyId: 'study-1', pseudonym: 'anon-1' };
    const { performers, asked } = performersOf();
    assert.deepEqual(await performers.anonymiseStudy.perform(order, performing), copy);
    assert.equal(await performers.anonymiseStudy.lookup?.(order, performing), null);
    assert.deepEqual(asked, [
      ['anonymise', order, 'case-1.7.0'],
      ['lookup', order],
    ]);
    const after = performersOf({ copied: copy }).performers.anonymiseStudy;
    assert.deepEqual(await after.lookup?.(order, performing), { output: copy });
    assert.equal(after.resolution, 'lookup');
  });

  test('inspect for all that we and the clinic know of the patient', async () => {
    const { performers, asked, inspected } = performersOf({ patient: record });
    const input = { study: copy, patientId: 'P-1', phone: '491700000001' };
    await performers.inspectStudy.perform(input, performing);
    assert.deepEqual(asked, [
      ['findPatient', { system: 'urn:patient-cases:patient', value: 'P-1' }],
      ['inspect', copy],
    ]);
    assert.deepEqual(inspected, [
      {
        names: ['Ayşe Nur Yılmaz', 'Gökalp'],
        identifiers: ['P-1'],
        birthDates: ['1980-02-03'],
        phones: ['+491700000001', '0532 123 45 67'],
      },
    ]);
  });

  test('delete a copy that is held, for it will not leave', async () => {
    const { performers, asked } = performersOf({ held: true });
    const input = { study: copy, patientId: 'P-1', phone: null };
    const inspection = await performers.inspectStudy.perform(input, performing);
    assert.deepEqual(inspection, { outcome: 'held', leaks });
    assert.deepEqual(asked.at(-1), ['remove', copy.studyId]);
  });

  test('inspect for what we know where the clinic has no record, or a poor one', async () => {
    const poor = {
      ...record,
      givenNames: [],
      familyName: null,
      allNames: [],
      birthDate: '1980',
      phone: null,
    };
    const input = { study: copy, patientId: 'P-1', phone: null };
    for (const patient of [null, poor]) {
      const { performers, inspected } = performersOf({ patient });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await performers.inspectStudy.perform(input, performing);
      assert.deepEqual(inspected, [
        { names: [], identifiers: ['P-1'], birthDates: [], phones: [] },
      ]);
    }
  });

  test('do not inspect when it cannot be known what the clinic has', async () => {
    const patient = new ClinicalAnswerUnusable('ambiguous_patient');
    const { performers, inspected } = performersOf({ patient });
    const input = { study: copy, patientId: 'P-1', phone: null };
    await assert.rejects(performers.inspectStudy.perform(input, performing), patient);
    assert.deepEqual(inspected, []);
  });

  test('hand over to the model only what an inspection let go, and delete the copies after it', async () => {
    const { performers, asked } = performersOf();
    await performers.analyseStudy.perform({ reference }, performing);
    assert.deepEqual(asked, [
      ['analyse', reference, 'case-1.7.0'],
      ['removeCopies', reference.pseudonym],
    ]);
    await assert.rejects(
      performers.analyseStudy.perform({ reference: null }, performing),
      v.ValiError,
    );
  });
});

suite('verifyDocument', () => {
  const passport = { key: keyOf(`passport-${uuid}.pdf`), kind: 'passport' };
  const stored = { bytes: pdf, contentType: 'application/pdf' };
  const refused = (code: string) => (error: unknown) =>
    error instanceof MediaRefused && error.code === code;

  test('answers what the document is, with a checksum of its own', async () => {
    const { performers } = performersOf({ stored });
    assert.deepEqual(await performers.verifyDocument.perform(passport, performing), {
      key: passport.key,
      contentType: 'application/pdf',
      size: pdf.length,
      checksum: createHash('sha256').update(pdf).digest('hex'),
    });
  });

  test('takes every type that a link allows', async () => {
    for (const [contentType, bytes] of Object.entries({
      'image/jpeg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      'image/png': Buffer.from('89504e470d0a1a0a00', 'hex'),
      'application/dicom': dicom,
    })) {
      const { performers } = performersOf({ stored: { bytes, contentType } });
      const xray = { key: keyOf(`x-ray-${uuid}.dcm`), kind: 'x-ray' };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const verified = await performers.verifyDocument.perform(xray, performing);
      assert.equal((verified as StoredDocument).size, bytes.length);
    }
  });

  const refusals: Readonly<Record<string, readonly [World, string]>> = {
    'what is not there': [{}, 'media_gone'],
    'what is empty': [{ stored: { ...stored, bytes: Buffer.alloc(0) } }, 'media_damaged'],
    'a type that the kind does not allow': [
      { stored: { bytes: dicom, contentType: 'application/dicom' } },
      'media_wrong_type',
    ],
    'a type of another name': [
      { stored: { ...stored, contentType: 'toString' } },
      'media_wrong_type',
    ],
    'bytes of another type than is claimed': [
      { stored: { ...stored, bytes: Buffer.from('<script>alert(1)</script>') } },
      'media_wrong_type',
    ],
    malware: [{ stored, found: 'Eicar-Test-Signature' }, 'media_unsafe'],
  };
  for (const [what, [world, code]] of Object.entries(refusals)) {
    test(`refuses ${what}: ${code}`, async () => {
      const { performers } = performersOf(world);
      await assert.rejects(performers.verifyDocument.perform(passport, performing), refused(code));
    });
  }

  test('refuses what is too large without fetching it', async () => {
    const large = { ...stored, size: 10 * 1_024 * 1_024 + 1 };
    const { performers, asked } = performersOf({ stored: large });
    await assert.rejects(
      performers.verifyDocument.perform(passport, performing),
      refused('media_too_large'),
    );
    assert.deepEqual(asked, []);
  });

  test('comes again when a new version came while it looked', async () => {
    const { performers } = performersOf({ stored: { ...stored, size: 5 } });
    await assert.rejects(performers.verifyDocument.perform(passport, performing), ProviderBusy);
  });

  test('never looks at another case, tenant or kind', async () => {
    const { performers, asked } = performersOf({ stored });
    for (const key of [
      passport.key.replace('case-1', 'case-2'),
      passport.key.replace('anadolu', 'other'),
      passport.key.replace('passport', 'visa'),
      'docs/anadolu/case-1/../case-2/passport-1.pdf',
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await assert.rejects(
        performers.verifyDocument.perform({ ...passport, key }, performing),
        ProviderRefused,
      );
    }
    assert.deepEqual(asked, []);
    assert.notEqual(placeOf(passport.key), null);
  });
});

suite('sendDocumentLink', () => {
  const input = {
    recipient: { phone: '491700000001' },
    lang: 'en',
    heardAt: '2027-01-01T09:00:00Z',
    kind: 'passport',
  };

  test('sends a link for this case and kind, good for seven days', async () => {
    const { performers, sent } = performersOf();
    await performers.sendDocumentLink.perform(input, performing);
    const [message] = sent;
    assert.ok(message?.message.kind === 'text');
    const [, token = ''] = /#([\w.-]+)/.exec(message.message.body) ?? [];
    assert.deepEqual(await links.read(token), {
      tenant: 'anadolu',
      caseId: 'case-1',
      kinds: ['passport'],
      id: 'link-1',
      expiresAt: now + 7 * day,
    });
    const url = `https://upload.example/#${token}`;
    assert.equal(
      message.message.body,
      renderText('documents.ask', 'en', { document: 'passport', url }),
    );
    assert.deepEqual([message.recipient, message.heardAt], [input.recipient, input.heardAt]);
    assert.ok(message.template.parameters.some((parameter) => parameter.includes(token)));
  });

  test('names every kind in every language', async () => {
    for (const lang of languages) {
      for (const kind of ['passport', 'visa', 'report', 'x-ray']) {
        const { performers, sent } = performersOf();
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await performers.sendDocumentLink.perform({ ...input, lang, kind }, performing);
        assert.equal(sent.length, 1);
      }
    }
  });

  test('is said in its turn, never twice, and told of when it fails', () => {
    const { resolution, port, inOrder, failedAs } = performersOf().performers.sendDocumentLink;
    assert.deepEqual(
      [resolution, port, inOrder, failedAs],
      ['none', 'messaging', true, 'message.failed'],
    );
  });
});

suite('tellClinic', () => {
  const flights: ClinicFlights = {
    dealId: 'deal-1',
    caseId: 'case-1',
    booking: { bookingId: 'case-1-b1', adults: 2, children: 0 },
    flights: [
      {
        durationMinutes: 180,
        segments: [
          {
            carrier: 'TK',
            flightNumber: 'TK1722',
            from: 'BER',
            to: 'IST',
            departLocal: '2027-02-01T10:00',
            arriveLocal: '2027-02-01T15:00',
            durationMinutes: 180,
          },
        ],
      },
    ],
    total: { amountMinor: '21000', currency: 'EUR' },
  };

  test('tells the flights, under the id of the effect', async () => {
    const { performers, asked } = performersOf();
    await performers.tellClinic.perform(flights, performing);
    assert.deepEqual(asked, [['sendFlights', flights, 'case-1.7.0']]);
  });

  test('tells nothing that could say who travels', async () => {
    const { performers, asked } = performersOf();
    const named = { ...flights, patientName: 'Ayşe' };
    await assert.rejects(performers.tellClinic.perform(named, performing), v.ValiError);
    assert.deepEqual(asked, []);
  });
});

suite('performers of the clinic', () => {
  const { performers } = performersOf();

  test('start only under the consent that they need', () => {
    const health = 'consent:health-data';
    for (const name of ['findStudies', 'anonymiseStudy', 'inspectStudy', 'analyseStudy'] as const) {
      assert.equal(performers[name].needs?.({}), health, name);
    }
    const { needs } = performers.sendDocumentLink;
    const kinds = ['passport', 'visa', 'report', 'x-ray', 'unheard-of'];
    assert.deepEqual(
      kinds.map((kind) => needs?.({ kind })),
      ['consent:service', 'consent:service', health, health, health],
    );
    assert.equal(performers.tellClinic.needs?.({}), 'consent:service');
    assert.ok(!('needs' in performers.verifyDocument));
  });

  test('parse what they are given', async () => {
    for (const [name, { perform }] of Object.entries(performers)) {
      for (const input of [null, {}, { patientId: '', key: 1, studyId: '../x' }]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await assert.rejects(perform(input, performing), v.ValiError, name);
      }
    }
  });

  test('stand behind everything that the two machines ask for', () => {
    for (const machine of [imagingMachine, documentsMachine]) {
      for (const name of Object.keys(machine.implementations.actors)) {
        assert.ok(Object.hasOwn(performers, name), name);
      }
    }
  });
});
