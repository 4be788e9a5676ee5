/** What changed in the machines since the last commit, and what that asks for. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { everyMachine, projectRoot, type Catalogued } from './catalogue.ts';
import { checkedMachines } from './checking.ts';
import { fingerprintOf } from './coverage.ts';
import { everyState, readMachine } from './definition.ts';

export class NoHistory extends Error {
  override readonly name = 'NoHistory';
}

function git(parts: readonly string[], index?: string): string {
  const env = index === undefined ? process.env : { ...process.env, GIT_INDEX_FILE: index };
  return execFileSync('git', parts, {
    cwd: projectRoot,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
  });
}

/**
 * Lays the last commit's files into a folder, with an index of its own: the repository is only read.
 *
 * @throws {NoHistory} this is no git repository, or has no commit yet, or there is no git
 */
function lastCommitIn(folder: string): void {
  try {
    const index = join(folder, '.index');
    git(['read-tree', 'HEAD'], index);
    git(['checkout-index', '--all', `--prefix=${folder}/`], index);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new NoHistory(
      `--explain compares with the last commit of a git repository, and there is none: ${stderr.trim() || String(error)}`,
      { cause: error },
    );
  }
}

/** What a machine is made of, one line each. */
function factsOf({ machine }: Catalogued): Set<string> {
  const facts = new Set<string>();
  for (const { id, config, invokes } of everyState(readMachine(machine))) {
    facts.add(`state ${id}`);
    for (const type of Object.keys(config.on ?? {})) facts.add(`event ${type}`);
    for (const delay of Object.keys(config.after ?? {})) facts.add(`timer ${delay} of ${id}`);
    for (const src of invokes) facts.add(`effect or child ${src}`);
    for (const tag of [config.tags ?? []].flat()) facts.add(`tag ${tag}`);
  }
  return facts;
}

type Texts = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Texts by language and key, as the files of a tree have them. */
async function textsIn(root: string): Promise<Texts> {
  const texts = new Map<string, Map<string, string>>();
  for (const file of readdirSync(join(root, 'actors/texts'))) {
    const [, language] = /^([a-z]{2})\.ts$/.exec(file) ?? [];
    if (language === undefined) continue;
    // oxlint-disable-next-line no-await-in-loop -- six small files
    const module = (await import(join(root, 'actors/texts', file))) as Record<
      string,
      { readonly texts?: Readonly<Record<string, string>> }
    >;
    texts.set(language, new Map(Object.entries(module[language]?.texts ?? {})));
  }
  return texts;
}

/** New and changed texts, language by language. */
function textNews(before: Texts, now: Texts): string[] {
  const lines: string[] = [];
  const keys = new Set([...now.values()].flatMap((texts) => [...texts.keys()]));
  for (const key of keys) {
    const lacking = [...now].filter(([, texts]) => !texts.has(key)).map(([language]) => language);
    if (lacking.length > 0) lines.push(`text "${key}": missing in ${lacking.join(', ')}`);
    const changed = [...now]
      .filter(([language, texts]) => before.get(language)?.get(key) !== texts.get(key))
      .map(([language]) => language);
    if (changed.length === 0) continue;
    const isNew = changed.every((language) => before.get(language)?.has(key) !== true);
    if (!isNew && key.startsWith('consent.') && /\.\d+$/.test(key))
      lines.push(`text "${key}": was published and must not change; give the new wording a number`);
    else if (!isNew && changed.length < now.size)
      lines.push(
        `text "${key}": changed in ${changed.join(', ')}; do the others still say the same?`,
      );
  }
  return lines;
}

function machineNews(before: Catalogued | undefined, now: Catalogued): string[] {
  const { file, machine } = now;
  if (before === undefined)
    return [`${file}: new; host it in actors/performers/journey.ts, in its parent's actors`];
  const had = factsOf(before);
  const has = factsOf(now);
  const news = [
    ...[...has].filter((fact) => !had.has(fact)).map((fact) => `  + ${fact}`),
    ...[...had].filter((fact) => !has.has(fact)).map((fact) => `  - ${fact}`),
  ];
  const isSame = fingerprintOf(before.machine) === fingerprintOf(machine);
  if (isSame)
    return before.source === now.source
      ? []
      : [
          `${file}: its code or its words changed, not its definition. Running cases go on with the new code; no version is needed.`,
        ];
  const version = machine.version ?? '1';
  const old = before.machine.version ?? '1';
  return [
    `${file}: its definition changed`,
    ...news,
    version === old
      ? `  version: raise it, or every running case is parked; it is "${version}", as in the last commit`
      : `  version: ${old} → ${version}`,
    `  migration: from ${old}, in actors/migrations; "compatible" if every state, invoke and timer of before is still there`,
    '  golden snapshots: npm run golden, once the version is raised',
    '  pictures: npm run machines',
  ];
}

/**
 * What changed since the last commit and what it asks for, in lines; then what the check still finds.
 *
 * @throws {NoHistory} there is nothing to compare with
 */
export async function explained(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'machines-'));
  try {
    lastCommitIn(folder);
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    const [before, now] = await Promise.all([everyMachine(folder), everyMachine()]);
    const lines = now.flatMap((one) =>
      machineNews(
        before.find(({ name }) => name === one.name),
        one,
      ),
    );
    for (const { name, file } of before)
      if (!now.some((one) => one.name === name))
        lines.push(`${file}: gone; cases that have it inside need a migration that takes it out`);
    lines.push(...textNews(await textsIn(folder), await textsIn(projectRoot)));
    const open = await checkedMachines();
    if (lines.length === 0 && open.length === 0) return ['Nothing changed since the last commit.'];
    return [
      ...lines,
      ...(open.length === 0 ? ['Everything it asks for is there.'] : ['', 'Still to do:', ...open]),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
