const DURATION = /^P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6}(?:\.\d+)?)S)?)?$/;

/**
 * Whole minutes of an ISO 8601 duration as airlines write them (`PT4H15M`, `P1DT2H`), seconds rounded down.
 * Undefined if it is none: months and years have no length in minutes.
 */
export function durationMinutes(duration: string | null): number | undefined {
  const match = DURATION.exec(duration ?? '');
  if (!match || match[0].endsWith('P') || match[0].endsWith('T')) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  return (
    Number(days) * 1_440 + Number(hours) * 60 + Number(minutes) + Math.floor(Number(seconds) / 60)
  );
}
