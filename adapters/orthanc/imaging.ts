import { setTimeout as delay } from 'node:timers/promises';

import * as v from 'valibot';

import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import type { ImagingPort } from '../../actors/ports/imaging.ts';
import type { AnonymiseRequest, AnonymisedStudy, Study } from '../../actors/shapes/imaging.ts';
import { type PolicyOptions, whenNothingWasDone, whenRetryable } from '../policy.ts';
import { type OrthancOptions, orthancClient } from './client.ts';
import { searchFor } from './identifying.ts';
import { type Found, leakCount, leaksIn } from './leaks.ts';
import { descriptions, keptSequences, mayStay, profileVersion } from './profile.ts';
import { insideToRemove, sourceStudy, together } from './source.ts';

/** For what may be repeated. The time-out is that of an instance's download. */
export const orthancPolicy: PolicyOptions = {
  timeoutMs: 60_000,
  retryWhen: whenRetryable,
  concurrency: 8,
};

/** For starting a job. */
export const orthancJobPolicy: PolicyOptions = {
  timeoutMs: 15_000,
  retryWhen: whenNothingWasDone,
  concurrency: 4,
};

export interface ImagingOptions extends OrthancOptions {
  /** DICOMweb's root as the vision model reaches it: `https://pacs.example/dicom-web`. */
  readonly dicomWebUrl: string;
  /** Keeps study and series descriptions: free text, in which the inspection then has to find every name. False if absent. */
  readonly keepDescriptions?: boolean;
  /** How long `anonymise` waits for one job. 10 min if absent. */
  readonly jobDeadlineMs?: number;
  /** Larger studies are refused. 5,000 if absent. */
  readonly maxInstances?: number;
  /** Larger instances are refused. 2 GiB if absent, the most that an element of DICOM can hold. */
  readonly maxInstanceBytes?: number;
}

const provider = 'orthanc';
const maxStudies = 100;
const maxLeaks = 100;
/** Copies of one patient's studies. More than one of each study come only from older profiles. */
const maxCopies = 100;
/** Of removing them all: what one leaves, more than 100 or one that came meanwhile, the next takes. */
const maxRounds = 20;
const firstPollMs = 50;
const longestPollMs = 2_000;
/** User metadata of Orthanc start at 1024. On a finished copy: the profile it was made by. */
const profileMetadata = 4201;

const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{8}){4}$/));
const Ids = v.array(Id);
const JobId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));
const Pseudonym = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/));
const text = v.optional(v.string(), '');
const StudyFound = v.object({
  ID: Id,
  AnonymizedFrom: v.optional(Id),
  IsStable: v.boolean(),
  MainDicomTags: v.object({
    StudyInstanceUID: v.pipe(v.string(), v.regex(/^[\d.]{1,64}$/)),
    StudyDate: text,
    StudyDescription: text,
    AccessionNumber: text,
  }),
  PatientMainDicomTags: v.object({
    PatientID: text,
    PatientName: text,
    PatientBirthDate: text,
    OtherPatientIDs: text,
  }),
  Series: Ids,
});
type StudyFound = v.InferOutput<typeof StudyFound>;
const SeriesFound = v.object({
  Instances: Ids,
  MainDicomTags: v.object({ Modality: text, SeriesInstanceUID: v.string() }),
});
/** Top-level tags of an instance: `0008-0005`. */
const Content = v.array(v.string());
const Started = v.object({ ID: JobId });
const Job = v.object({
  ID: JobId,
  Type: v.string(),
  State: v.picklist(['Pending', 'Running', 'Success', 'Failure', 'Paused', 'Retry']),
  ErrorCode: v.number(),
  Content: v.object({
    ID: v.optional(v.string()),
    FailedInstancesCount: v.optional(v.number(), 0),
    IsAnonymization: v.optional(v.boolean(), false),
  }),
});
const Jobs = v.array(v.unknown());
const busyStates: readonly string[] = ['Pending', 'Running', 'Paused', 'Retry'];

/**
 * Orthanc 1.10 and newer. Copies are found again by their pseudonym and Orthanc's own `AnonymizedFrom`.
 * It keeps every original (`KeepSource`), and a copy counts only once it has all instances and its mark.
 */
export function orthancImaging(options: ImagingOptions): ImagingPort {
  const client = orthancClient(options);
  const { dicomWebUrl, keepDescriptions = false, jobDeadlineMs = 10 * 60_000 } = options;
  const { maxInstances = 5_000, maxInstanceBytes = 2 ** 31 } = options;
  const mark = keepDescriptions ? `${profileVersion}+descriptions` : profileVersion;

  async function studyOf(studyId: string, signal: AbortSignal): Promise<StudyFound> {
    const study = await maybeStudy(studyId, signal);
    if (study === null) throw new ProviderRefused(provider, 'study_not_found');
    return study;
  }

  async function maybeStudy(studyId: string, signal: AbortSignal): Promise<StudyFound | null> {
    return client.get(`/studies/${idIn(studyId)}`, StudyFound, signal);
  }

  async function seriesOf(study: StudyFound, signal: AbortSignal) {
    const series = [];
    let instances = 0;
    for (const id of study.Series) {
      const one = await client.get(`/series/${id}`, SeriesFound, signal);
      if (one === null) continue; // Deleted while we look.
      instances += one.Instances.length;
      if (instances > maxInstances) throw new ProviderRefused(provider, 'study_too_large');
      series.push(one);
    }
    return series;
  }

  async function instancesOf(study: StudyFound, signal: AbortSignal): Promise<readonly string[]> {
    return (await seriesOf(study, signal)).flatMap(({ Instances }) => Instances);
  }

  async function studyWithPatient(level: object, signal: AbortSignal, limit: number) {
    const query = { Level: 'Study', Query: level, Expand: true, Limit: limit, CaseSensitive: true };
    const found = await client.ask('/tools/find', query, v.array(v.unknown()), signal);
    // One study that is not as Orthanc documents it does not hide the patient's others.
    const readable = found.filter((one) => v.is(StudyFound, one));
    if (found.length > 0 && readable.length === 0)
      throw new ProviderUnreachable(provider, 'unexpected_body');
    return readable.map((one) => v.parse(StudyFound, one));
  }

  /** Every copy under this pseudonym, finished or not. */
  async function copiesUnder(pseudonym: string, signal: AbortSignal) {
    const found = await studyWithPatient({ PatientID: pseudonym }, signal, maxCopies);
    return found.filter(
      (one) => one.AnonymizedFrom !== undefined && one.PatientMainDicomTags.PatientID === pseudonym,
    );
  }

  async function copiesOf({ studyId, pseudonym }: AnonymiseRequest, signal: AbortSignal) {
    const found = await copiesUnder(pseudonym, signal);
    return found.filter((one) => one.AnonymizedFrom === studyId);
  }

  async function finished(
    copy: StudyFound,
    source: StudyFound,
    signal: AbortSignal,
  ): Promise<AnonymisedStudy | null> {
    const [made, wanted] = [await instancesOf(copy, signal), await instancesOf(source, signal)];
    if (made.length !== wanted.length) return null;
    return { studyId: copy.ID, sourceStudyId: source.ID, instances: made.length };
  }

  async function markOf(studyId: string, signal: AbortSignal): Promise<string | null> {
    return client.stream(
      `/studies/${studyId}/metadata/${profileMetadata}`,
      1_024,
      async (chunks) => {
        let mark = '';
        for await (const chunk of chunks) mark += Buffer.from(chunk).toString('latin1');
        return mark;
      },
      signal,
    );
  }

  async function earlier(request: AnonymiseRequest, signal: AbortSignal) {
    const source = await studyOf(request.studyId, signal);
    for (const copy of await copiesOf(request, signal)) {
      if ((await markOf(copy.ID, signal)) !== mark) continue;
      const done = await finished(copy, source, signal);
      if (done !== null) return done;
    }
    return null;
  }

  /** The tags of the source that the profile does not keep, of all its instances together. */
  async function tagsToRemove(instances: readonly string[], signal: AbortSignal) {
    const remove = new Set<string>();
    for (const id of instances) {
      const found = (await client.get(`/instances/${id}/content`, Content, signal)) ?? [];
      const tags = found.map((tag) => tag.replace('-', '').toUpperCase());
      for (const tag of tags) {
        const isPrivate = Number.parseInt(tag.slice(0, 4), 16) % 2 === 1; // Orthanc removes them all by itself.
        if (!/^[\dA-F]{8}$/.test(tag) || isPrivate || mayStay(tag, keepDescriptions)) continue;
        remove.add(tag);
      }
      if (!tags.some((tag) => keptSequences.has(tag))) continue;
      const path = `/instances/${id}/file`;
      const inside = await client.stream(path, maxInstanceBytes, insideToRemove, signal);
      for (const tag of inside ?? []) remove.add(tag);
    }
    return [...remove].map((tag) => `${tag.slice(0, 4)},${tag.slice(4)}`).toSorted();
  }

  /**
   * Waits while an anonymisation runs that may be an earlier try's of ours. A job says where its copy goes once it
   * wrote an instance, and until then nothing of whose it is: so we wait for those, too.
   */
  async function untilIdle(
    copies: readonly string[],
    deadline: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 1.5, longestPollMs)) {
      const jobs = (await client.get('/jobs?expand', Jobs, signal)) ?? [];
      const ours = jobs.some((one) => {
        const job = v.safeParse(Job, one);
        if (!job.success || !busyStates.includes(job.output.State)) return false;
        const { ID, IsAnonymization } = job.output.Content;
        return IsAnonymization && (ID === undefined || copies.includes(ID));
      });
      if (!ours) return;
      await pause(waitMs, deadline, signal);
    }
  }

  /** Returns when the job is done, and also when nobody knows it any more: what it made then tells. */
  async function jobEnd(jobId: string, deadline: number, signal: AbortSignal): Promise<void> {
    for (let waitMs = firstPollMs; ; waitMs = Math.min(waitMs * 1.5, longestPollMs)) {
      const job = await client.get(`/jobs/${jobId}`, Job, signal);
      if (job === null) return;
      const { State, ErrorCode, Content } = job;
      if (State === 'Failure') {
        throw new ProviderRefused(provider, 'job_failed', { cause: `orthanc_${ErrorCode}` });
      }
      if (State === 'Success') {
        if (Content.FailedInstancesCount > 0) throw new ProviderRefused(provider, 'job_failed');
        return;
      }
      await pause(waitMs, deadline, signal);
    }
  }

  /** What is found in a file; one that can't be had whole is held by itself, and not the others with it. */
  async function lookAt(
    id: string,
    look: (chunks: AsyncIterable<Uint8Array>) => Promise<Found>,
    signal: AbortSignal,
  ): Promise<Found> {
    try {
      const found = await client.stream(`/instances/${id}/file`, maxInstanceBytes, look, signal);
      return found ?? new Set(['incomplete study']);
    } catch (error) {
      const isTooLarge = error instanceof ProviderRefused && error.reason === 'instance_too_large';
      if (!isTooLarge) throw error;
      return new Set(['unreadable file']);
    }
  }

  /** Who Orthanc has indexed that the patient is. */
  function indexed({ PatientMainDicomTags: patient, MainDicomTags: study }: StudyFound) {
    return {
      names: patient.PatientName.split('='),
      identifiers: [
        patient.PatientID,
        study.AccessionNumber,
        ...patient.OtherPatientIDs.split('\\'),
      ],
      birthDates: [isoDate(patient.PatientBirthDate) ?? ''],
      phones: [],
    };
  }

  async function removeLeftovers(request: AnonymiseRequest, signal: AbortSignal): Promise<void> {
    for (const copy of await copiesOf(request, signal)) {
      if ((await markOf(copy.ID, signal)) === null) {
        await client.delete(`/studies/${copy.ID}`, signal);
      }
    }
  }

  /** Settles what a job left: marks the copy that has everything. Null if there is none. */
  async function markedCopy(request: AnonymiseRequest, source: StudyFound, signal: AbortSignal) {
    for (const copy of await copiesOf(request, signal)) {
      const known = await markOf(copy.ID, signal);
      if (known !== null && known !== mark) continue; // Another profile's, and finished.
      const done = await finished(copy, source, signal);
      if (done === null) continue;
      if (known === null) {
        await client.put(`/studies/${copy.ID}/metadata/${profileMetadata}`, mark, signal);
      }
      return done;
    }
    return null;
  }

  return {
    async studies(patientId, signal) {
      // In Orthanc's queries these mean "any characters", "any one" and "or".
      if (patientId === '' || /[*?\\]/.test(patientId)) {
        throw new ProviderRefused(provider, 'patient_id_not_valid');
      }
      const found = await studyWithPatient({ PatientID: patientId }, signal, maxStudies);
      const studies: Study[] = [];
      for (const one of found) {
        if (one.PatientMainDicomTags.PatientID !== patientId) continue;
        const series = await seriesOf(one, signal);
        const modalities = new Set(series.map(({ MainDicomTags }) => MainDicomTags.Modality));
        modalities.delete('');
        studies.push({
          studyId: one.ID,
          studyInstanceUid: one.MainDicomTags.StudyInstanceUID,
          date: isoDate(one.MainDicomTags.StudyDate),
          modalities: [...modalities].toSorted(),
          description: one.MainDicomTags.StudyDescription || null,
          instances: series.reduce((sum, { Instances }) => sum + Instances.length, 0),
          stable: one.IsStable,
        });
      }
      return studies.toSorted((one, other) => (other.date ?? '').localeCompare(one.date ?? ''));
    },

    async anonymise(request, { attempt, signal }) {
      const pseudonym = v.safeParse(Pseudonym, request.pseudonym);
      if (!pseudonym.success) throw new ProviderRefused(provider, 'pseudonym_not_valid');
      const deadline = performance.now() + jobDeadlineMs;
      const made = await earlier(request, signal);
      if (made !== null) return made;

      const source = await studyOf(request.studyId, signal);
      const begun = (await copiesOf(request, signal)).map(({ ID }) => ID);
      if (attempt > 1 || begun.length > 0) await untilIdle(begun, deadline, signal);
      const left = await markedCopy(request, source, signal);
      if (left !== null) return left;
      await removeLeftovers(request, signal);

      const remove = await tagsToRemove(await instancesOf(source, signal), signal);
      const job = await client.start(
        `/studies/${source.ID}/anonymize`,
        {
          Replace: { PatientName: pseudonym.output, PatientID: pseudonym.output },
          Keep: keepDescriptions ? descriptions : [],
          Remove: remove,
          KeepPrivateTags: false,
          DicomVersion: '2021b',
          // Native, so that no bit of the pictures is out of sight, and nothing is left of what a compressed file may carry.
          Transcode: '1.2.840.10008.1.2.1',
          KeepSource: true,
          Force: true, // Orthanc asks for it where PatientID is replaced.
          Asynchronous: true,
          Permissive: false,
        },
        Started,
        signal,
      );
      if (job === null) throw new ProviderRefused(provider, 'study_not_found');
      await jobEnd(job.ID, deadline, signal).catch(async (error: unknown) => {
        // A half made copy is of no use, and nobody would come back for it.
        if (error instanceof ProviderRefused) await removeLeftovers(request, signal);
        throw error;
      });
      const done = await markedCopy(request, source, signal);
      // The job is gone with its result, or images arrived at the source meanwhile: the next try begins anew.
      if (done === null) throw new ProviderUnreachable(provider, 'job_lost');
      return done;
    },

    async lookup(request, { signal }) {
      return earlier(request, signal);
    },

    async inspect(study, values, signal) {
      const copy = await studyOf(study.studyId, signal);
      const source = await studyOf(study.sourceStudyId, signal);
      const pseudonym = copy.PatientMainDicomTags.PatientID;
      const sourceInstances = await instancesOf(source, signal);
      const said = sourceStudy();
      const count = leakCount();
      for (const id of sourceInstances) {
        count.add(await lookAt(id, (chunks) => said.read(chunks), signal));
      }
      const known = together(indexed(source), said.values());
      const rules = {
        search: searchFor(together(values, known), [source.MainDicomTags.StudyInstanceUID]),
        sourceUids: said.uids,
        pseudonym,
        keepDescriptions,
      };
      // Each object is looked at as what it was and as what it is: of the same reason at the same place one is told.
      const left = leakCount();
      const instances = await instancesOf(copy, signal);
      const isCopy = copy.AnonymizedFrom === source.ID && v.is(Pseudonym, pseudonym);
      if (!isCopy || instances.length !== sourceInstances.length || instances.length === 0) {
        left.add(new Set(['incomplete study']));
      }
      for (const id of instances) {
        left.add(await lookAt(id, (chunks) => leaksIn(chunks, rules), signal));
      }
      const leaks = count.orMore(left).leaks(maxLeaks);
      if (leaks.length > 0) return { outcome: 'held', leaks };
      const studyInstanceUid = copy.MainDicomTags.StudyInstanceUID;
      return {
        outcome: 'clean',
        reference: {
          studyId: copy.ID,
          studyInstanceUid,
          url: `${dicomWebUrl.replace(/\/+$/, '')}/studies/${studyInstanceUid}`,
          pseudonym,
          instances: instances.length,
        },
      };
    },

    async instanceIds(studyId, signal) {
      return instancesOf(await studyOf(studyId, signal), signal);
    },

    async readInstance(instanceId, read, signal) {
      const path = `/instances/${idIn(instanceId)}/file`;
      const answer = await client.stream(
        path,
        maxInstanceBytes,
        async (chunks) => ({ output: await read(chunks) }),
        signal,
      );
      if (answer === null) throw new ProviderRefused(provider, 'instance_not_found');
      return answer.output;
    },

    async removeCopies(pseudonym, signal) {
      if (!v.is(Pseudonym, pseudonym)) throw new ProviderRefused(provider, 'pseudonym_not_valid');
      const deadline = performance.now() + jobDeadlineMs;
      let removed = 0;
      for (let round = 0; round < maxRounds; round++) {
        // A job would go on writing where its copy was deleted.
        const begun = await copiesUnder(pseudonym, signal);
        await untilIdle(
          begun.map(({ ID }) => ID),
          deadline,
          signal,
        );
        const copies = await copiesUnder(pseudonym, signal);
        if (copies.length === 0) return removed;
        for (const { ID } of copies) await client.delete(`/studies/${ID}`, signal);
        removed += copies.length;
      }
      throw new ProviderUnreachable(provider, 'job_deadline');
    },

    async remove(studyId, signal) {
      const study = await maybeStudy(studyId, signal);
      if (study === null) return;
      if (study.AnonymizedFrom === undefined) throw new ProviderRefused(provider, 'not_anonymised');
      await client.delete(`/studies/${study.ID}`, signal);
    },
  };
}

/** @throws {ProviderUnreachable} no more time: whatever we wait for goes on without us */
async function pause(waitMs: number, deadline: number, signal: AbortSignal): Promise<void> {
  if (performance.now() + waitMs > deadline) {
    throw new ProviderUnreachable(provider, 'job_deadline');
  }
  await delay(waitMs, undefined, { signal }).catch((cause: unknown) => {
    throw new ProviderUnreachable(provider, 'job_deadline', { cause });
  });
}

/** An id as Orthanc makes them: it goes into a path. */
function idIn(id: string): string {
  if (!v.is(Id, id)) throw new ProviderRefused(provider, 'id_not_valid');
  return id;
}

/** DICOM's `YYYYMMDD`; null for anything else. */
function isoDate(date: string): string | null {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}
