import * as v from 'valibot';

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** Body of `POST /_sandbox/whatsapp/statuses`: what the webhooks say of a person's next messages. Replaces what was. */
export const StatusPlan = v.strictObject({
  /** Phone number or user id; everybody if absent. */
  of: v.optional(v.string()),
  /** For so many messages, then as usual; for ever if absent. */
  count: v.optional(Count),
  /** `failed` with this code, and the patient gets nothing: 131026, 131047, 131049, … */
  failWith: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  /** The patient reads it at once. */
  read: v.optional(v.boolean()),
  /** `reversed`: the last comes first. */
  order: v.optional(v.picklist(['usual', 'reversed'])),
  /** How often each is posted. */
  times: v.optional(v.pipe(Count, v.maxValue(20))),
  /** None comes: what became of the message stays unknown until `POST /_sandbox/whatsapp/status`. */
  withheld: v.optional(v.boolean()),
});
export type StatusPlan = v.InferOutput<typeof StatusPlan>;

export type StatusWord = 'sent' | 'delivered' | 'read' | 'failed';

export interface StatusPlans {
  set(plan: StatusPlan): void;
  /** The plan for a message to a person, by any address of theirs. Uses up one of its `count`. */
  next(addresses: readonly string[]): StatusPlan;
}

/** A plan for one person goes before the one for everybody. */
export function createStatusPlans(): StatusPlans {
  const plans = new Map<string, { readonly plan: StatusPlan; left: number }>();
  const everybody = '*';
  return {
    set(plan) {
      const left = plan.count ?? Number.POSITIVE_INFINITY;
      plans.set(plan.of?.replace('+', '') ?? everybody, { plan, left });
    },
    next(addresses) {
      for (const address of [...addresses, everybody]) {
        const one = plans.get(address);
        if (!one || one.left === 0) continue;
        one.left -= 1;
        return one.plan;
      }
      return {};
    },
  };
}

/** The statuses that are posted, in order. */
export function planned({
  failWith,
  read,
  order,
  times = 1,
  withheld,
}: StatusPlan): readonly StatusWord[] {
  if (withheld) return [];
  const usual: StatusWord[] =
    failWith === undefined
      ? ['sent', 'delivered', ...(read ? (['read'] as const) : [])]
      : ['failed'];
  const ordered = order === 'reversed' ? usual.toReversed() : usual;
  return ordered.flatMap((word) => Array.from({ length: times }, () => word));
}
