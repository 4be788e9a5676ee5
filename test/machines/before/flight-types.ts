/** One flight. Local times of its airports, without offset. */
export interface FlightSegment {
  readonly carrier: string;
  readonly flightNumber: string;
  readonly from: string;
  readonly to: string;
  readonly departLocal: string;
  readonly arriveLocal: string;
  readonly durationMinutes: number;
}

/** Each way of a trip, with every flight of it. */
export type Legs = readonly {
  readonly durationMinutes: number;
  readonly segments: readonly FlightSegment[];
}[];
