/**
 * Why staff have a case, or something of it. Codes, no words: they are shown to staff, counted, and published, so a name never
 * changes. Those of `answerable` are done once staff answered the patient; the others wait for something else.
 */
export const handOverReasons = [
  'urgent',
  'question',
  'consent-unclear',
  'trip-unclear',
  'offer-unclear',
  'voice-or-video',
  'file-not-readable',
  'too-many-messages',
  'message-not-delivered',
  'message-in-doubt',
  /** A consent, or a refusal, is not what it was when it was acted on. */
  'message-edited',
  'flights-not-searched',
  'provider-late',
  'booking-held',
  /** Flights that are paid for have no tickets, or have them and are not to be flown. */
  'flight-held',
  'payment-unknown',
  'review-late',
  'imaging-held',
  'document-held',
  'clinic-not-told',
  'deal-held',
  /** A right of the law, such as to be erased: 30 days. */
  'rights-request',
] as const;

export type HandOverReason = (typeof handOverReasons)[number];
