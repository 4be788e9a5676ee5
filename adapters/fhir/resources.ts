import * as v from 'valibot';

import {
  ClinicalAnswerUnusable,
  type ClinicalCode,
  type ClinicalImagingStudy,
  type ClinicalObservation,
  type ClinicalPatient,
  type ClinicalValue,
  type PatientIdentifier,
} from '../../actors/ports/clinical.ts';
import type { UnreadResource } from './search.ts';

/** FHIR's id, and a version's: what may stand in a path or in an ETag. */
export const ID = /^(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}$/;

const Text = v.optional(v.string());
const Meta = v.optional(v.object({ versionId: Text }));
const Coding = v.object({ system: Text, code: Text, display: Text });
const Concept = v.object({ coding: v.optional(v.array(Coding), []), text: Text });
const Reference = v.object({ reference: Text });
const Identifier = v.object({ system: Text, value: Text });

/** Beside its values a name has extensions, of which only the texts are read: `_family` beside `family`. */
const HumanName = v.object({
  use: Text,
  text: Text,
  given: v.optional(v.array(v.nullable(v.string())), []),
  family: Text,
  extension: v.optional(v.unknown()),
  _text: v.optional(v.unknown()),
  _family: v.optional(v.unknown()),
  _given: v.optional(v.unknown()),
});

/** All we know of FHIR's resources: the fields we use, in loose objects. @see https://hl7.org/fhir/R4/patient.html */
const Patient = v.object({
  resourceType: v.literal('Patient'),
  id: v.pipe(v.string(), v.regex(ID)),
  meta: Meta,
  active: v.optional(v.boolean(), true),
  identifier: v.optional(v.array(Identifier), []),
  name: v.optional(v.array(HumanName), []),
  extension: v.optional(v.unknown()),
  birthDate: Text,
  gender: v.fallback(v.nullish(v.picklist(['male', 'female', 'other', 'unknown']), null), null),
  telecom: v.optional(
    v.array(v.object({ system: Text, value: Text, use: Text, rank: v.optional(v.number()) })),
    [],
  ),
  link: v.optional(v.array(v.object({ type: v.string() })), []),
});

const Measured = v.object({
  code: Concept,
  valueQuantity: v.optional(
    v.object({
      value: v.optional(v.number()),
      unit: Text,
      code: Text,
      comparator: Text,
    }),
  ),
  valueCodeableConcept: v.optional(Concept),
  valueString: Text,
  valueBoolean: v.optional(v.boolean()),
  valueInteger: v.optional(v.number()),
});
const Components = v.object({ component: v.optional(v.array(Measured), []) });
/** @see https://hl7.org/fhir/R4/observation.html */
const Observation = v.object({
  ...Measured.entries,
  ...Components.entries,
  id: v.string(),
  status: v.string(),
  subject: v.optional(Reference),
  effectiveDateTime: Text,
  effectiveInstant: Text,
  effectivePeriod: v.optional(v.object({ start: Text })),
});

/** @see https://hl7.org/fhir/R4/imagingstudy.html */
const ImagingStudy = v.object({
  id: v.string(),
  status: v.string(),
  subject: v.optional(Reference),
  identifier: v.optional(v.array(Identifier), []),
  started: Text,
  modality: v.optional(v.array(Coding), []),
  description: Text,
  numberOfSeries: v.optional(v.number()),
  numberOfInstances: v.optional(v.number()),
  series: v.optional(
    v.array(v.object({ modality: v.optional(Coding), numberOfInstances: v.optional(v.number()) })),
    [],
  ),
  endpoint: v.optional(v.array(Reference), []),
  contained: v.optional(v.array(v.unknown()), []),
});

const Endpoint = v.object({
  resourceType: v.literal('Endpoint'),
  id: v.string(),
  status: v.string(),
  connectionType: v.object({ code: Text }),
  address: v.string(),
});

/** The issues are not kept: they quote values. */
function usable<Schema extends v.GenericSchema>(
  schema: Schema,
  resource: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, resource);
  if (!result.success) throw new ClinicalAnswerUnusable('malformed');
  return result.output;
}

/** A patient, and what decides whether it is the one. */
export interface ReadPatient {
  readonly patient: ClinicalPatient;
  readonly identifiers: readonly Partial<PatientIdentifier>[];
  /** Another record stands for this person. */
  readonly replaced: boolean;
}

export function readPatient(resource: unknown): ReadPatient {
  const read = usable(Patient, resource);
  const { id, active, meta, birthDate = null, gender } = read;
  const name = bestOf(
    read.name.filter(({ given, family }) => words([...given, family]).length > 0),
    ({ use }) => NAMES.indexOf(use ?? ''),
  );
  const phones = read.telecom.filter(
    ({ system, use, value }) => system === 'phone' && use !== 'old' && value !== undefined,
  );
  const phone = bestOf(phones, ({ use, rank = 99 }) => rank + (use === 'mobile' ? 0 : 100));
  return {
    patient: {
      id,
      version: meta?.versionId ?? null,
      active,
      givenNames: words(name?.given ?? []),
      familyName: name?.family ?? null,
      allNames: namesIn(read.name, read.extension),
      birthDate,
      sex: gender,
      phone: phone?.value ?? null,
    },
    identifiers: read.identifier.map(({ system, value }) => ({
      ...(system === undefined ? {} : { system }),
      ...(value === undefined ? {} : { value }),
    })),
    replaced: read.link.some(({ type }) => type === 'replaced-by'),
  };
}

/** What is said of no name: `given` may hold nulls where only an extension is told. */
const words = (names: readonly (string | null | undefined)[]): string[] =>
  names.flatMap((name) => name?.trim() || []);

/**
 * Each name whole and in its parts, once; also those that stand beside it in extensions, such as the part of a family name
 * from before a marriage, or the name in another script.
 *
 * @see https://hl7.org/fhir/R4/humanname-profiles.html
 */
function namesIn(
  names: v.InferOutput<typeof Patient>['name'],
  ofPatient: unknown,
): readonly string[] {
  const all = names.flatMap(({ text, given, family, ...beside }) => {
    const parts = words([...given, family]);
    const whole = parts.length > 1 ? [parts.join(' ')] : [];
    const more = Object.values(beside).flatMap((one) => textsIn(one));
    return [...words([text]), ...whole, ...parts, ...more];
  });
  const maiden = (Array.isArray(ofPatient) ? ofPatient : []).filter((one: unknown) =>
    v.is(MaidenName, one),
  );
  return [...new Set([...all, ...textsIn(maiden)])];
}

const MaidenName = v.object({
  url: v.literal('http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName'),
});

/** The texts of extensions and of those inside them, five deep. */
function textsIn(extended: unknown, depth = 10): string[] {
  if (Array.isArray(extended)) return extended.flatMap((one: unknown) => textsIn(one, depth - 1));
  if (typeof extended !== 'object' || extended === null || depth < 0) return [];
  const { valueString, extension }: { valueString?: unknown; extension?: unknown } = extended;
  const text = typeof valueString === 'string' ? words([valueString]) : [];
  return [...text, ...textsIn(extension, depth - 1)];
}

/** Best first. */
const NAMES: readonly string[] = ['official', 'usual', '', 'temp', 'nickname', 'maiden', 'old'];

/**
 * Null for an observation that was entered in error.
 *
 * @throws {ClinicalAnswerUnusable} `wrong_patient`
 */
export function readObservation(
  resource: UnreadResource,
  patientId: string,
): ClinicalObservation | null {
  const read = usable(Observation, resource);
  mustBeAbout(read.subject, patientId);
  if (read.status === 'entered-in-error') return null;
  return {
    id: read.id,
    code: codeOf(read.code),
    value: valueOf(read),
    components: read.component.map((part) => ({ code: codeOf(part.code), value: valueOf(part) })),
    at: read.effectiveDateTime ?? read.effectiveInstant ?? read.effectivePeriod?.start ?? null,
    status: read.status,
  };
}

/** A study, and where the name of its images' place is to be looked up. */
export interface ReadStudy {
  readonly study: Omit<ClinicalImagingStudy, 'wadoEndpoint'>;
  /** In the study itself. */
  readonly contained: readonly DicomWeb[];
  /** `Endpoint/{id}`. */
  readonly endpoints: readonly string[];
}

/** Null for a study that was entered in error or withdrawn. */
export function readStudy(resource: UnreadResource, patientId: string): ReadStudy | null {
  const read = usable(ImagingStudy, resource);
  mustBeAbout(read.subject, patientId);
  if (read.status === 'entered-in-error' || read.status === 'cancelled') return null;
  const { id, identifier, started = null, description = null, series } = read;
  const modalities = [
    ...read.modality.map(({ code }) => code),
    ...series.map(({ modality }) => modality?.code),
  ].filter((code) => code !== undefined);
  return {
    study: {
      id,
      studyInstanceUid: studyUid(identifier),
      startedAt: started,
      modalities: [...new Set(modalities)],
      description,
      seriesCount: read.numberOfSeries ?? (series.length > 0 ? series.length : null),
      instanceCount: read.numberOfInstances ?? instancesIn(series),
    },
    contained: read.contained.flatMap((one) => dicomWeb(one) ?? []),
    endpoints: read.endpoint.flatMap(({ reference }) => {
      const [, endpointId] = /(?:^|\/)Endpoint\/([A-Za-z0-9.-]{1,64})$/.exec(reference ?? '') ?? [];
      return endpointId === undefined ? [] : [endpointId];
    }),
  };
}

/** A service that has images. */
export interface DicomWeb {
  readonly id: string;
  readonly address: string;
}

/** Null for an endpoint of another kind, and for one that is out of use. */
export function dicomWeb(resource: unknown): DicomWeb | null {
  const read = v.safeParse(Endpoint, resource);
  if (!read.success) return null;
  const { id, status, connectionType, address } = read.output;
  const usable =
    connectionType.code === 'dicom-wado-rs' &&
    status === 'active' &&
    /^https?:\/\//i.test(address) &&
    URL.canParse(address);
  return usable ? { id, address } : null;
}

/** A server that leaves out a parameter answers with everybody's records; those must go no further. */
function mustBeAbout(
  subject: v.InferOutput<typeof Reference> | undefined,
  patientId: string,
): void {
  const [, id] =
    /(?:^|\/)Patient\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]+)?$/.exec(
      subject?.reference ?? '',
    ) ?? [];
  if (id !== patientId) throw new ClinicalAnswerUnusable('wrong_patient');
}

/** @see https://hl7.org/fhir/R4/imagingstudy.html#notes, "urn:oid:" before the UID */
function studyUid(identifiers: readonly v.InferOutput<typeof Identifier>[]): string | null {
  const value = identifiers.find(({ system }) => system === 'urn:dicom:uid')?.value;
  const [uid] = /[0-9.]{1,64}$/.exec(value ?? '') ?? [];
  return uid !== undefined && (value === uid || value === `urn:oid:${uid}`) ? uid : null;
}

function instancesIn(series: v.InferOutput<typeof ImagingStudy>['series']): number | null {
  let sum = 0;
  for (const { numberOfInstances } of series) {
    if (numberOfInstances === undefined) return null;
    sum += numberOfInstances;
  }
  return series.length > 0 ? sum : null;
}

function codeOf({ coding, text }: v.InferOutput<typeof Concept>): ClinicalCode {
  const first = coding.find(({ code }) => code !== undefined);
  return {
    system: first?.system ?? null,
    code: first?.code ?? null,
    text: text ?? first?.display ?? null,
  };
}

const COMPARATORS = ['<', '<=', '>=', '>'] as const;

function valueOf(measured: v.InferOutput<typeof Measured>): ClinicalValue | null {
  const { valueQuantity, valueCodeableConcept, valueString, valueBoolean, valueInteger } = measured;
  if (valueQuantity?.value !== undefined) {
    const { value, unit, code, comparator } = valueQuantity;
    const known = comparator === undefined ? null : COMPARATORS.find((one) => one === comparator);
    // R5 has more of them: without what one means the number would be another one.
    if (known === undefined) return null;
    return { kind: 'quantity', amount: value, unit: unit ?? code ?? null, comparator: known };
  }
  if (valueInteger !== undefined) {
    return { kind: 'quantity', amount: valueInteger, unit: null, comparator: null };
  }
  const concept = valueCodeableConcept && codeOf(valueCodeableConcept);
  const text = valueString ?? concept?.text ?? concept?.code ?? valueBoolean?.toString() ?? null;
  return text === null ? null : { kind: 'text', text };
}

/** The one with the lowest number; the first of equals. */
function bestOf<T>(candidates: readonly T[], number: (one: T) => number): T | undefined {
  return candidates.toSorted((one, other) => number(one) - number(other))[0];
}
