import { createHash } from 'node:crypto';

import { ExpectedError, ProviderBusy, ProviderRefused } from '../errors.ts';
import type { Kernel, Sending } from '../kernel/kernel.ts';
import type { Performance } from '../kernel/ports.ts';
import type { Companions } from '../ports/directory.ts';
import type { EffectInput } from '../shapes/effects.ts';
import type { Companion } from '../shapes/families.ts';
import type { EffectPerformers } from './performers.ts';

export interface CompanionPorts {
  /** Who is a patient on the same phone, and the way to their cases. */
  readonly companions: Companions & Pick<Kernel, 'sendAll'>;
}

/** Whose events these are; the effect's id is their key, so a second try tells nobody twice. */
const source = 'companion';

/** The id of the case that an effect opens: the same in every try, in the form of a UUID. */
function caseIdFor(effectId: string): string {
  const hex = createHash('sha256').update(`companion ${effectId}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** @throws {ProviderRefused} `unknown` or `too_many`: not opened; `case_gone`: a case of the phone can no longer be told */
async function openCompanion(
  { companions }: CompanionPorts,
  { by, message, others, patient, recipient, ...told }: EffectInput<'openCompanion'>,
  { tenant, caseId, effectId }: Performance,
): Promise<Companion> {
  const newCaseId = caseIdFor(effectId);
  const { userId = null, phone = null } = recipient;
  const open = await companions.join({ tenant, userId, phone, caseId, newCaseId });
  if (open === 'unknown') throw new ProviderRefused('directory', 'contact_unknown');
  if (open === 'too-many') throw new ProviderRefused('directory', 'too_many_patients');
  const companion = { ...patient, caseId: newCaseId };
  const known = [{ ...by, caseId }, ...others.filter((one) => open.includes(one.caseId))];
  const contact = { userId, phone };
  await send(companions, [
    {
      tenant,
      caseId: newCaseId,
      source,
      dedupeKey: effectId,
      create: {
        machine: 'case',
        input: { ...told, tenant, caseId: newCaseId, contact, patient, companions: known },
      },
      event: { type: 'companion.news', news: { about: 'message', message } },
    },
    // Who asks hears of it as the effect's answer.
    ...known.slice(1).map((one) => ({
      tenant,
      caseId: one.caseId,
      source,
      dedupeKey: `${effectId}:${one.caseId}`,
      event: { type: 'companion.news', news: { about: 'companion', companion } },
    })),
  ]);
  await companions.heard([newCaseId]);
  return companion;
}

async function tellCompanion(
  { companions }: CompanionPorts,
  { to, news }: EffectInput<'tellCompanion'>,
  { tenant, effectId }: Performance,
): Promise<void> {
  // What is told to a case that is over would be heard by nobody.
  if (news.about === 'message' && (await companions.isOver(to)))
    throw new ProviderRefused('directory', 'case_over');
  const event = { type: 'companion.news', news };
  await send(companions, [{ tenant, caseId: to, source, dedupeKey: effectId, event }]);
  if (news.about === 'message') await companions.heard([to]);
}

async function send({ sendAll }: Pick<Kernel, 'sendAll'>, sendings: readonly Sending[]) {
  for (const outcome of await sendAll(sendings))
    if (outcome !== 'stored' && outcome !== 'duplicate')
      throw new ProviderRefused('directory', outcome === 'no-case' ? 'case_gone' : outcome);
}

/** What our own database could not do is tried again: all of it may be repeated. */
async function whenever<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    throw new ProviderBusy('directory', 'not_now', undefined, { cause: error });
  }
}

/** Who performs what the cases of one phone ask of each other. */
export function companionPerformers(ports: CompanionPorts) {
  return {
    openCompanion: {
      perform: async (input, performing) => whenever(openCompanion(ports, input, performing)),
      resolution: 'key',
      port: 'companions',
      attempts: 1_000, // Some days: what somebody said of the other patient waits for it.
    },
    tellCompanion: {
      perform: async (input, performing) => whenever(tellCompanion(ports, input, performing)),
      resolution: 'key',
      port: 'companions',
      failedAs: 'companion.unreached',
      inOrder: true, // What was said first is heard first.
      attempts: 1_000,
    },
  } satisfies EffectPerformers<'openCompanion' | 'tellCompanion'>;
}
