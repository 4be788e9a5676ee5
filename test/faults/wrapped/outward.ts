import type { OutwardStreams } from '../../../actors/ports/outbox.ts';
import { createOutwardStreams as createReal } from '../../../streams/outward.ts';
import { passing } from '../failpoints.ts';

/** The streams for other services, with a failpoint between what they took and the mark that they took it. */
export function createOutwardStreams(...options: Parameters<typeof createReal>): OutwardStreams {
  const streams = createReal(...options);
  return {
    ...streams,
    async add(entries) {
      const added = await streams.add(entries);
      passing('outbox.added');
      return added;
    },
  };
}
