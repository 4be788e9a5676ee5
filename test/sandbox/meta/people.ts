import type { SandboxLedger } from '../ledger.ts';

/** Somebody with a phone, as Meta knows them. */
interface Person {
  /** Phone numbers and user ids that are this person's. */
  readonly addresses: Set<string>;
  /** When they last wrote to us, epoch ms; null if never. */
  heardAtMs: number | null;
}

/** What a message of theirs tells of a person. */
export interface Heard {
  readonly phone: string | null;
  readonly userId: string | null;
  /** Epoch ms; null for a system message, which says nothing of a patient's. */
  readonly atMs: number | null;
  /** The phone number they have from now on. */
  readonly newPhone: string | null;
}

export interface People {
  /** Somebody wrote. Kept in the ledger under the message's id. */
  hear(messageId: string, heard: Heard): void;
  /** Makes the last message of somebody a day old, also of somebody who never wrote. */
  closeWindow(address: string, nowMs: number): void;
  /** Epoch ms of the last message; null if we never heard them. */
  heardAtMs(address: string): number | null;
  /** One name for a person, whichever address is given. */
  nameOf(address: string): string;
  addressesOf(address: string): readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Who wrote to us and when, by what the sandbox itself has posted. A restart continues from the ledger. */
export function createPeople(ledger: SandboxLedger): People {
  const people = new Map<string, Person>();

  function personOf(addresses: readonly string[]): Person {
    const known = new Set(addresses.flatMap((address) => people.get(address) ?? []));
    const [one = { addresses: new Set<string>(), heardAtMs: null }, ...others] = known;
    for (const other of others) {
      for (const address of other.addresses) one.addresses.add(address);
      if ((other.heardAtMs ?? 0) > (one.heardAtMs ?? 0)) one.heardAtMs = other.heardAtMs;
    }
    for (const address of addresses) one.addresses.add(address);
    for (const address of one.addresses) people.set(address, one);
    return one;
  }

  function take({ phone, userId, atMs, newPhone }: Heard): void {
    const addresses = [phone, userId, newPhone].filter((address) => address !== null);
    if (addresses.length === 0) return;
    const person = personOf(addresses);
    if (atMs !== null && atMs > (person.heardAtMs ?? 0)) person.heardAtMs = atMs;
  }

  function close(address: string, atMs: number): void {
    personOf([address]).heardAtMs = atMs - DAY_MS - 1;
  }

  for (const { provider, kind, key, detail } of ledger.read()) {
    if (provider !== 'whatsapp') continue;
    if (kind === 'inbound') take(detail as unknown as Heard);
    if (kind === 'window' && key !== null) close(key, Number(detail['atMs']));
  }

  return {
    hear(messageId, heard) {
      const detail = { ...heard };
      ledger.append({ provider: 'whatsapp', kind: 'inbound', key: messageId, digest: '', detail });
      take(heard);
    },
    closeWindow(address, nowMs) {
      const detail = { atMs: nowMs };
      ledger.append({ provider: 'whatsapp', kind: 'window', key: address, digest: '', detail });
      close(address, nowMs);
    },
    heardAtMs: (address) => people.get(address)?.heardAtMs ?? null,
    nameOf: (address) => people.get(address)?.addresses.values().next().value ?? address,
    addressesOf: (address) => [...(people.get(address)?.addresses ?? [address])],
  };
}
