/** The check of the machines: their rules, what Stately reads in them, their pictures. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AnyStateMachine } from 'xstate';

import type { Performer } from '../../../actors/kernel/ports.ts';
import {
  journeyMachines,
  journeyPerformers,
  type JourneyPorts,
} from '../../../actors/performers/journey.ts';
import { eventSchemas } from '../../../actors/shapes/events.ts';
import { staffEventTypes } from '../../../actors/shapes/staff-events.ts';
import { everyMachine, projectRoot } from './catalogue.ts';
import { outdatedPictures } from './pictures.ts';
import { unreadyReleases } from './releases.ts';
import { brokenRules, declaredEvents, type Known } from './rules.ts';
import { comparedWithStately } from './stately.ts';

/** Ports that are never called: only who performs what is looked at. */
const noPorts = new Proxy({}, { get: () => ({}) }) as JourneyPorts;

const isMachine = (logic: unknown): logic is AnyStateMachine =>
  typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic;

/** Names that machines are invoked or spawned by, in the hosted ones and in those within them. */
function childNames(machine: AnyStateMachine): string[] {
  return Object.entries(machine.implementations.actors).flatMap(([name, logic]) =>
    isMachine(logic) ? [name, ...childNames(logic)] : [],
  );
}

async function sources(): Promise<{ file: string; source: string }[]> {
  const names = await readdir(join(projectRoot, 'machines'));
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => `machines/${name}`);
  return Promise.all(
    files.map(async (file) => ({ file, source: await readFile(join(projectRoot, file), 'utf8') })),
  );
}

async function knownNow(): Promise<Known> {
  const performers: Readonly<Record<string, Performer>> = journeyPerformers(noPorts);
  return {
    performers,
    children: new Set(Object.values(journeyMachines).flatMap(({ machine }) => childNames(machine))),
    eventTypes: Object.keys(eventSchemas),
    staffEventTypes,
    declaredEvents: declaredEvents(await sources()),
  };
}

/** What is wrong, each in a line that names the place and says what to do. Empty if all is well. */
export async function checkedMachines(): Promise<string[]> {
  const machines = await everyMachine();
  return [
    ...brokenRules(machines, await knownNow()),
    ...[...comparedWithStately(machines).values()].flatMap(({ differences }) => differences),
    ...Object.values(journeyMachines).flatMap(unreadyReleases),
    ...(await outdatedPictures()),
  ];
}
