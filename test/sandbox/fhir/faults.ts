import * as v from 'valibot';

/** Body of `POST /_sandbox/fhir/faults`. Replaces the fault. Those of every provider are in `../faults.ts`. */
export const FhirFault = v.strictObject({
  mode: v.picklist([
    'none',
    /** 200 and a page for people. */
    'html',
    /** Each page says that it is its own next one. */
    'loop',
    /** Each page is followed by another. */
    'endless',
    /** A patient of 50 MB, alone or in a bundle. */
    'huge',
    /** Pages after the first one are forgotten: 410. */
    'expired',
    /** The next page is on another host, or on this one outside of the FHIR server. */
    'foreign-next',
    'outside-next',
    /** The results are of another type. */
    'wrong-resource',
    /** A bundle that is no result of a search. */
    'wrong-bundle',
    /** Says that there are three, and has none. */
    'empty',
    /** 200 with an OperationOutcome, or one among the results. */
    'outcome',
    'outcome-entry',
    /** Leaves the search parameters out, as a lenient server does with one it does not know. */
    'everybody',
    /** Each match twice. */
    'twice',
    /** Knows no conditional read. */
    'no-etag',
  ]),
  /** For so many requests, then none; for ever if absent. */
  count: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});
export type FhirFault = v.InferOutput<typeof FhirFault>;

const HUGE_BYTES = 50 * 1_024 * 1_024;

/** JSON of 50 MB: a patient with a photograph, in a searchset or by itself. */
export function hugeAnswer(inBundle: boolean): Uint8Array {
  const [before, after] = ['{"resourceType":"Patient","id":"huge","photo":[{"data":"', '"}]}'];
  const [open, close] = inBundle
    ? [
        '{"resourceType":"Bundle","type":"searchset","total":1,"entry":[{"search":{"mode":"match"},"resource":',
        '}]}',
      ]
    : ['', ''];
  const parts = [
    Buffer.from(open + before),
    Buffer.alloc(HUGE_BYTES, 'A'),
    Buffer.from(after + close),
  ];
  return Buffer.concat(parts);
}
