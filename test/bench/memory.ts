import { createActor, fromPromise } from 'xstate';
import type { ActorRefFrom } from 'xstate';

import { quoteMachine } from './machine.ts';
import type { Confirmed, ConfirmInput, Found, SearchInput } from './machine.ts';
import { createProvider } from './provider.ts';
import { serve } from './runtime.ts';

/** The yardstick: plain XState actors in a map. A crash loses every case, and that is what durability is compared with. */
await serve(({ providerUrl, keep }, report) => {
  const provider = createProvider(providerUrl);
  const cases = new Map<string, ActorRefFrom<typeof quoteMachine>>();
  const machine = quoteMachine.provide({
    actors: {
      search: fromPromise<Found, SearchInput>(({ input, signal }) =>
        provider.search(input, `${input.caseId}-search`, signal),
      ),
      confirm: fromPromise<Confirmed, ConfirmInput>(({ input, signal }) =>
        provider.confirm(input, `${input.caseId}-confirm`, signal),
      ),
    },
  });

  const open = (caseId: string): ActorRefFrom<typeof quoteMachine> => {
    const actor = createActor(machine, { input: { caseId, keep } });
    actor.subscribe((snapshot) => {
      if (snapshot.status === 'done') cases.delete(caseId);
      report(caseId, snapshot.value);
    });
    cases.set(caseId, actor);
    return actor.start();
  };

  return {
    accept: (webhook) => {
      if (webhook.type === 'intake') {
        open(webhook.caseId).send({ type: 'intake', trip: webhook.trip });
      } else {
        cases.get(webhook.caseId)?.send({ type: 'payment', paymentId: webhook.paymentId });
      }
    },
    stop: async () => {
      for (const actor of cases.values()) actor.stop();
      await provider.close();
    },
  };
});
