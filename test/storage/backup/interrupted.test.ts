import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { readManifest } from '../../../src/storage/backup/manifest.ts'
import { unfinishedIn } from '../../../src/storage/backup/unfinished.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import { waggle } from '../../commands/program.ts'
import { describeOnPostgres } from '../../postgres/databases.ts'
import { directory, onPostgres, type Place, rowsIn } from '../moving/places.ts'
import { fillRichly } from '../moving/rich.ts'
import { backUp, beside, fresh, restore } from './backups.ts'

const preload = `--import=${new URL('./dying.ts', import.meta.url).href}`

/** Runs a command that is killed before its step of this number, if it takes so many. */
const dying = (args: readonly string[], step: number) =>
  waggle(args, { env: { NODE_OPTIONS: preload, DIE_BEFORE: String(step) } })

/** A command is killed before each of its steps, one run after the other, until one run has fewer. */
async function atEachStep(run: (step: number) => Promise<{ code: number | null }>): Promise<number> {
  for (let step = 1; ; step += 1) {
    const { code } = await run(step)
    if (code === 0) return step - 1
    expect(code, `killed before step ${step}`).toBeNull()
    expect(step).toBeLessThan(40)
  }
}

async function filled(): Promise<Place> {
  const place = directory()
  await fillRichly(place, 20)
  return place
}

test('a backup that is killed has no name, and the next one is whole', async () => {
  const from = await filled()
  const to = fresh()
  const steps = await atEachStep(async (step) => {
    const { code } = await dying(['backup', to, '--data', from.directory], step)
    // Only the last step may come behind the name.
    if (existsSync(to)) expect(readManifest(to).tables['leads']?.rows).toBe(24)
    else expect(beside(to).every((name) => name.startsWith('backup.unfinished-'))).toBe(true)
    const left = unfinishedIn(dirname(to)).map(({ path }) => basename(path))
    expect(left.toSorted(), `step ${step}`).toEqual(beside(to).toSorted())
    if (code === null && existsSync(to)) return { code: 0 }
    return { code }
  })
  expect(steps).toBeGreaterThan(1)
  const restored = directory()
  await restore(to, restored)
  expect(await rowsIn(restored)).toEqual(await rowsIn(from))
}, 60_000)

test('a restore that is killed serves nobody, and the same command completes it', async () => {
  const from = await filled()
  const before = await rowsIn(from)
  const { directory: backup } = await backUp(from)
  const steps = await atEachStep(async (step) => {
    const to = directory()
    const { code } = await dying(['restore', backup, '--data', to.directory], step)
    const there = readdirSync(to.directory).filter((name) => !name.startsWith('server.lock'))
    const isHalf = existsSync(join(to.directory, 'restoring', 'not-complete'))
    if (isHalf) {
      await expect(openDatabase(to), `step ${step}`).rejects.toThrow(/target of a restore that is not complete/)
      await expect(backUp(to), `step ${step}`).rejects.toThrow(/target of a restore that is not complete/)
    }
    // Before anything was begun there is nothing; behind the last name there is all.
    if (isHalf || !there.includes('waggle.db')) await restore(backup, to)
    expect(await rowsIn(to), `step ${step}`).toEqual(before)
    rmSync(to.directory, { recursive: true, force: true })
    return { code }
  })
  expect(steps).toBeGreaterThan(4)
}, 60_000)

test('a folder of that name which is not of a restore stops nobody, and nothing in it or beside it is removed', async () => {
  const place = await filled()
  const before = await rowsIn(place)
  const own = join(place.directory, 'restoring')
  const { manifest, directory: backup } = await backUp(place)
  cpSync(backup, own, { recursive: true })
  await (await openDatabase(place)).close()
  await expect(restore(own, place)).rejects.toThrow(`${place.directory} is not empty: waggle.db is there.`)
  expect(await rowsIn(place)).toEqual(before)
  const to = directory()
  const inside = join(to.directory, 'restoring')
  cpSync(own, inside, { recursive: true })
  await expect(restore(inside, to)).rejects.toThrow(`${inside} is there, and is not of a restore.`)
  expect(readManifest(inside)).toEqual(manifest)
  renameSync(inside, `${inside}-from`)
  await restore(`${inside}-from`, to)
  expect(await rowsIn(to)).toEqual(before)
}, 60_000)

describeOnPostgres('with PostgreSQL', () => {
  test('a restore that is killed while it copies goes on with the same command', async () => {
    const from = await filled()
    const before = await rowsIn(from)
    const { directory: backup } = await backUp(from)
    const to = await onPostgres()
    const args = ['restore', backup, '--data', to.directory, '--database-url', to.url]
    const { code } = await waggle(args, { env: { NODE_OPTIONS: preload, DIE_WHEN_SAID: 'copying .* rows' } })
    expect(code).toBeNull()
    await expect(openDatabase(to)).rejects.toThrow(
      /is the target of a restore that is not complete\. Go on with it: run the same `waggle restore` again/,
    )
    const resumed: string[] = []
    await restore(backup, to, { onResume: (how) => resumed.push(how) })
    expect(resumed).toEqual(['goes on'])
    expect(Object.keys(await rowsIn(to)).length).toBe(Object.keys(before).length)
    expect(readdirSync(to.directory)).toEqual([])
    expect((await backUp(to)).manifest.tables).toEqual(readManifest(backup).tables)
  }, 60_000)
})
