import type { ClinicItinerary } from '../ports/clinic.ts';
import type { ComparedPlan, PlanDifference, ClinicFlights } from '../shapes/clinic.ts';

/** A transfer that waits half an hour for its patient is no difference. */
const tolerance = 30 * 60_000; // ms
const mostDifferences = 20;

const treating: ReadonlySet<string> = new Set(['consultation', 'treatment', 'checkup']);

/** The wall clock of a moment with an offset. */
const localOf = (at: string): string => at.slice(0, 16);
const ms = (local: string): number => Date.parse(`${local}:00Z`);

/**
 * Compares a clinic's plan with the flights it was told of, by the wall clocks of the places: flights have local times alone,
 * and the plan's moments carry the offset of the clinic's place.
 */
export function comparePlan(
  flights: ClinicFlights['flights'],
  { items }: Pick<ClinicItinerary, 'items'>,
): ComparedPlan {
  const landing = flights[0]?.segments.at(-1)?.arriveLocal;
  const takeOff = flights.length > 1 ? flights.at(-1)?.segments[0]?.departLocal : undefined;
  const arrivals = items.filter(({ kind }) => kind === 'arrival');
  const departures = items.filter(({ kind }) => kind === 'departure');
  const differences: PlanDifference[] = [];
  const compare = (
    what: PlanDifference['what'],
    ours: string | undefined,
    theirs: readonly { readonly at: string }[],
    differs: (ours: number, theirs: number) => boolean,
  ) => {
    if (ours === undefined) return;
    for (const { at } of theirs) {
      const [our, their] = [localOf(ours), localOf(at)];
      if (differs(ms(our), ms(their))) differences.push({ what, ours: our, theirs: their });
    }
  };
  const isAnotherTime = (ours: number, theirs: number) => Math.abs(ours - theirs) > tolerance;
  compare('arrival', landing, arrivals, isAnotherTime);
  compare('departure', takeOff, departures, isAnotherTime);
  const treatments = items.filter(({ kind }) => treating.has(kind));
  compare('treatment-before-arrival', landing, treatments, (ours, theirs) => theirs < ours);
  compare('treatment-after-departure', takeOff, treatments, (ours, theirs) => theirs > ours);
  return {
    isPlanned: arrivals.length > 0 && (takeOff === undefined || departures.length > 0),
    differences: differences.slice(0, mostDifferences),
  };
}
