import { hmacKeys, secrets, settingsGroup, textOr, url, withoutSlash } from './kit.ts';

/** 32 bytes, as base64. */
const developmentLinkKey = 'ZGV2ZWxvcG1lbnQtbGluay1rZXktbm90LWZvci1waGk=';

const variables = {
  S3_BUCKET: {
    schema: textOr('health-tourism-docs'),
    about: "Where patients' documents are. `npm run storage:apply` makes it.",
  },
  DOCUMENTS_WEBHOOK_TOKEN: {
    schema: secrets,
    about: 'Bearer token with which the S3 server tells of uploads. Several values.',
    development: 'development-documents-webhook-token',
    chosen: 'text',
    needed: true,
  },
  DOCUMENTS_LINK_KEY: {
    schema: hmacKeys(developmentLinkKey),
    about:
      "Base64 of 32 bytes that sign patients' links, to upload and to say who travels, and all links of the embedded store. Several values.",
    development: developmentLinkKey,
    chosen: 'key',
    needed: true,
  },
  DOCUMENTS_PUBLIC_URL: {
    schema: url('https:', 'http:'),
    about: 'Where browsers reach our edge, for links of the embedded store.',
    fallback: "the edge's own address",
  },
  UPLOAD_PAGE_URL: {
    schema: url('https:', 'http:'),
    about: "The page where patients upload; gets the link's token after `#`.",
    fallback: "the edge's own `/docs-visa`, in development only",
    needed: true,
  },
  TRAVELLERS_PAGE_URL: {
    schema: url('https:', 'http:'),
    about: "The page where patients say who travels; gets the link's token after `#`.",
    fallback: "`/travellers` below PUBLIC_URL; without that the edge's own, in development only",
  },
} as const;

/** Patients' documents, wherever they are kept. */
export const documentSettings = settingsGroup({
  title: 'Documents',
  variables,
  problems: ({ NODE_ENV, TRAVELLERS_PAGE_URL, PUBLIC_URL }) =>
    NODE_ENV === 'production' && TRAVELLERS_PAGE_URL === undefined && PUBLIC_URL === undefined
      ? ['TRAVELLERS_PAGE_URL must be set in production, or PUBLIC_URL']
      : [],
  read: (env, { publicUrl }) => ({
    bucket: env.S3_BUCKET,
    webhookTokens: env.DOCUMENTS_WEBHOOK_TOKEN ?? [variables.DOCUMENTS_WEBHOOK_TOKEN.development],
    linkKeys: env.DOCUMENTS_LINK_KEY,
    /** Null: the edge's own address. */
    publicUrl:
      env.DOCUMENTS_PUBLIC_URL === undefined ? null : withoutSlash(env.DOCUMENTS_PUBLIC_URL),
    /** Null: the edge's own `/docs-visa`. */
    uploadPageUrl: env.UPLOAD_PAGE_URL ?? null,
    /** Null: the edge's own `/travellers`. */
    travellersPageUrl:
      env.TRAVELLERS_PAGE_URL ?? (publicUrl === null ? null : `${publicUrl}/travellers`),
  }),
});
