import { Agent } from 'undici';
import * as v from 'valibot';

import type { ImagingPort } from '../../actors/ports/imaging.ts';
import {
  type ImagingOptions,
  orthancImaging,
  orthancJobPolicy,
  orthancPolicy,
} from '../../adapters/orthanc/imaging.ts';
import { type PolicyOptions, callPolicy } from '../../adapters/policy.ts';
import { type LocalOrthanc, startOrthanc } from '../../deploy/local/orthanc.ts';
import { createTelemetry } from '../../telemetry.ts';
import { type StudyPlan, dicomFile } from './dicom.ts';
import { removeFolder, temporaryFolder } from './folders.ts';

/** A real Orthanc with an empty archive, and our adapter on it. */
export interface Archive {
  readonly server: LocalOrthanc;
  /** Its data. */
  readonly folder: string;
  readonly origin: string;
  readonly imaging: ImagingPort;
  /** Sends a planned study's files and answers its id. */
  store(plan: StudyPlan): Promise<string>;
  /** Any call of Orthanc's API, by the way of the archive's staff. Answers JSON, or text where it is none. */
  call(method: string, path: string, body?: object | string): Promise<unknown>;
  close(): Promise<void>;
}

const Stored = v.object({ ParentStudy: v.string() });

export async function startArchive(more: Partial<ImagingOptions> = {}): Promise<Archive> {
  const folder = await temporaryFolder();
  const server = await startOrthanc({ dataDir: folder, stableAgeSeconds: 1 });
  const { origin, username, password } = server;
  const dispatcher = new Agent();
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

  async function call(method: string, path: string, body?: object | string | Buffer<ArrayBuffer>) {
    const sent =
      body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
        ? body
        : JSON.stringify(body);
    const answer = await fetch(origin + path, {
      method,
      headers: { authorization },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
    return answer.headers.get('content-type')?.startsWith('application/json')
      ? (JSON.parse(text) as unknown)
      : text;
  }

  return {
    server,
    folder,
    origin,
    imaging: imagingOn(origin, { username, password, dispatcher, ...more }),
    call,
    async store(plan) {
      let study = '';
      for (let instance = plan.from ?? 0; instance < plan.instances; instance++) {
        const file = Buffer.from(dicomFile(plan, instance));
        study = v.parse(Stored, await call('POST', '/instances', file)).ParentStudy;
      }
      return study;
    },
    async close() {
      await dispatcher.destroy();
      await server.stop();
      await removeFolder(folder);
    },
  };
}

/** The adapter on any server, impatient enough for tests. */
export function imagingOn(
  baseUrl: string,
  more: Partial<ImagingOptions> = {},
  policy: Partial<PolicyOptions> = {},
): ImagingPort {
  const quick = { initialDelayMs: 1, maxRetries: 1, ...policy };
  return orthancImaging({
    baseUrl,
    username: 'orchestrator',
    password: 'wrong',
    dispatcher: new Agent(),
    policy: callPolicy('orthanc', { ...orthancPolicy, ...quick }),
    jobPolicy: callPolicy('orthanc', { ...orthancJobPolicy, ...quick }),
    telemetry: createTelemetry({ level: 'silent' }),
    dicomWebUrl: `${baseUrl}/dicom-web`,
    ...more,
  });
}
