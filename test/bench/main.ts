/** `npm run bench -- [kernel | payments | bookings] [options]`: see README.md. */
const programs = {
  kernel: async () => import('./kernel.ts'),
  payments: async () => import('./money/payments.ts'),
  bookings: async () => import('./money/bookings.ts'),
} as const;

const [name = ''] = process.argv.slice(2);
if (Object.hasOwn(programs, name)) {
  process.argv.splice(2, 1);
  await programs[name as keyof typeof programs]();
} else if (name === '' || name.startsWith('-')) {
  await programs.kernel();
} else {
  process.stderr.write(`There is no benchmark ${name}, only ${Object.keys(programs).join(', ')}\n`);
  process.exitCode = 2;
}
