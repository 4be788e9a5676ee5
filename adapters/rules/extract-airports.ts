import { writeFile } from 'node:fs/promises';

import airports from 'airport-data-js';

/** What airports.txt holds: a line for each airport people fly from by schedule, `CODE` and the city in its name. */
export async function extractedAirports(): Promise<string> {
  const lines = new Map<string, string>();
  for (const type of ['medium_airport', 'large_airport']) {
    for (const { iata, airport, scheduled_service } of await airports.getAirportsByType(type)) {
      if (!/^[A-Z]{3}$/.test(iata) || String(scheduled_service).toUpperCase() !== 'TRUE') continue;
      if (/heli|seaplane|station|bus |air base|afb|army|naval|military|metropolitan/i.test(airport))
        continue;
      lines.set(iata, `${iata} ${type === 'large_airport' ? '1' : '2'} ${cityIn(airport)}`.trim());
    }
  }
  return `${[...lines.values()].toSorted().join('\n')}\n`;
}

/** "Aberdeen International Airport" is Aberdeen's; names of people stay in, and nobody will write them. */
function cityIn(airport: string): string {
  return airport
    .replaceAll(
      /\b(?:international|intercontinental|airport|regional|municipal|city|metropolitan|county|airfield|domestic|new)\b/gi,
      ' ',
    )
    .replaceAll(/[^\p{L} ]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

// The package unpacks 15 MB and keeps 60: too much for every process, so the little we need is kept beside this file.
if (import.meta.main) {
  await writeFile(new URL('airports.txt', import.meta.url), await extractedAirports());
}
