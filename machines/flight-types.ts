export type { Legs, OfferWay, Party, SoldTrip } from '../actors/shapes/flights.ts';
