import Type, { type TSchema } from 'typebox'
import { type FailureName, failures } from '../contract/failures.ts'
import { failuresOf, type Operation } from '../contract/operation.ts'
import { sections } from '../contract/sections.ts'
import { Schemas } from './schemas.ts'

type Told = Record<string, unknown>

const problem = Type.Object(
  {
    error: Type.String({ description: 'What was wrong, for people.' }),
    details: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String({ description: 'The member, such as `customFields.0.value`.' }),
          message: Type.String(),
        }),
        { description: 'What is wrong with which member: of 400, 412 and 422.' },
      ),
    ),
  },
  { title: 'Error' },
)

const about = `Partner leads over HTTP.

A lead is read and changed under \`/api/v1/leads/{leadId}\`, with its number or its uuid:

\`\`\`sh
curl -X PATCH "$SERVER/api/v1/leads/789" \\
  -H "Authorization: Bearer $KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"status": "qualified", "tags": [10, 11]}'
\`\`\`

- **Durable.** An answer of 200 to a change means that the change is on disk.
- **Sparse.** A PATCH changes the members that are sent, and no others. A list replaces the present one.
- **Safe to repeat.** With an \`Idempotency-Key\` a request is carried out once, however often it is sent.
- **Safe side by side.** With \`If-Match\` a lead is changed only if nobody has changed it since it was read.
- **Failures** are \`{"error": "<text>"}\`; 400, 412 and 422 may add \`details\`, which name the members.
- **Limits.** 429 and 503 tell in \`Retry-After\` after how many seconds to ask again.
- **Requests** may carry an \`X-Request-Id\`; every answer has one, and so has the line in the server's log.`

const aboutKeys =
  'An API key, sent as `Authorization: Bearer <key>`. The console makes keys, and so do `POST /api/v1/keys` and the ' +
  'command `waggle key create`. A key may read, write or administer, and each operation says what it needs.'

const aboutSessions =
  'The cookie that signing in to the console sets; behind https it is called `__Host-waggle_session`. Only pages of the ' +
  'server itself change something by it.'

/** What a key must be allowed to do, as the description of an operation ends. */
const needs: Readonly<Record<Operation['access'], string>> = {
  public: 'No key is needed.',
  read: 'Needs a key that reads.',
  write: 'Needs a key that writes.',
  admin: 'Needs a key that administers.',
  person: 'Needs a person who is signed in: a key is refused.',
}

/** What request headers look like. */
const headerExamples: Readonly<Record<string, string>> = {
  'If-Match': '"v7"',
  'Idempotency-Key': 'b1f0a2c4-7d5e-4c6f-9a3b-2e8d1c0f4a5b',
  Prefer: 'return=representation',
  'Last-Event-ID': '41',
}

/** What files look like. */
const fileExamples: Readonly<Record<string, string>> = {
  'text/csv': 'company_name,email,customFields.12\nNordlicht GmbH,ada@nordlicht.example,CLV-0801\n',
  'application/x-ndjson':
    '{"company_name": "Nordlicht GmbH", "customFields": [{"customFieldId": 12, "value": {"text": "CLV-0801"}}]}\n',
}

const order = sections.flatMap(({ operations }) => operations)
const placeOf = ({ id }: Operation): number => (order.includes(id) ? order.indexOf(id) : order.length)

/** The OpenAPI 3.1 document of the operations that are served: what it says is what they do. */
export function openapiOf(operations: readonly Operation[], version: string): Told {
  const schemas = new Schemas()
  const paths: Record<string, Told> = {}
  for (const operation of operations.toSorted((left, right) => placeOf(left) - placeOf(right))) {
    for (const [index, path] of [operation.path, ...(operation.aliases ?? [])].entries()) {
      const item = paths[placeholders(path)] ?? {}
      paths[placeholders(path)] = item
      item[operation.method.toLowerCase()] = describe(operation, path, index, schemas)
    }
  }
  schemas.told(problem)
  return {
    openapi: '3.1.0',
    info: { title: 'Waggle', version, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'The server that this document comes from.' }],
    tags: sections.map(({ name, about }) => ({ name, description: about })),
    paths,
    components: {
      schemas: schemas.named(),
      responses: Object.fromEntries(plainFailures(operations).map((name) => [name, refusal([name])])),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: aboutKeys },
        session: { type: 'apiKey', in: 'cookie', name: 'waggle_session', description: aboutSessions },
      },
    },
  }
}

const placeholders = (path: string): string => path.replace(/:(\w+)/g, '{$1}')

/**
 * @param index of the spelling of its path: 0 is the one that it is known by
 */
function describe(operation: Operation, path: string, index: number, schemas: Schemas): Told {
  const section = sections.find(({ operations }) => operations.includes(operation.id))
  return {
    operationId: index === 0 ? operation.id : `${operation.id}At${index + 1}`,
    ...(section !== undefined && { tags: [section.name] }),
    summary: operation.summary,
    description: descriptionOf(operation, index),
    // The same operation under another path: pages that list operations may leave it out.
    ...(index > 0 && { 'x-same-as': operation.id }),
    security: securityOf(operation),
    parameters: [
      ...path
        .split('/')
        .flatMap((part) => (part.startsWith(':') ? [pathParameter(operation, part.slice(1), schemas)] : [])),
      ...queryParameters(operation.query, schemas),
      ...headerParameters(operation),
    ],
    ...requestOf(operation, schemas),
    responses: {
      [operation.status ?? 200]: {
        description: operation.status === 204 ? 'Done; there is no body.' : 'Done',
        headers: headersOf(operation.replyHeaders ?? {}),
        ...(operation.status !== 204 && { content: contentOf(operation, schemas) }),
      },
      ...refusals(failuresOf(operation)),
    },
  }
}

const securityOf = ({ access }: Operation): Told[] =>
  access === 'public' ? [] : [access === 'person' ? { session: [] } : { key: [] }]

function descriptionOf({ description, access, method, path, aliases = [], id }: Operation, index: number): string {
  if (index > 0) return `${description} ${needs[access]} The same as \`${id}\`: \`${method} ${placeholders(path)}\`.`
  const others = aliases.map((one) => `\`${placeholders(one)}\``).join(', ')
  return `${description} ${needs[access]}${others === '' ? '' : ` Also at ${others}.`}`
}

function requestOf({ body, file }: Operation, schemas: Schemas): Told {
  if (body !== undefined) {
    return { requestBody: { required: true, content: { 'application/json': withExamples(body, schemas) } } }
  }
  if (file === undefined) return {}
  const content = Object.fromEntries(
    file.map((type) => [type, { schema: schemas.told(Type.String()), example: fileExamples[type] }]),
  )
  return { requestBody: { required: true, content } }
}

function contentOf({ media = ['application/json'], reply, textExamples = {} }: Operation, schemas: Schemas): Told {
  const textOf = (type: string): Told => {
    const example = textExamples[type]
    return { schema: schemas.told(Type.String()), ...(example !== undefined && { example }) }
  }
  return Object.fromEntries(
    media.map((type) => [type, type === 'application/json' ? withExamples(reply, schemas) : textOf(type)]),
  )
}

/** A schema as the content of a request or an answer, beside what it looks like. */
function withExamples(schema: TSchema, schemas: Schemas): Told {
  const [example] = examplesOf(schema)
  return { schema: schemas.told(schema), ...(example !== undefined && { example }) }
}

/** Examples of a schema: its own, those of its first alternative that has some, a list of those of its elements. */
function examplesOf(schema: TSchema): readonly unknown[] {
  const { examples, anyOf, items } = schema as { examples?: unknown[]; anyOf?: TSchema[]; items?: TSchema }
  if (examples !== undefined) return examples
  if (anyOf !== undefined) return anyOf.map(examplesOf).find((some) => some.length > 0) ?? []
  const [element] = items === undefined ? [] : examplesOf(items)
  return element === undefined ? [] : [[element]]
}

const propertiesOf = (schema: TSchema | undefined): Record<string, TSchema> =>
  schema !== undefined && Type.IsObject(schema) ? schema.properties : {}

const ownCompany = Type.String({ description: "The number of the key's own company.", examples: ['3'] })

function pathParameter({ params }: Operation, name: string, schemas: Schemas): Told {
  const schema = propertiesOf(params)[name] ?? ownCompany
  return { name, in: 'path', required: true, ...parameterOf(schema, schemas) }
}

const queryParameters = (schema: TSchema | undefined, schemas: Schemas): Told[] =>
  Object.entries(propertiesOf(schema)).map(([name, one]) => ({
    name,
    in: 'query',
    required: false,
    ...parameterOf(one, schemas),
  }))

/** What is told of a parameter: its description stands beside its schema, where all readers look for it. */
function parameterOf(schema: TSchema, schemas: Schemas): Told {
  const { description, examples: [example] = [], ...form } = schemas.told(schema) as Told & { examples?: unknown[] }
  return {
    ...(description !== undefined && { description }),
    schema: form,
    ...(example !== undefined && { example }),
  }
}

const headerParameters = ({ headers = {} }: Operation): Told[] =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
    ...(headerExamples[name] !== undefined && { example: headerExamples[name] }),
  }))

const headersOf = (headers: Readonly<Record<string, string>>): Told =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  )

/** Failures by their status. */
function byStatus(names: readonly FailureName[]): Map<number, FailureName[]> {
  const all = new Map<number, FailureName[]>()
  for (const name of names) all.set(failures[name].status, [...(all.get(failures[name].status) ?? []), name])
  return all
}

/** Failures that are the only one of their status in some operation: their answer is told once. */
const plainFailures = (operations: readonly Operation[]): FailureName[] => [
  ...new Set(
    operations.flatMap((one) =>
      [...byStatus(failuresOf(one)).values()].flatMap((named) => (named.length === 1 ? named : [])),
    ),
  ),
]

/** One answer for each status, with an example for each failure that has it. */
const refusals = (names: readonly FailureName[]): Told =>
  Object.fromEntries(
    [...byStatus(names)].map(([status, named]) => [
      status,
      named.length === 1 ? { $ref: `#/components/responses/${named[0]}` } : refusal(named),
    ]),
  )

const refusal = (named: readonly FailureName[]): Told => ({
  description: named.map((name) => failures[name].message).join(' · '),
  content: {
    'application/json': {
      schema: { $ref: '#/components/schemas/Error' },
      examples: Object.fromEntries(named.map((name) => [name, { value: { error: failures[name].message } }])),
    },
  },
})
