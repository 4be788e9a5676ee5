import * as v from 'valibot';

import { readDicom } from '../../../adapters/orthanc/dicom.ts';
import type { VisionArchive } from '../vision.ts';

export interface AskedStudy {
  readonly studyInstanceUid: string;
  readonly dicomWebUrl: string;
  readonly pseudonym: string;
  readonly instances: number;
}

/** The model does not look at this study. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  /** Whether it is the asker's fault. */
  readonly atOnce: boolean;

  constructor(code: string, atOnce = true) {
    super(code);
    this.code = code;
    this.atOnce = atOnce;
  }
}

/** A page of the archive's answer to "which instances": little memory, however large the study. */
const pageSize = 50;
const maxPages = 200;
/** A pixel brighter than this part of what is possible is bright. */
const brightPart = 0.75;
/** With so many bright pixels of an image something is there. */
const leastBright = 0.02;

const Values = v.object({ Value: v.optional(v.array(v.string()), []) });
/** DICOM JSON. @see https://dicom.nema.org/medical/dicom/current/output/chtml/part18/chapter_F.html */
const Instances = v.array(v.object({ '00080018': Values, '0020000E': Values }));

/**
 * Fetches the study over DICOMweb, instance by instance, and calls what is bright an opacity: the share of bright pixels
 * decides how sure it is. The same study has the same findings.
 *
 * @throws {Refusal} not of our archive, not there, not complete, or a patient's name is on it
 */
export async function look(archive: VisionArchive, study: AskedStudy): Promise<object> {
  const url = new URL(study.dicomWebUrl);
  const path = `/dicom-web/studies/${study.studyInstanceUid}`;
  if (url.origin !== archive.origin || url.pathname !== path) throw new Refusal('study_not_found');
  const findings: object[] = [];
  let seen = 0;
  for (let page = 0; page < maxPages; page++) {
    const instances = await pageOf(archive, path, page);
    for (const instance of instances) {
      const sopInstanceUid = instance['00080018'].Value[0] ?? '';
      const seriesInstanceUid = instance['0020000E'].Value[0] ?? '';
      const file = `${path}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
      const part = await brightness(await fileOf(archive, file), study.pseudonym);
      seen += 1;
      if (part < leastBright) continue;
      const confidence = Math.min(0.99, Math.round((0.5 + part * 2) * 100) / 100);
      findings.push({ label: 'opacity', confidence, seriesInstanceUid, sopInstanceUid });
    }
    if (instances.length < pageSize) break;
  }
  if (seen === 0) throw new Refusal('study_not_found');
  if (seen !== study.instances) throw new Refusal('study_incomplete');
  return { status: 'done', model: { name: 'sandbox-brightness', version: '1.0' }, findings };
}

/** The share of bright pixels. Also the second net under the anonymisation: no name but the pseudonym may be there. */
async function brightness(file: Uint8Array, pseudonym: string): Promise<number> {
  let bitsStored = 16;
  let said = '';
  let isRemoved = false;
  let [bright, pixels] = [0, 0];
  const bulk: Buffer[] = [];
  const chunks = (async function* () {
    yield file;
  })();
  for await (const element of readDicom(chunks, { onBulk: (_, piece) => void bulk.push(piece) })) {
    const text = element.value?.toString('latin1').trim() ?? '';
    if (element.vr === 'PN' && ![pseudonym, ''].includes(text)) said = element.tag;
    if (element.tag === '00120062') isRemoved = text === 'YES';
    if (element.tag === '00280101') bitsStored = element.value?.readUInt16LE(0) ?? 16;
  }
  if (said !== '' || !isRemoved) throw new Refusal('study_not_anonymous');
  const data = Buffer.concat(bulk);
  const limit = 2 ** bitsStored * brightPart;
  for (let at = 0; at + 1 < data.length; at += 2) {
    pixels += 1;
    if (data.readUInt16LE(at) > limit) bright += 1;
  }
  return pixels === 0 ? 0 : bright / pixels;
}

async function pageOf(archive: VisionArchive, path: string, page: number) {
  const query = `limit=${pageSize}&offset=${page * pageSize}`;
  const answer = await ask(archive, `${path}/instances?${query}`, 'application/dicom+json');
  if (answer.status === 204 || answer.status === 404) return [];
  return v.parse(Instances, await answer.json());
}

/** The one part of a multipart answer. */
async function fileOf(archive: VisionArchive, path: string): Promise<Uint8Array> {
  const answer = await ask(archive, path, 'multipart/related; type="application/dicom"');
  const [, boundary] = /boundary="?([^";]+)"?/.exec(answer.headers.get('content-type') ?? '') ?? [];
  if (!answer.ok || boundary === undefined) throw new Refusal('archive_failed', false);
  const body = Buffer.from(await answer.arrayBuffer());
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.lastIndexOf(`\r\n--${boundary}`);
  return body.subarray(start, end);
}

function ask({ origin, username, password }: VisionArchive, path: string, accept: string) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return fetch(origin + path, {
    headers: { authorization, accept },
    signal: AbortSignal.timeout(20_000),
    redirect: 'error',
  });
}
