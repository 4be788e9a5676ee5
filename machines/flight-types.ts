export type { Legs, OfferWay } from '../actors/shapes/flights.ts';
