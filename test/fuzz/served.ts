import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from '../../src/contract/operation.ts'
import { isJson } from './model.ts'
import type { Scene, Served } from './request.ts'
import { plain } from './schema.ts'

const contract = join(import.meta.dirname, '../../src/contract')

const isOperation = (value: unknown): value is Operation =>
  isJson(value) && ['id', 'method', 'path', 'access', 'reply', 'failures'].every((name) => Object.hasOwn(value, name))

/** Every operation value of the contract, by its id. */
async function operations(): Promise<Map<string, Operation>> {
  const found = new Map<string, Operation>()
  for (const file of readdirSync(contract).filter((name) => name.endsWith('.ts'))) {
    const module: unknown = await import(join(contract, file))
    for (const value of Object.values(module as object)) if (isOperation(value)) found.set(value.id, value)
  }
  return found
}

/** The ids that a document names; spellings of one operation beside its first are told with `At2` and so on. */
function idsIn(document: unknown): Set<string> {
  const paths = isJson(document) ? document['paths'] : {}
  const items = Object.values(isJson(paths) ? paths : {}).flatMap((item) => Object.values(isJson(item) ? item : {}))
  return new Set(items.map((one) => String(isJson(one) ? one['operationId'] : '').replace(/At\d+$/, '')))
}

/**
 * The operations that a server serves, with their schemas as data.
 *
 * @param document what it answers at `/openapi.json`
 */
export async function servedIn(document: unknown): Promise<Scene['served']> {
  const all = await operations()
  return new Map(
    [...idsIn(document)].toSorted().map((id): [string, Served] => {
      const operation = all.get(id)
      if (operation === undefined) throw new Error(`the contract has no operation ${id}, which the server serves`)
      const { body, query } = operation
      return [id, { operation, body: body && plain(body), query: query && plain(query) }]
    }),
  )
}
