import { templates } from '../../actors/texts/templates.ts';
/** Prints the templates to register with Meta, as JSON: `node deploy/tools/whatsapp-templates.ts`. */

process.stdout.write(`${JSON.stringify(templates(), null, 2)}\n`);
