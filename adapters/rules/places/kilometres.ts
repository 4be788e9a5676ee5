/** Degrees. */
export interface Position {
  readonly lat: number;
  readonly lon: number;
}

const radians = Math.PI / 180;

/** In a straight line. */
export function kilometres(from: Position, to: Position): number {
  const lat = (to.lat - from.lat) * radians;
  const lon = (to.lon - from.lon) * radians;
  const half =
    Math.sin(lat / 2) ** 2 +
    Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * Math.sin(lon / 2) ** 2;
  return 12_742 * Math.asin(Math.sqrt(half));
}
