import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { beginLead } from '../../src/leads/begin.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database } from '../../src/storage/port.ts'
import { LogSync } from '../../src/storage/sqlite/log-sync.ts'
import { leadUuid, loadFixture } from '../fixture.ts'

/** Syncs of the log, which end when a test says so. */
const syncs = vi.hoisted(() => ({ isHolding: false, held: [] as (() => void)[] }))
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const fdatasync: typeof real.fdatasync = Object.assign(
    (file: number, done: (error: NodeJS.ErrnoException | null) => void) => {
      const sync = (): void => real.fdatasync(file, done)
      if (syncs.isHolding) syncs.held.push(sync)
      else sync()
    },
    { __promisify__: real.fdatasync.__promisify__ },
  )
  return { ...real, fdatasync }
})
const release = (): void => {
  syncs.isHolding = false
  for (const sync of syncs.held.splice(0)) sync()
}

const list = (database: Database) =>
  database.find((db) => db.selectFrom('leads').select('first_name').where('id', '=', 4711))
const change = (database: Database) =>
  database.load([
    { kind: 'update', table: 'leads', key: { company_id: 3, id: 4711 }, set: { first_name: 'Not synced' } },
  ])

interface Asked {
  readonly listed: Promise<unknown>
  readonly changed: Promise<unknown>
}
const ways: [name: string, listsInTurn: boolean, ask: (database: Database) => Promise<Asked>][] = [
  // Asked for while nothing was being synced, and read behind the commit.
  ['in a thread', false, async (database) => ({ listed: list(database), changed: change(database) })],
  [
    'in the turn that asks',
    true,
    async (database) => {
      const changed = change(database)
      await expect.poll(() => syncs.held.length).toBe(1)
      return { listed: list(database), changed }
    },
  ],
]

test.each(ways)('a list that is read %s is told when what it shows is on the disk', async (_, listsInTurn, ask) => {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-told-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase({ directory, listsInTurn })
  onTestFinished(() => database.close())
  onTestFinished(release)
  await loadFixture(database)
  await list(database)
  const toldAfter = vi.spyOn(LogSync.prototype, 'toldAfter')
  onTestFinished(() => toldAfter.mockRestore())

  syncs.isHolding = true
  const rows = [{ first_name: 'Not synced' }]
  let isTold = false
  const { listed, changed } = await ask(database)
  const told = listed.then((answer) => {
    isTold = true
    return answer
  })
  await expect.poll(() => toldAfter.mock.calls).toEqual([[rows]])
  await new Promise(setImmediate)
  expect({ isTold, held: syncs.held.length }).toEqual({ isTold: false, held: 1 })
  release()
  expect(await told).toEqual(rows)
  await changed
})

test('a page of leads is told when what it shows is on the disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-told-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase({ directory })
  onTestFinished(() => database.close())
  onTestFinished(release)
  await loadFixture(database)
  const asked = { conditions: [], order: [], cursor: undefined, page: 1, pageSize: 1 }
  const { ids, sequence } = await database.leadPage(3, asked)
  const lead = await database.read('leads', { company_id: 3, id: ids[0] ?? 0 })
  if (lead === undefined) throw new Error('there is no lead')

  syncs.isHolding = true
  const made = { ...lead, id: 77_001, uuid: leadUuid(77_001), created_at: lead.created_at + 1 }
  const writes = beginLead(made, sequence + 1, 1, { actor: undefined, requestId: undefined })
  const log = {
    kind: 'update',
    table: 'company_log',
    key: { company_id: 3 },
    set: { last_sequence: sequence + 1 },
  } as const
  const changed = database.load([...writes, log])
  await expect.poll(() => syncs.held.length).toBe(1)
  const toldAfter = vi.spyOn(LogSync.prototype, 'toldAfter')
  onTestFinished(() => toldAfter.mockRestore())
  let isTold = false
  const told = database.leadPage(3, asked).then((page) => {
    isTold = true
    return page
  })
  await expect.poll(() => toldAfter.mock.calls).toMatchObject([[{ ids: [made.id] }]])
  await new Promise(setImmediate)
  expect(isTold).toBe(false)
  release()
  await changed
  expect(await told).toMatchObject({ ids: [made.id] })
})
