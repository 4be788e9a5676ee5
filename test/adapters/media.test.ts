import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { ExpectedError, MediaRefused, Deferred } from '../../actors/errors.ts';
import type { InboundMedia } from '../../actors/ports/media.ts';
import { type GuardedFetch, guardedFetch } from '../../adapters/guarded-fetch.ts';
import { imageSize } from '../../adapters/whatsapp/image-size.ts';
import {
  type WhatsappMediaOptions,
  whatsappMedia,
  whatsappMediaPolicy,
} from '../../adapters/whatsapp/media.ts';
import { type Telemetry, createTelemetry } from '../../telemetry.ts';
import { performing, quick } from './fixtures.ts';

const ascii = (text: string) => Buffer.from(text, 'latin1');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes);
const uint16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** As much of each format as names it and says its size. */
const png = (width: number, height: number) =>
  Buffer.concat([
    ascii('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
    uint32(width),
    uint32(height),
    ascii('\x08\x02\0\0\0CRC!\0\0\0\0IDATCRC!\0\0\0\0IENDCRC!'),
  ]);
const jpeg = (width: number, height: number, frame = 0xc0) =>
  Buffer.concat([
    ascii('\xff\xd8\xff\xe0\0\x10JFIF\x00123456789'),
    // The frame header of a thumbnail in the Exif data, which is not the picture's.
    ascii('\xff\xe1\0\x0c\xff\xc0\0\x11\x08\0\x01\0\x01\x03'),
    ascii('\xff\xff\xc4\0\x04\0\0'),
    Buffer.from([0xff, frame, 0, 17, 8]),
    uint16(height),
    uint16(width),
    ascii('1234567890\xff\xda0123456789\xff\xd9'),
  ]);
const webp = (chunk: string, payload: Buffer) =>
  Buffer.concat([ascii(`RIFF\0\0\0\0WEBP${chunk}\0\0\0\0`), payload, Buffer.alloc(20)]);
const webpExtended = (width: number, height: number) => {
  const payload = Buffer.alloc(10);
  payload.writeUIntLE(width - 1, 4, 3);
  payload.writeUIntLE(height - 1, 7, 3);
  return webp('VP8X', payload);
};
const pdf = ascii('%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n');
const mp4 = (brand: string) =>
  Buffer.concat([uint32(16), ascii('ftyp'), ascii(brand), uint32(0), Buffer.alloc(64)]);
const ogg = (codec: string) =>
  Buffer.concat([ascii('OggS'), Buffer.alloc(24), ascii(codec), Buffer.alloc(64)]);
const amr = Buffer.concat([ascii('#!AMR\n'), Buffer.alloc(64)]);
const mp3 = Buffer.concat([ascii('ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64'), Buffer.alloc(600)]);
const aac = Buffer.concat([ascii('\xff\xf1\x50\x80\x02\x1f\xfc'), Buffer.alloc(64)]);
const zipEnd = (comment = '') =>
  Buffer.concat([
    ascii('PK\x05\x06'),
    Buffer.alloc(16),
    Buffer.from([comment.length, 0]),
    ascii(comment),
  ]);

/** A file as Meta would have it; every field may be made to lie. */
interface MetaFile {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly description?: object;
  /** In place of the file, per download from the first on; the last goes on. */
  readonly downloads?: readonly ((response: ServerResponse) => void)[];
  readonly describe?: (response: ServerResponse) => void;
}

suite('media from whatsapp', () => {
  let server: Server;
  let origin: string;
  let guard: GuardedFetch;
  let telemetry: Telemetry;
  let current: MetaFile;
  let requests: string[] = [];

  function answer(request: IncomingMessage, response: ServerResponse): void {
    requests.push(`${request.headers.authorization ?? ''} ${request.url ?? ''}`);
    if (!request.url?.startsWith('/file/')) {
      if (current.describe) return current.describe(response);
      const { bytes, mimeType, description } = current;
      return void response.end(
        JSON.stringify({
          messaging_product: 'whatsapp',
          url: `${origin}/file/1`,
          mime_type: mimeType,
          sha256: sha256(bytes).digest('hex'),
          file_size: String(bytes.length),
          id: '1',
          ...description,
        }),
      );
    }
    const number = requests.filter((one) => one.includes('/file/')).length;
    const instead = current.downloads?.[Math.min(number, current.downloads.length) - 1];
    if (instead) return instead(response);
    response.end(current.bytes);
  }

  before(async () => {
    telemetry = createTelemetry({ level: 'silent' });
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    guard = guardedFetch({ trustedOrigins: [origin] });
  });
  after(async () => {
    await guard.close();
    server.closeAllConnections();
    server.close();
  });

  async function fetched(
    kind: InboundMedia['kind'],
    file: MetaFile,
    media: Partial<InboundMedia> = {},
    options: Partial<WhatsappMediaOptions> = {},
  ) {
    current = file;
    requests = [];
    const port = whatsappMedia({
      baseUrl: origin,
      tokenOf: async (tenant) => `token-of-${tenant}`,
      phoneNumberIdOf: (tenant) => (tenant === 'clinic-a' ? '555666777888999' : undefined),
      guard,
      policy: quick('whatsapp', whatsappMediaPolicy),
      telemetry,
      ...options,
    });
    return await port.fetch({ kind, mediaId: '900', sha256: null, ...media }, performing());
  }

  async function refusal(...given: Parameters<typeof fetched>): Promise<string> {
    try {
      await fetched(...given);
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      return 'reason' in error ? `${error.code} ${String(error.reason)}` : error.code;
    }
    return assert.fail('It was taken');
  }

  const photo: MetaFile = { bytes: jpeg(4_000, 3_000), mimeType: 'image/jpeg' };

  test('comes in two steps, both with the tenant’s token', async () => {
    const { bytes, contentType, sha256: checksum } = await fetched('image', photo);
    assert.deepEqual(Buffer.from(bytes), photo.bytes);
    assert.deepEqual([contentType, checksum], ['image/jpeg', sha256(photo.bytes).digest('hex')]);
    assert.deepEqual(requests, [
      'Bearer token-of-clinic-a /v26.0/900?phone_number_id=555666777888999',
      'Bearer token-of-clinic-a /file/1',
    ]);
  });

  for (const [kind, bytes, mimeType, contentType] of [
    ['image', jpeg(10, 10, 0xc2), 'image/jpeg', 'image/jpeg'],
    ['image', png(10, 10), 'image/png', 'image/png'],
    ['image', webpExtended(10, 10), 'image/webp', 'image/webp'],
    ['image', png(10, 10), 'image/jpeg', 'image/png'],
    ['document', pdf, 'application/pdf', 'application/pdf'],
    ['audio', ogg('OpusHead'), 'audio/ogg; codecs=opus', 'audio/ogg'],
    ['audio', aac, 'audio/aac', 'audio/aac'],
    ['audio', amr, 'audio/amr', 'audio/amr'],
    ['audio', mp3, 'audio/mpeg', 'audio/mpeg'],
    ['audio', mp4('M4A '), 'audio/mp4', 'audio/mp4'],
    ['audio', mp4('mp42'), 'audio/mp4', 'audio/mp4'],
    ['video', mp4('mp42'), 'video/mp4', 'video/mp4'],
    ['video', mp4('3gp4'), 'video/3gpp', 'video/3gpp'],
  ] as const) {
    test(`is taken as ${kind}: ${contentType}, claimed as ${mimeType}`, async () => {
      assert.equal((await fetched(kind, { bytes, mimeType })).contentType, contentType);
    });
  }

  for (const [kind, bytes, mimeType] of [
    ['image', pdf, 'image/jpeg'],
    ['image', ascii('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/png'],
    ['image', ascii('GIF89a\0\0\0\0'), 'image/png'],
    ['document', jpeg(10, 10), 'application/pdf'],
    ['document', ascii('MZ\x90\0 %PDF-1.7'), 'application/pdf'],
    ['document', ascii('<html>%PDF-1.7'), 'application/pdf'],
    ['document', Buffer.concat([ascii('PK\x03\x04'), Buffer.alloc(60)]), 'application/pdf'],
    ['audio', ogg('\x01vorbis'), 'audio/ogg'],
    ['audio', pdf, 'audio/mpeg'],
    ['video', mp4('M4A '), 'video/mp4'],
    ['video', Buffer.alloc(0), 'video/mp4'],
  ] as const) {
    test(`is of a wrong type when ${mimeType} begins with ${JSON.stringify(bytes.toString('latin1', 0, 6))}`, async () => {
      assert.equal(await refusal(kind, { bytes, mimeType }), 'media_wrong_type');
    });
  }

  test('is of a wrong type by what it claims, and then not downloaded', async () => {
    for (const [kind, mimeType] of [
      ['image', 'image/svg+xml'],
      ['document', 'application/x-msdownload'],
      ['document', 'text/html'],
      ['audio', 'application/pdf'],
      ['video', ''],
    ] as const) {
      assert.equal(await refusal(kind, { bytes: pdf, mimeType }), 'media_wrong_type');
      assert.equal(requests.length, 1);
    }
    assert.equal(await refusal('sticker', photo), 'media_wrong_type');
    assert.equal(requests.length, 0);
  });

  test('is too large by what it claims, and then not downloaded', async () => {
    const description = { file_size: String(5 * 1_024 * 1_024 + 1) };
    assert.equal(await refusal('image', { ...photo, description }), 'media_too_large');
    assert.equal(requests.length, 1);
  });

  test('is too large by what comes, whatever it claimed', async () => {
    const bytes = Buffer.concat([photo.bytes, Buffer.alloc(1_000)]);
    const file = { bytes, mimeType: 'image/jpeg', description: { file_size: '10' } };
    const limits = { image: bytes.length - 1 };
    assert.equal(await refusal('image', file, {}, { limits }), 'media_too_large');
    const endless = (response: ServerResponse) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', write);
      };
      write();
    };
    assert.equal(await refusal('image', { ...photo, downloads: [endless] }), 'media_too_large');
  });

  test('is too large at more than 50 megapixels, however few bytes that takes', async () => {
    for (const [bytes, mimeType] of [
      [png(100_000, 100_000), 'image/png'],
      [jpeg(65_535, 65_535), 'image/jpeg'],
      [webpExtended(16_383, 16_383), 'image/webp'],
      [png(50_000_001, 1), 'image/png'],
    ] as const) {
      assert.equal(await refusal('image', { bytes, mimeType }), 'media_too_large');
    }
    const most = { bytes: png(50_000_000, 1), mimeType: 'image/png' };
    assert.equal((await fetched('image', most)).contentType, 'image/png');
  });

  test('is damaged without a size', async () => {
    for (const bytes of [png(0, 10), jpeg(10, 10).subarray(0, 24), jpeg(10, 10, 0xda)]) {
      const file = { bytes, mimeType: 'image/jpeg' };
      assert.equal(await refusal('image', file), 'media_damaged');
    }
  });

  test('is unsafe when it is something else as well', async () => {
    const hidden = Buffer.concat([jpeg(10, 10).subarray(0, 40), pdf, jpeg(10, 10)]);
    for (const [kind, bytes, mimeType] of [
      ['image', hidden, 'image/jpeg'],
      ['image', Buffer.concat([png(10, 10), zipEnd()]), 'image/png'],
      ['document', Buffer.concat([pdf, zipEnd('a comment')]), 'application/pdf'],
      ['video', Buffer.concat([mp4('mp42'), pdf]), 'video/mp4'],
    ] as const) {
      assert.equal(await refusal(kind, { bytes, mimeType }), 'media_unsafe');
    }
    const inside = { bytes: Buffer.concat([pdf, zipEnd(), pdf]), mimeType: 'application/pdf' };
    assert.equal((await fetched('document', inside)).contentType, 'application/pdf');
  });

  test('agrees with the checksums, in hex or base64, of the webhook and of Meta', async () => {
    const [hex, base64] = (['hex', 'base64'] as const).map((form) =>
      sha256(photo.bytes).digest(form),
    );
    for (const one of [hex, base64]) {
      for (const other of [hex, base64]) {
        const file = { ...photo, description: { sha256: one } };
        assert.ok(await fetched('image', file, { sha256: other ?? null }));
      }
    }
  });

  test('is damaged when a checksum or the length differs, asked for twice', async () => {
    const other = sha256(pdf).digest('base64');
    assert.equal(await refusal('image', photo, { sha256: other }), 'media_damaged');
    assert.equal(requests.length, 4);
    for (const description of [{ sha256: other }, { file_size: '7' }]) {
      assert.equal(await refusal('image', { ...photo, description }), 'media_damaged');
      assert.equal(requests.length, 4);
    }
    assert.equal(await refusal('image', photo, { sha256: 'none' }), 'media_damaged');
  });

  test('is asked for once more when it came damaged or its address was over', async () => {
    const missing = (response: ServerResponse) => void response.writeHead(404).end('{}');
    const half = (response: ServerResponse) => void response.end(photo.bytes.subarray(0, 30));
    const whole = (response: ServerResponse) => void response.end(photo.bytes);
    for (const first of [missing, half]) {
      assert.ok(await fetched('image', { ...photo, downloads: [first, whole] }));
      assert.equal(requests.length, 4);
    }
    assert.equal(await refusal('image', { ...photo, downloads: [missing] }), 'media_gone');
    assert.equal(requests.length, 4);
  });

  const graphError = (status: number, error: object) => (response: ServerResponse) =>
    void response.writeHead(status).end(JSON.stringify({ error }));

  test('is gone when Meta does not know it any more', async () => {
    for (const describe of [
      graphError(400, { code: 100, error_subcode: 33 }),
      graphError(404, { code: 100 }),
      graphError(400, { code: 131052 }),
    ]) {
      assert.equal(await refusal('image', { ...photo, describe }), 'media_gone');
    }
  });

  test('follows Meta’s errors in both steps: what passes is tried again, what does not is not', async () => {
    const unavailable = graphError(503, { code: 131016 });
    assert.match(await refusal('image', { ...photo, describe: unavailable }), /131016/);
    assert.equal(requests.length, 3);
    const dead = graphError(401, { code: 190 });
    assert.equal(await refusal('image', { ...photo, describe: dead }), 'must_wait token_dead');
    assert.equal(requests.length, 1);
    assert.equal(await refusal('image', { ...photo, downloads: [dead] }), 'must_wait token_dead');
    assert.equal(requests.length, 2);
    const wrong = graphError(400, { code: 100 });
    assert.match(await refusal('image', { ...photo, describe: wrong }), /provider_refused 100/);
  });

  test('tells of a token that Graph refuses, but not of one that only the files’ host does', async () => {
    const told: string[] = [];
    const tokenRefused = async (token: string, reason: string) => {
      told.push(`${token} ${reason}`);
      return new Deferred('whatsapp', 'token_dead', 60_000);
    };
    const dead = graphError(401, { code: 190 });
    const file = { ...photo, describe: dead };
    assert.equal(await refusal('image', file, {}, { tokenRefused }), 'must_wait token_dead');
    assert.deepEqual(told, ['token-of-clinic-a 190']);
    const blocked = (response: ServerResponse) => void response.writeHead(401).end('blocked');
    const other = { ...photo, downloads: [blocked] };
    assert.equal(
      await refusal('image', other, {}, { tokenRefused }),
      'provider_unreachable status_401',
    );
    assert.equal(told.length, 1);
  });

  test('survives a broken connection, and a description that is none', async () => {
    const cut = (response: ServerResponse) => void response.destroy();
    const whole = (response: ServerResponse) => void response.end(photo.bytes);
    assert.ok(await fetched('image', { ...photo, downloads: [cut, whole] }));
    for (const text of ['<html>', '{}', '{"url":1}', '']) {
      const describe = (response: ServerResponse) => void response.end(text);
      assert.match(await refusal('image', { ...photo, describe }), /^provider_unreachable/);
    }
  });

  test('is not fetched from where the address should not point, with our token least of all', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'https://evil.test/x',
      `http://user@127.0.0.1:${new URL(origin).port}/file/1`,
      'not an address',
    ]) {
      const file = { ...photo, description: { url } };
      assert.equal(await refusal('image', file), 'provider_refused url_refused');
      assert.equal(requests.length, 1);
    }
    const moved = (response: ServerResponse) =>
      void response.writeHead(302, { location: '/file/2' }).end();
    assert.equal(
      await refusal('image', { ...photo, downloads: [moved] }),
      'provider_refused redirected',
    );
  });

  test('is given up when all of it takes too long', async () => {
    const slow = (response: ServerResponse) => void response.write('x');
    const file = { ...photo, downloads: [slow] };
    assert.match(await refusal('image', file, {}, { deadlineMs: 100 }), /^provider_unreachable/);
  });

  test('waits for a token, or a person, like everything else that needs one', async () => {
    const tokenOf = async () => {
      throw new Deferred('whatsapp', 'token', 60_000);
    };
    assert.equal(await refusal('image', photo, {}, { tokenOf }), 'must_wait token');
    const phoneNumberIdOf = () => undefined;
    assert.match(await refusal('image', photo, {}, { phoneNumberIdOf }), /no_sender/);
    assert.equal(requests.length, 0);
  });

  test('has an id that leads nowhere else', async () => {
    for (const mediaId of ['', '../me', '1/2', '1?a=b', '1#', '%2e%2e', '1'.repeat(201)]) {
      assert.equal(await refusal('image', photo, { mediaId }), 'provider_refused media_id');
      assert.equal(requests.length, 0);
    }
  });

  test('is refused without a word about itself', async () => {
    const error: unknown = await fetched('sticker', photo).catch((error: unknown) => error);
    assert.ok(error instanceof MediaRefused);
    assert.deepEqual([error.message, error.cause], ['The file is refused: wrong_type', undefined]);
  });
});

suite('the size of an image', () => {
  const lossy = Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x41, 0xf0, 0x80]);
  const lossless = Buffer.from([0x2f, 0, 0, 0, 0]);
  lossless.writeUInt32LE((639 | (479 << 14)) >>> 0, 1);
  for (const [title, type, bytes, size] of [
    ['PNG', 'image/png', png(640, 480), { width: 640, height: 480 }],
    ['JPEG', 'image/jpeg', jpeg(640, 480), { width: 640, height: 480 }],
    ['progressive JPEG', 'image/jpeg', jpeg(640, 480, 0xc2), { width: 640, height: 480 }],
    ['lossy WebP', 'image/webp', webp('VP8 ', lossy), { width: 0x140, height: 0xf0 }],
    ['lossless WebP', 'image/webp', webp('VP8L', lossless), { width: 640, height: 480 }],
    ['extended WebP', 'image/webp', webpExtended(640, 480), { width: 640, height: 480 }],
  ] as const) {
    test(`is in the header of a ${title}, and nowhere in half of it`, () => {
      assert.deepEqual(imageSize(type, bytes), size);
      for (let length = 0; length <= bytes.length; length += 1) {
        const found = imageSize(type, bytes.subarray(0, length));
        assert.ok(found === undefined || found.width === size.width, `${length} bytes`);
      }
    });
  }

  test('is unknown of anything else', () => {
    assert.equal(imageSize('image/gif', png(1, 1)), undefined);
    assert.equal(imageSize('image/webp', webp('VP9 ', Buffer.alloc(10))), undefined);
    assert.equal(imageSize('image/png', ascii('x'.repeat(100))), undefined);
    assert.equal(imageSize('image/jpeg', Buffer.alloc(100_000, 0xff)), undefined);
  });
});
