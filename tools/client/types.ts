import { isObject } from '../../src/contract/forms.ts'
import type { Operation } from '../../src/contract/operation.ts'

/** Whether a list may be one that is not to be changed: of what is sent it may. */
interface Style {
  readonly isSent: boolean
}

/** The module that stands for `sdk/contract.ts` in the package: the same types, without the schemas. */
export function contractTypes(operations: readonly Operation[]): string {
  const members = operations
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .map((one) => `${comment(`${one.summary}. ${one.description}`)}${one.id}: ${shapeOf(one)};`)
  return indented(
    `/** Every operation of the server by its id. */\nexport interface Contract {\n${members.join('\n')}\n}\n`,
  )
}

/** Two spaces for each brace that stands open. */
function indented(text: string): string {
  let depth = 0
  const lines = text.split('\n').map((line) => {
    if (line.startsWith('}')) depth -= 1
    const moved = line === '' ? '' : `${'  '.repeat(depth)}${line}`
    if (line.endsWith('{')) depth += 1
    return moved
  })
  return lines.join('\n')
}

/** The summary and description of an operation, for whoever reads the client's types. */
export const commentOf = ({ summary, description }: Operation): string => comment(`${summary}. ${description}`)

function shapeOf(operation: Operation): string {
  const { method, path, aliases = [], query, body, file, reply, media } = operation
  const knowsWhole = operation.replyHeaders?.['Preference-Applied'] !== undefined
  const [short, whole] = knowsWhole ? anyOf(reply) : [reply]
  const told = { isSent: false }
  return braced([
    `method: ${literal(method)}`,
    `path: ${union([path, ...aliases].map(literal))}`,
    `query: ${query === undefined ? 'undefined' : typeOf(query, told)}`,
    `body: ${body === undefined ? 'undefined' : typeOf(body, { isSent: true })}`,
    `file: ${file !== undefined}`,
    `reply: ${typeOf(short, told)}`,
    `whole: ${whole === undefined ? 'undefined' : typeOf(whole, told)}`,
    `raw: ${media !== undefined && !media.includes('application/json')}`,
    `hears: ${union(Object.keys(operation.headers ?? {}).map(literal))}`,
    `tells: ${union(Object.keys(operation.replyHeaders ?? {}).map(literal))}`,
  ])
}

/**
 * A schema as TypeScript.
 *
 * @throws Error it has a form that no schema of the contract had so far
 */
function typeOf(schema: unknown, style: Style): string {
  if (!isObject(schema)) throw new Error(`no schema: ${JSON.stringify(schema)}`)
  const { type, properties, items, patternProperties } = schema
  if ('const' in schema) return literal(schema['const'])
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal))
  if ('anyOf' in schema) return union(merged(anyOf(schema)).map((one) => typeOf(one, style)))
  if (type === 'object' && isObject(patternProperties)) {
    return `Record<string, ${union(Object.values(patternProperties).map((one) => typeOf(one, style)))}>`
  }
  if (type === 'object' && isObject(properties)) return objectOf(properties, schema['required'], style)
  if (type === 'array' && items !== undefined) return `${style.isSent ? 'readonly ' : ''}(${typeOf(items, style)})[]`
  if (type === 'string' || type === 'boolean' || type === 'null' || type === 'number') return type
  if (type === 'integer') return 'number'
  if (type === undefined) return 'unknown'
  throw new Error(`no type for ${JSON.stringify(schema)}`)
}

function objectOf(properties: Readonly<Record<string, unknown>>, required: unknown, style: Style): string {
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  const members = Object.entries(properties).map(([name, schema]) => {
    const described = isObject(schema) ? schema['description'] : undefined
    const text = typeof described === 'string' ? comment(described) : ''
    return `${text}${/^\w+$/.test(name) ? name : literal(name)}${needed.includes(name) ? '' : '?'}: ${typeOf(schema, style)}`
  })
  return braced(members)
}

/** Objects that are told apart by the only member that each has count as one that may have any of them. */
function merged(alternatives: readonly unknown[]): readonly unknown[] {
  const members = alternatives.flatMap((one) =>
    isObject(one) && isObject(one['properties']) ? [Object.entries(one['properties'])] : [],
  )
  if (members.length < 2 || members.some(({ length }) => length !== 1)) return alternatives
  const properties: Record<string, unknown> = {}
  for (const [name, schema] of members.flat()) {
    properties[name] = name in properties ? { anyOf: [properties[name], schema] } : schema
  }
  const others = alternatives.filter((one) => !(isObject(one) && isObject(one['properties'])))
  return [...others, { type: 'object', properties, required: [] }]
}

const anyOf = (schema: unknown): readonly unknown[] =>
  isObject(schema) && Array.isArray(schema['anyOf']) ? schema['anyOf'] : [schema]

const braced = (members: readonly string[]): string => (members.length === 0 ? '{}' : `{\n${members.join(';\n')};\n}`)
const literal = (value: unknown): string => JSON.stringify(value)
const union = (types: readonly string[]): string => (types.length === 0 ? 'never' : [...new Set(types)].join(' | '))
const comment = (text: string): string => `/** ${text.replaceAll('*/', '* /')} */\n`
