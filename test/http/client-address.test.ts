import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { suite, test } from 'node:test';

import { clientAddresses } from '../../http/server/client-address.ts';

const request = (remoteAddress: string, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

suite('Whose a request is', () => {
  test('tells its connection, where nobody in front is trusted', () => {
    const { ofRequest, ofConnection } = clientAddresses();
    assert.equal(ofRequest(request('192.0.2.1')), '192.0.2.1');
    assert.equal(ofRequest(request('::ffff:192.0.2.1')), '192.0.2.1');
    assert.equal(ofRequest(request('192.0.2.1', '198.51.100.7')), '192.0.2.1');
    assert.equal(ofConnection('::ffff:192.0.2.1'), '192.0.2.1');
    assert.equal(ofConnection(undefined), '');
  });

  test('is one for all addresses of an IPv6 /64', () => {
    const { ofConnection } = clientAddresses();
    const one = '2001:db8:0:1::/64';
    for (const address of [
      '2001:db8:0:1::1',
      '2001:0DB8:0000:0001:ffff:ffff:ffff:ffff',
      '2001:db8:0:1:0:0:0:9%eth0',
    ]) {
      assert.equal(ofConnection(address), one, address);
    }
    assert.notEqual(ofConnection('2001:db8:0:2::1'), one);
    assert.equal(ofConnection('::1'), '0:0:0:0::/64');
    assert.equal(ofConnection('2001:db8::'), '2001:db8:0:0::/64');
  });

  test('tells the client that the nearest trusted proxy saw', () => {
    const { ofRequest, ofConnection } = clientAddresses(['10.0.0.0/8', 'fd00::/8', '192.0.2.9']);
    const from = (forwarded?: string, peer = '10.1.2.3') => ofRequest(request(peer, forwarded));
    assert.equal(from('198.51.100.7'), '198.51.100.7');
    assert.equal(from('203.0.113.1, 198.51.100.7'), '198.51.100.7', 'what the client wrote itself');
    assert.equal(from('198.51.100.7, 10.9.9.9 ,fd00::1'), '198.51.100.7');
    assert.equal(from('198.51.100.7:4711'), '198.51.100.7');
    assert.equal(from('[2001:db8:0:1::1]:443'), '2001:db8:0:1::/64');
    assert.equal(from('198.51.100.7', '192.0.2.9'), '198.51.100.7');
    assert.equal(from('198.51.100.7', '192.0.2.10'), '192.0.2.10', 'no proxy of ours');
    for (const nobody of [undefined, '', 'unknown', '10.0.0.1', '10.0.0.1,'.repeat(50), '1.2.3']) {
      assert.equal(from(nobody), '10.1.2.3', String(nobody));
    }
    assert.equal(ofConnection('10.1.2.3'), null, 'a proxy stands for many');
    assert.equal(ofConnection('::ffff:10.1.2.3'), null);
  });

  test('is not asked of what is no network', () => {
    for (const wrong of ['x', '10.0.0.0/33', '10.0.0.0/8/1', '10.0.0.0/', 'fd00::/129', '']) {
      assert.throws(() => clientAddresses([wrong]), TypeError, wrong);
    }
  });
});
