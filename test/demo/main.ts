/**
 * `npm run demo`: three patients with the running system, over real HTTP with real signatures. The sandbox plays their phones,
 * the card pages, the clinic, the vision model and the e-invoice integrator; everything between is the product. Elif books a
 * treatment with all that belongs to it; Omar withdraws; Johanna's search fails. Then the books are compared with the
 * providers' and the audit trail is verified. Ends with Elif's case as JSON.
 *
 * `npm run demo -- all`: twelve patients, two in each language, who write as patients write. Prints what was said.
 */
import { elifBooks } from './elif.ts';
import { johannaWaits, omarAsks } from './others.ts';
import { twelvePatients } from './twelve.ts';
import { runs, say, sayWhy, staff } from './world.ts';

if (process.argv[2] === 'all') process.exitCode = (await twelvePatients()) ? 0 : 1;
else await demo();

async function demo(): Promise<void> {
  const caseId = await elifBooks();
  await omarAsks();
  await johannaWaits();
  await runs('reconcile.ts', '--day', new Date().toISOString().slice(0, 10));
  await runs('verify-audit.ts');

  const { entries } = await staff.history(caseId);
  for (const { seq, type, disposition } of entries) say('history', `${seq} ${type} ${disposition}`);
  const confirmed = await staff.read(caseId);
  sayWhy(confirmed);
  if (!confirmed.tags.includes('confirmed'))
    throw new Error(`The case is not confirmed but at ${JSON.stringify(confirmed.state)}`);
  process.stdout.write(`${JSON.stringify(confirmed)}\n`);
}
