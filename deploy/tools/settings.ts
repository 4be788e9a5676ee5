/**
 * Prints every setting from the records in `deploy/settings/` and beside the providers: `deploy/settings/README.md`, the table of
 * development values in `README.md`, and `.env.example`. `npm run settings` writes them; with `-- --check` it writes nothing and
 * exits 1 when they differ.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { groups } from '../settings/groups.ts';
import type { Setting, SettingsGroup } from '../settings/kit.ts';

const root = join(import.meta.dirname, '..', '..');
const madeBy = 'Made by `npm run settings`';
const all: readonly Pick<SettingsGroup, 'title' | 'variables'>[] = Object.values(groups);

/** What holds where it is unset; empty if that is nothing. */
function fallbackOf({ schema, fallback, development }: Setting): string {
  if (fallback !== undefined) return fallback;
  if (development !== undefined) return 'a development value';
  const value: unknown = v.getDefault(schema);
  return typeof value === 'string' ? value : '';
}

function productionOf({ needed, refused }: Setting): string {
  if (refused !== undefined) return 'refused';
  if (needed === undefined) return '';
  return typeof needed === 'function' ? 'needed if chosen' : 'needed';
}

/** A Markdown table, its columns as wide as its formatter makes them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const printed = lines.map(
    (line) =>
      `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [printed[0], rule, ...printed.slice(1)].join('\n');
}

function reference(): string {
  const sections = all.map(({ title, variables }) => {
    const rows = Object.entries(variables).map(([name, setting]) => [
      `\`${name}\``,
      setting.about,
      setting.unit ?? '',
      fallbackOf(setting),
      productionOf(setting),
    ]);
    return `## ${title}\n\n${table(['variable', 'what it is for', 'unit', 'default', 'production'], rows)}\n`;
  });
  return `# Settings

${madeBy} from the records that stand with each provider (\`adapters/*/settings.ts\`) or here. Settings are environment variables; an empty
one counts as unset. Several values are comma separated, the newest first.

${sections.join('\n')}`;
}

function developmentValues(): string {
  const rows = all.flatMap(({ variables }) =>
    Object.entries(variables).flatMap(([name, { development }]) =>
      development === undefined ? [] : [[`\`${name}\``, `\`${development}\``]],
    ),
  );
  return table(['variable', 'development value'], rows);
}

function example(): string {
  const sections = all.map(({ title, variables }) => {
    const lines = Object.entries(variables).flatMap(([name, setting]) => {
      const value: unknown = v.getDefault(setting.schema);
      const isPlain = setting.development === undefined && typeof value === 'string';
      const facts = [
        setting.unit === undefined ? '' : ` In ${setting.unit}.`,
        setting.fallback === undefined ? '' : ` Default: ${setting.fallback}.`,
      ];
      return [`# ${setting.about}${facts.join('')}`, `#${name}=${isPlain ? value : ''}`];
    });
    return `## ${title}\n${lines.join('\n')}\n`;
  });
  return `# ${madeBy}. Copy it to .env, which \`npm start\` and \`npm run dev\` read, and fill in what you need: nothing has to be set.

${sections.join('\n')}`;
}

/** The README with the table between its two marks. */
function withTable(readme: string, printed: string): string {
  const marks = /(<!-- settings: .*? -->\n)[\s\S]*?(<!-- \/settings -->)/;
  if (!marks.test(readme)) throw new Error('README.md has no place for the table of settings');
  return readme.replace(marks, (_, begin: string, end: string) => `${begin}\n${printed}\n\n${end}`);
}

const readme = await readFile(join(root, 'README.md'), 'utf8');
const files: readonly (readonly [string, string])[] = [
  ['deploy/settings/README.md', reference()],
  ['.env.example', example()],
  ['README.md', withTable(readme, developmentValues())],
];
for (const [name, text] of files) {
  const path = join(root, name);
  if (!process.argv.includes('--check')) await writeFile(path, text);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${name} differs from the settings: run npm run settings\n`);
    process.exitCode = 1;
  }
}
