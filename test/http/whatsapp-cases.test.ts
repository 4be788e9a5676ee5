import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Delivery } from '../../actors/ports/intake.ts';
import { parseTolerantly } from '../../http/server/json.ts';
import { whatsappDeliveries } from '../../http/webhooks/whatsapp.ts';
import { notification, textMessage } from './edge.ts';

/** What stands where in a notification that people and systems have been seen to send. */
const phone = '491700000002';
const words = { kind: 'text', text: 'Merhaba' };

function deliveriesOf(change: object, more: readonly object[] = []): Delivery[] {
  const body = notification({ messages: [textMessage('wamid.1')] });
  Object.assign(body.entry[0]!.changes[0]!.value, change);
  const entry = [...body.entry, ...more];
  return whatsappDeliveries(parseTolerantly(Buffer.from(JSON.stringify({ ...body, entry }))).value);
}
const heard = (deliveries: readonly Delivery[]) =>
  deliveries.filter(({ type }) => type === 'whatsapp.inbound').map(({ data }) => data);
const reasons = (deliveries: readonly Delivery[]) =>
  deliveries.flatMap(({ about }) => (about.kind === 'nobody' ? [about.reason] : []));

suite('A message of WhatsApp is heard', () => {
  for (const [what, change] of Object.entries({
    'without contacts': { contacts: null },
    'with contacts of another form': { contacts: { wa_id: phone } },
    'with an empty contact': { contacts: [{}] },
    'without a profile': { contacts: [{ wa_id: phone, profile: null }] },
    'with a name of 5,000 characters': {
      contacts: [{ wa_id: phone, profile: { name: 'N'.repeat(5_000) } }],
    },
    'from another number than its contact': { contacts: [{ wa_id: '49170999' }] },
    'beside a status that nobody knows': { statuses: [{ id: 'x', status: 'played' }] },
    'beside errors of the account': { errors: { code: 131000 } },
    'beside lists that are none': { statuses: 'none' },
  }))
    test(what, () => assert.equal(heard(deliveriesOf(change)).length, 1));

  for (const [what, item] of Object.entries({
    'forwarded often': { context: { forwarded: true, frequently_forwarded: true } },
    'with errors beside its words': { errors: [{ code: 131000 }] },
    'with an empty advertisement': { referral: null },
    'with a sender’s id that is no text': { from_user_id: { id: 'EG.1' } },
    'with a context of another form': { context: 'wamid.0' },
  }))
    test(what, () => {
      const [data] = heard(deliveriesOf({ messages: [{ ...textMessage('w'), ...item }] }));
      assert.deepEqual((data as { message: unknown }).message, words);
    });

  for (const [what, entry] of Object.entries({
    'beside a change without an account': {
      id: '1',
      changes: [{ field: 'messages', value: { statuses: [{ id: 'wamid.x', status: 'sent' }] } }],
    },
    'beside a change whose messages are no list': {
      id: '1',
      changes: [
        {
          field: 'messages',
          value: { metadata: { phone_number_id: '1' }, messages: textMessage('w') },
        },
      ],
    },
    'beside a change without a value': {
      id: '1',
      changes: [{ field: 'account_update', value: null }],
    },
  }))
    test(`${what}, which is parked with its reason`, () => {
      for (const deliveries of [deliveriesOf({}, [entry]), deliveriesOf({}, [entry, entry])]) {
        assert.equal(heard(deliveries).length, 1);
        assert.ok(reasons(deliveries).length > 0 && reasons(deliveries).every(Boolean));
      }
    });
});
