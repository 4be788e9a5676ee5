import { LinkRefused } from '../../actors/performers/signed-links.ts';
import { Refusal } from '../server/errors.ts';

/** What a link's holder is told where it is refused. @throws {Refusal} 401 no link of ours; 403 `link_expired`, `link_used` */
export async function refusingLinks<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LinkRefused)) throw error;
    throw error.code === 'link_invalid'
      ? new Refusal('invalid_token', undefined, { 'www-authenticate': 'Bearer' })
      : new Refusal(error.code);
  }
}
