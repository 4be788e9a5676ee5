import { createHash } from 'node:crypto';

/** A direct flight for one traveller one way, the same for everybody who asks. */
export interface Fare {
  readonly number: string;
  readonly cents: number;
  /** `HH:MM:SS`, local. */
  readonly departs: string;
  readonly arrives: string;
  readonly duration: string;
}

/** Three flights a day on any route, not sorted by price. */
export function fares(origin: string, destination: string, date: string): readonly Fare[] {
  const digest = createHash('sha256').update(`${origin}-${destination}-${date}`).digest();
  const base = 9_000 + (digest.readUInt16BE(0) % 20_000);
  return [
    {
      number: '101',
      cents: base + 4_550,
      departs: '06:15:00',
      arrives: '11:05:00',
      duration: 'PT3H50M',
    },
    { number: '103', cents: base, departs: '13:40:00', arrives: '18:35:00', duration: 'PT3H55M' },
    {
      number: '105',
      cents: base + 1_999,
      departs: '18:05:00',
      arrives: '22:50:00',
      duration: 'PT3H45M',
    },
  ];
}
