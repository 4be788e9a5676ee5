import { integer, settingsGroup, text } from '../../deploy/settings/kit.ts';

/** The virus scanner. */
export const clamavSettings = settingsGroup({
  title: 'ClamAV',
  variables: {
    CLAMAV_HOST: {
      schema: text,
      about: 'Where clamd listens.',
      fallback: 'files are not scanned (refused in production unless it is `none`)',
      needed: 'must be set in production, to `none` where files are scanned elsewhere',
    },
    CLAMAV_PORT: { schema: integer(1, 65_535, 3_310), about: "clamd's TCP port." },
  },
  /** Null: files are not scanned. */
  read: (env) =>
    env.CLAMAV_HOST === undefined || env.CLAMAV_HOST === 'none'
      ? null
      : { host: env.CLAMAV_HOST, port: env.CLAMAV_PORT },
});
