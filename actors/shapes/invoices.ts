import * as v from 'valibot';

import { Country, Day, Id, ShortText, Text, Time, type Shape } from './basics.ts';
import { Money } from './money.ts';

/** What is sold, as an invoice names it later. */
export const saleKinds = [
  'health',
  'aesthetic',
  'accommodation',
  'transfer',
  'travel',
  'commission',
] as const;
export type SaleKind = (typeof saleKinds)[number];

/** One line of what is paid for. `gross` is for the whole line, taxes included. */
export const SaleLine = v.object({
  kind: v.picklist(saleKinds),
  /** Shown on the provider's page and on the invoice. Nothing about health on the page: adapters send the order's `title`. */
  description: Text,
  quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  gross: Money,
});
export type SaleLine = Shape<typeof SaleLine>;

const orNull = <Schema extends v.GenericSchema<string, string>>(schema: Schema) =>
  v.optional(v.nullable(schema), null);

/** Whom an invoice is made out to. PHI: it goes to the integrator and into the encrypted invoice, and nowhere else. */
export const Buyer = v.pipe(
  v.object({
    kind: v.picklist(['person', 'company']),
    /** Of a person. One of the two is enough: many people have one name alone. */
    firstName: orNull(ShortText),
    familyName: orNull(ShortText),
    /** Of a company. */
    companyName: orNull(ShortText),
    nationality: Country,
    /** Where they live. */
    residence: Country,
    tckn: orNull(v.pipe(v.string(), v.regex(/^\d{11}$/))),
    vkn: orNull(v.pipe(v.string(), v.regex(/^\d{10}$/))),
    passport: orNull(v.pipe(v.string(), v.regex(/^[A-Z0-9]{5,20}$/))),
    /** When they last entered Turkey, if they did yet. */
    lastEntry: orNull(Day),
    address: v.object({
      street: ShortText,
      district: ShortText,
      city: ShortText,
      postalCode: orNull(v.pipe(v.string(), v.maxLength(20))),
      country: Country,
    }),
    email: orNull(v.pipe(v.string(), v.email(), v.maxLength(200))),
  }),
  v.check(
    ({ kind, firstName, familyName, companyName }) =>
      kind === 'person' ? firstName !== null || familyName !== null : companyName !== null,
    'a person needs firstName or familyName, a company companyName',
  ),
);
export type Buyer = Shape<typeof Buyer>;

/** What an invoice is asked for with. */
export const InvoiceOrder = v.strictObject({
  tenant: Id,
  caseId: Id,
  bookingId: Id,
  /** `{bookingId}-i{n}`; a correction or credit note has one of its own. */
  invoiceId: Id,
  /** All of one treatment: health alone, or anything else. One currency. */
  lines: v.pipe(v.array(SaleLine), v.minLength(1)),
  paidAt: Time,
  /** Of the payment it is for: `PaymentNote` of an internet sale. */
  payment: v.object({ provider: Id, paymentId: v.string() }),
  buyer: Buyer,
  /** The invoice that this one gives back, in part or whole (`IADE`). */
  credits: v.nullable(Id),
  /** The refused invoice that this one stands in for. */
  replaces: v.nullable(Id),
});
export type InvoiceOrder = Shape<typeof InvoiceOrder>;

export const InvoiceToRead = v.strictObject({ invoiceId: Id });

export type InvoiceProfile = 'TEMELFATURA' | 'TICARIFATURA' | 'EARSIVFATURA';
export type InvoiceType = 'SATIS' | 'ISTISNA' | 'IADE';

/** An invoice as it is registered. */
export interface IssuedInvoice {
  readonly invoiceId: string;
  /** UUID: the invoice's identity with everybody, and the idempotency key. */
  readonly ettn: string;
  /** `AAA2026000000001` */
  readonly number: string;
  readonly profile: InvoiceProfile;
  readonly type: InvoiceType;
  /** `YYYY-MM-DD`, in Turkey. */
  readonly issueDate: string;
  readonly payable: Money;
  readonly tax: Money;
}

export interface IntegratorStatus {
  readonly status: 'submitted' | 'accepted' | 'rejected';
  /** The authority's or the integrator's own code; null where it gave none. */
  readonly code: string | null;
}

/** Where an invoice's PDF is kept, and until when. */
export interface KeptInvoice {
  readonly key: string;
  readonly retainUntil: string;
}
