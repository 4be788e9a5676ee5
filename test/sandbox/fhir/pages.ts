import { randomUUID } from 'node:crypto';

import type { SearchResult, StoredResource } from './store.ts';

export interface PagesOptions {
  /** The server's own base address. */
  readonly base: () => string;
  /** HAPI's retain_cached_searches_mins: 60. */
  readonly keepMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Searches kept by the server, so that a page of one can be asked for by the search's id. */
export interface Pages {
  /** Keeps a result, and gives its first page. */
  first(result: SearchResult, count: number): object;
  /** Undefined for a search that was never there, or is there no longer. */
  page(query: URLSearchParams): object | undefined;
  expire(): void;
}

const MOST = 1_000;

/** As HAPI's: what a page holds was decided when the search was made. */
export function createPages({ base, keepMs, now }: PagesOptions): Pages {
  const kept = new Map<string, { readonly result: SearchResult; readonly until: number }>();

  function bundle(id: string, result: SearchResult, offset: number, count: number): object {
    const matches = result.matches.slice(offset, offset + count);
    const text = JSON.stringify(matches);
    const included = result.included.filter(({ resourceType, id }) =>
      text.includes(`"${resourceType}/${id}"`),
    );
    const link = (from: number) =>
      `${base()}?_getpages=${id}&_getpagesoffset=${from}&_count=${count}&_bundletype=searchset`;
    const more = offset + count < result.matches.length;
    return {
      resourceType: 'Bundle',
      id: randomUUID(),
      type: 'searchset',
      total: result.matches.length,
      link: [
        { relation: 'self', url: link(offset) },
        ...(more ? [{ relation: 'next', url: link(offset + count) }] : []),
      ],
      ...(matches.length > 0
        ? { entry: [...matches.map(entry('match')), ...included.map(entry('include'))] }
        : {}),
    };
  }

  function entry(mode: 'match' | 'include') {
    return (resource: StoredResource) => ({
      fullUrl: `${base()}/${resource.resourceType}/${resource.id}`,
      resource,
      search: { mode },
    });
  }

  return {
    first(result, count) {
      const id = randomUUID();
      kept.set(id, { result, until: now() + keepMs });
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
      return bundle(id, result, 0, count);
    },
    page(query) {
      const id = query.get('_getpages') ?? '';
      const one = kept.get(id);
      if (!one || one.until <= now()) return undefined;
      const number = (name: string) => Number.parseInt(query.get(name) ?? '', 10) || 0;
      return bundle(id, one.result, number('_getpagesoffset'), number('_count') || 20);
    },
    expire() {
      kept.clear();
    },
  };
}
