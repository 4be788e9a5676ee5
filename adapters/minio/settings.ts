import * as v from 'valibot';

import { settingsGroup, text, textOr } from '../../deploy/settings/kit.ts';

/** An S3 server has no path of its own: the bucket is the first part. */
const address = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^https?:\/\/[^/?#]+\/?$/, 'must be https://host or http://host, without a path'),
  ),
);

/** The server of objects: documents, invoices and checkpoints. */
export const minioSettings = settingsGroup({
  title: 'S3',
  variables: {
    S3_ENDPOINT: {
      schema: address,
      about: 'The S3 server, as we reach it.',
      fallback: 'the embedded store under DATA_DIR (development only)',
      needed: 'must be set in production: the embedded store is for development',
    },
    S3_PUBLIC_ENDPOINT: {
      schema: address,
      about: "The same server as a patient's browser reaches it.",
      fallback: 'S3_ENDPOINT',
    },
    S3_REGION: {
      schema: textOr('us-east-1'),
      about: 'Its region. The default is what servers without regions call theirs.',
    },
    S3_ACCESS_KEY: { schema: text, about: 'Who we are there.', needed: true },
    S3_SECRET_KEY: { schema: text, about: 'And the key that proves it.', needed: true },
  },
  together: ['S3_ENDPOINT', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'],
  /** Null: the embedded store. */
  read: (env) =>
    env.S3_ENDPOINT === undefined
      ? null
      : {
          server: {
            baseUrl: env.S3_ENDPOINT.replace(/\/$/, ''),
            region: env.S3_REGION,
            accessKey: env.S3_ACCESS_KEY ?? '',
            secretKey: env.S3_SECRET_KEY ?? '',
          },
          publicUrl: (env.S3_PUBLIC_ENDPOINT ?? env.S3_ENDPOINT).replace(/\/$/, ''),
        },
});
