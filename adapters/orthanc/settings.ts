import * as v from 'valibot';

import { settingsGroup, text, webAddress, withoutSlash } from '../../deploy/settings/kit.ts';

const ArchiveAddress = v.optional(
  v.pipe(
    v.string(),
    v.regex(
      /^(none$|https?:\/\/[^/?#]+)/,
      'must be `none`, or a URL that starts with http:// or https://',
    ),
  ),
);

/** The image archive. */
export const orthancSettings = settingsGroup({
  title: 'Orthanc',
  variables: {
    ORTHANC_API_BASE: {
      schema: ArchiveAddress,
      about: 'The image archive. `none`: imaging is off.',
      fallback: 'an own Orthanc under DATA_DIR, in production none',
    },
    ORTHANC_USER: { schema: text, about: 'Who we are there.' },
    ORTHANC_PASSWORD: { schema: text, about: 'With which password.' },
    ORTHANC_DICOMWEB_BASE: {
      schema: webAddress,
      about: 'Its DICOMweb as the vision model reaches it.',
      fallback: 'ORTHANC_API_BASE with `/dicom-web`',
    },
  },
  together: ['ORTHANC_API_BASE', 'ORTHANC_USER', 'ORTHANC_PASSWORD'],
  /** `own`: one of ours under DATA_DIR, if it can be had. */
  read: (env, { production }) => {
    const { ORTHANC_API_BASE: given, ORTHANC_DICOMWEB_BASE: dicomWeb } = env;
    if (given === 'none' || (production && given === undefined)) return { kind: 'off' as const };
    if (given === undefined) return { kind: 'own' as const };
    const baseUrl = withoutSlash(given);
    return {
      kind: 'server' as const,
      baseUrl,
      username: env.ORTHANC_USER ?? '',
      password: env.ORTHANC_PASSWORD ?? '',
      dicomWebUrl: dicomWeb === undefined ? `${baseUrl}/dicom-web` : withoutSlash(dicomWeb),
    };
  },
});
