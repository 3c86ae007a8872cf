import { Readable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { beginImport, type ImportSettings, runImport } from '../../src/transfer/import.ts'
import { beginUndo, runUndo } from '../../src/transfer/undo.ts'
import { type Api, backends } from '../backends.ts'
import { noon, uuidOf } from '../fixture.ts'
import { aMoment, refusalFrom } from '../leads/examples.ts'

const anImport = (more: Partial<Row<'imports'>> = {}): Row<'imports'> => ({
  company_id: 3,
  id: 1,
  uuid: uuidOf(9, 1),
  created_at: noon,
  updated_at: noon,
  ended_at: noon,
  user_uuid: null,
  name: 'leads.csv',
  settings: { format: 'csv', by: null, mode: 'create', blank: 'keep', passedOver: [] },
  dry_run: false,
  state: 'done',
  message: null,
  rows: 3,
  created: 3,
  updated: 0,
  unchanged: 0,
  failed: 0,
  undone: 0,
  ...more,
})
const { now } = aMoment()
const work = beginUndo({ company_id: 3, id: 1 })
const begun = (found: Row<'imports'> | undefined) => work.decide({ import: found }, aMoment())

describe('the undo of an import', () => {
  test.each([
    anImport(),
    anImport({ state: 'stopped', message: 'It was stopped.' }),
    anImport({ state: 'undone', undone: 3 }),
    anImport({ state: 'running', updated_at: now - 180_000 }),
    anImport({ state: 'undoing', updated_at: now - 180_000, undone: 1 }),
  ])('is begun of one that is $state since $updated_at', (found) => {
    const { reply, writes } = begun(found)
    expect(reply).toEqual({ ...found, state: 'undoing', message: null, updated_at: now })
    expect(writes).toMatchObject([{ kind: 'update', table: 'imports', key: { company_id: 3, id: 1 } }])
  })

  test('claims it, so that of two one is refused', () => {
    expect(work.keys).toEqual({ import: 1 })
    for (const state of ['running', 'undoing'] as const) {
      const found = anImport({ state, updated_at: now - 179_999 })
      expect(refusalFrom(() => begun(found))).toMatchObject({ failure: 'import_running', status: 409 })
    }
  })

  test('is refused of a dry run, and of what is not there', () => {
    expect(refusalFrom(() => begun(anImport({ dry_run: true })))).toMatchObject({ failure: 'import_was_dry' })
    expect(refusalFrom(() => begun(undefined))).toMatchObject({ failure: 'import_not_found' })
  })
})

describe.each(backends)('an undo on %s', (_, start) => {
  const cause = { actor: undefined, requestId: undefined }
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })

  async function imported(lines: readonly string[], by?: 'externalId'): Promise<Row<'imports'>> {
    const settings: ImportSettings = {
      name: 'leads.csv',
      format: 'csv',
      by,
      mode: by === undefined ? 'create' : 'upsert',
      mapping: {},
      blank: 'keep',
      dryRun: false,
    }
    const run = { ...cause, requiresFields: false, wholeSeconds: false }
    const begun = await beginImport(api.database, 3, settings, cause)
    return runImport(api.database, begun, Readable.from([Buffer.from(`${lines.join('\n')}\n`)]), settings, run)
  }
  /** A hundred leads of which a file tells three times, in 300 rows: more than are undone together. */
  const threeTimes = (): Promise<Row<'imports'>> =>
    imported(
      ['external_id,company_name', ...Array.from({ length: 300 }, (_value, at) => `u-${at % 100},Name ${at}`)],
      'externalId',
    )
  const undo = async (done: Row<'imports'>, isStopped = () => false, database = api.database) =>
    runUndo(database, (await database.transact(beginUndo(done))).reply, { ...cause, isStopped })
  const left = async (): Promise<string[]> =>
    (await api.get('/api/v1/leads?search=Name')).body.map((lead: { external_id: string }) => lead.external_id)
  const keptOf = async ({ id }: Row<'imports'>) => (await api.get(`/api/v1/imports/${id}/rows?outcome=kept`)).body
  async function renameFirst(): Promise<void> {
    const operations = [{ op: 'update', by: 'externalId', key: 'u-0', lead: { first_name: 'Ada' } }]
    const { body } = await api.request('POST', '/api/v1/leads/batch', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ operations }),
    })
    expect(body).toMatchObject({ results: [{ status: 200 }] })
  }

  test('that is stopped says so, and goes on when it is begun again', async () => {
    const done = await imported(['email', ...Array.from({ length: 130 }, (_value, at) => `${at}@example.com`)])
    expect(done).toMatchObject({ state: 'done', created: 130 })
    const stopped = await undo(done, () => true)
    expect(stopped).toMatchObject({ state: 'stopped', undone: 128, message: 'The undo was stopped.' })
    expect(await api.database.read('imports', { company_id: 3, id: done.id })).toEqual(stopped)
    expect(await undo(done)).toMatchObject({ state: 'undone', undone: 130, message: null })
  })

  test('that is stopped goes on with leads of which it has undone a part', async () => {
    const done = await threeTimes()
    expect(done).toMatchObject({ created: 100, updated: 200 })
    expect(await undo(done, () => true)).toMatchObject({ state: 'stopped', undone: 128 })
    expect(await undo(done, () => true)).toMatchObject({ state: 'stopped', undone: 256 })
    expect(await undo(done)).toMatchObject({ state: 'undone', undone: 300 })
    expect(await keptOf(done)).toEqual([])
    expect(await left()).toEqual([])
  })

  test('keeps a lead that was changed while it was stopped', async () => {
    const done = await threeTimes()
    await undo(done, () => true)
    await renameFirst()
    expect(await undo(done)).toMatchObject({ state: 'undone', undone: 298 })
    expect(await keptOf(done)).toMatchObject([
      { row: 1, error: 'The lead was changed since.' },
      { row: 101, error: 'The lead was changed since.' },
    ])
    expect(await left()).toEqual(['u-0'])
  })

  test('keeps a lead that is changed between its parts', async () => {
    const done = await threeTimes()
    let works = 0
    const transact: Database['transact'] = async (work, ...more) => {
      const outcome = await api.database.transact(work, ...more)
      works += 1
      if (works === 2) await renameFirst() // the first begins it
      return outcome
    }
    expect(await undo(done, undefined, { ...api.database, transact })).toMatchObject({ state: 'undone', undone: 298 })
    expect(await left()).toEqual(['u-0'])
  })

  test('decides the same when it is asked again, as after a part that could not be written', async () => {
    const done = await threeTimes()
    const transact: Database['transact'] = (work, ...more) => {
      const decide: typeof work.decide = (facts, at) => {
        work.decide(facts, at)
        return work.decide(facts, at)
      }
      return api.database.transact({ ...work, decide }, ...more)
    }
    expect(await undo(done, undefined, { ...api.database, transact })).toMatchObject({ state: 'undone', undone: 300 })
  })
})
