/** How the blocks of a page are run, in their order, in a place of their own. */
export interface Guide {
  readonly page: string
  /** What its reader has done before the first block. */
  readonly before?: readonly string[]
  /** Needs PostgreSQL: an empty database stands for `postgres://waggle@db.example/waggle`. */
  readonly postgres?: boolean
  /** What the page shows in the place of what its reader has: a text, or what was printed last that is such. */
  readonly stands?: Readonly<Record<string, string | RegExp>>
  /** Files that a reader brings along. */
  readonly files?: Readonly<Record<string, string>>
  /** What must have been printed at the end, beside what the page itself shows as output. */
  readonly prints?: readonly RegExp[]
}

const sample = 'waggle serve --sample'
const firstLeads = 'company_name,email,external_id\nNordlicht GmbH,ada@nordlicht.example,crm-1\n'

export const guides: readonly Guide[] = [
  {
    page: 'README.md',
    before: [sample],
    files: { 'leads.csv': firstLeads },
    stands: { 'whsec_…': /whsec_[\w+/=]+/g },
    prints: [/^Accepted: 204 /m, /"status":"qualified"/, /^\d+ lead_/m, /^1 row: 1 made/m],
  },
  {
    page: 'docs/webhooks.md',
    before: [sample],
    stands: { 'whsec_…': /whsec_[\w+/=]+/g },
    prints: [/^id: 203\nevent: lead_updated$/m],
  },
  {
    // What JourneyBee's API answers is what the sample answers: the same paths, members and texts.
    page: 'docs/moving-from-journeybee.md',
    before: ['waggle serve --sample --data old'],
    stands: {
      'https://app.journeybee.io/api/v1': 'http://127.0.0.1:4000/api/v1',
      'your-api-key': 'jb_api_1234567890abcdef',
      'wgl_…': /wgl_\w+/g,
    },
  },
  {
    page: 'docs/operating.md',
    stands: { '/var/lib/waggle': './data', '/backups/': './backups-', '/tmp/trial': './trial' },
    prints: [/^Key \d+ is revoked\.$/m],
  },
  { page: 'docs/move.md', before: ['waggle init'], postgres: true },
  { page: 'docs/scale.md', postgres: true, stands: { '/var/lib/waggle': './data' } },
]

const inWebhooks = 'test/docs/webhooks.test.ts runs docs/receivers, where these stand as they are here'
const citus = 'needs a PostgreSQL with Citus on three machines'

/** Blocks that no test of these runs, by the beginning of their text, and why. */
export const notRun: readonly (readonly [page: string, begins: string, why: string])[] = [
  ['README.md', 'npm ci && npm start', 'continuous integration runs both'],
  ['README.md', 'npx waggle-server', 'asks a registry; test/package runs both from the package that is packed'],
  ['docs/quick-start.md', '', 'test/package/package.test.ts runs all of it, as the installed package'],
  ['deploy/README.md', '', 'needs root, systemd or Docker; test/package/deploy.test.ts looks at the files'],
  ['CONTRIBUTING.md', 'npm ci ', 'continuous integration runs it'],
  ['docs/webhooks.md', 'npm ci && npm start', 'continuous integration runs it; the sample is served here already'],
  [
    'docs/webhooks.md',
    'export SECRET=whsec_…\nexport INTEGRATION=5b8f0c52-6a1e-4d0b-9c37-2f4f0e8a7d11\npython3',
    inWebhooks,
  ],
  ['docs/webhooks.md', '// Receives webhooks', inWebhooks],
  ['docs/webhooks.md', '# Receives webhooks', inWebhooks],
  ['docs/client.md', '', 'test/sdk/guide.test.ts runs all of it with the package that the first block makes'],
  ['docs/reliability.md', 'npm run test:faults', 'minutes long; CI runs its parts'],
  ['docs/reliability.md', 'npm run test:soak', 'half an hour'],
  ['docs/reliability.md', 'npm run test:history', 'minutes long; npm run check runs fewer'],
  ['docs/reliability.md', 'npm run test:mutation', 'an hour and more'],
  ['docs/operating.md', 'curl -i -X PATCH https://leads.example', 'needs a proxy with a certificate of that name'],
  ['docs/operating.md', 'waggle backup "/backups/$(date', 'a line for cron; the first block makes a backup'],
  ['docs/operating.md', 'waggle doctor --data /var/lib/waggle >', 'mails to somebody'],
  [
    'docs/operating.md',
    'waggle compact',
    'needs the server of the blocks before to be stopped; test/commands/compact.test.ts runs it',
  ],
  [
    'docs/operating.md',
    'waggle erase',
    'names people whom this place does not have; test/commands/erase.test.ts runs each',
  ],
  ['docs/operating.md', 'cd /var/lib/waggle', 'needs a database of an older version, and its program'],
  ['docs/scale.md', 'createdb', 'the database is there already'],
  ['docs/scale.md', 'waggle migrate --database-url postgres://waggle@db1.example/waggle --distribute', citus],
  ['docs/scale.md', '-- on each machine', citus],
]

/** Blocks behind commands that do not show what these print. */
export const notPrinted: readonly (readonly [page: string, begins: string, why: string])[] = []
