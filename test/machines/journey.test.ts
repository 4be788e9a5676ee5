import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';

import { MediaRefused, ProviderUnreachable } from '../../actors/errors.ts';
import { journeyPerformers, wordsOf } from '../../actors/performers/journey.ts';
import type { ConsentRecord } from '../../actors/ports/consents.ts';
import type { NewDocument } from '../../actors/ports/documents.ts';
import type { SendMessage } from '../../actors/ports/messaging.ts';
import type { StoredDocument } from '../../actors/shapes/documents.ts';
import type { Checkout, PaymentState } from '../../actors/shapes/payments.ts';
import { isTextKey, languages } from '../../actors/texts/keys.ts';
import { renderText } from '../../actors/texts/texts.ts';
import { noPorts } from './no-ports.ts';
import { understandingOf } from './understanding.ts';
import {
  anonymised,
  askedConsent,
  checkout,
  clean,
  confirmed,
  day,
  flights,
  hour,
  inImaging,
  inIntake,
  inReview,
  inSearch,
  offered,
  paid,
  price,
  receipt,
  seen,
  study,
  uploadKey,
  type Walk,
} from './walk.ts';

const reference = {
  provider: 'stripe',
  bookingId: 'case-1-b1',
  checkoutId: 'cs_1',
  paymentId: null,
};

const performing = {
  caseId: 'case-1',
  effectId: 'case-1.7.0',
  attempt: 1,
  signal: new AbortController().signal,
  tenant: 'anadolu',
};

/** Performers whose ports note what they are asked; `found` is what the virus scan finds. */
function recording(found: string | null = null) {
  const sent: SendMessage[] = [];
  const asked: unknown[] = [];
  const kept: NewDocument[] = [];
  const recorded: (readonly [string, ConsentRecord])[] = [];
  const performers = journeyPerformers({
    ...noPorts,
    messaging: {
      ...noPorts.messaging,
      send: async (message) => {
        sent.push(message);
        return { messageId: 'wamid.1' };
      },
    },
    flights: {
      search: async (query, { effectId }) => {
        asked.push([query, effectId]);
        return flights(1);
      },
    },
    payments: {
      openCheckout: async (order, { effectId }) => {
        asked.push([order, effectId]);
        return checkout() as Checkout;
      },
      readPayment: async (reference, { effectId }) => {
        asked.push([reference, effectId]);
        return paid() as PaymentState;
      },
      closeCheckout: async (reference, { effectId }) => void asked.push([reference, effectId]),
      refund: async (order, { effectId }) => {
        asked.push([order, effectId]);
        return { refundId: 're_1', reference: order.reference, amount: price, status: 'done' };
      },
      findRefund: async () => null,
    },
    books: { record: async (record) => void asked.push(record) },
    understanding: {
      understand: async (utterance) => {
        asked.push(utterance);
        return understandingOf(utterance);
      },
    },
    media: {
      fetch: async (media, { effectId }) => {
        asked.push([media, effectId]);
        const contentType = media.kind === 'audio' ? 'audio/ogg' : 'image/jpeg';
        return { bytes: Buffer.from('file'), contentType, sha256: 'ab'.repeat(32) };
      },
    },
    virusScan: { scan: async () => ({ by: 'test', found }) },
    documents: {
      ...noPorts.documents,
      put: async (document) => {
        kept.push(document);
        const { tenant, caseId, name, bytes, contentType } = document;
        const key = `docs/${tenant}/${caseId}/${name}`;
        return { key, size: bytes.length, checksum: 'cd'.repeat(32), contentType };
      },
    },
    consents: {
      record: async (id, record) => {
        recorded.push([id, record]);
      },
    },
  });
  return { sent, asked, kept, recorded, performers };
}

const message = {
  recipient: { phone: '1' },
  lang: 'en',
  text: 'consent.refused',
  values: {},
  heardAt: null,
  purpose: 'notice',
};

suite('sendMessage', () => {
  test('writes an offer as the patient reads it, with what stands in for it outside the window', async () => {
    const walk = await offered(2);
    const { sent, performers } = recording();
    await performers.sendMessage.perform(walk.sent.at(-1), performing);
    assert.deepEqual(sent, [
      {
        recipient: { phone: '491700000001' },
        message: {
          kind: 'buttons',
          body: [
            'These are our flights for you:',
            '1) TK1722, Mon 1 Feb, BER 10:40 – IST 15:45, direct: €210.00',
            '2) TK1723, Mon 1 Feb, BER 10:40 – IST 15:45, direct: €220.00',
            'Travellers: 2 adults',
            'Please choose one. Write 0 for another day.',
          ].join('\n'),
          buttons: [
            { id: 'offer:1', title: 'Flight 1' },
            { id: 'offer:2', title: 'Flight 2' },
            { id: 'offer:none', title: 'Another day' },
          ],
        },
        template: {
          name: 'conversation_reopen_1_continue',
          language: 'en',
          parameters: [],
          buttons: ['continue'],
          isReopening: true,
        },
        heardAt: '2027-01-01T09:00:06.000Z',
      },
    ]);
  });

  test('writes more than three choices as a list, a flight in each row', async () => {
    const walk = await offered(5);
    const { sent, performers } = recording();
    await performers.sendMessage.perform(walk.sent.at(-1), performing);
    const { message } = sent[0] ?? assert.fail('Nothing was sent');
    assert.ok(message.kind === 'list');
    assert.equal(message.button, 'Choose');
    assert.deepEqual(
      message.rows.map(({ id }) => id),
      ['offer:1', 'offer:2', 'offer:3', 'offer:4', 'offer:5', 'offer:none'],
    );
    const [first] = message.rows;
    assert.deepEqual(first, {
      id: 'offer:1',
      title: '1) TK1722 10:40',
      description: '€210.00, BER – IST, direct',
    });
  });

  test('fills the template with the values of the text', async () => {
    const { sent, performers } = recording();
    const values = { tenant: 'Anadolu' };
    const asking = { ...message, text: 'consent.reminder', lang: 'tr', values };
    await performers.sendMessage.perform(asking, performing);
    assert.deepEqual(sent[0]?.template, {
      name: 'consent_reminder_1',
      language: 'tr',
      parameters: ['Anadolu'],
      buttons: [],
      isReopening: false,
    });
    assert.equal(sent[0]?.heardAt, null);
  });

  test('can send whatever the machines say, in every language, within WhatsApp’s limits', async () => {
    const refused = askedConsent();
    refused.press('consent:service:no');
    const talking = inIntake();
    for (const words of ['hm', 'hm', 'I am bleeding']) talking.write(words);
    talking.sticker();
    talking.photo('hair');
    talking.press('consent:health-data:no');
    talking.send({ type: 'staff.reply', text: 'Hello {name}', at: talking.at() });
    const withPhoto = inIntake();
    withPhoto.place();
    withPhoto.photo();
    withPhoto.press('consent:health-data:yes');
    await withPhoto.fail('fetchMedia', { code: 'media_too_large' });
    withPhoto.clock.increment(23 * hour);
    const asleep = await offered(5);
    asleep.clock.increment(2 * day);
    const home = await confirmed();
    home.staff('staff.arrived');
    home.staff('staff.discharged');
    const declined = inReview();
    declined.write('hm');
    declined.staff('staff.declined');
    const uploading = inReview();
    for (const code of ['too_large', 'wrong_type', 'damaged', 'unsafe']) {
      uploading.upload(uploadKey('x-ray'));
      await uploading.fail('verifyDocument', { code: `media_${code}` });
    }
    const clinic = [declined, uploading];
    const walks = [inSearch(), await offered(3), home, refused, talking, withPhoto, asleep];
    const { sent, performers } = recording();
    const messages = [...walks, ...clinic].flatMap((walk) => walk.sent);
    assert.ok(new Set(messages.map(({ text }) => text)).size >= 26);
    for (const message of messages) {
      for (const lang of languages)
        await performers.sendMessage.perform({ ...message, lang }, performing);
    }
    for (const { message, template } of sent) {
      if (message.kind === 'media') assert.fail('No file is sent');
      assert.ok(message.body.length <= (message.kind === 'text' ? 4_096 : 1_024));
      if (!message.body.includes('Hello {name}'))
        assert.doesNotMatch(message.body, /[{}]|undefined|null|\[object/);
      for (const parameter of template.parameters) assert.doesNotMatch(parameter, /\n|^$/);
    }
  });

  test('needs the consent of its purpose, and a notice none', () => {
    const { needs } = recording().performers.sendMessage;
    assert.deepEqual(
      ['service', 'health-data', 'marketing', 'notice'].map((purpose) =>
        needs?.({ ...message, purpose }),
      ),
      ['consent:service', 'consent:health-data', 'consent:marketing', null],
    );
  });

  test('can be read by who may', () => {
    assert.equal(wordsOf(message), renderText('consent.refused', 'en', {}));
    assert.equal(wordsOf({ text: 'consent.refused' }), '');
  });
});

suite('recordConsent', () => {
  test('keeps each purpose with the hash of the words as the patient saw them', async () => {
    const walk = askedConsent({ lang: 'ar', tenantName: 'Anadolu' });
    walk.press('consent:service:yes');
    const { recorded, performers } = recording();
    await performers.recordConsent.perform(walk.recorded[0], performing);
    const words = renderText('consent.service.1', 'ar', { tenant: 'Anadolu' });
    assert.deepEqual(recorded, [
      [
        'case-1.7.0.service',
        {
          tenant: 'anadolu',
          caseId: 'case-1',
          purpose: 'service',
          status: 'given',
          text: 'consent.service.1',
          lang: 'ar',
          textHash: createHash('sha256').update(words, 'utf8').digest('hex'),
          messageId: 'wamid.2',
          at: walk.at(),
        },
      ],
    ]);
  });

  test('gives every withdrawal an id of its own', async () => {
    const walk = inIntake();
    walk.photo();
    walk.press('consent:health-data:yes');
    walk.write('STOP');
    const { recorded, performers } = recording();
    await performers.recordConsent.perform(walk.recorded.at(-1), performing);
    assert.deepEqual(
      recorded.map(([id, { status }]) => [id, status]),
      [
        ['case-1.7.0.service', 'withdrawn'],
        ['case-1.7.0.health-data', 'withdrawn'],
      ],
    );
  });
});

suite('fetchMedia', () => {
  const photo = { kind: 'image', mediaId: 'media-1', sha256: null, at: '2027-01-01T09:00:00Z' };

  test('keeps a file under the name of its effect, which says nothing of the patient', async () => {
    const { asked, kept, performers } = recording();
    const stored = (await performers.fetchMedia.perform(photo, performing)) as StoredDocument;
    await performers.fetchMedia.perform({ ...photo, kind: 'audio' }, performing);
    assert.deepEqual(asked[0], [{ kind: 'image', mediaId: 'media-1', sha256: null }, 'case-1.7.0']);
    assert.deepEqual(
      kept.map(({ name, tenant, caseId }) => [name, tenant, caseId]),
      [
        ['7.0.jpg', 'anadolu', 'case-1'],
        ['7.0.ogg', 'anadolu', 'case-1'],
      ],
    );
    assert.equal(stored.key, 'docs/anadolu/case-1/7.0.jpg');
  });

  test('does not keep what the scan finds something in', async () => {
    const { kept, performers } = recording('Eicar-Test-Signature');
    await assert.rejects(
      performers.fetchMedia.perform(photo, performing),
      (error) => error instanceof MediaRefused && error.code === 'media_unsafe',
    );
    assert.deepEqual(kept, []);
  });
});

suite('sendFile', () => {
  const file = {
    recipient: { phone: '1' },
    lang: 'tr',
    document: '7.0.pdf',
    heardAt: '2027-01-01T09:00:00Z',
    purpose: 'health-data',
  };
  const withStore = (contentType: string | null, upload = async () => ({ mediaId: 'media-9' })) => {
    const sent: unknown[] = [];
    const performers = journeyPerformers({
      ...noPorts,
      messaging: {
        upload,
        send: async (message) => {
          sent.push(message);
          return { messageId: 'wamid.1' };
        },
      },
      documents: {
        ...noPorts.documents,
        get: async () =>
          contentType === null ? null : { bytes: Buffer.from('%PDF'), contentType },
      },
    });
    return { sent, performers };
  };

  test('leaves the document with the provider and sends it, or asks for an answer where it cannot', async () => {
    const { sent, performers } = withStore('application/pdf');
    assert.deepEqual(await performers.sendFile.perform(file, performing), { messageId: 'wamid.1' });
    assert.deepEqual(sent, [
      {
        recipient: { phone: '1' },
        message: { kind: 'media', media: 'document', mediaId: 'media-9', filename: '7.0.pdf' },
        template: {
          name: 'conversation_reopen_1_continue',
          language: 'tr',
          parameters: [],
          buttons: ['continue'],
          isReopening: true,
        },
        heardAt: file.heardAt,
      },
    ]);
    assert.equal(performers.sendFile.needs?.(file), 'consent:health-data');
  });

  test('sends nothing that is not there or cannot be sent', async () => {
    for (const [contentType, reason] of [
      [null, 'no_such_document'],
      ['application/zip', 'not_sendable'],
    ] as const) {
      const { sent, performers } = withStore(contentType);
      await assert.rejects(performers.sendFile.perform(file, performing), { reason });
      assert.deepEqual(sent, []);
    }
  });

  test('may be tried again after a doubt about the upload: nothing was said', async () => {
    const lost = async () => Promise.reject(new ProviderUnreachable('whatsapp', 'timeout'));
    const { performers } = withStore('application/pdf', lost);
    await assert.rejects(performers.sendFile.perform(file, performing), {
      code: 'provider_busy',
      retryable: true,
    });
  });
});

suite('journey performers', () => {
  test('pass what the machines ask for to the ports, with the effect’s id', async () => {
    const { asked, performers } = recording();
    const query = {
      origin: 'BER',
      destination: 'IST',
      departDate: '2027-02-01',
      returnDate: '2027-02-09',
      adults: 1,
      childrenAges: [4],
      currency: 'EUR',
    };
    const order = {
      caseId: 'case-1',
      bookingId: 'case-1-b1',
      attempt: 1,
      total: price,
      title: 'TK1722',
      expiresAt: '2027-01-02T08:00:00.000Z',
      payer: {
        firstName: null,
        familyName: null,
        email: null,
        phone: '491700000001',
        country: null,
        city: null,
        address: null,
      },
      lang: 'en',
    };
    const utterance = {
      text: 'Berlin',
      lang: 'en',
      asked: 'origin',
      at: '2027-01-01T09:00:00.000Z',
      destination: 'IST',
      mayLeave: false,
    };
    await performers.searchFlights.perform(query, performing);
    await performers.openCheckout.perform(order, performing);
    await performers.readPayment.perform(reference, performing);
    await performers.understand.perform(utterance, performing);
    assert.deepEqual(asked, [
      [query, 'case-1.7.0'],
      [order, 'case-1.7.0'],
      [reference, 'case-1.7.0'],
      utterance,
    ]);
  });

  test('understand every message that the machine asks about', async () => {
    const walk = inIntake();
    walk.photo();
    walk.readByHand();
    const { performers } = recording();
    for (let left = 3; left > 0; left--) {
      walk.write('from Berlin, 2027-02-01');
      const [call] = walk.calls;
      const understood = await performers.understand.perform(call?.input, performing);
      await walk.answer('understand', understood);
    }
    assert.equal(walk.state().context.trip.origin, 'BER');
  });

  test('take what the clinic’s machines ask for', async () => {
    const asked: unknown[] = [];
    const noting = async (input: unknown) => void asked.push(input);
    const performers = journeyPerformers({
      ...noPorts,
      imaging: {
        ...noPorts.imaging,
        studies: async (patientId) => {
          asked.push(patientId);
          return [];
        },
        anonymise: async (request) => {
          asked.push(request);
          return anonymised();
        },
        inspect: async (copy, values) => {
          asked.push([copy, values.identifiers, values.phones]);
          return { outcome: 'held', leaks: [] };
        },
        remove: async () => undefined,
        removeCopies: async () => 0,
      },
      clinical: { ...noPorts.clinical, findPatient: async () => null },
      vision: {
        analyse: async (reference) => {
          await noting(reference);
          return seen;
        },
      },
      clinic: {
        ...noPorts.clinic,
        sendFlights: async (told) => {
          await noting(told);
          return receipt;
        },
      },
      links: {
        tokenFor: async ({ kinds }) => {
          asked.push(kinds);
          return 'token';
        },
      },
      messaging: { ...noPorts.messaging, send: async () => ({ messageId: 'wamid.1' }) },
    });
    const perform = async (walk: Walk, name: keyof typeof performers) => {
      const call = walk.calls.find((waiting) => waiting.name === name) ?? assert.fail(name);
      await performers[name].perform(call.input, performing);
    };
    const walk = inImaging();
    await perform(walk, 'findStudies');
    await walk.answer('findStudies', [study()]);
    await perform(walk, 'anonymiseStudy');
    await walk.answer('anonymiseStudy', anonymised());
    await perform(walk, 'inspectStudy');
    await walk.answer('inspectStudy', clean);
    await perform(walk, 'analyseStudy');
    const travelling = await confirmed();
    await performers.sendDocumentLink.perform(travelling.links[0], performing);
    travelling.link({ dealId: 'deal-9' });
    await perform(travelling, 'tellClinic');
    assert.deepEqual(asked.slice(0, 5), [
      'MRN-7',
      { studyId: 'study-1', pseudonym: 'P-case1' },
      [anonymised(), ['MRN-7'], ['+491700000001']],
      clean.reference,
      ['passport'],
    ]);
    assert.deepEqual((asked[5] as { dealId: string }).dealId, 'deal-9');
  });

  test('refuse what no machine of ours would ask for', async () => {
    const { sent, asked, kept, recorded, performers } = recording();
    const answer = { tenant: 'a', tenantName: 'A', caseId: 'c', messageId: 'm', at: 'yesterday' };
    const wrong = [
      performers.sendMessage.perform({ ...message, recipient: {} }, performing),
      performers.sendMessage.perform({ ...message, text: 'toString' }, performing),
      performers.sendMessage.perform({ ...message, purpose: 'other' }, performing),
      performers.sendMessage.perform({ ...message, heardAt: 'today' }, performing),
      performers.recordConsent.perform({ ...answer, records: [] }, performing),
      performers.understand.perform({ text: 'hi' }, performing),
      performers.fetchMedia.perform({ kind: 'sticker', mediaId: 'm' }, performing),
      performers.searchFlights.perform({ origin: '' }, performing),
      performers.openCheckout.perform({}, performing),
      performers.readPayment.perform({ checkoutId: '' }, performing),
      performers.closeCheckout.perform({}, performing),
      performers.refundPayment.perform({ ...reference, amount: '1' }, performing),
      performers.recordBooking.perform({ bookingId: 'b' }, performing),
      performers.queueInvoice.perform({ invoiceId: 'i', lines: [] }, performing),
      performers.submitInvoice.perform({}, performing),
      performers.findStudies.perform({ patientId: '' }, performing),
      performers.anonymiseStudy.perform({ studyId: 's', pseudonym: 'Ayşe' }, performing),
      performers.inspectStudy.perform({}, performing),
      performers.analyseStudy.perform({ reference: null }, performing),
      performers.verifyDocument.perform({ key: 'docs/a/b/c', kind: 'letter' }, performing),
      performers.sendDocumentLink.perform({ recipient: {} }, performing),
      performers.tellClinic.perform({ dealId: 'd', name: 'Ayşe' }, performing),
    ];
    for (const outcome of await Promise.allSettled(wrong)) assert.equal(outcome.status, 'rejected');
    assert.deepEqual([sent, asked, kept, recorded], [[], [], [], []]);
  });

  test('settle an unknown message by waiting, a copy of a study and a refund by looking for it, and all else by its key', () => {
    const { performers } = recording();
    assert.deepEqual(
      Object.entries(performers).map(([name, { resolution }]) => [name, resolution]),
      [
        ['findStudies', 'key'],
        ['anonymiseStudy', 'lookup'],
        ['inspectStudy', 'key'],
        ['analyseStudy', 'key'],
        ['verifyDocument', 'key'],
        ['sendDocumentLink', 'none'],
        ['tellClinic', 'key'],
        ['readDeal', 'key'],
        ['comparePlan', 'key'],
        ['openCompanion', 'key'],
        ['tellCompanion', 'key'],
        ['orderFlights', 'lookup'],
        ['findFlightOrder', 'key'],
        ['readFlightOrder', 'key'],
        ['openCheckout', 'key'],
        ['closeCheckout', 'key'],
        ['readPayment', 'key'],
        ['refundPayment', 'lookup'],
        ['recordBooking', 'key'],
        ['queueInvoice', 'key'],
        ['submitInvoice', 'key'],
        ['readInvoice', 'key'],
        ['archiveInvoice', 'key'],
        ['sendTravellerLink', 'none'],
        ['sendMessage', 'none'],
        ['sendFile', 'none'],
        ['recordConsent', 'key'],
        ['understand', 'key'],
        ['fetchMedia', 'key'],
        ['searchFlights', 'key'],
      ],
    );
  });

  test('start only with the consent that each needs; what settles money or consent needs none', () => {
    const { performers } = recording();
    const { understand, fetchMedia, searchFlights, openCheckout } = performers;
    assert.equal(understand.needs?.({ mayLeave: false }), null);
    assert.equal(understand.needs?.({ mayLeave: true }), 'consent:transfer-abroad');
    assert.equal(fetchMedia.needs?.({}), 'consent:health-data');
    assert.equal(searchFlights.needs?.({}), 'consent:service');
    assert.equal(openCheckout.needs?.({}), 'consent:service');
    assert.ok(!('needs' in performers.recordConsent));
    for (const name of ['readPayment', 'refundPayment', 'recordBooking', 'queueInvoice'] as const)
      assert.ok(!('needs' in performers[name]));
  });

  test('know every text the machines use', async () => {
    const folder = new URL('../../machines/', import.meta.url);
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
    const files = names.map(async (name) => readFile(new URL(name, folder), 'utf8'));
    const source = (await Promise.all(files)).join('\n');
    const used = [
      ...source.matchAll(
        /'((?:consent|intake|flights|offer|payment|booking|staff|conversation|media|aftercare|review|documents)\.[\w.-]+)'/g,
      ),
    ].flatMap(([, key]) => (key === undefined || notTexts.has(key) ? [] : [key]));
    assert.ok(used.length >= 36);
    for (const key of used) assert.ok(isTextKey(key), key);
  });
});

/** Events whose names look like a text's. */
const notTexts: ReadonlySet<string> = new Set([
  'staff.orderFlights',
  'staff.ticketed',
  'payment.asked',
  'payment.notified',
  'payment.succeeded',
  'payment.failed',
  'booking.abandon',
  'booking.chargedBack',
  'booking.held',
  'booking.lapsed',
  'booking.refunded',
  'booking.renew',
  'booking.settled',
  'booking.unsettled',
  'consent.answered',
  'consent.asked',
  'consent.changed',
  'consent.needed',
  'consent.lapsed',
  'consent.recorded',
  'documents.changed',
  'payment.expired',
  'review.changed',
  'documents.held',
  'staff.linked',
  'staff.askDocument',
  'staff.skipImaging',
  'staff.cleared',
  'staff.declined',
  'staff.resume',
  'staff.took',
  'staff.settled',
  'staff.reply',
  'staff.send',
  'staff.arrived',
  'staff.discharged',
  'staff.refunded',
  'staff.refund',
  'staff.keep',
  'staff.quote',
  'staff.billing',
  'staff.close',
]);
