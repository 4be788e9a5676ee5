/**
 * The ledger's tables as MikroORM entities, for reading and for the admin side's unit of work. The hot path writes by
 * set-based SQL in `ledger/`; `test/persistence/entities.test.ts` holds both to the same schema.
 */
import { defineEntity, p } from '@mikro-orm/core';

const id = () => p.string().columnType('text');

export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenants',
  properties: {
    tenant: id().primary(),
    name: p.string().columnType('text'),
    /** Meta's phone number id. */
    whatsappAccount: id().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

/** Somebody who wrote to a tenant. The number and the name are not here: only keyed hashes to find the case by. */
const Contact = defineEntity({
  name: 'Contact',
  tableName: 'contacts',
  properties: {
    id: p.uuid().primary(),
    tenant: id(),
    userIndex: p.blob().nullable(),
    phoneIndex: p.blob().nullable(),
    caseId: id(),
    createdAt: p.datetime().defaultRaw('now()'),
    /** When the provider told of its last change of number or id, by the provider's clock. */
    movedAt: p.datetime().nullable(),
  },
});

const DataKey = defineEntity({
  name: 'DataKey',
  tableName: 'data_keys',
  properties: {
    caseId: id().primary(),
    tenant: id(),
    keyId: p.uuid(),
    wrapped: p.blob(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});

export const Event = defineEntity({
  name: 'Event',
  tableName: 'events',
  properties: {
    id: p.uuid().primary(),
    position: p.bigint(),
    tenant: id(),
    caseId: id(),
    source: id(),
    dedupeKey: id(),
    type: p.string().columnType('text'),
    body: p.blob(),
    bodyDigest: p.blob(),
    traceparent: p.string().columnType('text').nullable(),
    receivedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

const PendingEvent = defineEntity({
  name: 'PendingEvent',
  tableName: 'pending_events',
  properties: {
    caseId: id().primary(),
    position: p.bigint().primary(),
    eventId: p.uuid(),
    partition: p.integer(),
    topic: p.string().columnType('text'),
    announcedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

/** That a dedupe key came again with another body: one row for each body. */
const EventConflict = defineEntity({
  name: 'EventConflict',
  tableName: 'event_conflicts',
  properties: {
    id: p.bigint().primary().autoincrement(),
    eventId: p.uuid(),
    bodyDigest: p.blob(),
    seenAt: p.datetime().defaultRaw('now()'),
  },
});

export const Case = defineEntity({
  name: 'Case',
  tableName: 'cases',
  properties: {
    caseId: id().primary(),
    tenant: id(),
    partition: p.integer(),
    machine: p.string().columnType('text'),
    version: p.string().columnType('text'),
    status: p.string().columnType('text'),
    /** JSON text of the state value: names of states only. */
    state: p.string().columnType('text'),
    tags: p.json<string[]>(),
    seq: p.integer(),
    wakeAt: p.datetime().nullable(),
    envelope: p.blob(),
    parkedReason: p.string().columnType('text').nullable(),
    stateSince: p.datetime(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});

const Effect = defineEntity({
  name: 'Effect',
  tableName: 'effects',
  properties: {
    effectId: id().primary(),
    position: p.bigint(),
    tenant: id(),
    caseId: id(),
    partition: p.integer(),
    name: p.string().columnType('text'),
    port: p.string().columnType('text'),
    kind: p.string().columnType('text'),
    resolution: p.string().columnType('text'),
    inOrder: p.boolean(),
    status: p.string().columnType('text'),
    attempt: p.integer().default(0),
    doubtful: p.boolean().default(false),
    input: p.blob(),
    reason: p.string().columnType('text').nullable(),
    traceparent: p.string().columnType('text').nullable(),
    leaseUntil: p.datetime().nullable(),
    nextAt: p.datetime(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    settledAt: p.datetime().nullable(),
    /** A tag of its case. */
    needs: p.string().columnType('text').nullable(),
    deferred: p.integer().default(0),
    /** The claim that started it and the number of the try, `<id>/<attempt>`. */
    claimedAs: id().nullable(),
  },
});

/** How far a message got, by the provider's word. */
const MessageReceipt = defineEntity({
  name: 'MessageReceipt',
  tableName: 'message_receipts',
  properties: {
    effectId: id().primary(),
    tenant: id(),
    caseId: id(),
    status: p.string().columnType('text'),
    /** By the provider's clock. */
    at: p.datetime(),
    errorCode: p.string().columnType('text').nullable(),
    updatedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

/** What a patient answered when asked to agree. Insert only. */
export const Consent = defineEntity({
  name: 'Consent',
  tableName: 'consents',
  properties: {
    id: id().primary(),
    tenant: id(),
    caseId: id(),
    purpose: p.string().columnType('text'),
    status: p.string().columnType('text'),
    text: p.string().columnType('text'),
    lang: p.string().columnType('text'),
    textHash: p.blob(),
    /** The message's id, sealed with the key in `consent_keys`. */
    evidence: p.blob(),
    saidAt: p.datetime(),
    recordedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

const ConsentKey = defineEntity({
  name: 'ConsentKey',
  tableName: 'consent_keys',
  properties: {
    consentId: id().primary(),
    wrapped: p.blob(),
  },
});

/** The tags of `cases`, a row each. Kept by a trigger. */
export const CaseTag = defineEntity({
  name: 'CaseTag',
  tableName: 'case_tags',
  properties: {
    caseId: id().primary(),
    tag: id().primary(),
    tenant: id(),
    since: p.datetime(),
  },
});

const DeadLetter = defineEntity({
  name: 'DeadLetter',
  tableName: 'dead_letters',
  properties: {
    id: p.bigint().primary().autoincrement(),
    tenant: id(),
    caseId: id(),
    /** Event id, `timer:…`, `effect:…`, or `case:…` where its contact's words go now. */
    subject: p.string().columnType('text'),
    /** A code; no data. */
    reason: p.string().columnType('text'),
    at: p.datetime().defaultRaw('now()'),
    resolvedAt: p.datetime().nullable(),
    /** Of an effect: its name, its tries, and the stream that told of it. */
    name: p.string().columnType('text').nullable(),
    attempts: p.integer().nullable(),
    stream: p.string().columnType('text').nullable(),
    /** `case_told` or `retried`. */
    resolution: p.string().columnType('text').nullable(),
  },
});

/** What the world outside is told and has not been told yet, or was a short while ago. */
const OutboxEntry = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox',
  properties: {
    position: p.bigint().primary().autoincrement(),
    id: id(),
    stream: id(),
    type: p.string().columnType('text'),
    source: p.string().columnType('text'),
    tenant: id(),
    caseId: id().nullable(),
    time: p.datetime().defaultRaw('clock_timestamp()'),
    traceparent: p.string().columnType('text').nullable(),
    body: p.string().columnType('text').nullable(),
    sealed: p.blob().nullable(),
    publishedAt: p.datetime().nullable(),
    entryId: id().nullable(),
  },
});

const OutboxLease = defineEntity({
  name: 'OutboxLease',
  tableName: 'outbox_lease',
  properties: {
    onlyRow: p.boolean().primary().default(true),
    owner: p.string().columnType('text').nullable(),
    leaseUntil: p.datetime().defaultRaw("'-infinity'"),
  },
});

/** A webhook that belongs to no case we know, kept for staff. */
const ParkedDelivery = defineEntity({
  name: 'ParkedDelivery',
  tableName: 'parked_deliveries',
  properties: {
    id: p.uuid().primary(),
    source: id(),
    dedupeKey: id(),
    type: p.string().columnType('text'),
    reason: p.string().columnType('text'),
    wrappedKey: p.blob(),
    body: p.blob(),
    bodyDigest: p.blob(),
    receivedAt: p.datetime().defaultRaw('now()'),
    resolvedAt: p.datetime().nullable(),
    /** What is needed to look for its case once more, encrypted like the body. */
    address: p.blob().nullable(),
    resolution: p.string().columnType('text').nullable(),
  },
});

/** A provider's id for something of ours. */
const ExternalReference = defineEntity({
  name: 'ExternalReference',
  tableName: 'external_references',
  properties: {
    provider: id().primary(),
    kind: id().primary(),
    externalId: id().primary(),
    tenant: id(),
    caseId: id(),
    effectId: id().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    /** Of a payment or a checkout. */
    bookingId: id().nullable(),
  },
});

/** A booking as its case last recorded it. Money is in minor units of `currency`. */
const Booking = defineEntity({
  name: 'Booking',
  tableName: 'bookings',
  properties: {
    bookingId: id().primary(),
    tenant: id(),
    caseId: id(),
    revision: p.integer(),
    state: p.string().columnType('text'),
    provider: id().nullable(),
    checkoutId: id().nullable(),
    paymentId: id().nullable(),
    totalMinor: p.bigint(),
    currency: p.string().columnType('text'),
    heldFor: p.string().columnType('text').nullable(),
    /** By the case. */
    updatedAt: p.datetime(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

/** Money that moved, by the provider's id. Insert only. */
const MoneyMovement = defineEntity({
  name: 'MoneyMovement',
  tableName: 'money_movements',
  properties: {
    provider: id().primary(),
    kind: id().primary(),
    movementId: id().primary(),
    tenant: id(),
    caseId: id(),
    bookingId: id(),
    paymentId: id(),
    amountMinor: p.bigint(),
    currency: p.string().columnType('text'),
    at: p.datetime(),
    /** The event or effect that told of it, as a code. */
    cause: p.string().columnType('text'),
    recordedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

/** How far a tenant's series is in a year. */
const InvoiceSeries = defineEntity({
  name: 'InvoiceSeries',
  tableName: 'invoice_series',
  properties: {
    tenant: id().primary(),
    series: id().primary(),
    year: p.integer().primary().autoincrement(false),
    lastNumber: p.bigint(),
    lastIssuedAt: p.datetime(),
  },
});

/** An invoice: once it has a number, only its status, its archive and the wrapping of its key change. */
const Invoice = defineEntity({
  name: 'Invoice',
  tableName: 'invoices',
  properties: {
    tenant: id().primary(),
    invoiceId: id().primary(),
    caseId: id(),
    bookingId: id(),
    status: p.string().columnType('text'),
    statusDetail: p.string().columnType('text').nullable(),
    ettn: p.uuid().nullable(),
    number: id().nullable(),
    issuedAt: p.datetime().nullable(),
    profile: p.string().columnType('text').nullable(),
    type: p.string().columnType('text').nullable(),
    payableMinor: p.bigint().nullable(),
    taxMinor: p.bigint().nullable(),
    currency: p.string().columnType('text').nullable(),
    credits: id().nullable(),
    replaces: id().nullable(),
    /** Sealed, as is `xml`, with the key in `wrappedKey`, which is not the case's. */
    alias: p.blob().nullable(),
    xml: p.blob().nullable(),
    wrappedKey: p.blob().nullable(),
    /** JSON text: rules, elements and messages, without the buyer's data. */
    findings: p.string().columnType('text').defaultRaw(`'[]'`),
    pdfKey: p.string().columnType('text').nullable(),
    pdfChecksum: p.string().columnType('text').nullable(),
    retainUntil: p.datetime().nullable(),
    isLocked: p.boolean().nullable(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
    updatedAt: p.datetime().defaultRaw('clock_timestamp()'),
    /** JSON text: percent by kind, and the exemption. */
    taxes: p.string().columnType('text').nullable(),
  },
});

/** Where a provider's books differ from ours. Closed when the difference is gone. */
const ReconciliationFinding = defineEntity({
  name: 'ReconciliationFinding',
  tableName: 'reconciliation_findings',
  properties: {
    provider: id().primary(),
    subject: id().primary(),
    kind: id().primary(),
    day: p.date(),
    /** Null where it is nobody's whom we know. */
    tenant: id().nullable(),
    bookingId: id().nullable(),
    oursMinor: p.bigint().nullable(),
    oursCurrency: p.string().columnType('text').nullable(),
    theirsMinor: p.bigint().nullable(),
    theirsCurrency: p.string().columnType('text').nullable(),
    since: p.datetime().defaultRaw('clock_timestamp()'),
    closedAt: p.datetime().nullable(),
  },
});

/** One line of a tenant's audit trail; the lines with a `caseSeq` are that case's history. Insert only. */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    chain: id().primary(),
    seq: p.bigint().primary(),
    at: p.datetime(),
    actor: p.string().columnType('text'),
    action: p.string().columnType('text'),
    caseId: id().nullable(),
    caseSeq: p.integer().nullable(),
    subject: p.string().columnType('text'),
    /** JSON text without patient data. */
    detail: p.string().columnType('text'),
    hash: p.blob(),
  },
});

/** What the first start of a deployment decided for ever. */
const Deployment = defineEntity({
  name: 'Deployment',
  tableName: 'deployment',
  properties: {
    onlyRow: p.boolean().primary().default(true),
    partitions: p.integer(),
  },
});

const PartitionLease = defineEntity({
  name: 'PartitionLease',
  tableName: 'partition_leases',
  properties: {
    partition: p.integer().primary().autoincrement(false),
    owner: p.string().columnType('text').nullable(),
    epoch: p.bigint().defaultRaw('0'),
    leaseUntil: p.datetime().defaultRaw(`'-infinity'`),
  },
});

/** A worker that asks for leases, whether it got any or not. */
const LeaseOwner = defineEntity({
  name: 'LeaseOwner',
  tableName: 'lease_owners',
  properties: {
    owner: id().primary(),
    liveUntil: p.datetime(),
  },
});

/** A checkpoint of the audit trail that its store has. */
const AuditCheckpoint = defineEntity({
  name: 'AuditCheckpoint',
  tableName: 'audit_checkpoints',
  properties: {
    id: id().primary(),
    number: p.bigint(),
    recordedAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

/** What a key made of a known value. */
const KeyProbe = defineEntity({
  name: 'KeyProbe',
  tableName: 'key_probes',
  properties: {
    name: id().primary(),
    probe: p.blob(),
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});

export const entities = [
  Tenant,
  Contact,
  DataKey,
  Event,
  PendingEvent,
  EventConflict,
  Case,
  CaseTag,
  Effect,
  MessageReceipt,
  Consent,
  ConsentKey,
  DeadLetter,
  OutboxEntry,
  OutboxLease,
  ParkedDelivery,
  ExternalReference,
  Booking,
  MoneyMovement,
  InvoiceSeries,
  Invoice,
  ReconciliationFinding,
  AuditEntry,
  AuditCheckpoint,
  KeyProbe,
  Deployment,
  PartitionLease,
  LeaseOwner,
];
