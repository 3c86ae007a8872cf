import { columnsOf, type Peer } from './peer.ts'

const token = 'bench-token-of-directus-000000'
const text = (field: string) => ({ field, type: 'string', meta: {}, schema: {} })
const json = (field: string) => ({ field, type: 'json', meta: { special: ['cast-json'] }, schema: {} })

const leads = {
  collection: 'leads',
  meta: {},
  schema: {},
  fields: [
    { field: 'id', type: 'integer', meta: {}, schema: { is_primary_key: true, has_auto_increment: true } },
    { field: 'uuid', type: 'uuid', meta: { special: ['uuid'] }, schema: {} },
    { field: 'created_at', type: 'timestamp', meta: { special: ['date-created'] }, schema: {} },
    { field: 'updated_at', type: 'timestamp', meta: { special: ['date-updated'] }, schema: {} },
    ...['status', 'company_name', 'email', 'phone_number', 'first_name', 'last_name'].map(text),
    ...['assignedUsers', 'tags', 'customFields'].map(json),
  ],
}

export const directus: Peer = {
  name: 'directus',
  title: 'Directus 12.4.0',
  packages: { directus: '12.4.0' },
  files: {},
  program: 'node_modules/directus/cli.js',
  prepare: ['bootstrap'],
  start: ['start'],
  environment: ({ port, database }) => ({
    HOST: '127.0.0.1',
    PORT: String(port),
    KEY: 'bench-key-of-directus',
    SECRET: 'bench-secret-of-directus-that-is-long-enough',
    DB_CLIENT: 'sqlite3',
    DB_FILENAME: database,
    ADMIN_EMAIL: 'admin@our.example.com',
    ADMIN_PASSWORD: 'a password for nobody 1A',
    ADMIN_TOKEN: token,
    LOG_LEVEL: 'warn',
    TELEMETRY: 'false',
    CACHE_ENABLED: 'false',
    RATE_LIMITER_ENABLED: 'false',
    RATE_LIMITER_GLOBAL_ENABLED: 'false',
    // Else it answers 503 as soon as its event loop is busy, which is what a load is for.
    PRESSURE_LIMITER_ENABLED: 'false',
  }),
  healthPath: '/server/ping',
  begin: async (call) => {
    await call('POST', '/collections', leads, token)
    await call('POST', '/items/leads', { status: 'new', first_name: 'Ada', last_name: 'Berg' }, token)
    return token
  },
  tellSynchronous: `
    const { Database } = require('sqlite3')
    new Database(process.argv[1]).get('PRAGMA synchronous', (error, row) => {
      if (error) throw error
      console.log(row.synchronous)
    })`,
  table: 'leads',
  changedAt: 'updated_at',
  columns: ({ id, uuid, begunAt, members }) => ({
    id,
    uuid,
    created_at: begunAt,
    updated_at: begunAt,
    email: `contact${id}@company.example`,
    ...columnsOf(members),
  }),
  target: () => ({ method: 'PATCH', before: '/items/leads/', after: '?fields=id,uuid,updated_at', token }),
}
