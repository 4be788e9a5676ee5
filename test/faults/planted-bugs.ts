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
  'wrong-amount-confirmed': {
    what: 'a payment of another amount than was ordered confirms',
    edits: {
      'machines/booking-rules.ts': [
        [
          'isSameMoney(payment.captured, context.total);',
          'payment.captured.currency === context.total.currency;',
        ],
      ],
    },
    foundBy: ['test/machines/booking.test.ts', 'test/machines/booking-money.test.ts'],
  },
  'refund-twice': {
    what: 'a refund in doubt is made again under a new reference',
    edits: {
      'machines/booking-setup.ts': [
        [
          'isRefundInDoubt: ({ context }) => context.refunding !== null,',
          'isRefundInDoubt: () => false,',
        ],
      ],
    },
    foundBy: ['test/machines/booking-money.test.ts'],
  },
  'refunds-forgotten': {
    what: "refunds that a provider's list lacks are forgotten",
    edits: {
      'machines/booking-rules.ts': [
        ['return { ...now, refunds: [...missing, ...now.refunds] };', 'return now;'],
      ],
    },
    foundBy: ['test/machines/booking-money.test.ts'],
  },
  'pending-is-left': {
    what: 'a refund under way still counts as money that can go back',
    edits: {
      'machines/booking-rules.ts': [
        ["returnedMinor(payment, ['done', 'pending']) -", "returnedMinor(payment, ['done']) -"],
      ],
    },
    foundBy: ['test/machines/booking-money.test.ts'],
  },
  'late-money-confirmed': {
    what: 'money that comes after a booking lapsed confirms it unseen',
    edits: {
      'machines/booking-setup.ts': [
        ['      !context.isLateAccepted &&\n', '      context.isLateAccepted &&\n'],
      ],
    },
    foundBy: ['test/machines/booking-money.test.ts'],
  },
  'second-payment-unseen': {
    what: 'who paid twice gets nothing back',
    edits: {
      'machines/booking-setup.ts': [
        [
          'isPaidTwice: ({ context }) => isTaken(known(context)) && leftMinor(context.second) > 0n,',
          'isPaidTwice: () => false,',
        ],
      ],
    },
    foundBy: ['test/machines/booking-money.test.ts'],
  },
  'unpaid-not-closed': {
    what: "a link stays open when its booking's time is over",
    edits: {
      'machines/booking-setup.ts': [
        [
          'mustBeClosed: ({ context }) => isOver(context) && !context.isClosed,',
          'mustBeClosed: () => false,',
        ],
      ],
    },
    foundBy: ['test/machines/booking.test.ts', 'test/machines/booking-money.test.ts'],
  },
  'lines-not-invoiced': {
    what: 'only the first group of lines is invoiced',
    edits: {
      'machines/sales-rules.ts': [
        [
          'return splitLines(booking.lines).map((lines, index) => ({',
          'return splitLines(booking.lines).slice(0, 1).map((lines, index) => ({',
        ],
      ],
    },
    foundBy: ['test/machines/sales-model.test.ts'],
  },
  'credited-twice': {
    what: 'what went back is credited anew with each refund',
    edits: { 'machines/sales-rules.ts': [['String(before + allocatedMinor)', 'String(before)']] },
    foundBy: ['test/machines/sales-model.test.ts'],
  },
  'credits-forgotten': {
    what: 'a refund that comes before its invoice is kept has no credit note',
    edits: {
      'machines/sales.ts': [
        [
          "'invoice.archived': { actions: ['setInvoice', 'beginCredits'] },",
          "'invoice.archived': { actions: ['setInvoice'] },",
        ],
      ],
    },
    foundBy: ['test/machines/sales-model.test.ts'],
  },
  'quote-after-withdrawal': {
    what: 'staff may quote to who withdrew',
    edits: {
      'machines/sales.ts': [
        ['mayQuote: ({ context }) => context.mayQuote,', 'mayQuote: () => true,'],
      ],
    },
    foundBy: ['test/machines/sales.test.ts', 'test/machines/sales-model.test.ts'],
  },
  'withdrawal-sells-on': {
    what: 'a withdrawal leaves open links open',
    edits: {
      'machines/sales.ts': [
        ["entry: ['abandonBookings', 'forbidQuotes'],", "entry: ['forbidQuotes'],"],
      ],
    },
    foundBy: ['test/machines/sales.test.ts', 'test/machines/sales-model.test.ts'],
  },
  'cents-lost': {
    what: 'what is left over by a division goes to nobody',
    edits: { 'machines/money.ts': [['if (left === 0n) break;', 'break;']] },
    foundBy: ['test/machines/money.test.ts', 'test/machines/sales-model.test.ts'],
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
