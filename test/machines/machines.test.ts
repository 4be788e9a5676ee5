import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import { attachmentsMachine } from '../../machines/attachments.ts';
import { attentionMachine } from '../../machines/attention.ts';
import { bookingMachine } from '../../machines/booking.ts';
import { caseMachine } from '../../machines/case.ts';
import { clinicMachine } from '../../machines/clinic.ts';
import { companionsMachine } from '../../machines/companions.ts';
import { consentMachine } from '../../machines/consent.ts';
import { conversationMachine } from '../../machines/conversation.ts';
import { dealMachine } from '../../machines/deal.ts';
import { documentsMachine } from '../../machines/documents.ts';
import { imagingMachine } from '../../machines/imaging.ts';
import { invoiceMachine } from '../../machines/invoice.ts';
import { journeyMachine } from '../../machines/journey.ts';
import { reviewMachine } from '../../machines/review.ts';
import { salesMachine } from '../../machines/sales.ts';
import { noPorts } from './no-ports.ts';

const machines: Readonly<Record<string, AnyStateMachine>> = {
  attachments: attachmentsMachine,
  attention: attentionMachine,
  companions: companionsMachine,
  booking: bookingMachine,
  case: caseMachine,
  clinic: clinicMachine,
  consent: consentMachine,
  conversation: conversationMachine,
  deal: dealMachine,
  documents: documentsMachine,
  imaging: imagingMachine,
  invoice: invoiceMachine,
  journey: journeyMachine,
  review: reviewMachine,
  sales: salesMachine,
};

const statesOf = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap(statesOf),
];

const performers = journeyPerformers(noPorts);

/** The text of the `createMachine` call, without comments and without the insides of strings. */
function configSource(source: string): string {
  const start = source.indexOf('.createMachine(');
  assert.notEqual(start, -1);
  return source
    .slice(start)
    .replaceAll(/\/\/[^\n]*/g, '')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

for (const [name, machine] of Object.entries(machines)) {
  suite(`machine ${name}`, () => {
    const source = readFile(join(import.meta.dirname, `../../machines/${name}.ts`), 'utf8');

    test('describes every state to readers and staff', () => {
      for (const state of statesOf(machine.root)) {
        assert.ok(state.description, state.id);
        const { label, waitsFor, targetMinutes } = state.meta ?? {};
        assert.ok(typeof label === 'string' && label.length > 0, state.id);
        assert.ok(['patient', 'provider', 'staff', 'nobody'].includes(waitsFor), state.id);
        assert.ok(targetMinutes === null || targetMinutes > 0, state.id);
      }
    });

    test('asks the world only for what somebody performs', () => {
      for (const state of statesOf(machine.root)) {
        for (const { src, id } of state.invoke) {
          if (typeof src !== 'string') assert.fail(`${state.id} has an inline actor`);
          assert.ok(Object.hasOwn(performers, src) || Object.hasOwn(machines, src), src);
          assert.ok(
            !/^\d+\.|(?:case|booking|imaging|documents)\./.test(id),
            `${id} is not explicit`,
          );
        }
      }
    });

    test('imports xstate, types, and what it decides by: nothing else', async () => {
      const imports = [...(await source).matchAll(/import\s+(type\s)?[^;]*?from\s+'([^']+)'/g)];
      assert.ok(imports.length > 0);
      for (const [, type, from = ''] of imports) {
        const isOurs =
          type !== undefined ||
          /-(?:rules|setup|messages|hearing)\.ts$|^\.\/(?:money|answers)\.ts$/.test(from);
        const isShape =
          type !== undefined && /^\.\.\/actors\/(?:shapes\/|texts\/keys\.ts$)/.test(from);
        assert.ok(from === 'xstate' || isShape || (isOurs && from.startsWith('./')), from);
      }
      assert.doesNotMatch(await source, /import\(|require\(/);
    });

    test('is one literal: no functions, spreads, computed keys, templates or calls in its config', async () => {
      const config = configSource(await source);
      assert.doesNotMatch(config, /=>|\bfunction\b/);
      assert.doesNotMatch(config, /\.\.\./);
      assert.doesNotMatch(config, /[{,]\s*\[/);
      assert.doesNotMatch(config, /`/);
      // The one call is createMachine itself.
      assert.deepEqual(config.match(/\w+\(/g), ['createMachine(']);
    });

    test('reads no clock and rolls no dice', async () => {
      assert.doesNotMatch(
        await source,
        /Date\.now|new Date\(\)|Math\.random|performance\.|randomUUID/,
      );
    });

    test('names every event, delay and target itself', async () => {
      const config = configSource(await source);
      assert.doesNotMatch(await source, /xstate\.(done|error|after|init)|systemId/);
      assert.doesNotMatch(config, /after: \{\s*\d/);
    });
  });
}

suite('machines', () => {
  test('are hosted with their children in place', () => {
    const below = (machine: unknown, name: string): AnyStateMachine | undefined =>
      (machine as AnyStateMachine).implementations.actors[name] as AnyStateMachine | undefined;
    const hosted = journeyMachines.case.machine;
    const pairs = [
      [below(hosted, 'documents'), documentsMachine],
      [below(below(hosted, 'sales'), 'booking'), bookingMachine],
      [below(below(hosted, 'sales'), 'invoice'), invoiceMachine],
      [below(below(hosted, 'review'), 'imaging'), imagingMachine],
      [below(below(hosted, 'clinic'), 'deal'), dealMachine],
    ] as const;
    for (const [found, machine] of pairs) assert.ok(found === machine, machine.id);
  });
});
