import * as v from 'valibot';

import { ProviderBusy, ProviderRefused } from '../../actors/errors.ts';
import { ClinicalAnswerUnusable } from '../../actors/ports/clinical.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import { jsonOf } from '../http.ts';
import { errorIn } from './outcome.ts';
import type { FhirRequests } from './requests.ts';

/** A server may give pages as short as it likes, even empty ones. */
const MAX_PAGES = 40;
/** Matches and includes, also those seen before. */
const MAX_ENTRIES = 2_000;

/** A resource of which only type and id are known. */
export interface UnreadResource {
  readonly resourceType: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

export interface FhirSearch<Match, Related> {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Pages are read until there are so many. */
  readonly enough: number;
  /** What is kept of a match; null for nothing. */
  readonly match: (resource: UnreadResource) => Match | null;
  /** What is kept of a resource that came along by `_include`. */
  readonly include: (resource: UnreadResource) => Related | null;
  /**
   * For lists in which each entry stands for itself: hears how many matches were left out because they are malformed.
   * Without it one of them refuses the whole, as it must where the number of matches decides who somebody is.
   */
  readonly leftOut?: (count: number) => void;
}

export interface Found<Match, Related> {
  /** Matches that were left out because they are malformed. */
  readonly unreadable: number;
  /** In the server's order. May be more than `enough`, by a part of a page. */
  readonly matches: readonly Match[];
  readonly related: readonly Related[];
}

const Resource = v.looseObject({ resourceType: v.string(), id: v.optional(v.string()) });
const Versioned = v.object({
  meta: v.object({
    versionId: v.optional(v.string(), ''),
    lastUpdated: v.optional(v.string(), ''),
  }),
});
const Searchset = v.object({
  resourceType: v.literal('Bundle'),
  type: v.literal('searchset'),
  total: v.optional(v.number()),
  link: v.optional(v.array(v.object({ relation: v.string(), url: v.string() })), []),
  entry: v.optional(
    v.array(
      v.object({
        resource: v.optional(v.unknown()),
        search: v.optional(v.object({ mode: v.optional(v.string()) })),
      }),
    ),
    [],
  ),
});
type Searchset = v.InferOutput<typeof Searchset>;

/**
 * Searches, and follows the pages. The parameters go in the body (`_search`), for addresses end up in logs.
 * A server that has forgotten the search between two pages (410) is asked once more from the beginning.
 *
 * @throws {ClinicalAnswerUnusable} the pages are no result of a search, or do not end; none of the matches can be read
 * @throws {ProviderBusy} `pages_expired`: forgotten twice
 * @throws what `requests.send` throws
 */
export async function search<Match, Related>(
  requests: FhirRequests,
  wanted: FhirSearch<Match, Related>,
  performing: Performing,
): Promise<Found<Match, Related>> {
  const found =
    (await searchOnce(requests, wanted, performing)) ??
    (await searchOnce(requests, wanted, performing));
  if (!found) throw new ProviderBusy('fhir', 'pages_expired');
  return found;
}

/** Undefined when the server forgot the search. */
async function searchOnce<Match, Related>(
  requests: FhirRequests,
  { type, parameters, enough, match, include, leftOut }: FhirSearch<Match, Related>,
  performing: Performing,
): Promise<Found<Match, Related> | undefined> {
  /** The newest version of each, by its id, and what is kept of it. */
  const matches = new Map<string, Newest<Match>>();
  const related = new Map<string, Newest<Related>>();
  const visited = new Set<string>();
  let entries = 0;
  let matched = false;
  const malformed: ClinicalAnswerUnusable[] = [];
  /** What `read` makes of a resource; null, and remembered, where it is malformed and the others may go on without it. */
  const tolerant = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      const isMalformed = error instanceof ClinicalAnswerUnusable && error.reason === 'malformed';
      if (!isMalformed || !leftOut) throw error;
      malformed.push(error);
      return null;
    }
  };

  let page: Searchset | undefined = await firstPage(requests, type, parameters, performing);
  const { total = 0 } = page;
  while (page) {
    entries += page.entry.length;
    if (entries > MAX_ENTRIES) throw new ClinicalAnswerUnusable('too_many_entries');
    for (const { resource: unread, search: how } of page.entry) {
      if (unread === undefined || unread === null) continue;
      const resource = tolerant(() => resourceOf(unread));
      if (!resource) continue;
      const mode = modeOf(resource.resourceType, type, how?.mode);
      if (mode === 'outcome') refuseError(resource);
      if (mode !== 'match' && mode !== 'include') continue;
      matched ||= mode === 'match';
      const known = tolerant(() => identified(resource, mode === 'match' ? type : undefined));
      if (!known) continue;
      const key = `${known.resourceType}/${known.id}`;
      // Pages shift when resources come in between, and some servers list former versions.
      const former = (mode === 'match' ? matches : related).get(key);
      if (former && !isNewer(known, former.resource)) continue;
      if (mode === 'match') {
        matches.set(key, { resource: known, kept: tolerant(() => match(known)) });
      } else {
        related.set(key, { resource: known, kept: include(known) });
      }
    }
    const next = page.link.find(({ relation }) => relation === 'next')?.url;
    if (next === undefined || keptOf(matches).length >= enough) break;
    const url = within(requests, next);
    if (visited.has(url.href)) throw new ClinicalAnswerUnusable('page_loop');
    visited.add(url.href);
    if (visited.size >= MAX_PAGES) throw new ClinicalAnswerUnusable('too_many_pages');
    page = await nextPage(requests, url, performing);
    if (!page) return undefined;
  }
  const [first] = malformed;
  const kept = keptOf(matches);
  if (first && kept.length === 0) throw first;
  if (first) leftOut?.(malformed.length);
  if (total > 0 && !matched) throw new ClinicalAnswerUnusable('empty_bundle');
  return { matches: kept, related: keptOf(related), unreadable: malformed.length };
}

async function firstPage(
  requests: FhirRequests,
  type: string,
  parameters: Readonly<Record<string, string>>,
  performing: Performing,
): Promise<Searchset> {
  const { text } = await requests.send(
    {
      method: 'POST',
      url: below(requests.base, `/${type}/_search`),
      form: new URLSearchParams(parameters),
      // A parameter that a server doesn't know and leaves out would give us everybody's records.
      headers: { prefer: 'handling=strict' },
      accepts: [200],
    },
    performing,
  );
  return searchset(text);
}

/** Undefined for one that has expired. */
async function nextPage(
  requests: FhirRequests,
  url: URL,
  performing: Performing,
): Promise<Searchset | undefined> {
  const { status, text } = await requests.send(
    { method: 'GET', url, accepts: [200, 410] },
    performing,
  );
  return status === 410 ? undefined : searchset(text);
}

function searchset(text: string): Searchset {
  const json = jsonOf('fhir', text);
  refuseError(json);
  const result = v.safeParse(Searchset, json);
  if (!result.success) throw new ClinicalAnswerUnusable('wrong_resource');
  return result.output;
}

/** An address below the server's base. */
export function below(base: URL, path: string): URL {
  return new URL(base.href.replace(/\/$/, '') + path);
}

/**
 * The address of a next page below our base. A server behind a proxy names its pages by addresses of its own; where we were told of
 * them, the page is fetched from our base all the same.
 *
 * @throws {ClinicalAnswerUnusable} it is below none of them: our token is for nobody else
 */
function within({ base, linkBases }: Pick<FhirRequests, 'base' | 'linkBases'>, link: string): URL {
  const told = linkBases.find(
    (other) => link.startsWith(other) && /^(?:$|[/?#])/.test(link.slice(other.length)),
  );
  const own = told === undefined ? link : base.href.replace(/\/$/, '') + link.slice(told.length);
  // A relative one counts from the base, not from the folder above it.
  const from = `${base.href.replace(/\/$/, '')}/`;
  const relative = own.startsWith('?') ? base.href.replace(/\/$/, '') + own : own;
  const url = URL.canParse(relative, from) ? new URL(relative, from) : undefined;
  const prefix = base.pathname.replace(/\/$/, '');
  const inside =
    url?.origin === base.origin &&
    url.username === '' &&
    url.password === '' &&
    (url.pathname === prefix || url.pathname.startsWith(`${prefix}/`));
  if (!url || !inside) throw new ClinicalAnswerUnusable('foreign_link');
  url.hash = ''; // Never sent, and else each page could be another one.
  return url;
}

/** By what the server says; R4 lets it say nothing. */
function modeOf(resourceType: string, wanted: string, said: string | undefined): string {
  if (said !== undefined) return said;
  if (resourceType === wanted) return 'match';
  return resourceType === 'OperationOutcome' ? 'outcome' : 'include';
}

function resourceOf(unread: unknown): v.InferOutput<typeof Resource> {
  const { success, output } = v.safeParse(Resource, unread);
  if (!success) throw new ClinicalAnswerUnusable('malformed');
  return output;
}

function identified(
  resource: v.InferOutput<typeof Resource>,
  type: string | undefined,
): UnreadResource {
  const { id } = resource;
  if (type !== undefined && resource.resourceType !== type)
    throw new ClinicalAnswerUnusable('wrong_resource');
  if (id === undefined) throw new ClinicalAnswerUnusable('malformed');
  return { ...resource, id };
}

/** An error may come with a 200, and among the results: then they are not complete. */
export function refuseError(json: unknown): void {
  const code = errorIn(json);
  if (code !== undefined) throw new ProviderRefused('fhir', code);
}

interface Newest<Kept> {
  readonly resource: UnreadResource;
  /** Null for nothing. */
  readonly kept: Kept | null;
}

function keptOf<Kept>(newest: ReadonlyMap<string, Newest<Kept>>): Kept[] {
  return [...newest.values()].flatMap(({ kept }) => (kept === null ? [] : [kept]));
}

/** By the number of the version where both have one, else by when it was written. */
function isNewer(one: UnreadResource, other: UnreadResource): boolean {
  const [first, second] = [one, other].map((resource) => v.safeParse(Versioned, resource));
  if (!first?.success || !second?.success) return false;
  const [mine, theirs] = [first.output.meta, second.output.meta];
  const number = /^\d{1,15}$/;
  return number.test(mine.versionId) && number.test(theirs.versionId)
    ? Number(mine.versionId) > Number(theirs.versionId)
    : Date.parse(mine.lastUpdated) > Date.parse(theirs.lastUpdated);
}
