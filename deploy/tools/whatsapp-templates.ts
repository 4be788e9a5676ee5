/** Prints the templates to register with Meta, as JSON: `node deploy/tools/whatsapp-templates.ts`. */
import { templates } from '../../actors/texts/texts.ts';

process.stdout.write(`${JSON.stringify(templates(), null, 2)}\n`);
