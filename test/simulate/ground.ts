import { strict as assert } from 'node:assert'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/storage/open.ts'
import type { Row } from '../../src/storage/tables.ts'
import { fixture, loadFixture, noon } from '../fixture.ts'
import { testDatabase } from '../postgres/databases.ts'

/** Where a database is, as `openDatabase` takes it. */
export interface Place {
  readonly directory: string
  readonly url?: string
}

/** What runs happen on: each gets a database of its own that all begin with. */
export interface Ground {
  begin(): Promise<{ readonly place: Place; end(): Promise<void> }>
  end(): void
}

/** The company whose leads and endpoints are simulated. */
export const companyId = 3

/** A place without a disk where there is one: syncs are not what is tried here. */
const withoutDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** The embedded database: one is made, the others are copies. */
export async function embeddedGround(): Promise<Ground> {
  const template = mkdtempSync(join(withoutDisk, 'waggle-template-'))
  await fill({ directory: template })
  return {
    begin: async () => {
      const directory = mkdtempSync(join(withoutDisk, 'waggle-simulate-'))
      copyFileSync(join(template, 'waggle.db'), join(directory, 'waggle.db'))
      return { place: { directory }, end: async () => rmSync(directory, { recursive: true, force: true }) }
    },
    end: () => rmSync(template, { recursive: true, force: true }),
  }
}

/** A real PostgreSQL. What it does takes no time of the world; in which order it does it is its own affair. */
export const postgresGround: Ground = {
  begin: async () => {
    const { url, release } = await testDatabase()
    const place = { directory: '', url }
    await fill(place)
    return { place, end: release }
  },
  end: () => {},
}

async function fill(place: Place): Promise<void> {
  const database = await openDatabase({ ...place, listsInTurn: true })
  const [lead] = fixture.leads
  assert(lead !== undefined)
  await loadFixture(database)
  const integration: Row<'integrations'> = {
    company_id: companyId,
    id: 1,
    uuid: '00000000-0000-7000-8000-000000000001',
    created_at: noon,
    name: 'Simulated',
    configuration: [],
    api_key: null,
    external_settings: null,
  }
  const more = [4714, 4715].map((id) => ({
    ...lead,
    id,
    uuid: `00000000-0000-7000-8000-00000000${id}`,
    updated_at: noon,
    version: 1,
    last_sequence: 0,
    archived_at: null,
    external_id: null,
    erasure: null,
    custom_fields: {},
  }))
  await database.load([
    { kind: 'insert', table: 'integrations', row: integration },
    ...more.map((row) => ({ kind: 'insert', table: 'leads', row }) as const),
  ])
  await database.close()
}
