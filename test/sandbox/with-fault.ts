import { setTimeout as sleep } from 'node:timers/promises';

import { type Fault, type Spoiled, isSpoiled } from './faults.ts';
import type { Operation, Reply, Simulator } from './simulator.ts';

/** Performs an operation as the fault has it; without one as the provider would. Null: never answer. */
export async function withFault(
  simulator: Simulator,
  operation: Operation,
  fault: Fault | undefined,
): Promise<Reply | null> {
  const error = (status: number | undefined, code?: string | number) =>
    operation.error?.(status, code) ?? simulator.error(status, code);
  const delay = () => sleep(fault?.delayMs ?? 0);
  const perform = (pause = async () => {}, spoiled?: Spoiled) =>
    operation.authorised ? operation.perform(pause, spoiled) : Promise.resolve(error(401));
  const mode = fault?.mode;
  if (mode !== undefined && isSpoiled(mode)) return perform(undefined, mode);
  switch (mode) {
    case undefined:
    case 'none':
      return perform();
    case 'slow':
      return perform(async () => delay());
    case 'error500':
      return error(500);
    case 'error503':
      return error(503);
    case 'busy429': {
      const retryAfterSeconds = fault?.retryAfterSeconds;
      const headers =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return { ...error(429), headers };
    }
    case 'unauthorized':
      return error(401);
    case 'refuse':
      return error(fault?.status, fault?.code);
    case 'process-then-drop':
      await perform();
      await delay();
      return null;
    case 'hang':
      return new Promise(() => {});
    case 'process-then-hang':
      await perform();
      return new Promise(() => {});
    case 'process-then-500':
      await perform();
      return error(500);
    default:
      throw new Error('A fault without a meaning');
  }
}
