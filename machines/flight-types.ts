export type { FlightSegment, Legs } from '../actors/shapes/flights.ts';
