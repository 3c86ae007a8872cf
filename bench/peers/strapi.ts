import { columnsOf, object, type Peer } from './peer.ts'

const text = { type: 'string' }
const json = { type: 'json' }

const schema = {
  kind: 'collectionType',
  collectionName: 'leads',
  info: { singularName: 'lead', pluralName: 'leads', displayName: 'Lead' },
  options: { draftAndPublish: false },
  attributes: {
    uuid: text,
    status: text,
    company_name: text,
    email: text,
    phone_number: text,
    first_name: text,
    last_name: text,
    assignedUsers: json,
    tags: json,
    customFields: json,
  },
}

/** Its document ids have 24 places, so that one is written into a prepared request as an id of ours is. */
const documentIdStart = 'lead0000000000000'

const core = (what: string): string =>
  `module.exports = require('@strapi/strapi').factories.createCore${what}('api::lead.lead')\n`
const config = (value: unknown): string => `module.exports = ${JSON.stringify(value, null, 2)}\n`

export const strapi: Peer = {
  name: 'strapi',
  title: 'Strapi 5.54.0',
  packages: {
    '@strapi/strapi': '5.54.0',
    'better-sqlite3': '12.8.0',
    react: '^18.0.0',
    'react-dom': '^18.0.0',
    'react-router-dom': '^6.30.3',
    'styled-components': '^6.0.0',
  },
  files: {
    'config/admin.js': config({
      auth: { secret: 'bench-admin-secret' },
      apiToken: { salt: 'bench-token-salt' },
      transfer: { token: { salt: 'bench-transfer-salt' } },
      secrets: { encryptionKey: 'bench-encryption-key' },
      serveAdminPanel: false,
    }),
    'config/api.js': config({ rest: { strictParams: true }, documents: { strictParams: true, strictRelations: true } }),
    'config/logger.js': config({ level: 'warn' }),
    'config/middlewares.js': config(
      ['logger', 'errors', 'security', 'cors', 'poweredBy', 'query', 'body', 'session', 'favicon', 'public'].map(
        (name) => `strapi::${name}`,
      ),
    ),
    'config/server.js': `module.exports = ({ env }) => ({
  host: env('HOST'),
  port: env.int('PORT'),
  app: { keys: ['bench-app-key'] },
  logger: { updates: { enabled: false }, startup: { enabled: false } },
})
`,
    'config/database.js': `module.exports = ({ env }) => ({
  connection: { client: 'sqlite', connection: { filename: env('DATABASE_FILENAME') }, useNullAsDefault: true },
})
`,
    'src/index.js': config({}),
    'src/api/lead/content-types/lead/schema.json': JSON.stringify(schema, null, 2),
    'src/api/lead/controllers/lead.js': core('Controller'),
    'src/api/lead/routes/lead.js': core('Router'),
    'src/api/lead/services/lead.js': core('Service'),
    'public/uploads/.gitkeep': '',
  },
  program: 'node_modules/@strapi/strapi/bin/strapi.js',
  start: ['start'],
  environment: ({ port, database }) => ({
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_FILENAME: database,
    STRAPI_TELEMETRY_DISABLED: 'true',
  }),
  healthPath: '/_health',
  begin: async (call) => {
    const admin = { email: 'admin@our.example.com', firstname: 'Admin', lastname: 'Bench', password: 'A password 1' }
    const { data: registered } = object(await call('POST', '/admin/register-admin', admin))
    const wanted = { name: 'bench', description: '', type: 'full-access', lifespan: null }
    const { data: made } = object(await call('POST', '/admin/api-tokens', wanted, String(object(registered)['token'])))
    const token = String(object(made)['accessKey'])
    await call('POST', '/api/leads', { data: { status: 'new', first_name: 'Ada', last_name: 'Berg' } }, token)
    return token
  },
  tellSynchronous: `
    console.log(new (require('better-sqlite3'))(process.argv[1]).pragma('synchronous', { simple: true }))`,
  table: 'leads',
  changedAt: 'updated_at',
  columns: ({ id, uuid, begunAt, members }) => ({
    id,
    document_id: `${documentIdStart}${id}`,
    uuid,
    created_at: begunAt,
    updated_at: begunAt,
    email: `contact${id}@company.example`,
    ...columnsOf(members, snakeCase),
  }),
  target: (token) => ({
    method: 'PUT',
    before: `/api/leads/${documentIdStart}`,
    after: '?fields[0]=uuid&fields[1]=updatedAt',
    token,
    within: 'data',
  }),
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
