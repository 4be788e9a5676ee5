/** What is masked, as in the placeholders. */
export type Kind =
  | 'name'
  | 'phone'
  | 'email'
  | 'passport'
  | 'tckn'
  | 'iban'
  | 'card'
  | 'birth-date';

/** A part of a text, in UTF-16 code units, `end` excluded. */
export interface Span {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}
