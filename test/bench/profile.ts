import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import * as v from 'valibot';

const CpuProfile = v.object({
  nodes: v.array(
    v.object({
      id: v.number(),
      callFrame: v.object({ functionName: v.string(), url: v.string(), lineNumber: v.number() }),
    }),
  ),
  samples: v.array(v.number()),
  timeDeltas: v.array(v.number()),
});

/** Where a profile's time went: functions by the time spent in themselves, as shares of the time that was not idle. */
export function topOf(
  profile: v.InferOutput<typeof CpuProfile>,
  key: 'function' | 'package',
  count: number,
): { readonly share: number; readonly name: string }[] {
  const names = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      key === 'package'
        ? packageOf(url, functionName)
        : `${functionName || '(anonymous)'} ${shortened(url)}:${lineNumber + 1}`,
    ]),
  );
  const timeOf = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '';
    if (name.startsWith('(idle)')) continue;
    const time = profile.timeDeltas[index] ?? 0;
    busy += time;
    timeOf.set(name, (timeOf.get(name) ?? 0) + time);
  }
  return [...timeOf]
    .map(([name, time]) => ({ share: time / busy, name }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, count);
}

function shortened(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(pathToFileURL(process.cwd()).href, '.');
}

function packageOf(url: string, functionName: string): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  const short = shortened(url);
  const segments = short.split('/');
  if (short.startsWith('./')) return segments.slice(0, -1).join('/') || '.';
  return segments.slice(0, short.startsWith('@') ? 2 : 1).join('/');
}

// `node test/bench/profile.ts FILE.cpuprofile [COUNT]`
if (import.meta.main) {
  const [file, count] = process.argv.slice(2);
  if (file === undefined) throw new Error('usage: profile.ts FILE.cpuprofile [COUNT]');
  const profile = v.parse(CpuProfile, JSON.parse(readFileSync(file, 'utf8')));
  for (const key of ['package', 'function'] as const) {
    process.stdout.write(`\nself time by ${key}\n`);
    for (const { share, name } of topOf(profile, key, Number(count ?? 40))) {
      process.stdout.write(`${(share * 100).toFixed(1).padStart(6)} %  ${name}\n`);
    }
  }
}
