import { sections } from '../src/contract/sections.ts'

interface Parameter {
  readonly in: string
  readonly example?: string
  readonly schema: object
}

interface Operation {
  readonly operationId: string
  readonly parameters: readonly Parameter[]
  readonly 'x-same-as'?: string
}

/** What the page reads of the document of the API. */
export interface ApiDocument {
  readonly info: object
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** A path as the page lists it. */
interface Listed {
  readonly operationId: string
}

/**
 * The document as the page shows it: each operation once, called where the page comes from.
 *
 * @param origin such as `https://leads.example`
 * @param isSample whether the ids of the examples are those of the server's leads: then they are filled in
 */
export function shown(document: ApiDocument, origin: string, isSample: boolean): object {
  const paths = Object.entries(document.paths).flatMap(([path, methods]) => {
    const own = Object.entries(methods).filter(([, operation]) => operation['x-same-as'] === undefined)
    return own.length === 0 ? [] : [[path, Object.fromEntries(own.map(([name, one]) => [name, filled(one, isSample)]))]]
  })
  return {
    ...document,
    // The menu calls the beginning by it.
    info: { ...document.info, title: 'Overview', 'x-locale': 'en' },
    servers: [{ url: origin }],
    paths: Object.fromEntries(paths),
  }
}

/** With the examples of what its path names as values to begin with. */
function filled(operation: Operation, isSample: boolean): Operation {
  if (!isSample) return operation
  const parameters = operation.parameters.map((one) =>
    one.in === 'path' ? { ...one, schema: { ...one.schema, default: one.example } } : one,
  )
  return { ...operation, parameters }
}

const order = sections.flatMap(({ operations }) => operations)

/** Sorts the operations of a section as its section has them. */
export const inOrder = (left: Listed, right: Listed): number =>
  order.indexOf(left.operationId) - order.indexOf(right.operationId)
