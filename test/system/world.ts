import * as v from 'valibot';

import { readLedger, type LedgerEntry } from '../sandbox/ledger.ts';
import { control } from './phones.ts';

const Hits = v.object({ hits: v.record(v.string(), v.number()) });
const Refusals = v.object({ refusals: v.record(v.string(), v.number()) });

/** A sandbox as the providers behind it: what goes wrong there, and what they took. Controls are in test/sandbox/README.md. */
export interface World {
  control(path: string, body?: object): Promise<unknown>;
  /** Of WhatsApp, unless `fault` names another provider. Lasts until the next one. */
  setFault(fault: object): Promise<void>;
  noFault(): Promise<void>;
  /** Requests that were hit by a fault. */
  hits(provider?: string): Promise<number>;
  /** Counts WhatsApp's requests, or those of one operation, and spoils none: answers how many there were since. Until the next fault. */
  counting(operation?: string): Promise<() => Promise<number>>;
  /** How often WhatsApp refused with this code by itself. */
  refusals(code: number): Promise<number>;
  /** What was applied, by kind. */
  ledger(kind: string): readonly LedgerEntry[];
  /** How often WhatsApp took the message of this effect. */
  sentFor(effectId: string): number;
}

export function worldOf(sandbox: string, ledgerFile: string): World {
  const tell = async (path: string, body?: object) => control(sandbox, path, body);
  const setFault = async (fault: object) =>
    void (await tell('faults', { provider: 'whatsapp', ...fault }));
  const hits = async (provider = 'whatsapp') =>
    v.parse(Hits, await tell('faults')).hits[provider] ?? 0;
  const ledger = (kind: string) => readLedger(ledgerFile).filter((entry) => entry.kind === kind);
  return {
    control: tell,
    setFault,
    noFault: async () => setFault({ mode: 'none' }),
    hits,
    async counting(operation) {
      await setFault({
        mode: 'slow',
        delayMs: 0,
        ...(operation === undefined ? {} : { operation }),
      });
      const hitsBefore = await hits();
      return async () => (await hits()) - hitsBefore;
    },
    refusals: async (code) =>
      v.parse(Refusals, await tell('whatsapp/refusals')).refusals[String(code)] ?? 0,
    ledger,
    sentFor: (effectId) => ledger('message').filter(({ key }) => key === effectId).length,
  };
}
