import { settingsGroup, text, webAddress } from '../../deploy/settings/kit.ts';

const variables = {
  VISION_API_BASE: {
    schema: webAddress,
    about: 'The vision model, as adapters/vision/README.md describes it.',
    fallback: 'the sandbox; in production it is off',
  },
  VISION_API_KEY: { schema: text, about: 'Its key.', development: 'development-vision-key' },
} as const;

/** The model that looks at images. */
export const visionSettings = settingsGroup({
  title: 'Vision',
  variables,
  together: ['VISION_API_BASE', 'VISION_API_KEY'],
  /** Null: off. `apiBase` null: the sandbox. */
  read: (env, place) => {
    const server = place.optional(env.VISION_API_BASE);
    return (
      server && { ...server, apiKey: env.VISION_API_KEY ?? variables.VISION_API_KEY.development }
    );
  },
});
