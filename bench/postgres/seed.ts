import { openDatabase } from '../../src/storage/open.ts'
import type { Write } from '../../src/storage/port.ts'
import { beginning, definitionRows, leadWrites } from '../seed.ts'
import { drawsOf } from '../workspace.ts'

/** Leads that one transaction inserts. */
const chunk = 10_000

/** The company of a lead, by its place: the first company has the first ones. */
export const companyOf = (index: number, leadsOfEach: number): number => 1 + Math.floor(index / leadsOfEach)

/** Fills an empty database with companies, their definitions, and as many leads for each. Only the first one has a key. */
export async function seedPostgres(url: string, leads: number, companies: number): Promise<void> {
  const leadsOfEach = leads / companies
  const database = await openDatabase({ directory: '', url })
  const ids = Array.from({ length: companies }, (_, at) => at + 1)
  await database.load(ids.flatMap((id) => beginning(definitionRows(id), leadsOfEach)))
  const draw = drawsOf(leads)
  for (let from = 0; from < leads; from += chunk) {
    const writes: Write[] = []
    for (let index = from; index < Math.min(from + chunk, leads); index += 1) {
      const companyId = companyOf(index, leadsOfEach)
      writes.push(...leadWrites(companyId, index, 1 + (index % leadsOfEach), draw))
    }
    await database.load(writes)
  }
  await database.close()
}
