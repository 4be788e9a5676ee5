import type { Pace } from './loadgen.ts';
import type { Contender, RoundLine } from './round.ts';
import { median, rounded } from './statistics.ts';

/** What durable execution has to reach beside plain memory. A figure that this run did not measure is left out. */
const targets = { ratioAtLeast: 0.3, cpuMsPerCaseAtMost: 4, ackP99MsUnder: 20, growthAtLeast: 0.8 };

interface Medians extends Contender {
  readonly rounds: number;
  readonly casesPerSecond: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly endToEndP50Ms: number;
  readonly endToEndP99Ms: number;
  readonly cpuMsPerCase: RoundLine['cpuMsPerCase'];
  readonly rssMb: RoundLine['rssMb'];
}

/** Medians of each contender, how they compare, and whether the targets are met. */
export function summaryOf(lines: readonly RoundLine[], pace: Pace): object {
  const contenders = Map.groupBy(lines, ({ variant, openCases }) => `${variant} ${openCases}`);
  const medians = [...contenders.values()].map(mediansOf);
  const durable = medians
    .filter(({ variant }) => variant === 'durable')
    .toSorted((a, b) => a.openCases - b.openCases);
  const memory = medians.find(({ variant }) => variant === 'memory');
  const fewest = durable.at(0);
  const most = durable.at(-1);

  const ratio = fewest && memory && fewest.casesPerSecond / memory.casesPerSecond;
  const growth =
    fewest && most && most !== fewest ? most.casesPerSecond / fewest.casesPerSecond : undefined;
  const closed = pace.kind === 'closed';
  return {
    kind: 'summary',
    medians,
    // At a given rate everybody does as many cases a second as arrive: only a closed loop compares.
    ...(closed && ratio !== undefined
      ? { durableToMemory: judged(ratio, ratio >= targets.ratioAtLeast, targets.ratioAtLeast) }
      : {}),
    ...(closed && fewest
      ? {
          durableCpuMsPerCase: judged(
            fewest.cpuMsPerCase.all,
            fewest.cpuMsPerCase.all <= targets.cpuMsPerCaseAtMost,
            targets.cpuMsPerCaseAtMost,
          ),
        }
      : {}),
    ...(closed && growth !== undefined
      ? {
          mostToFewestOpenCases: judged(
            growth,
            growth >= targets.growthAtLeast,
            targets.growthAtLeast,
          ),
        }
      : {}),
    ...(!closed && fewest
      ? {
          durableAckP99Ms: judged(
            fewest.ackP99Ms,
            fewest.ackP99Ms < targets.ackP99MsUnder,
            targets.ackP99MsUnder,
          ),
        }
      : {}),
  };
}

function judged(measured: number, met: boolean, target: number): object {
  return { measured: rounded(measured, 3), target, met };
}

function mediansOf(lines: readonly RoundLine[]): Medians {
  const of = (pick: (line: RoundLine) => number, digits = 2): number =>
    rounded(median(lines.map(pick)), digits);
  return {
    variant: lines[0]?.variant ?? 'memory',
    openCases: lines[0]?.openCases ?? 0,
    rounds: lines.length,
    casesPerSecond: of((line) => line.casesPerSecond, 1),
    ackP50Ms: of((line) => line.ackP50Ms),
    ackP99Ms: of((line) => line.ackP99Ms),
    endToEndP50Ms: of((line) => line.endToEndP50Ms),
    endToEndP99Ms: of((line) => line.endToEndP99Ms),
    cpuMsPerCase: {
      runtime: of((line) => line.cpuMsPerCase.runtime, 3),
      postgres: of((line) => line.cpuMsPerCase.postgres, 3),
      redis: of((line) => line.cpuMsPerCase.redis, 3),
      client: of((line) => line.cpuMsPerCase.client, 3),
      all: of((line) => line.cpuMsPerCase.all, 3),
    },
    rssMb: {
      runtime: of((line) => line.rssMb.runtime, 0),
      postgres: of((line) => line.rssMb.postgres, 0),
      redis: of((line) => line.rssMb.redis, 0),
      client: of((line) => line.rssMb.client, 0),
    },
  };
}
