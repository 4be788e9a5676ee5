import type { Migration } from '../kernel/registry.ts';

/** What is changed of a version 3 snapshot. The rest of its context fits as it is. */
interface Case3 {
  readonly value: string | { readonly open?: Readonly<Record<string, unknown>> };
  readonly context: {
    readonly clinic: { readonly patientId: string | null; readonly dealId: string | null };
  };
}

/**
 * Version 4 reads the clinic's deal and compares its plan, in a region of its own. A case whose deal is linked begins to with
 * its next step.
 */
export const caseFrom3: Migration = (rest) => {
  const snapshot = rest.snapshot as Case3;
  const { value, context } = snapshot;
  const regions = typeof value === 'string' ? undefined : value.open;
  return {
    ...rest,
    snapshot: {
      ...snapshot,
      value: regions === undefined ? value : { open: { ...regions, deal: 'none' } },
      context: {
        ...context,
        clinic: {
          ...context.clinic,
          itineraryId: null,
          deal: null,
          isTold: regions?.['clinicNews'] === 'told',
        },
      },
    },
  };
};
