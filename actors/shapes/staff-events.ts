import * as v from 'valibot';

import { Day, Id, ShortText, Time } from './basics.ts';
import { documentKinds, DocumentName } from './documents.ts';
import { HandMadeTickets } from './flight-orders.ts';
import { handOverReasons } from './hand-over.ts';
import { Buyer, SaleLine } from './invoices.ts';
import { Money } from './money.ts';
import { care, paidMoney, sales, treatment, type Role } from './permissions.ts';

/** `at` is our own clock's. */
const staffAct = { at: Time };
const StaffAct = v.object(staffAct);
/** Who it was: the subject of the token, never the body's word. Events of before it was kept have none. */
const named = { ...staffAct, by: v.exactOptional(Id) };
/** A person takes the case: nobody else is called any more. */
const StaffTook = v.object(named);
/** One of the reasons why staff have the case is done. */
const StaffSettled = v.object({ ...named, reason: v.picklist(handOverReasons) });
/** Try again what waits: of one booking or invoice if it is named, else all of it. */
const StaffResume = v.object({
  ...named,
  bookingId: v.exactOptional(Id),
  invoiceId: v.exactOptional(Id),
});
/** Money that staff gave back by hand. */
const StaffRefunded = v.object({ ...staffAct, bookingId: Id });
/** Money that is rightly ours: the booking that waited for word on it is settled, and nothing is given back. */
const StaffKeep = v.object({ ...staffAct, bookingId: Id });
/** Gives money back through the provider: `amount` of it, or what the booking's refund rules leave if absent. */
const StaffRefund = v.object({ ...staffAct, bookingId: Id, amount: v.exactOptional(Money) });
/** Something to pay besides the flights: a treatment, a hotel. `title` is shown on the card page, so nothing about health. */
const StaffQuote = v.pipe(
  v.object({
    ...staffAct,
    title: ShortText,
    /** `YYYY-MM-DD`: when what is paid for begins; refund rules count from it. */
    beginsOn: v.exactOptional(Day),
    lines: v.pipe(
      v.array(
        v.object({
          ...SaleLine.entries,
          description: ShortText,
          quantity: v.optional(
            v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1_000)),
            1,
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(20),
    ),
  }),
  v.check(
    ({ lines }) => new Set(lines.map(({ gross }) => gross.currency)).size === 1,
    'all lines need one currency',
  ),
  v.check(
    ({ lines }) => lines.every(({ gross }) => gross.amountMinor !== '0'),
    'a line costs nothing',
  ),
);
/** Flights that could not be ordered: once more, for as much as `upTo` where they cost more by now. */
const StaffOrderFlights = v.object({ ...staffAct, bookingId: Id, upTo: v.exactOptional(Money) });
/** Flights that staff ordered by hand. */
const StaffTicketed = v.object({ ...staffAct, bookingId: Id, ...HandMadeTickets.entries });
const StaffBilling = v.object({ ...staffAct, buyer: Buyer });
/** Who the patient is at the clinic: its record's identifier, which is the archive's patient id too, its deal and its plan of the stay. */
const StaffLinked = v.pipe(
  v.object({
    ...staffAct,
    patientId: v.exactOptional(Id),
    dealId: v.exactOptional(Id),
    itineraryId: v.exactOptional(Id),
  }),
  v.check(
    ({ patientId, dealId, itineraryId }) =>
      patientId !== undefined || dealId !== undefined || itineraryId !== undefined,
    'patientId, dealId or itineraryId is needed',
  ),
);
const StaffAskDocument = v.object({ ...staffAct, kind: v.picklist(documentKinds) });
/** What staff say to the patient, in their own words. PHI. */
const StaffReply = v.object({
  ...named,
  text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4_000)),
});
/** A document of the case that staff send to the patient: the last part of its key. */
const StaffSend = v.object({
  ...staffAct,
  document: DocumentName,
});
/** `reason` is for the file: no names, no health data. */
const StaffClose = v.object({
  ...named,
  reason: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
});

interface StaffEvent {
  /** The schema of its data. */
  readonly body: v.GenericSchema;
  /** Who may tell a case so. */
  readonly roles: readonly Role[];
}

/**
 * All that staff may tell a case: the staff API takes these and no others, and a machine that hears another one does not
 * compile.
 */
export const staffEvents = {
  'staff.took': { body: StaffTook, roles: care },
  'staff.settled': { body: StaffSettled, roles: care },
  'staff.resume': { body: StaffResume, roles: care },
  'staff.reply': { body: StaffReply, roles: care },
  'staff.send': { body: StaffSend, roles: care },
  'staff.linked': { body: StaffLinked, roles: care },
  'staff.askDocument': { body: StaffAskDocument, roles: care },
  'staff.skipImaging': { body: StaffAct, roles: treatment },
  'staff.cleared': { body: StaffAct, roles: treatment },
  'staff.declined': { body: StaffAct, roles: treatment },
  'staff.arrived': { body: StaffAct, roles: care },
  'staff.discharged': { body: StaffAct, roles: care },
  'staff.refunded': { body: StaffRefunded, roles: paidMoney },
  'staff.keep': { body: StaffKeep, roles: paidMoney },
  'staff.refund': { body: StaffRefund, roles: paidMoney },
  'staff.quote': { body: StaffQuote, roles: sales },
  'staff.billing': { body: StaffBilling, roles: sales },
  'staff.orderFlights': { body: StaffOrderFlights, roles: sales },
  'staff.ticketed': { body: StaffTicketed, roles: sales },
  'staff.close': { body: StaffClose, roles: care },
} as const satisfies Record<`staff.${string}`, StaffEvent>;

export type StaffEventType = keyof typeof staffEvents;
export const staffEventTypes = Object.keys(staffEvents) as StaffEventType[];

/** The schema of each one's data. */
export const staffBodies = Object.fromEntries(
  staffEventTypes.map((type) => [type, staffEvents[type].body]),
) as { readonly [Type in StaffEventType]: (typeof staffEvents)[Type]['body'] };
