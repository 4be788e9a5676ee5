import assert from 'node:assert/strict';

import { invariants, type Evidence, type InvariantName } from './invariants.ts';

/**
 * The judges are judged: what one thing that went wrong would leave behind, by the invariant that has to say so. `npm run
 * faults` plants the bugs themselves (planted-bugs.ts), which takes minutes.
 */
const wrongs: Readonly<
  Record<InvariantName, readonly (readonly [what: string, change: (of: Evidence) => Evidence])[]>
> = {
  I1: [
    [
      'a message is lost on its way to its case',
      (of) => withHistory(of, (all) => all.filter((entry) => !isInbound(entry))),
    ],
    [
      'a message meets its case twice',
      (of) => withHistory(of, (all) => [...all, ...all.filter(isInbound)]),
    ],
    [
      'an event is left lying',
      (of) => ({ ...of, events: of.events.map((event) => ({ ...event, pending: true })) }),
    ],
  ],
  I2: [
    [
      'a message is sent twice',
      (of) => ({
        ...of,
        provider: [...of.provider, ...of.provider.filter(({ kind }) => kind === 'message')],
      }),
    ],
    [
      'nothing was sent, and the ledger says it was',
      (of) => ({ ...of, provider: of.provider.filter(({ kind }) => kind !== 'message') }),
    ],
    [
      'a message went out that nobody asked for',
      (of) => ({ ...of, effects: of.effects.filter(({ name }) => name !== 'sendMessage') }),
    ],
  ],
  I3: [
    [
      'a late commit overwrites a case',
      (of) => withCase(of, (one) => ({ ...one, seq: one.seq - 1 })),
    ],
    ['a step is missing', (of) => withHistory(of, (all) => all.toSpliced(1, 1))],
    [
      'messages change places',
      (of) => ({ ...of, generator: of.generator.map((line) => ({ ...line, step: -line.step })) }),
    ],
  ],
  I4: [
    ['somebody was never confirmed', (of) => withCase(of, (one) => ({ ...one, tags: [] }))],
    ['a patient has no case', (of) => ({ ...of, cases: of.cases.slice(1) })],
    ['recovery takes a minute', (of) => ({ ...of, recoverySeconds: 60 })],
  ],
  I5: [
    ['a late commit overwrites a case', (of) => withHistory(of, (all) => all.slice(0, -1))],
    [
      'a stored case is changed by hand',
      (of) =>
        withCase(of, (one) => ({ ...one, envelope: one.envelope.replace('"seq":', '"seq":1') })),
    ],
  ],
  I6: [
    [
      'a line of the audit trail is gone',
      (of) => ({ ...of, audit: of.audit.toSpliced(of.audit.length >> 1, 1) }),
    ],
    [
      'an effect has no line',
      (of) => ({ ...of, audit: of.audit.filter(({ action }) => action !== 'effect') }),
    ],
  ],
  I9: [
    ['a payment is in no books', (of) => withBooks(of, { movements: of.books.movements.slice(1) })],
    [
      'money went back, and no books know',
      (of) => ({ ...of, provider: [...of.provider, refundOf(of)] }),
    ],
    ['a payment has no invoice', (of) => withBooks(of, { invoices: [] })],
  ],
  I10: [
    [
      'what needs a consent starts after it was withdrawn',
      (of) => ({
        ...of,
        effects: of.effects.map((effect) => ({ ...effect, needs: 'consent:service' })),
        withdrawals: of.cases.map(({ caseId }) => ({
          caseId,
          from: 0,
          until: Number.POSITIVE_INFINITY,
        })),
      }),
    ],
  ],
  I11: [
    [
      'events wait for ever',
      (of) => ({ ...of, events: of.events.map((event) => ({ ...event, pending: true })) }),
    ],
    ['nobody acknowledges entries', (of) => ({ ...of, streamPending: 5_000 })],
  ],
  I13: [
    [
      'somebody hears nothing',
      (of) => ({ ...of, provider: of.provider.filter(({ kind }) => kind !== 'message') }),
    ],
    [
      'the answer comes after two minutes',
      (of) => ({
        ...of,
        provider: of.provider.map((entry) => ({
          ...entry,
          at: new Date(Date.parse(entry.at) + 120_000).toISOString(),
        })),
      }),
    ],
  ],
  I14: [
    [
      'flights are ordered twice',
      (of) => ({
        ...of,
        provider: of.provider.flatMap((entry) =>
          entry.kind === 'order' ? [entry, entry] : [entry],
        ),
      }),
    ],
    [
      'a case believes what no airline knows',
      (of) => ({ ...of, provider: of.provider.filter(({ kind }) => kind !== 'order') }),
    ],
  ],
  I12: [
    [
      'a webhook is answered before it is stored',
      (of) => withHistory({ ...of, events: [] }, () => []),
    ],
    [
      'a request never ends',
      (of) => ({ ...of, generator: of.generator.filter(({ type }) => type === 'invoke') }),
    ],
    [
      'a refusal does not say when to return',
      (of) => ({
        ...of,
        generator: of.generator.map((line) => ({
          ...line,
          type: line.type === 'ok' ? ('fail' as const) : line.type,
          status: 500,
        })),
      }),
    ],
  ],
};

/** Changes the evidence of a play in which all invariants hold, and demands that each sees what it is there for. */
export function assertEachSees(evidence: Evidence): void {
  for (const [name, holds] of Object.entries(invariants)) {
    assert.deepEqual(holds(evidence), [], `${name} holds before anything is changed`);
    for (const [what, change] of wrongs[name as InvariantName])
      assert.ok(holds(change(evidence)).length > 0, `${name} does not see that ${what}`);
  }
}

type CaseEvidence = Evidence['cases'][number];
type Entry = CaseEvidence['history'][number];

const isInbound = ({ type, body }: Entry) => type === 'whatsapp.inbound' && body !== null;

/** The first case is another. */
function withCase(of: Evidence, change: (one: CaseEvidence) => CaseEvidence): Evidence {
  return { ...of, cases: of.cases.map((one, i) => (i === 0 ? change(one) : one)) };
}

function withHistory(of: Evidence, change: (all: readonly Entry[]) => readonly Entry[]): Evidence {
  return withCase(of, (one) => ({ ...one, history: change(one.history) }));
}

function withBooks(of: Evidence, books: Partial<Evidence['books']>): Evidence {
  return { ...of, books: { ...of.books, ...books } };
}

/** What a provider's file says of a payment that was given back. */
function refundOf({ provider }: Evidence): Evidence['provider'][number] {
  const payment = provider.find(({ kind }) => kind === 'payment');
  assert.ok(payment, 'nobody paid');
  return { ...payment, kind: 'refund', key: 'planted' };
}
