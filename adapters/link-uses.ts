import { ProviderBusy } from '../actors/errors.ts';
import type { LinkUses } from '../actors/ports/documents.ts';
import { inTime } from './redis.ts';

/** The part of ioredis that is used. */
export interface LinkStore {
  set(
    key: string,
    value: string,
    pxAt: 'PXAT',
    milliseconds: number,
    nx: 'NX',
  ): Promise<string | null>;
}

/** Uses of links in Redis. When it loses them a link may be used once more, which its expiry still bounds. */
export function redisLinkUses(redis: LinkStore): LinkUses {
  return {
    async first(id, expiresAt) {
      const set = await inTime(() =>
        redis.set(`document-link:${id}`, '1', 'PXAT', expiresAt, 'NX'),
      );
      if (set === undefined) throw new ProviderBusy('redis', 'not_answered');
      return set.answer === 'OK';
    },
  };
}
