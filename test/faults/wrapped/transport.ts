import {
  createTransport as createReal,
  type RedisTransport,
  type TransportOptions,
} from '../../../streams/transport.ts';
import { passing } from '../failpoints.ts';

/** The transport, with failpoints after what workers read and what they announce to performers. */
export function createTransport(options: TransportOptions): RedisTransport {
  const transport = createReal(options);
  return {
    ...transport,
    async read(subscription, waitMs, signal) {
      const received = await transport.read(subscription, waitMs, signal);
      if (subscription.group === 'cases' && received.length > 0) passing('cases.read');
      return received;
    },
    async announce(announcements) {
      const taken = await transport.announce(announcements);
      if (announcements.some(({ topic }) => topic.startsWith('effects.')))
        passing('cases.announced');
      return taken;
    },
  };
}
