import { ExpectedError } from '../../actors/errors.ts';

/** What is wrong with a ciphertext: its outer form, or its authenticity. */
export type CiphertextFault = 'form' | 'authenticity';

/**
 * Ciphertext that cannot be decrypted: not of our form, changed, or encrypted for another place or with another key.
 * `at` names the table and column it stands in, never the content.
 */
export class CiphertextBroken extends ExpectedError {
  override readonly name = 'CiphertextBroken';
  readonly code = 'seal_broken';
  readonly retryable = false;
  readonly at: string;
  readonly fault: CiphertextFault;

  constructor(at: string, fault: CiphertextFault, options?: ErrorOptions) {
    super(`${at} cannot be decrypted: its ${fault} is wrong`, options);
    this.at = at;
    this.fault = fault;
  }
}

/** A key we were told to use is not there: retired too early, never configured, or destroyed to erase a patient. */
export class KeyMissing extends ExpectedError {
  override readonly name = 'KeyMissing';
  readonly code = 'key_missing';
  readonly retryable = false;
  readonly keyId: string;

  constructor(keyId: string, options?: ErrorOptions) {
    super(`Key ${keyId} is missing`, options);
    this.keyId = keyId;
  }
}

/**
 * A case's data key that is there and cannot be unwrapped: changed, wrapped for another case, or under a root key that
 * this process does not have. Its case can be neither read nor written; every other case can.
 */
export class KeyUnreadable extends ExpectedError {
  override readonly name = 'KeyUnreadable';
  readonly code = 'key_unreadable';
  readonly retryable = false;
  readonly tenant: string;
  readonly caseId: string;

  constructor(tenant: string, caseId: string, options?: ErrorOptions) {
    super(`The data key of case ${caseId} cannot be unwrapped`, options);
    this.tenant = tenant;
    this.caseId = caseId;
  }
}

/** A value that cannot be looked up: a phone number without its country code, or an empty user id. */
export class NotIndexable extends ExpectedError {
  override readonly name = 'NotIndexable';
  readonly code = 'not_indexable';
  readonly retryable = false;
  readonly kind: string;

  constructor(kind: string) {
    super(`Not a ${kind} that can be indexed`);
    this.kind = kind;
  }
}
