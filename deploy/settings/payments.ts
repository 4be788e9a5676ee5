import * as v from 'valibot';

import { parsePaymentRules } from '../../actors/ports/payment-rules.ts';
import { settingsGroup, url } from './kit.ts';

const Rules = v.optional(
  v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return parsePaymentRules(dataset.value);
      } catch (error) {
        addIssue({ message: (error as Error).message });
        return NEVER;
      }
    }),
  ),
);

/** Who takes which payment. */
export const paymentSettings = settingsGroup({
  title: 'Payments',
  variables: {
    PAYMENT_RULES: {
      schema: Rules,
      about:
        'Who takes which payment: `match:provider`, comma separated, first match wins; `match` is a currency (TRY), a country (TR) or `*`.',
      fallback: '`TRY:iyzico,TR:iyzico,*:stripe`, and `*:stripe` where iyzico is off',
    },
    PUBLIC_URL: {
      schema: url('https:', 'http:'),
      about: "Our edge's address as patients reach it: where they come back to after paying.",
      fallback: "the edge's own",
    },
  },
  problems: ({ NODE_ENV, IYZICO_API_KEY, PAYMENT_RULES }) =>
    NODE_ENV === 'production' &&
    IYZICO_API_KEY === undefined &&
    PAYMENT_RULES?.includes('iyzico') === true
      ? ['PAYMENT_RULES names iyzico: IYZICO_API_KEY must be set']
      : [],
  /** By whether iyzico is on. */
  read: (env) => (hasIyzico: boolean) =>
    env.PAYMENT_RULES ??
    parsePaymentRules(hasIyzico ? 'TRY:iyzico,TR:iyzico,*:stripe' : '*:stripe'),
});
