import type { IncomingMessage } from 'node:http';

import type { ClientAddresses, Source } from './client-address.ts';
import { comeAgain } from './errors.ts';
import { createPool, type Place, type Pool, type PoolLimits } from './pool.ts';

/**
 * Who stands at a door. Each class has a budget of its own, so that none is kept out by another: `provider` for signed
 * webhooks, `staff`, `patient` for the pages and uploads we send links to, and `stranger` for everybody else.
 */
export const routeClasses = ['provider', 'staff', 'patient', 'stranger'] as const;
export type RouteClass = (typeof routeClasses)[number];

export interface AdmissionLimits {
  /** Requests of one class that are worked on at one time; one more gets a 503. */
  readonly inFlight: number;
  /** For bodies that are still coming. */
  readonly bodies: Readonly<Record<RouteClass, PoolLimits>>;
  /** For files that patients upload to ourselves. */
  readonly uploads: PoolLimits;
}

const mebibyte = 1_024 * 1_024;
/** Unfinished requests cost some kilobytes each, so that there may be many. Bodies of staff and patients are small. */
const bodiesOf = (megabytes: number): PoolLimits => ({
  requests: 2_000,
  requestsOfSource: 1_000,
  bytes: megabytes * mebibyte,
  bytesOfSource: (megabytes * mebibyte) / 2,
});

export const admissionLimits: AdmissionLimits = {
  inFlight: 1_000,
  bodies: {
    provider: bodiesOf(64),
    staff: bodiesOf(8),
    patient: bodiesOf(8),
    stranger: bodiesOf(32),
  },
  uploads: {
    requests: 500,
    requestsOfSource: 100,
    bytes: 256 * mebibyte,
    bytesOfSource: 128 * mebibyte,
  },
};

/** One request's way through the budgets. */
export interface Admission {
  readonly source: Source;
  /**
   * While a body comes: it counts as unfinished, not as work. Leave the place to go on with it.
   *
   * @param makeWay called when the request has to end, because others need its room
   * @throws {Refusal} 503 when there is no room, and nobody who could make way
   */
  receive(makeWay: () => void, of?: 'body' | 'upload'): Receiving;
  /** A signature of this source held: for an hour it has the budget of signed providers. */
  vouch(): void;
}

export interface Receiving extends Place {
  /** Leaves, to go on with the work. @throws {Refusal} 503 when there is too much of it in its class */
  done(): void;
}

/** Lets requests in. `leave` is for when they are answered. */
export interface Admissions {
  /** @throws {Refusal} 503 when there is too much work in its class */
  enter(request: IncomingMessage, path: string): Admission & { leave(): void };
}

const vouchedForMs = 60 * 60 * 1_000;
/** Providers post from hundreds of addresses, not thousands. Who is forgotten is a stranger until his next signature. */
const mostVouched = 10_000;

/** By the path alone, which is all that is known when a request comes: what a door takes it finds out itself. */
function classOf(path: string): RouteClass {
  const [, first = ''] = path.toLowerCase().split('/', 2);
  if (first === 'webhooks') return 'provider';
  if (first === 'admin') return 'staff';
  return ['docs-visa', 'documents', 'payments', 'travellers'].includes(first)
    ? 'patient'
    : 'stranger';
}

/** @param now milliseconds, of a clock that only goes forward */
export function createAdmissions(
  { inFlight, bodies, uploads }: AdmissionLimits,
  addresses: ClientAddresses,
  now: () => number = () => performance.now(),
): Admissions {
  const working = new Map<RouteClass, number>(routeClasses.map((name) => [name, 0]));
  const bodyPools = new Map(routeClasses.map((name) => [name, createPool(bodies[name])]));
  const uploadPool = createPool(uploads);
  /** Until when. Oldest first. */
  const vouched = new Map<Source, number>();

  const isVouched = (source: Source) => (vouched.get(source) ?? 0) > now();

  return {
    enter(request, path) {
      const source = addresses.ofRequest(request);
      const routeClass = classOf(path);
      const count = () => working.get(routeClass) ?? 0;
      let works = false;
      const begin = () => {
        if (count() >= inFlight) throw comeAgain('overloaded', 1);
        working.set(routeClass, count() + 1);
        works = true;
      };
      const stop = () => {
        if (works) working.set(routeClass, count() - 1);
        works = false;
      };
      /** Who posts to a webhook is a provider once he has signed something. */
      const poolOf = (): Pool => {
        const known = routeClass !== 'provider' || isVouched(source);
        return bodyPools.get(known ? routeClass : 'stranger') as Pool;
      };
      begin();
      return {
        source,
        leave: stop,
        receive(makeWay, of = 'body') {
          stop();
          const place = (of === 'upload' ? uploadPool : poolOf()).enter(source, makeWay);
          if (place === null) throw comeAgain('overloaded', 1);
          return {
            ...place,
            done: () => {
              place.leave();
              begin();
            },
          };
        },
        vouch() {
          vouched.delete(source);
          vouched.set(source, now() + vouchedForMs);
          const [oldest] = vouched.keys();
          if (vouched.size > mostVouched && oldest !== undefined) vouched.delete(oldest);
        },
      };
    },
  };
}
