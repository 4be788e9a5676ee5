/**
 * The golden snapshots of versions 3 and 4 of the case, written by hand: what a case looked like at each step of a journey.
 * They are never written again: cases like these are in databases, and every later version has to open them. Those of
 * later versions are found by walking: `golden-files.ts`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseEnvelope } from '../../actors/kernel/persisted-state.ts';
import type { EventBody, StoredCase } from '../../actors/kernel/ports.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import { goldenReleases } from '../../deploy/tools/machines/releases.ts';
import { openCase, ref } from '../kernel/stored.ts';
import { journeySteps, startsAt } from './journey-steps.ts';
import { noPorts } from './no-ports.ts';
import { askedIn, sentOf } from './samples.ts';

const effects = Object.keys(journeyPerformers(noPorts));
const folder = join(import.meta.dirname, 'golden');

/** One step of a recorded journey: what came, when, and the envelope it led to. */
export interface GoldenStep {
  readonly name: string;
  readonly at: number;
  readonly body: EventBody;
  readonly envelope: string;
}

/** The journey of `journey-steps.ts`, with the ids of the effects it really asked for. */
export function recordJourney(): GoldenStep[] {
  const playing = openCase(journeyMachines, effects, { stored: null, now: startsAt });
  const ids = new Set<string>();
  return journeySteps.map(({ name, afterMs, body }) => {
    playing.wait(afterMs);
    const came = 'answers' in body ? outcomeOf(body, playing.effects) : body;
    playing.activate([came]);
    deliver(playing, ids);
    return { name, at: playing.now(), body: came, envelope: playing.text() };
  });
}

/** The provider takes every question that was asked since: `delivered` says which are with the patient. */
export function deliver(
  playing: Pick<ReturnType<typeof openCase>, 'effects' | 'activate' | 'now'>,
  delivered: Set<string>,
): void {
  const asked = playing.effects.filter(({ effectId }) => !delivered.has(effectId));
  for (const { effectId } of asked) delivered.add(effectId);
  const at = new Date(startsAt).toISOString(); // The journey's messages are dated from then on, a second apart.
  const sent = askedIn(asked).map((asks) => ({ event: sentOf(asks, at) }));
  if (sent.length > 0) playing.activate(sent);
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

/** Those versions, by file name. */
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
