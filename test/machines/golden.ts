/**
 * Golden snapshots: what cases looked like at each step of a journey when a version of their machine was released.
 * `node test/machines/golden.ts` writes those of the present version if there are none. A file that is there is never
 * written again: cases like these are in databases, and every later version has to open them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseEnvelope } from '../../actors/kernel/persisted-state.ts';
import type { EventBody, StoredCase } from '../../actors/kernel/ports.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import { goldenReleases } from '../../deploy/tools/machines/releases.ts';
import { openCase, ref } from '../kernel/stored.ts';
import { journeySteps, startsAt } from './journey-steps.ts';
import { noPorts } from './no-ports.ts';

const effects = Object.keys(journeyPerformers(noPorts));
const folder = join(import.meta.dirname, 'golden');

/** One step of a recorded journey: what came, when, and the envelope it led to. */
export interface GoldenStep {
  readonly name: string;
  readonly at: number;
  readonly body: EventBody;
  readonly envelope: string;
}

/** Plays events from the beginning and gives each step's envelope. */
export function play(steps: Iterable<Pick<GoldenStep, 'name' | 'at' | 'body'>>): GoldenStep[] {
  const played = openCase(journeyMachines, effects, { stored: null, now: startsAt });
  return [...steps].map((step) => {
    played.wait(step.at - played.now());
    played.activate([step.body]);
    return { ...step, envelope: played.text() };
  });
}

/** The journey of `journey-steps.ts`, with the ids of the effects it really asked for. */
export function recordJourney(): GoldenStep[] {
  const playing = openCase(journeyMachines, effects, { stored: null, now: startsAt });
  return journeySteps.map(({ name, afterMs, body }) => {
    playing.wait(afterMs);
    const came = 'answers' in body ? outcomeOf(body, playing.effects) : body;
    playing.activate([came]);
    return { name, at: playing.now(), body: came, envelope: playing.text() };
  });
}

function outcomeOf(
  { answers, value }: { readonly answers: string; readonly value: unknown },
  asked: readonly { readonly name: string; readonly effectId: string }[],
): EventBody {
  const effect = asked.findLast(({ name }) => name === answers);
  if (!effect) throw new Error(`Nobody asked for ${answers}`);
  return { outcome: { effectId: effect.effectId, ok: true, value } };
}

/** A case of a golden step, opened by the machines of today. */
export function reopened({ at, envelope }: Pick<GoldenStep, 'at' | 'envelope'>) {
  const { seq, snapshot } = parseEnvelope(envelope);
  const { status } = snapshot as { status: StoredCase['status'] };
  return openCase(journeyMachines, effects, { stored: { ...ref, seq, status, envelope }, now: at });
}

/** Every version that was ever released, by file name. */
export function goldenFiles(): readonly {
  readonly version: string;
  readonly steps: readonly GoldenStep[];
}[] {
  return readdirSync(folder)
    .filter((file) => !goldenReleases().has(file))
    .map((file) => ({
      version: /^case-(.+)\.jsonl$/.exec(file)?.[1] ?? file,
      steps: readFileSync(join(folder, file), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as GoldenStep),
    }));
}

if (import.meta.main) {
  const file = join(folder, `case-${journeyMachines.case.machine.version}.jsonl`);
  if (existsSync(file)) {
    process.stdout.write(`${file} is there already: raise the machine's version first\n`);
  } else {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      file,
      `${recordJourney()
        .map((step) => JSON.stringify(step))
        .join('\n')}\n`,
    );
    process.stdout.write(`wrote ${file}\n`);
  }
}
