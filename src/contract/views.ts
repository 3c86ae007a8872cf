import Type from 'typebox'
import { changing } from './configuration.ts'
import { Id, Time, Uuid } from './forms.ts'
import { onceFailures, operation } from './operation.ts'

export const layouts = ['table', 'board'] as const
export type Layout = (typeof layouts)[number]

/** Bounds of saved views; a name in code points. */
export const viewLimits = {
  name: 100,
  /** Of a user. */
  views: 100,
  /** Of a company, all users together. */
  shared: 500,
  /** Of `query`, as JSON. */
  queryBytes: 16_384,
  columns: 200,
  /** Of a column's name. */
  column: 100,
  position: 1_000_000,
} as const

const viewMembers = {
  name: Type.String({ pattern: '\\S', maxLength: viewLimits.name, description: 'Not blank.' }),
  shared: Type.Boolean({ description: 'Whether everybody in the company sees it.' }),
  layout: Type.Enum([...layouts]),
  query: Type.Record(Type.String(), Type.Unknown(), {
    description: `Filters and order as the client names them, at most ${viewLimits.queryBytes} bytes of JSON; kept as sent.`,
    examples: [{ status: ['new', 'contacted'], sort: [{ type: 'status', asc: true }] }],
  }),
  columns: Type.Array(Type.String({ minLength: 1, maxLength: viewLimits.column }), {
    maxItems: viewLimits.columns,
    description: 'Names of columns in their order, as the client has them.',
    examples: [['company_name', 'status', 'customFields.5']],
  }),
  position: Type.Integer({ minimum: 0, maximum: viewLimits.position, description: 'Views are told in this order.' }),
}

const View = Type.Object(
  {
    id: Id,
    uuid: Uuid,
    user_uuid: Type.String({ format: 'uuid', description: 'Whose it is.' }),
    ...viewMembers,
    created_at: Time,
    updated_at: Time,
  },
  { title: 'View' },
)

const viewParams = Type.Object({
  viewId: Type.String({ description: "The view's number or its uuid.", examples: ['1'] }),
})

export const listViews = operation({
  id: 'listViews',
  method: 'GET',
  path: '/api/v1/views',
  summary: 'List Views',
  description: "The saved views of the key's user, and those that others of the company share, by their position.",
  access: 'read',
  reply: Type.Array(View),
  failures: [],
})

const { name, shared, layout, query, columns, position } = viewMembers

export const createView = operation({
  id: 'createView',
  method: 'POST',
  path: '/api/v1/views',
  summary: 'Create View',
  description: "A view of the key's user: a way to look at the list of leads, kept under a name.",
  access: 'write',
  ...changing,
  body: Type.Object(
    {
      name,
      shared: Type.Optional(shared),
      layout: Type.Optional(layout),
      query: Type.Optional(query),
      columns: Type.Optional(columns),
      position: Type.Optional(position),
    },
    { title: 'ViewCreation', examples: [{ name: 'New in Berlin', query: { status: ['new'], search: 'Berlin' } }] },
  ),
  reply: View,
  status: 201,
  failures: [...onceFailures],
})

export const changeView = operation({
  id: 'changeView',
  method: 'PATCH',
  path: '/api/v1/views/:viewId',
  summary: 'Change View',
  description:
    'Changes only the members that are sent. What is shared everybody with write access may change; ' +
    'other views only their user.',
  access: 'write',
  ...changing,
  params: viewParams,
  body: Type.Object(
    {
      name: Type.Optional(name),
      shared: Type.Optional(shared),
      layout: Type.Optional(layout),
      query: Type.Optional(query),
      columns: Type.Optional(columns),
      position: Type.Optional(position),
    },
    { title: 'ViewChange', examples: [{ shared: true }, { columns: ['company_name', 'status'] }] },
  ),
  reply: View,
  failures: [...onceFailures, 'view_not_found'],
})

export const deleteView = operation({
  id: 'deleteView',
  method: 'DELETE',
  path: '/api/v1/views/:viewId',
  summary: 'Delete View',
  description: 'Removes a view for good. Who may change it may delete it.',
  access: 'write',
  params: viewParams,
  reply: Type.Null(),
  status: 204,
  failures: ['view_not_found'],
})
