import { settingsGroup, text, webAddress, withoutSlash } from '../../deploy/settings/kit.ts';

/** A language model that reads what patients write. */
export const chatSettings = settingsGroup({
  title: 'Understanding by a model',
  variables: {
    UNDERSTANDING_API_BASE: {
      schema: webAddress,
      about: 'A service with the OpenAI chat completions API, up to `/chat/completions`.',
      fallback: 'messages are understood by rules alone',
    },
    UNDERSTANDING_API_KEY: { schema: text, about: 'Its key.' },
    UNDERSTANDING_MODEL: { schema: text, about: "The model's name." },
  },
  together: ['UNDERSTANDING_API_BASE', 'UNDERSTANDING_API_KEY', 'UNDERSTANDING_MODEL'],
  /** Null: rules alone. */
  read: (env) =>
    env.UNDERSTANDING_API_BASE === undefined
      ? null
      : {
          baseUrl: withoutSlash(env.UNDERSTANDING_API_BASE),
          apiKey: env.UNDERSTANDING_API_KEY ?? '',
          model: env.UNDERSTANDING_MODEL ?? '',
        },
});
