import { modelFirst } from '../../actors/performers/understanding.ts';
import type { UnderstandingPort } from '../../actors/ports/understanding.ts';
import { chatPolicy, chatUnderstanding } from '../../adapters/chat-completions/understanding.ts';
import { callPolicy } from '../../adapters/policy.ts';
import { withPeople } from '../../adapters/rules/people.ts';
import { rulesUnderstanding } from '../../adapters/rules/understanding.ts';
import type { Config } from '../../config.ts';
import type { Adapting } from './adapting.ts';

/** What patients mean: by rules, or by a model that has rules behind it. */
export function understandingOf({ model }: Config, adapting: Adapting): UnderstandingPort {
  const rules = rulesUnderstanding();
  if (model === null) return withPeople(rules);
  const { log } = adapting.telemetry;
  const both = modelFirst({
    model: chatUnderstanding({
      ...adapting,
      ...model,
      policy: callPolicy('chat', chatPolicy, log),
    }),
    rules,
    timeoutMs: 8_000,
    onFallback: (error) => log('warn', 'understanding.fallback', {}, error),
  });
  return withPeople(both);
}
