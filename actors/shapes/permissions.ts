/** What a member of staff may be; a token says which. */
export const roles = ['support', 'clinician', 'finance', 'admin'] as const;
export type Role = (typeof roles)[number];
type Roles = readonly Role[];

/** Patients: their cases, what was said, and most of what a case may be told. */
export const care: Roles = ['support', 'clinician', 'admin'];
/** A treatment, and what a model found: support staff help without it. */
export const treatment: Roles = ['clinician', 'admin'];
/** Money that was paid. */
export const paidMoney: Roles = ['finance', 'admin'];
/** Asking a patient for money, and for whom to make the invoice out to. Clinicians have no need to. */
export const sales: Roles = ['support', 'finance', 'admin'];

/** Which roles may do what at the staff API. What a case may be told, by whom, is in staff-events.ts. */
export const permissions = {
  listCases: care,
  /** Where a case stands, without words. Who answers for money has to find out why it waits. */
  readCase: roles,
  readConversation: care,
  readReview: treatment,
  openDocument: care,
  /** That travellers were given, and the ends of their passports' numbers. */
  readTravellers: ['support', 'admin'],
  readMoney: sales,
  /** What failed for good: without words, without names. */
  readDeadLetters: roles,
  retryEffect: care,
  /** Money is for those who answer for it. */
  retryMoney: paidMoney,
  /** What has no case, masked, and having it looked for again. */
  handleUnroutable: ['support', 'admin'],
} as const satisfies Record<string, Roles>;
