import * as v from 'valibot';

import { ProviderBusy, ProviderUnreachable } from '../errors.ts';
import type { Performance, Performer } from '../kernel/ports.ts';
import {
  effectInputs,
  type EffectInput,
  type EffectName,
  type EffectOutput,
} from '../shapes/effects.ts';

/** Who performs an effect. What it is asked with was checked by the effect's schema first. */
export interface EffectPerformer<Name extends EffectName> extends Omit<
  Performer,
  'perform' | 'lookup' | 'needs' | 'doneAs' | 'doubtedAs'
> {
  readonly perform: (
    input: EffectInput<Name>,
    performing: Performance,
  ) => Promise<EffectOutput<Name>>;
  readonly lookup?: (
    input: EffectInput<Name>,
    performing: Performance,
  ) => Promise<{ readonly output: EffectOutput<Name> } | null>;
  /** These are asked before the input is checked, so they must not throw on what is none. */
  readonly needs?: (input: EffectInput<Name>) => string | null;
  readonly doneAs?: {
    readonly type: string;
    readonly tell: (input: EffectInput<Name>, output: EffectOutput<Name>) => object | null;
  };
  readonly doubtedAs?: {
    readonly type: string;
    readonly tell: (input: EffectInput<Name>) => object | null;
  };
}

export type EffectPerformers<Names extends EffectName = EffectName> = {
  readonly [Name in Names]: EffectPerformer<Name>;
};

/** The performers as the kernel runs them: it knows nothing of what an input is. */
export function checkingInputs<Names extends EffectName>(
  performers: EffectPerformers<Names>,
): Record<Names, Performer> {
  const names = Object.keys(performers) as Names[];
  return Object.fromEntries(
    names.map((name) => [name, checking(name, performers[name])]),
  ) as Record<Names, Performer>;
}

function checking<Name extends EffectName>(
  name: Name,
  { perform, lookup, needs, doneAs, doubtedAs, ...rules }: EffectPerformer<Name>,
): Performer {
  const checked = (input: unknown) => v.parse(effectInputs[name], input) as EffectInput<Name>;
  return {
    ...rules,
    perform: async (input, performing) => perform(checked(input), performing),
    ...(lookup && { lookup: async (input, performing) => lookup(checked(input), performing) }),
    ...(needs && { needs: (input) => needs(input as EffectInput<Name>) }),
    ...(doneAs && {
      doneAs: {
        type: doneAs.type,
        tell: (input, output) =>
          doneAs.tell(input as EffectInput<Name>, output as EffectOutput<Name>),
      },
    }),
    ...(doubtedAs && {
      doubtedAs: {
        type: doubtedAs.type,
        tell: (input) => doubtedAs.tell(input as EffectInput<Name>),
      },
    }),
  };
}

/**
 * For what goes before the part of an effect that must not happen twice, or after it was refused: a doubt about it leaves none about
 * the effect, so the whole may be tried again.
 *
 * @throws {ProviderBusy} in place of `ProviderUnreachable`
 */
export async function withoutDoubt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof ProviderUnreachable)) throw cause;
    throw new ProviderBusy(cause.provider, cause.reason, undefined, { cause });
  }
}
