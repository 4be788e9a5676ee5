import * as v from 'valibot';

import type { FhirSimulator } from '../fhir.ts';
import { type Reply, type SandboxRequest, jsonIn } from '../simulator.ts';
import { FhirFault } from './faults.ts';
import { FhirClient } from './tokens.ts';

const Rules = v.strictObject({
  auth: v.exactOptional(v.boolean()),
  tokenSeconds: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  algorithms: v.exactOptional(v.array(v.picklist(['RS384', 'ES384']))),
  maxPageSize: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});
const Seeds = v.object({
  resourceType: v.literal('Bundle'),
  entry: v.array(v.object({ resource: v.looseObject({ resourceType: v.string() }) })),
});

const DONE: Reply = { status: 200, body: { ok: true } };

/** What the clinic does to its own server, under `/_sandbox/fhir`. Null when it is no such control. */
export async function fhirControl(
  { method, url, body }: SandboxRequest,
  fhir: FhirSimulator,
): Promise<Reply | null> {
  const one = /^\/_sandbox\/fhir\/([A-Z]\w*)\/([A-Za-z0-9.-]{1,64})$/.exec(url.pathname);
  if (one && method === 'PUT') {
    const [, resourceType, id] = one;
    const fields = v.parse(v.looseObject({}), jsonIn(body));
    return seeded(await fhir.put([{ ...fields, resourceType, id }]));
  }
  if (one && method === 'DELETE') {
    const [, type = '', id = ''] = one;
    return (await fhir.remove(type, id)) ? DONE : { status: 404, body: { error: 'not there' } };
  }
  switch (`${method} ${url.pathname}`) {
    case 'POST /_sandbox/fhir': {
      const { entry } = v.parse(Seeds, jsonIn(body));
      return seeded(await fhir.put(entry.map(({ resource }) => resource)));
    }
    case 'POST /_sandbox/fhir/faults':
      fhir.fault(v.parse(FhirFault, jsonIn(body)));
      return DONE;
    case 'POST /_sandbox/fhir/rules':
      fhir.set(v.parse(Rules, jsonIn(body)));
      return DONE;
    case 'POST /_sandbox/fhir/clients':
      fhir.register(v.parse(FhirClient, jsonIn(body)));
      return DONE;
    case 'POST /_sandbox/fhir/revoke':
      fhir.revokeTokens();
      return DONE;
    case 'POST /_sandbox/fhir/expire-pages':
      fhir.expirePages();
      return DONE;
    default:
      return null;
  }
}

function seeded(refused: { readonly outcome: object } | undefined): Reply {
  return refused ? { status: 400, body: refused.outcome } : DONE;
}
