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
  ports: Omit<JourneyPorts, 'companions'>,
): Kernel {
  const kernel: Kernel = createKernel({
    machines: journeyMachines,
    // The cases of one phone reach each other through the kernel that they run on.
    performers: journeyPerformers({
      ...ports,
      companions: { ...ledger.directory, sendAll: async (many) => kernel.sendAll(many) },
    }),
    ledger: ledger.ledger,
    leases: createLeases(ledger.pool),
    transport: redis.transport,
    partitions: config.partitions,
    outward: journeyOutward,
    leaseMs: config.leaseMs,
    observer: kernelObserver({ registry: telemetry.registry, log: telemetry.log }),
  });
  return kernel;
}
