/** A small change of production code that tests must find. `npm run thorough -- planted` sees to it that they do. */
export interface PlantedBug {
  /** What is wrong then, as a clause. */
  readonly what: string;
  /** By file: what stands there once, and what stands there instead. */
  readonly edits: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;
  /** Test files of which at least one turns red. None: a test plants it itself (`PLANTED_BUG`), and demands what it finds. */
  readonly foundBy?: readonly string[];
}

/** By name. An edit that no longer fits is an error: whoever changes the code changes it here, too. */
export const plantedBugs: Readonly<Record<string, PlantedBug>> = {
  'ack-before-commit': {
    what: 'a webhook is answered before anything is stored',
    edits: {
      'actors/intake.ts': [
        [
          'async function receive(given: readonly Delivery[]): Promise<readonly Receipt[]> {',
          `async function receive(given: readonly Delivery[]): Promise<readonly Receipt[]> {
             setTimeout(() => void receiveLate(given).catch(() => undefined), 250);
             return given.map(() => ({ outcome: 'stored' }));
           }
           async function receiveLate(given: readonly Delivery[]): Promise<readonly Receipt[]> {`,
        ],
      ],
    },
  },
  'no-dedupe': {
    what: 'what comes again is stored again',
    edits: {
      'persistence/ledger/ledger.ts': [['...event,\n', '...event,\n dedupeKey: id,\n']],
    },
  },
  'no-fencing': {
    what: 'anybody may overwrite a case, as an upsert without a version would have it',
    edits: {
      'persistence/ledger/commit.ts': [
        ["(select n from held) = cardinality(${leases.array('partition')})", 'true'],
        [' and k.seq = c.expected_seq', ''],
        [
          'on conflict do nothing\n    returning 1',
          `on conflict (case_id) do update set seq = excluded.seq, state = excluded.state, tags = excluded.tags,
            wake_at = excluded.wake_at, envelope = excluded.envelope
          returning 1`,
        ],
        [
          'order by ordinal\n  )${published}',
          'order by ordinal on conflict do nothing\n  )${published}',
        ],
        ["${entries.as('a')}", "${entries.as('a')} on conflict do nothing"],
        [
          "(select count(*) from stepped), 'version')",
          "(select count(*) from stepped) or true, 'version')",
        ],
        [
          "cardinality(${consumed.array('caseId')}), 'version')",
          "cardinality(${consumed.array('caseId')}) or true, 'version')",
        ],
      ],
    },
  },
  'forgotten-refunds': {
    what: 'what went back is in no books',
    edits: {
      'persistence/finance/books.ts': [
        [
          'const prepared = prepare(record);',
          `const prepared = prepare({
             ...record,
             movements: record.movements.filter(({ kind }) => kind !== 'refund'),
           });`,
        ],
      ],
    },
  },
};

/** @throws {Error} an edit does not fit */
export function edited(bug: PlantedBug, file: string, source: string): string {
  return (bug.edits[file] ?? []).reduce((text, [from, to]) => {
    if (text.split(from).length !== 2)
      throw new Error(`To plant "${bug.what}", ${file} must have this once: ${from}`);
    return text.replace(from, () => to);
  }, source);
}
