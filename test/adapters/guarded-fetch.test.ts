import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';

import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import {
  type GuardOptions,
  type GuardedFetch,
  guardedFetch,
  isPublic,
} from '../../adapters/guarded-fetch.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { testSoftware, whyNot } from '../support/software.ts';

const maxBytes = 100_000;

function to(guard: GuardedFetch, url: string, signal = AbortSignal.timeout(5_000)) {
  return guard.get({
    provider: 'acme',
    url,
    headers: { authorization: 'Bearer x' },
    maxBytes,
    signal,
  });
}

const refused = (reason: string) => (error: unknown) =>
  error instanceof ProviderRefused && error.reason === reason;
const unreachable = (reason: string) => (error: unknown) =>
  error instanceof ProviderUnreachable && error.reason === reason;

async function withGuard(
  options: GuardOptions,
  run: (guard: GuardedFetch) => Promise<void>,
): Promise<void> {
  const guard = guardedFetch(options);
  try {
    await run(guard);
  } finally {
    await guard.close();
  }
}

suite('an address is public', () => {
  for (const [address, expected] of [
    ['157.240.1.35', true],
    ['2a03:2880:f12f:83:face:b00c:0:25de', true],
    ['0.0.0.0', false],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['100.100.100.200', false],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['168.63.129.16', false],
    ['169.254.169.254', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.0.0.192', false],
    ['192.0.2.1', false],
    ['192.168.1.1', false],
    ['198.18.0.1', false],
    ['203.0.113.9', false],
    ['224.0.0.1', false],
    ['240.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::127.0.0.1', false],
    ['::ffff:169.254.169.254', false],
    ['::ffff:157.240.1.35', false],
    ['::ffff:0:127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::7f00:1', false],
    ['100::1', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['fc00::1', false],
    ['fd00:ec2::254', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['2130706433', false],
    ['0x7f.1', false],
    ['localhost', false],
    ['', false],
  ] as const) {
    test(`or not: ${address || 'nothing'} is ${expected ? '' : 'not'}`, () => {
      assert.equal(isPublic(address), expected);
    });
  }
});

suite('a guarded fetch', () => {
  for (const url of [
    'http://graph.facebook.com/x',
    'https://graph.facebook.com:8443/x',
    'https://graph.facebook.com:80/x',
    'https://graph.facebook.com./x',
    'https://graph.facebook.com.evil.test/x',
    'https://evil-graph.facebook.com/x',
    'https://graph.facebook.com@127.0.0.1/x',
    'https://graph.facebook.com%40127.0.0.1/x',
    'https://user@graph.facebook.com/x',
    'https://:secret@graph.facebook.com/x',
    'https://127.0.0.1#@graph.facebook.com/x',
    'https://127.0.0.1\\@graph.facebook.com/x',
    'https://127.0.0.1?graph.facebook.com',
    'https://0x7f.1/x',
    'https://2130706433/x',
    'https://0177.0.0.1/x',
    'https://127.1/x',
    'https://①②⑦.0.0.1/x',
    'https://[::1]/x',
    'https://[::ffff:169.254.169.254]/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal/x',
    'https://localhost/x',
    'blob:https://graph.facebook.com/x',
    'file:///etc/passwd',
    'ftp://graph.facebook.com/x',
    'data:text/plain,x',
    'javascript:1',
    '//graph.facebook.com/x',
    'graph.facebook.com',
    '',
  ]) {
    test(`does not go to ${url || 'nowhere'}`, async () => {
      const resolve = () => assert.fail('It has asked for the address');
      await withGuard({ resolve }, async (guard) => {
        await assert.rejects(to(guard, url), refused('url_refused'));
      });
    });
  }

  test('takes its own hosts however they are written', async () => {
    for (const url of [
      'https://graph.facebook.com/x',
      'https://GRAPH.facebook.com:443/x',
      'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1',
    ]) {
      const asked: string[] = [];
      const resolve = async (host: string) => {
        asked.push(host);
        return [{ address: '127.0.0.1', family: 4 }];
      };
      await withGuard({ resolve }, async (guard) => {
        await assert.rejects(to(guard, url), refused('address_refused'));
      });
      assert.deepEqual(asked, [new URL(url).hostname]);
    }
  });

  test('does not connect if one address of many is not public', async () => {
    const resolve = async () => [
      { address: '157.240.1.35', family: 4 },
      { address: 'fd00:ec2::254', family: 6 },
    ];
    await withGuard({ resolve }, async (guard) => {
      const url = 'https://lookaside.fbsbx.com/x';
      await assert.rejects(to(guard, url), refused('address_refused'));
    });
  });

  test('is in doubt about a host without an address', async () => {
    const unknown = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    await withGuard({ resolve: unknown }, async (guard) => {
      const url = 'https://lookaside.fbsbx.com/x';
      await assert.rejects(to(guard, url), unreachable('connection_broken'));
    });
  });

  test('refuses settings that would open a way around it', () => {
    for (const origin of [
      'http://graph.facebook.com',
      'https://127.0.0.1',
      'https://[::1]',
      'https://graph.facebook.com/',
      'graph.facebook.com',
    ]) {
      assert.throws(() => guardedFetch({ origins: [origin] }), RangeError, origin);
    }
    assert.throws(() => guardedFetch({ trustedOrigins: ['http://127.0.0.1:1/x'] }), RangeError);
  });

  test('connects to the address it checked, though the name moves meanwhile', async () => {
    const connections = { checked: 0, moved: 0 };
    const checked = createTcpServer((socket) => {
      connections.checked += 1;
      socket.destroy(); // TLS comes to nothing, which is as good as anything here.
    }).listen(0, '127.0.0.1');
    await once(checked, 'listening');
    const { port } = checked.address() as AddressInfo;
    const moved = createTcpServer((socket) => {
      connections.moved += 1;
      socket.destroy();
    }).listen(port, '127.0.0.2');
    await once(moved, 'listening');

    let asked = 0;
    const resolve = async () => [{ address: `127.0.0.${(asked += 1)}`, family: 4 }];
    const options = {
      origins: [`https://media.test:${port}`],
      resolve,
      allows: (address: string) => address === '127.0.0.1', // For this test the public internet.
    };
    try {
      await withGuard(options, async (guard) => {
        const url = `https://media.test:${port}/x`;
        await assert.rejects(to(guard, url), unreachable('connection_broken'));
        assert.deepEqual([asked, connections], [1, { checked: 1, moved: 0 }]);
        await assert.rejects(to(guard, url), refused('address_refused'));
        assert.deepEqual([asked, connections], [2, { checked: 1, moved: 0 }]);
      });
    } finally {
      checked.close();
      moved.close();
    }
  });

  test('proves the name by TLS', async (t) => {
    const noOpenssl = await whyNot(testSoftware.openssl);
    if (noOpenssl !== null) return t.skip(noOpenssl);
    const folder = await temporaryFolder();
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = '-days 2 -subj /CN=media.test -addext subjectAltName=DNS:media.test'.split(' ');
    const key = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'.split(' ');
    const args = ['req', ...key, ...subject, '-keyout', keyFile, '-out', certificateFile];
    const made = spawnSync('openssl', args, { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const cert = readFileSync(certificateFile, 'utf8');
    const server = createSecureServer({ cert, key: readFileSync(keyFile) }, (_, response) =>
      response.end('the file'),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const trusted = getCACertificates();
    setDefaultCACertificates([...trusted, cert]);
    try {
      const options = {
        origins: [`https://media.test:${port}`, `https://other.test:${port}`],
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
        allows: () => true,
      };
      await withGuard(options, async (guard) => {
        const { status, bytes } = await to(guard, `https://media.test:${port}/x`);
        assert.deepEqual([status, Buffer.from(bytes ?? []).toString()], [200, 'the file']);
        const other = to(guard, `https://other.test:${port}/x`);
        await assert.rejects(other, unreachable('connection_broken'));
      });
    } finally {
      setDefaultCACertificates(trusted);
      server.closeAllConnections();
      server.close();
      await removeFolder(folder);
    }
  });
});

suite('what a guarded fetch reads', () => {
  let server: Server;
  let origin: string;
  let guard: GuardedFetch;
  const seen: string[] = [];
  const answers: Readonly<Record<string, RequestListener>> = {
    '/file': (request, response) => response.end(JSON.stringify(request.headers)),
    '/missing': (_, response) => response.writeHead(404).end('{}'),
    '/limit': (_, response) => response.end(Buffer.alloc(maxBytes)),
    '/one-more': (_, response) => response.end(Buffer.alloc(maxBytes + 1)),
    '/one-more-chunked': (_, response) => {
      response.write('x');
      response.end(Buffer.alloc(maxBytes));
    },
    '/claims-10-gb': (_, response) => {
      response.writeHead(200, { 'content-length': 10_000_000_000 }).write('x');
    },
    '/endless': (_, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
        response.once('drain', write);
      };
      write();
    },
    '/slow': (_, response) => void response.write('x'),
    '/silent': () => {},
    '/cut': (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    },
    '/longer-than-it-says': (_, response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour and more');
    },
    '/moved': (_, response) => response.writeHead(302, { location: '/file' }).end('elsewhere'),
    '/moved-to-localhost': (_, response) => {
      response.writeHead(307, { location: 'http://localhost/latest/meta-data' }).end();
    },
    '/bomb': (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(50_000_000)));
    },
  };
  before(async () => {
    server = createServer((request, response) => {
      seen.push(request.url ?? '');
      answers[request.url ?? '']?.(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    guard = guardedFetch({ trustedOrigins: [origin] });
  });
  after(async () => {
    await guard.close();
    server.closeAllConnections();
    server.close();
  });

  test('is a file, asked for with the token and without compression', async () => {
    const { status, bytes } = await to(guard, `${origin}/file`);
    const headers = JSON.parse(Buffer.from(bytes ?? []).toString()) as Record<string, string>;
    assert.equal(status, 200);
    assert.deepEqual(
      [headers['authorization'], headers['accept-encoding']],
      ['Bearer x', 'identity'],
    );
  });

  test('may have any status', async () => {
    assert.equal((await to(guard, `${origin}/missing`)).status, 404);
  });

  test('has the limit, and not one byte more, whatever it says', async () => {
    assert.equal((await to(guard, `${origin}/limit`)).bytes?.length, maxBytes);
    for (const path of ['/one-more', '/one-more-chunked', '/claims-10-gb', '/endless']) {
      assert.equal((await to(guard, origin + path)).bytes, null, path);
    }
    assert.equal((await to(guard, `${origin}/file`)).status, 200, 'and it goes on afterwards');
  });

  for (const path of ['/slow', '/silent']) {
    test(`is given up in time: ${path}`, async () => {
      const signal = AbortSignal.timeout(50);
      await assert.rejects(to(guard, origin + path, signal), unreachable('timeout'));
    });
  }

  test('is whole, or nothing', async () => {
    await assert.rejects(to(guard, `${origin}/cut`), unreachable('connection_broken'));
    const four = await to(guard, `${origin}/longer-than-it-says`);
    assert.equal(Buffer.from(four.bytes ?? []).toString(), 'four');
  });

  test('is never where a redirect points', async () => {
    const from = seen.length;
    for (const path of ['/moved', '/moved-to-localhost']) {
      await assert.rejects(to(guard, origin + path), refused('redirected'));
    }
    assert.deepEqual(seen.slice(from), ['/moved', '/moved-to-localhost']);
  });

  test('is never unpacked', async () => {
    await assert.rejects(to(guard, `${origin}/bomb`), refused('encoded'));
  });

  test('is from a trusted origin, and from no neighbour of it', async () => {
    const { port } = new URL(origin);
    for (const url of [`http://localhost:${port}/file`, `http://127.0.0.1:${Number(port) - 1}/`]) {
      await assert.rejects(to(guard, url), refused('url_refused'));
    }
    const trusted = to(guard, `http://2130706433:${port}/file`); // The same address, said otherwise.
    assert.equal((await trusted).status, 200);
  });
});
