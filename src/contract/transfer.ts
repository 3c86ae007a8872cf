import Type from 'typebox'
import { Id, nullable, positive, Time, Uuid } from './forms.ts'
import { listLeads, pageSizeMax } from './leads.ts'
import { operation } from './operation.ts'

export const formats = ['csv', 'jsonl'] as const
export type Format = (typeof formats)[number]

/** What a file of each format is called on the wire. */
export const mediaTypes = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const satisfies Record<Format, string>

/** What finds the lead of a row. */
export const namings = ['id', 'uuid', 'email', 'externalId'] as const
export const modes = ['create', 'update', 'upsert'] as const
/** What becomes of an empty cell. */
export const blanks = ['keep', 'clear'] as const
export const importStates = ['running', 'done', 'stopped', 'undoing', 'undone'] as const
export const rowOutcomes = ['created', 'updated', 'unchanged', 'failed', 'undone', 'kept'] as const

/** Of a file that is sent, in bytes. */
export const fileBytesMax = 4 * 1024 * 1024 * 1024

const text = (description: string) => Type.Optional(Type.String({ description }))
const { page: _, pageSize: __, userId: ___, ...filters } = listLeads.query?.properties ?? {}

export const exportLeads = operation({
  id: 'exportLeads',
  method: 'GET',
  path: '/api/v1/leads/export',
  aliases: ['/api/v1/companies/:companyId/leads/export'],
  summary: 'Export Leads',
  description:
    'All leads of a list, in its order, as a table (CSV) or one JSON object a line, each the answer to GET of the lead.',
  access: 'read',
  query: Type.Object({
    format: Type.Optional(Type.Enum([...formats], { description: '`csv` when absent.' })),
    ...filters,
  }),
  reply: Type.String(),
  media: Object.values(mediaTypes),
  failures: ['not_found'],
})

const Count = Type.Integer({ minimum: 0 })

const Import = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    created_at: Time,
    updated_at: Time,
    ended_at: nullable(Time),
    name: Type.String(),
    format: Type.Enum([...formats]),
    by: nullable(Type.Enum([...namings])),
    mode: Type.Enum([...modes]),
    passed_over: Type.Array(Type.String(), { description: 'Columns that are nothing of a lead.' }),
    dry_run: Type.Boolean(),
    state: Type.Enum([...importStates]),
    message: nullable(Type.String({ description: 'Why it was stopped.' })),
    rows: Count,
    created: Count,
    updated: Count,
    unchanged: Count,
    failed: Count,
    undone: Count,
  },
  { title: 'Import' },
)

export const importLeads = operation({
  id: 'importLeads',
  method: 'POST',
  path: '/api/v1/imports',
  summary: 'Import Leads',
  description:
    'Takes leads from a file, row by row, each with its own outcome. It is answered when the file is there; then the import ' +
    'runs, and `GET` of it tells how far it is.',
  access: 'write',
  file: Object.values(mediaTypes),
  query: Type.Object({
    by: Type.Optional(
      Type.Enum([...namings], { description: 'What finds the lead of a row. Absent, each row makes one.' }),
    ),
    mode: Type.Optional(
      Type.Enum([...modes], { description: 'With `by`: `upsert` when absent; by `id` and `uuid` `update`.' }),
    ),
    mapping: text(
      'JSON such as `{"Firm":"company_name","Budget":"customFields.5","Notes":""}`: columns that are called otherwise.',
    ),
    blank: Type.Optional(
      Type.Enum([...blanks], { description: 'What an empty cell does to a member; `keep` when absent.' }),
    ),
    dry_run: text('`1`: nothing is changed, and what would be is told.'),
    name: text('What people call it, such as the name of the file; at most 255 characters.'),
  }),
  reply: Import,
  status: 201,
  replyHeaders: { Location: 'Where the import is.' },
  failures: [],
})

export const listImports = operation({
  id: 'listImports',
  method: 'GET',
  path: '/api/v1/imports',
  summary: 'List Imports',
  description: 'The imports of the company, newest first.',
  access: 'read',
  query: Type.Object({
    page: positive('From 1.'),
    pageSize: positive(`10 when absent; above ${pageSizeMax} counts as ${pageSizeMax}.`),
  }),
  reply: Type.Array(Import),
  failures: [],
})

const importParams = Type.Object({
  importId: Type.String({ description: "The import's number or its uuid.", examples: ['1'] }),
})

export const getImport = operation({
  id: 'getImport',
  method: 'GET',
  path: '/api/v1/imports/:importId',
  summary: 'Get Import',
  description: 'How far an import is.',
  access: 'read',
  params: importParams,
  reply: Import,
  failures: ['import_not_found'],
})

export const listImportRows = operation({
  id: 'listImportRows',
  method: 'GET',
  path: '/api/v1/imports/:importId/rows',
  summary: 'List Rows of Import',
  description:
    'What became of the rows of an import, in their order. A dry run tells of rows that would be refused alone.',
  access: 'read',
  params: importParams,
  query: Type.Object({
    outcome: Type.Optional(Type.Enum([...rowOutcomes], { description: 'Only rows of which this became.' })),
    cursor: positive('Only rows behind this one.'),
    pageSize: positive(`10 when absent; above ${pageSizeMax} counts as ${pageSizeMax}.`),
  }),
  reply: Type.Array(
    Type.Object(
      {
        row: Type.Integer({ minimum: 1, description: 'From 1; a header does not count.' }),
        outcome: Type.Enum([...rowOutcomes]),
        lead_id: nullable(Id),
        sequence: nullable(Type.Integer({ minimum: 1, description: "The change's number in the company's log." })),
        error: nullable(Type.String()),
      },
      { title: 'ImportRow' },
    ),
  ),
  replyHeaders: { 'X-Next-Cursor': 'The `cursor` of the next page; absent on the last.' },
  failures: ['import_not_found'],
})

export const undoImport = operation({
  id: 'undoImport',
  method: 'POST',
  path: '/api/v1/imports/:importId/undo',
  summary: 'Undo Import',
  description:
    'Deletes the leads that an import made and puts back what it changed, but for leads that were changed since. It is ' +
    'answered at once, and `GET` of the import tells how far it is.',
  access: 'write',
  params: importParams,
  reply: Import,
  failures: ['import_not_found', 'import_running', 'import_was_dry'],
})
