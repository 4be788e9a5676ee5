/**
 * What staff read, as MikroORM entities: the tables and of them the columns that some reading uses. The hot path writes
 * by set-based SQL; `test/persistence/entities.test.ts` holds both to the same schema.
 *
 * Whoever reads gets them from `reading` in orm.ts, which loads this file and the ORM when it is first asked.
 */
import { defineEntity, p } from '@mikro-orm/core';

import type { Movement } from '../../actors/ports/books.ts';
import type { InvoiceStatus } from '../../actors/ports/invoicing.ts';
import type { InvoiceType } from '../../actors/shapes/invoices.ts';

const text = () => p.string().columnType('text');

export const Case = defineEntity({
  name: 'Case',
  tableName: 'cases',
  properties: {
    caseId: text().primary(),
    tenant: text(),
    status: text().$type<'active' | 'done' | 'parked'>(),
  },
});

export const DataKey = defineEntity({
  name: 'DataKey',
  tableName: 'data_keys',
  properties: { caseId: text().primary() },
});

export const Effect = defineEntity({
  name: 'Effect',
  tableName: 'effects',
  properties: {
    effectId: text().primary(),
    kind: text(),
    resolution: text(),
    doubtful: p.boolean(),
  },
});

/** One line of a tenant's audit trail; the lines with a `caseSeq` are that case's history. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    chain: text().primary(),
    seq: p.bigint().primary(),
    at: p.datetime(),
    caseId: text().nullable(),
    caseSeq: p.integer().nullable(),
    subject: text(),
    /** JSON text without patient data. */
    detail: text(),
  },
});

export const DeadLetter = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letters',
  properties: {
    id: p.bigint().primary(),
    tenant: text(),
    caseId: text(),
    /** Event id, `timer:…`, `effect:…`, or `case:…` where its contact's messages go now. */
    subject: text(),
    /** A code; no data. */
    reason: text(),
    at: p.datetime(),
    resolvedAt: p.datetime().nullable(),
    /** `case_told` or `retried`. */
    resolution: text().nullable(),
    /** Of an effect: its name, its tries, and the stream that told of it. */
    name: text().nullable(),
    attempts: p.integer().nullable(),
    stream: text().nullable(),
  },
});

/** A delivery that has no case. Encrypted with a key of its own, which belongs to no tenant. */
export const UnroutableDelivery = defineEntity({
  name: 'UnroutableDelivery',
  tableName: 'parked_deliveries',
  properties: {
    id: p.uuid().primary(),
    source: text(),
    dedupeKey: text(),
    type: text(),
    reason: text(),
    receivedAt: p.datetime(),
    wrappedKey: p.blob().$type<Buffer>(),
    body: p.blob().$type<Buffer>(),
    /** What is needed to look for its case once more. */
    address: p.blob().$type<Buffer>().nullable(),
    resolvedAt: p.datetime().nullable(),
  },
});

/** Money that moved, by the provider's id. */
export const MoneyMovement = defineEntity({
  name: 'MoneyMovement',
  tableName: 'money_movements',
  properties: {
    provider: text().primary(),
    kind: text().$type<Movement['kind']>().primary(),
    movementId: text().primary(),
    tenant: text(),
    bookingId: text(),
    amountMinor: p.bigint(),
    currency: text(),
    at: p.datetime(),
    /** The event or effect that told of it, as a code. */
    cause: text(),
    recordedAt: p.datetime(),
  },
});

/** An invoice; without a number until it is issued. */
export const Invoice = defineEntity({
  name: 'Invoice',
  tableName: 'invoices',
  properties: {
    tenant: text().primary(),
    invoiceId: text().primary(),
    bookingId: text(),
    status: text().$type<InvoiceStatus>(),
    statusDetail: text().nullable(),
    ettn: p.uuid().nullable(),
    number: text().nullable(),
    issuedAt: p.datetime().nullable(),
    type: text().$type<InvoiceType>().nullable(),
    payableMinor: p.bigint().nullable(),
    currency: text().nullable(),
    credits: text().nullable(),
    replaces: text().nullable(),
    /** JSON text: rules, elements and messages, without the buyer's data. */
    findings: text(),
    pdfKey: text().nullable(),
    pdfChecksum: text().nullable(),
    retainUntil: p.datetime().nullable(),
    createdAt: p.datetime(),
  },
});
