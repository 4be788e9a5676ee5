import type { CaseCommit } from '../../actors/kernel/ports.ts';
import type { Desk, Staff } from '../../actors/ports/desk.ts';
import { createDesk, type DeskOptions } from '../../persistence/cases/views.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createBlindIndex } from '../../persistence/encryption/blind-index.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { asApplication } from '../support/postgres.ts';
import { testDatabase } from '../support/services.ts';
import { at, commitOf, event, openLedger, stepped, tenant } from './ledger-fixture.ts';

export const staff: Staff = { subject: 'staff-7', tenant, roles: ['support'] };
export const foreigner: Staff = {
  subject: 'staff-8',
  tenant: 'agency',
  roles: ['support', 'admin'],
};
/** As the machines have it, in short. */
const order: DeskOptions['order'] = [
  { tag: 'urgent-untaken', rank: 0, minutes: 5, isLateOnly: false },
  { tag: 'urgent', rank: 1, minutes: 5, isLateOnly: false },
  { tag: 'awaits-staff', rank: 2, minutes: 60, isLateOnly: false },
  { tag: 'clinical-review', rank: 2, minutes: 1_440, isLateOnly: false },
  { tag: 'waiting-for-provider', rank: 2, minutes: 10, isLateOnly: true },
  { tag: 'with-staff', rank: 3, minutes: 60, isLateOnly: false },
];
export const hourMs = 60 * 60 * 1_000;
// As the ledger of the fixture has it, so that each decrypts what the other encrypted.
const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };

export const blindIndex = createBlindIndex([rootKey]);

/** What was sent to PostgreSQL: a statement's name, without the digest that makes it unique on shared connections, and its text. */
interface Sent {
  readonly name: string;
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Readings by the ORM have no name: they go by how they begin. */
const nameOf = ({ name, text }: Partial<Sent>) =>
  name?.replace(/_[0-9a-f]{8}$/, '') ??
  text?.replace(/^select .* from /, 'orm ').slice(0, 60) ??
  '';

/** A desk as one process has it, as the application's role, and the statements it sent. */
export function openDesk(url: string, more: Partial<DeskOptions> = {}) {
  const pool = createPool({ url: asApplication(url), max: 10 });
  const sent: Sent[] = [];
  const query = pool.query.bind(pool) as (config: Sent | string) => unknown;
  pool.query = ((config: Sent | string) => {
    // The tests' own are bare texts.
    if (typeof config !== 'string') sent.push({ ...config, name: nameOf(config) });
    return query(config);
  }) as typeof pool.query;
  const keys = createDataKeys(pool, createLocalKeyring([rootKey]));
  const desk: Desk = createDesk({
    pool,
    keys,
    now: () => at,
    mask: (text) => text,
    reviewOf: () => null,
    waitingOf: () => [],
    attentionOf: () => null,
    order,
    providerOf: () => null,
    tripOf: () => null,
    blindIndex,
    say: (input) => JSON.stringify(input),
    ...more,
  });
  return { desk, sent, pool, [Symbol.asyncDispose]: () => pool.end() };
}

/** A database with the one worker of its one partition, and a desk in front. */
export async function startDesk(more: Partial<DeskOptions> = {}) {
  await using parts = new AsyncDisposableStack();
  const database = parts.use(await testDatabase());
  const one = parts.use(openLedger(database.url));
  const front = parts.use(openDesk(database.url, more));
  await fixPartitions(one.pool, 1);
  const [lease] = await one.leases.hold('worker', 1, hourMs);
  const worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
  const started = parts.move();

  /** Brings a case one step on; opens it unless told that it is open. */
  async function step(caseId: string, change: Partial<CaseCommit> = {}): Promise<void> {
    const theirs = change.tenant === undefined ? {} : { tenant: change.tenant };
    const envelope = JSON.stringify({ timers: [] });
    await one.ledger.append([event(caseId, theirs)]);
    const consumed = await one.ledger.pending([caseId], 10, []);
    const cases = [stepped(caseId, { envelope, ...change })];
    await one.ledger.commit(commitOf(worker, { cases, consumed }));
  }

  return {
    url: database.url,
    one,
    front,
    worker,
    step,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
