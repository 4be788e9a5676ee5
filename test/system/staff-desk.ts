import assert from 'node:assert/strict';

import * as v from 'valibot';

import { waitUntil } from '../support/wait.ts';
import { staffHeader, type Answer, type Orchestrator } from './orchestrator.ts';

const CaseView = v.object({
  tags: v.array(v.string()),
  messages: v.array(
    v.object({ effectId: v.string(), status: v.string(), reason: v.nullable(v.string()) }),
  ),
});
type CaseView = v.InferOutput<typeof CaseView>;
const Conversation = v.object({
  lines: v.array(v.object({ from: v.string(), kind: v.string(), text: v.nullable(v.string()) })),
});
const History = v.object({
  entries: v.array(
    v.object({ type: v.string(), stateBefore: v.unknown(), stateAfter: v.unknown() }),
  ),
});
const Listed = v.object({ cases: v.array(v.object({ caseId: v.string() })) });
const Speaking = v.object({
  open: v.object({ conversation: v.object({ open: v.object({ speaker: v.unknown() }) }) }),
});

type Headers = Readonly<Record<string, string>>;

/** What staff see and do, by the same door as the console. As a member of the demo tenant unless `headers` say otherwise. */
export interface StaffDesk {
  /** `path` begins behind `/admin/cases`. */
  get(path: string, headers?: Headers): Promise<Answer>;
  view(caseId: string): Promise<CaseView>;
  conversation(caseId: string): Promise<v.InferOutput<typeof Conversation>['lines']>;
  history(caseId: string): Promise<v.InferOutput<typeof History>['entries']>;
  listed(tag: string, headers?: Headers): Promise<string[]>;
  tell(caseId: string, event: object, headers?: Headers): Promise<Answer>;
  /** Tells, and it is taken. */
  act(caseId: string, event: object): Promise<void>;
  /** Until the case is so; how it is then. */
  caseIs(caseId: string, what: string, holds: (found: CaseView) => boolean): Promise<CaseView>;
  /** Until this message is so; with this reason, if one is given. */
  messageIs(caseId: string, effectId: string, status: string, reason?: string): Promise<CaseView>;
  /** How often staff were handed the conversation. */
  handOvers(caseId: string): Promise<number>;
}

/** The desk of this orchestrator, whatever process it runs in. */
export function staffDesk(system: Orchestrator): StaffDesk {
  const get = async (path: string, headers?: Headers) =>
    system.request(`${system.edge}/admin/cases${path}`, {
      headers: headers ?? (await staffHeader()),
    });

  async function read<Schema extends v.GenericSchema>(
    schema: Schema,
    path: string,
    headers?: Headers,
  ): Promise<v.InferOutput<Schema>> {
    const answer = await get(path, headers);
    assert.equal(answer.status, 200, answer.text);
    return v.parse(schema, answer.json());
  }

  const history = async (caseId: string) =>
    (await read(History, `/${caseId}/history?limit=500`)).entries;
  const tell = async (caseId: string, event: object, headers?: Headers) =>
    system.request(`${system.edge}/admin/cases/${caseId}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers ?? (await staffHeader())) },
      body: JSON.stringify(event),
    });
  const caseIs: StaffDesk['caseIs'] = async (caseId, what, holds) =>
    waitUntil(
      async () => {
        const found = await read(CaseView, `/${caseId}`);
        return holds(found) && found;
      },
      { what, timeoutMs: 20_000 },
    );

  return {
    get,
    view: async (caseId) => read(CaseView, `/${caseId}`),
    conversation: async (caseId) => (await read(Conversation, `/${caseId}/conversation`)).lines,
    history,
    listed: async (tag, headers) =>
      (await read(Listed, `?tag=${tag}&limit=200`, headers)).cases.map(({ caseId }) => caseId),
    tell,
    async act(caseId, event) {
      const answer = await tell(caseId, event);
      assert.deepEqual([answer.status, answer.json()], [202, { outcome: 'stored' }]);
    },
    caseIs,
    messageIs: async (caseId, effectId, status, reason) =>
      caseIs(caseId, `a message that is ${status}`, ({ messages }) =>
        messages.some(
          (message) =>
            message.effectId === effectId &&
            message.status === status &&
            (reason === undefined || message.reason === reason),
        ),
      ),
    handOvers: async (caseId) =>
      (await history(caseId)).filter(
        ({ stateBefore, stateAfter }) => !isWithStaff(stateBefore) && isWithStaff(stateAfter),
      ).length,
  };
}

function isWithStaff(state: unknown): boolean {
  const found = v.safeParse(Speaking, state);
  return found.success && found.output.open.conversation.open.speaker === 'withStaff';
}
