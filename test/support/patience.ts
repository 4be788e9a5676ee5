/**
 * How many times as long as it is given something may take in a test: the machine does other things too. What is measured
 * with it is a share of a limit that the code itself has; how fast the machine is stands in benchmarks only.
 */
export const patience = 10;

/** The day so many days from now, in UTC. What patients write of their travels must lie ahead whenever the tests run. */
export function dayAhead(days: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days));
}

/** `31.12.2027`, as patients of the tests write it. */
export function written(day: Date): string {
  const [year = '', month = '', date = ''] = day.toISOString().slice(0, 10).split('-');
  return `${date}.${month}.${year}`;
}
