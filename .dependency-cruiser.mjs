/** Arrows point inwards: http, streams, adapters and persistence know the core; the core knows itself; main.ts knows everyone. */
const contracts =
  '^actors/(ports/|kernel/(ports|errors|tags)\\.ts$|shapes/|texts/keys\\.ts$|errors\\.ts$|masking/)';
/** What everybody knows of what is told and done: written once. */
const shapes = '^actors/(shapes/|texts/keys\\.ts$)';
export default {
  forbidden: [
    {
      name: 'machines-stand-alone',
      comment:
        'They paste into an editor as they are: no file of ours, no package but xstate, no builtin of Node. Types are gone by then.',
      severity: 'error',
      from: { path: '^machines/' },
      to: { pathNot: ['^machines/', '^node_modules/xstate/', shapes] },
    },
    {
      name: 'machines-know-shapes-as-types',
      severity: 'error',
      from: { path: '^machines/' },
      to: { path: shapes, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'edges-see-only-ports',
      severity: 'error',
      from: { path: '^(adapters|persistence|streams)/' },
      to: { path: '^(machines|actors)/', pathNot: [contracts] },
    },
    {
      name: 'edges-dont-know-each-other',
      severity: 'error',
      from: { path: '^(adapters|http|persistence|streams)/' },
      to: { path: '^(adapters|http|persistence|streams)/', pathNot: '^$1/' },
    },
    {
      name: 'persistence-layers-run-one-way',
      comment: 'contacts, finance and cases → audit → ledger → encryption → database.',
      severity: 'error',
      from: { path: '^persistence/database/' },
      to: { path: '^persistence/', pathNot: '^persistence/database/' },
    },
    {
      name: 'encryption-knows-the-database',
      severity: 'error',
      from: { path: '^persistence/encryption/' },
      to: { path: '^persistence/', pathNot: '^persistence/(encryption|database)/' },
    },
    {
      name: 'the-ledger-knows-encryption',
      severity: 'error',
      from: { path: '^persistence/ledger/' },
      to: { path: '^persistence/', pathNot: '^persistence/(ledger|encryption|database)/' },
    },
    {
      name: 'the-audit-knows-the-ledger',
      severity: 'error',
      from: { path: '^persistence/audit/' },
      to: { path: '^persistence/', pathNot: '^persistence/(audit|ledger|encryption|database)/' },
    },
    {
      name: 'contacts-finance-travellers-and-cases-do-not-know-each-other',
      severity: 'error',
      from: { path: '^persistence/(contacts|finance|travellers|cases)/' },
      to: { path: '^persistence/(contacts|finance|travellers|cases)/', pathNot: '^persistence/$1/' },
    },
    {
      name: 'the-core-knows-no-edge',
      severity: 'error',
      from: { path: '^(machines|actors)/' },
      to: { path: '^(adapters|http|persistence|streams)/' },
    },
    {
      name: 'the-kernel-knows-no-patient',
      severity: 'error',
      from: { path: '^actors/kernel/' },
      to: { path: '^[^/]+\\.ts$|^(machines|actors|deploy)/', pathNot: '^actors/kernel/' },
    },
    {
      name: 'settings-are-handed-in',
      comment:
        'Only what puts a system together reads the configuration; the rest gets what it needs as arguments.',
      severity: 'error',
      from: { pathNot: '^(main\\.ts$|deploy/)' },
      to: { path: '^config\\.ts$' },
    },
    {
      name: 'main-is-the-last-word',
      comment: 'Whoever runs the system starts main.ts as a program.',
      severity: 'error',
      from: {},
      to: { path: '^main\\.ts$' },
    },
    {
      name: 'telemetry-sees-only-contracts',
      comment: 'The edges import it, so whatever it knew they would all know.',
      severity: 'error',
      from: { path: '^telemetry\\.ts$' },
      to: { pathNot: [contracts, '^node_modules/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'only-main-knows-deploy-and-test',
      severity: 'error',
      from: { pathNot: '^(main\\.ts$|deploy/)' },
      to: { path: '^(deploy|test)/', pathNot: '^deploy/settings/' },
    },
    {
      name: 'settings-know-only-settings',
      comment:
        'config.ts is put together from them, and they are read before anything else: they know values and their kinds.',
      severity: 'error',
      from: { path: ['^deploy/settings/', '^adapters/[^/]+/settings\\.ts$'] },
      to: {
        path: '^(config|main|telemetry)\\.ts$|^(actors|adapters|deploy|http|machines|persistence|streams|test)/',
        pathNot: ['^deploy/settings/', '^adapters/[^/]+/settings\\.ts$', '^actors/(ports|shapes)/'],
      },
    },
    {
      name: 'settings-are-read-by-config',
      severity: 'error',
      from: { pathNot: '^(config\\.ts$|deploy/|adapters/[^/]+/settings\\.ts$)' },
      to: { path: ['^deploy/settings/', '^adapters/[^/]+/settings\\.ts$'] },
    },
    {
      name: 'doors-dont-know-each-other',
      comment:
        'What is common to those who stand at the doors of http/ is in http/server; app.ts puts the doors together.',
      severity: 'error',
      from: { path: '^http/(webhooks|staff|patients|server)/' },
      to: { path: '^http/', pathNot: ['^http/$1/', '^http/server/'] },
    },
    {
      name: 'tools-are-started-not-imported',
      severity: 'error',
      from: { pathNot: '^deploy/tools/' },
      to: { path: '^deploy/tools/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      // The list of countries is made when its page is served.
      to: { couldNotResolve: true, pathNot: 'countries\\.js$' },
    },
  ],
  options: {
    parser: 'swc',
    // Packages say by `exports` what of them may be imported, and how.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
    tsPreCompilationDeps: true,
    // Tests may know everyone, and hold what they start with `await using`, which dependency-cruiser can't read yet.
    doNotFollow: { path: ['node_modules', '^test/'] },
  },
};
