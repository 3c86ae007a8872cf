import { sections } from '../src/contract/sections.ts'

interface Parameter {
  readonly in: string
  readonly example?: string
  readonly schema: object
}

interface Answer {
  readonly content?: Readonly<Record<string, object>>
}

interface Operation {
  readonly operationId: string
  readonly description: string
  readonly parameters: readonly Parameter[]
  readonly responses: Readonly<Record<string, Answer>>
  readonly security?: readonly Readonly<Record<string, object>>[]
  readonly 'x-same-as'?: string
}

/** What the page reads of the document of the API. */
export interface ApiDocument {
  readonly info: object
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, { readonly in?: string }>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Where the page stands. */
interface Place {
  /** Such as `https://leads.example`. */
  readonly origin: string
  /** Of the sample, if the server has it: then the ids of the examples are those of its leads, and are filled in. */
  readonly sampleKey?: string
}

/** A path as the page lists it. */
interface Listed {
  readonly operationId: string
}

/** What never ends, so that nothing could be shown of it once it has been read. */
const streamType = 'text/event-stream'

/** The document as the page shows it: each operation once, called where the page comes from. */
export function shown(document: ApiDocument, place: Place): object {
  const { components = {} } = document
  // Nobody is asked for a cookie: the browser sends its own, and lets no page set one.
  const schemes = Object.entries(components.securitySchemes ?? {}).filter(([, scheme]) => scheme.in !== 'cookie')
  const asked = new Set(schemes.map(([name]) => name))
  const paths = Object.entries(document.paths).flatMap(([path, methods]) => {
    const own = Object.entries(methods).filter(([, operation]) => operation['x-same-as'] === undefined)
    const told = own.map(([name, one]) => [name, filled(withoutStream(asking(one, asked), path, place), place)])
    return told.length === 0 ? [] : [[path, Object.fromEntries(told)]]
  })
  return {
    ...document,
    // The menu calls the beginning by it.
    info: { ...document.info, title: 'Overview', 'x-locale': 'en' },
    servers: [{ url: place.origin }],
    components: { ...components, securitySchemes: Object.fromEntries(schemes) },
    paths: Object.fromEntries(paths),
  }
}

/** Asking for nothing but what has one of the names. */
const asking = (operation: Operation, names: ReadonlySet<string>): Operation => ({
  ...operation,
  ...(operation.security !== undefined && {
    security: operation.security.filter((way) => Object.keys(way).every((name) => names.has(name))),
  }),
})

/** Whether an operation answers with a stream and with nothing else. */
const isStream = ({ responses }: Operation): boolean => {
  const types = Object.keys(responses['200']?.content ?? {})
  return types.length > 0 && types.every((type) => type === streamType)
}

/** With its stream told as a command of a terminal instead of as something to try. */
function withoutStream(operation: Operation, path: string, { origin, sampleKey = '$KEY' }: Place): Operation {
  const { [streamType]: stream, ...others } = operation.responses['200']?.content ?? {}
  if (stream === undefined) return operation
  const command = [
    `curl -N "${origin}${path}"`,
    `-H "Authorization: Bearer ${sampleKey}"`,
    `-H "Accept: ${streamType}"`,
  ].join(' \\\n  ')
  const about = isStream(operation)
    ? 'A stream does not end, so it is not tried on this page.'
    : 'A stream does not end, so this page tries what comes as a list.'
  const responses = { ...operation.responses, 200: { ...operation.responses['200'], content: others } }
  return {
    ...operation,
    description: `${operation.description}\n\n${about} In a terminal it is shown as it comes; Ctrl+C stops it:\n\n\`\`\`sh\n${command}\n\`\`\``,
    ...(isStream(operation) ? { 'x-not-tried': true } : { responses }),
  }
}

/** With the examples of what its path names as values to begin with, and fields empty that have no example. */
function filled(operation: Operation, { sampleKey }: Place): Operation {
  const parameters = operation.parameters.map((one) => {
    // The element tells a pattern as it is, and makes a text up for a field without an example.
    const { pattern: _, ...schema } = { pattern: '', ...one.schema }
    if (one.example === undefined) return { ...one, schema, example: ' ' }
    const isFilled = one.in === 'path' && sampleKey !== undefined
    return { ...one, schema: { ...schema, ...(isFilled && { default: one.example }) } }
  })
  return { ...operation, parameters }
}

const order = sections.flatMap(({ operations }) => operations)

/** Sorts the operations of a section as its section has them. */
export const inOrder = (left: Listed, right: Listed): number =>
  order.indexOf(left.operationId) - order.indexOf(right.operationId)
