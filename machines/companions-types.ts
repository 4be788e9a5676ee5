import type { Companion, Patient, ToldAbout } from '../actors/shapes/families.ts';
import type { CaseEvent } from './case-types.ts';
import type {
  AnotherTold,
  Changed,
  ConsentChanged,
  FamilyEventOf,
  Inbound,
  PatientSaid,
} from './family-types.ts';
import type { Recipient } from './money-types.ts';

// What the actor of a phone's companions knows and hears.

export interface CompanionsInput {
  readonly tenantName: string;
  readonly destination: string;
  readonly currency: string;
  readonly isInvoicing: boolean;
  readonly recipient: Recipient;
  readonly lang: string;
  /** Null where nobody said who it is: who holds the phone. */
  readonly patient: Patient | null;
  readonly others: readonly Companion[];
}

/** Something said of which we do not know yet whom it is about. */
export interface Held {
  /** `whom`: one of the patients that we know. `journey`: perhaps one whom we do not. */
  readonly about: 'whom' | 'journey';
  readonly told: ToldAbout & { readonly replyTo?: string };
  /** The rest of the message was about this case's patient. */
  readonly isPart?: boolean;
  /** Who may be meant. */
  readonly who: Pick<Patient, 'name' | 'called' | 'isHolder'>;
}

export interface CompanionsContext extends Omit<CompanionsInput, 'patient'> {
  readonly patient: Patient;
  /** They said their name themselves; a profile's is only a guess. */
  readonly isIntroduced: boolean;
  /** Something of this patient's own trip is known, so somebody else is a second patient. */
  readonly hasOwn: boolean;
  /** The service consent is given: nobody is asked about others before. */
  readonly isAgreed: boolean;
  readonly held: readonly Held[];
  /** Messages that were told to others, newest last: what changes one goes after it. `several` had a part each. */
  readonly moved: readonly { readonly messageId: string; readonly to: string }[];
  /** What came while a companion's case was being opened. */
  readonly waiting: readonly Inbound[];
}

export type CompanionsEvent =
  | Inbound
  | Changed
  | AnotherTold
  | PatientSaid
  | ConsentChanged
  | Extract<CaseEvent, { readonly type: 'companion.news' }>
  | FamilyEventOf<
      | 'contact.changed'
      | 'trip.told'
      | 'procedure.told'
      | 'name.told'
      | 'withdrawn'
      | 'rights.requested'
    >;

export interface Heard {
  readonly context: CompanionsContext;
  readonly event: CompanionsEvent;
}
export type Seen = Pick<Heard, 'context'>;
