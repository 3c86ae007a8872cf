import { describe, expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../src/storage/tables.ts'
import { beginImport, type ImportSettings, runImport } from '../../src/transfer/import.ts'
import { beginUndo, runUndo } from '../../src/transfer/undo.ts'
import { backends } from '../backends.ts'
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
  test('that is stopped says so, and goes on when it is begun again', async () => {
    const api = await start()
    onTestFinished(() => api.close())
    const { database } = api
    const cause = { actor: undefined, requestId: undefined }
    const settings: ImportSettings = {
      name: 'leads.csv',
      format: 'csv',
      by: undefined,
      mode: 'create',
      mapping: {},
      blank: 'keep',
      dryRun: false,
    }
    const text = `email\n${Array.from({ length: 130 }, (_value, at) => `${at}@example.com`).join('\n')}\n`
    async function* bytes() {
      yield Buffer.from(text)
    }
    const run = { ...cause, requiresFields: false, wholeSeconds: false }
    const done = await runImport(database, await beginImport(database, 3, settings, cause), bytes(), settings, run)
    expect(done).toMatchObject({ state: 'done', created: 130 })
    const undo = async (isStopped: () => boolean) =>
      runUndo(database, (await database.transact(beginUndo(done))).reply, { ...cause, isStopped })

    const stopped = await undo(() => true)
    expect(stopped).toMatchObject({ state: 'stopped', undone: 128, message: 'The undo was stopped.' })
    expect(await database.read('imports', { company_id: 3, id: done.id })).toEqual(stopped)
    expect(await undo(() => false)).toMatchObject({ state: 'undone', undone: 130, message: null })
  })
})
