/** v1's words in v2's letters. @see https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html */
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

interface Scope {
  readonly type: string;
  /** Letters out of `cruds`. */
  readonly may: readonly string[];
}

/**
 * The scopes wanted that `granted` does not cover. A scope that is bound to a query (`system/Observation.rs?category=…`)
 * covers only itself: what else we would see of the patient's records is unknown.
 */
export function missingScopes(wanted: readonly string[], granted: string): readonly string[] {
  const words = granted.split(/\s+/);
  const scopes = words.flatMap((word) => scopeOf(word) ?? []);
  return wanted.filter((word) => {
    if (words.includes(word)) return false;
    const scope = scopeOf(word);
    return !scope || scope.may.some((letter) => !allows(scopes, scope.type, letter));
  });
}

function allows(scopes: readonly Scope[], type: string, letter: string): boolean {
  return scopes.some(
    (scope) => (scope.type === type || scope.type === '*') && scope.may.includes(letter),
  );
}

function scopeOf(word: string): Scope | undefined {
  const [, type, may] = /^system\/(\w+|\*)\.(c?r?u?d?s?|read|write|\*)$/.exec(word) ?? [];
  return type && may ? { type, may: (V1[may] ?? may).split('') } : undefined;
}
