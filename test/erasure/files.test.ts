import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eraseLeads } from '../../src/erasure/lead.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { changeLeads } from '../../src/leads/batch.ts'
import { readBatch } from '../../src/leads/batch-request.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database } from '../../src/storage/port.ts'
import { loadFixture } from '../fixture.ts'
import { holdsTrace, traces, wilhelmina } from './traces.ts'

const cause = { actor: undefined, requestId: undefined }

/** Files of a directory that tell of her, whatever they are. */
const filesWithTraces = (directory: string): string[] =>
  readdirSync(directory).filter((name) => holdsTrace(readFileSync(join(directory, name)).toString('latin1')))

async function change(database: Database, operations: readonly unknown[]): Promise<(number | undefined)[]> {
  const options = { ...cause, once: undefined, strict: false, requiresFields: false, wholeSeconds: false }
  const { results } = await changeLeads(database, 3, readBatch({ operations }, false), options)
  return results.map((result) => {
    if (!('id' in result)) throw new Error(JSON.stringify(result))
    return result.id
  })
}

/** Her among many others whose rows grow and shrink, so that pages are split, freed and filled anew around her. */
async function fill(database: Database): Promise<(number | undefined)[]> {
  const text = (length: number) => [{ customFieldId: 12, value: { textarea: 'x'.repeat(length) } }]
  const hers = (at: number) => ({
    ...wilhelmina,
    external_id: `${wilhelmina.external_id}-${at}`,
    customFields: [{ customFieldId: 12, value: { textarea: 'her own words '.repeat(1 + ((at * 37) % 900)) } }],
  })
  const lead = (at: number) =>
    at % 10 === 0 ? hers(at) : { email: `o${at}@others.example`, customFields: text(at % 90) }
  const ids = await change(
    database,
    Array.from({ length: 1_000 }, (_, at) => ({ op: 'create', lead: lead(at) })),
  )
  for (let round = 1; round <= 6; round += 1) {
    const changed = (at: number) => {
      if (at % 10 !== 0) return { customFields: text((at * round * 131) % 6_000) }
      return {
        last_name: `Quastenberg ${'x'.repeat((at * round) % 200)}`,
        customFields: hers(at + round * 11).customFields,
      }
    }
    await change(
      database,
      ids.map((key, at) => ({ op: 'update', by: 'id', key, lead: changed(at) })),
    )
  }
  return ids.filter((_, at) => at % 10 === 0)
}

test('no byte of an erased person stands in any file of the data directory', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-erasure-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  let database = await openDatabase({ directory })
  await loadFixture(database)
  const ids = await fill(database)
  await database.close()
  expect(filesWithTraces(directory), `looked for ${traces.join()}`).toEqual(['waggle.db'])

  database = await openDatabase({ directory })
  await eraseLeads(database, 3, ids, { ...cause, clock: systemClock })
  expect(filesWithTraces(directory), 'while it is open').toEqual([])
  await database.close()

  expect(filesWithTraces(directory)).toEqual([])
})
