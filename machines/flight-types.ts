export type { Legs } from '../actors/shapes/flights.ts';
