import type { Router } from '@koa/router';

import { countries, countryAliases } from '../../actors/travellers/countries.ts';
import type { EdgeState } from '../server/request.ts';
import { staticPageRoutes } from './static-page.ts';

/**
 * `GET /travellers`: the form for everybody's passport data, in the patient's language. The link's token stands behind the `#` and so
 * reaches no server and no log; the page shows it to `POST /travellers` and `GET /travellers/status` alone.
 */
export function travellersPageRoutes(): Router<EdgeState> {
  return staticPageRoutes({
    path: '/travellers',
    page: 'travellers.html',
    files: [
      'common.css',
      'common.js',
      'travellers.css',
      'travellers.js',
      'travellers-fields.js',
      'travellers-texts.js',
    ],
    // Of the same lists that judge what was filled in.
    made: {
      'countries.js': `export const countries = ${JSON.stringify(countries)};\nexport const aliases = ${JSON.stringify(countryAliases)};\n`,
    },
  });
}
