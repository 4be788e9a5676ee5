import { parseEnvelope } from '../../actors/kernel/persisted-state.ts';
import { familyOf } from '../../actors/staff/case-view.ts';
import { DEVELOPMENT_SECRETS, loadConfig } from '../../config.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import type { Cluster } from '../faults/cluster.ts';
import { readLedger } from '../sandbox/ledger.ts';
import { answersOurs, type InboundContent } from '../sandbox/meta/content.ts';
import { sandboxAccount } from '../sandbox/sandbox.ts';
import {
  metaJson,
  signWhatsapp,
  whatsappInbound,
  type InboundMessage,
} from '../sandbox/webhooks.ts';
import { waitUntil } from '../support/wait.ts';

/** What is stored of one patient's conversation, without anything that differs by the hour or by the system. */
export interface Conversation {
  readonly caseId: string;
  readonly state: unknown;
  readonly tags: readonly string[];
  readonly trip: Readonly<Record<string, unknown>>;
  /** Status by purpose. */
  readonly consents: Readonly<Record<string, string>>;
  /** How many files of the patient's are kept. */
  readonly documents: number;
}

/** A webhook body of so many messages at most; Meta sends fewer, a backlog after an outage more. */
export const batchSize = 40;

/** A patient's message, as the provider tells of it. Its id says who said it and as what. */
export function messageOf(
  phone: string,
  step: number,
  content: InboundContent,
  atEpochSeconds: number,
): InboundMessage {
  return {
    messageId: `wamid.${phone}-${step}`,
    from: phone,
    userId: null,
    profileName: null,
    content,
    atEpochSeconds,
    // The same whenever it is sent: a message that comes again with another body is a conflict.
    ...(answersOurs(content) ? { replyTo: `wamid.ours-${step}` } : {}),
  };
}

export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/**
 * A webhook with these messages, signed. Answers how many there were of each outcome. After a 503 it comes again, as Meta's
 * do, for two minutes; what the try before had stored after all is then a duplicate. Throws at any other answer but 200.
 */
export async function post(
  edge: string,
  messages: readonly InboundMessage[],
): Promise<Readonly<Record<string, number>>> {
  const body = metaJson(whatsappInbound(sandboxAccount, messages));
  const send = () =>
    fetch(`${edge}/webhooks/whatsapp`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': signWhatsapp(body, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET),
      },
      signal: AbortSignal.timeout(30_000),
    });
  const taken = async () => {
    const answer = await send();
    return answer.status !== 503 && answer;
  };
  const answer = await waitUntil(taken, { timeoutMs: 120_000, what: 'a webhook to be taken' });
  if (answer.status !== 200)
    throw new Error(`A webhook was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, number>;
}

/** Posts each queue's webhooks one after the other, and the queues side by side. Answers the sums of their outcomes. */
export async function postAll(
  edge: string,
  queues: readonly (readonly (readonly InboundMessage[])[])[],
): Promise<Readonly<Record<string, number>>> {
  const sums: Record<string, number> = {};
  await Promise.all(
    queues.map(async (webhooks) => {
      for (const messages of webhooks) {
        for (const [outcome, n] of Object.entries(await post(edge, messages)))
          sums[outcome] = (sums[outcome] ?? 0) + n;
      }
    }),
  );
  return sums;
}

/** A message that the provider took. */
interface Sent {
  readonly effectId: string;
  readonly to: string;
  /** Epoch ms, by the provider's clock. */
  readonly at: number;
}

/** Every message the provider took, oldest first, from its own file. */
export function sentBy({ sandboxFile }: Cluster): Sent[] {
  return readLedger(sandboxFile)
    .filter(({ kind }) => kind === 'message')
    .map(({ at, key, detail }) => ({
      effectId: key ?? '',
      to: String(detail['to']),
      at: Date.parse(at),
    }));
}

/** A control of the sandbox's: `whatsapp/rules`. A GET if there is no body. Throws unless it is answered 200. */
export async function control(
  { sandbox }: Cluster,
  path: string,
  body?: object,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${sandbox}/_sandbox/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(120_000),
  });
  if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}`);
  return (await answer.json()) as Record<string, unknown>;
}

/**
 * Until nothing moves: no event waits, and no effect is open but messages of cases that a limit holds back. Those change
 * nothing that a case has understood, and they may take minutes.
 */
export async function rested(cluster: Cluster, timeoutMs: number): Promise<void> {
  await waitUntil(
    async () => {
      const [events] = await cluster.query<{ n: number }>(
        'select count(*)::int4 as n from pending_events',
      );
      if (events?.n !== 0) return false;
      // Both again, in one snapshot: what a settled effect tells its case is stored with its outcome.
      const [row] = await cluster.query<{ n: number }>(
        `select (select count(*) from pending_events)::int4 + (select count(*) from effects
           where settled_at is null and not (port = 'messaging'
             and case_id in (select case_id from effects where port = 'messaging' and deferred > 0)))::int4 as n`,
      );
      return row?.n === 0;
    },
    { timeoutMs, what: 'nothing to move' },
  );
}

/** Every case, decrypted, by its patient's number. */
export async function readConversations(
  cluster: Cluster,
): Promise<ReadonlyMap<string, Conversation>> {
  const { keyring: roots, indexKey } = loadConfig({});
  const pool = createPool({ url: cluster.databaseUrl, max: 2 });
  try {
    const keyring = createLocalKeyring(roots.map(({ id, key }) => ({ id, key: Buffer.from(key) })));
    const ledger = createLedger({ pool, keys: createDataKeys(pool, keyring), digestKey: indexKey });
    const rows = await cluster.query<{ case_id: string; state: string; tags: string[] }>(
      'select case_id, state, tags from cases',
    );
    const stored = await ledger.load(rows.map(({ case_id: caseId }) => caseId));
    const envelopes = new Map(stored.map(({ caseId, envelope }) => [caseId, envelope]));
    return new Map(
      rows.map(({ case_id: caseId, state, tags }) => {
        const { snapshot } = parseEnvelope(envelopes.get(caseId) ?? '');
        const { root, journey } = familyOf(snapshot);
        const consents = Object.entries(root.consents ?? {}).map(
          ([purpose, { status }]) => [purpose, status] as const,
        );
        return [
          root.recipient?.phone ?? caseId,
          {
            caseId,
            state: JSON.parse(state) as unknown,
            tags: tags.toSorted(),
            trip: { ...journey?.trip },
            consents: Object.fromEntries(consents),
            documents: root.documents?.length ?? 0,
          },
        ];
      }),
    );
  } finally {
    await pool.end();
  }
}
