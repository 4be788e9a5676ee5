import { createKernel, type Kernel } from '../../actors/kernel/kernel.ts';
import { kernelObserver } from '../../actors/observe.ts';
import { journeyOutward } from '../../actors/outward/publications.ts';
import {
  journeyMachines,
  journeyPerformers,
  type JourneyPorts,
} from '../../actors/performers/journey.ts';
import { createLeases } from '../../persistence/database/leases.ts';
import type { System } from './system.ts';

/** The journey on the kernel. It takes events from now on, and works once it is started. */
export function kernelOf(
  { config, ledger, redis, telemetry }: System,
  ports: JourneyPorts,
): Kernel {
  return createKernel({
    machines: journeyMachines,
    performers: journeyPerformers(ports),
    ledger: ledger.ledger,
    leases: createLeases(ledger.pool),
    transport: redis.transport,
    partitions: config.partitions,
    outward: journeyOutward,
    leaseMs: config.leaseMs,
    observer: kernelObserver({ registry: telemetry.registry, log: telemetry.log }),
  });
}
