import Type, { type TSchema } from 'typebox'
import { type FailureName, failures } from '../contract/failures.ts'
import { failuresOf, type Operation } from '../contract/operation.ts'

const problem = Type.Object(
  {
    error: Type.String(),
    details: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { title: 'Error' },
)

const about =
  'Partner leads over HTTP. An answer of 200 to a change means that the change is on disk. ' +
  'Every failure is `{"error": "<text>"}`; 400, 412 and 422 may add `details`.'

/** The OpenAPI 3.1 document of the operations that are served: what it says is what they do. */
export function openapiOf(operations: readonly Operation[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    for (const [index, path] of [operation.path, ...(operation.aliases ?? [])].entries()) {
      const place = path.replace(/:(\w+)/g, '{$1}')
      const item = paths[place] ?? {}
      paths[place] = item
      item[operation.method.toLowerCase()] = describe(operation, path, index === 0 ? '' : `At${index + 1}`)
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Waggle', version, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { Error: problem },
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
    },
  }
}

function describe(operation: Operation, path: string, suffix: string): Record<string, unknown> {
  return {
    operationId: `${operation.id}${suffix}`,
    summary: operation.summary,
    description: operation.description,
    ...(operation.access === 'public' ? { security: [] } : { security: [{ key: [] }] }),
    parameters: [
      ...path.split('/').flatMap((part) => (part.startsWith(':') ? [pathParameter(operation, part.slice(1))] : [])),
      ...queryParameters(operation.query),
      ...Object.entries(operation.headers ?? {}).map(([name, description]) => ({
        name,
        in: 'header',
        description,
        schema: { type: 'string' },
      })),
    ],
    ...(operation.body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: operation.body } } },
    }),
    ...(operation.file !== undefined && {
      requestBody: {
        required: true,
        content: Object.fromEntries(operation.file.map((type) => [type, { schema: Type.String() }])),
      },
    }),
    responses: {
      [operation.status ?? 200]: {
        description: 'Done',
        headers: headersOf(operation.replyHeaders ?? {}),
        ...(operation.status !== 204 && { content: contentOf(operation) }),
      },
      ...refusals(failuresOf(operation)),
    },
  }
}

const contentOf = ({ media = ['application/json'], reply }: Operation): Record<string, unknown> =>
  Object.fromEntries(media.map((type) => [type, { schema: type === 'application/json' ? reply : Type.String() }]))

const propertiesOf = (schema: TSchema | undefined): Record<string, TSchema> =>
  schema !== undefined && Type.IsObject(schema) ? schema.properties : {}

function pathParameter({ params }: Operation, name: string): Record<string, unknown> {
  const schema = propertiesOf(params)[name] ?? Type.String({ description: "The number of the key's own company." })
  return { name, in: 'path', required: true, schema }
}

const queryParameters = (schema: TSchema | undefined): Record<string, unknown>[] =>
  Object.entries(propertiesOf(schema)).map(([name, one]) => ({ name, in: 'query', required: false, schema: one }))

const headersOf = (headers: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  )

/** One answer for each status, with an example for each failure that has it. */
function refusals(names: readonly FailureName[]): Record<string, unknown> {
  const byStatus = new Map<number, FailureName[]>()
  for (const name of names) {
    const { status } = failures[name]
    byStatus.set(status, [...(byStatus.get(status) ?? []), name])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      {
        description: named.map((name) => failures[name].message).join(' · '),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
            examples: Object.fromEntries(named.map((name) => [name, { value: { error: failures[name].message } }])),
          },
        },
      },
    ]),
  )
}
