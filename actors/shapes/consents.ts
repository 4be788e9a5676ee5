/** What a patient is asked to agree to. Each is asked, given and withdrawn by itself. */
export const consentPurposes = ['service', 'health-data', 'transfer-abroad', 'marketing'] as const;
export type ConsentPurpose = (typeof consentPurposes)[number];

/** What a patient may answer. */
export const consentAnswers = ['given', 'refused', 'withdrawn'] as const;
