import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isUpToDate, markUpToDate } from '../../tools/build/made-of.ts'

/** A folder with files that something was made of, and what was made. */
function made() {
  const root = mkdtempSync(join(tmpdir(), 'waggle-made-of-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const folder of ['source/deep', 'source/dist', 'out/assets']) mkdirSync(join(root, folder), { recursive: true })
  for (const name of ['source/a.ts', 'source/deep/b.ts', 'lock.json', 'out/assets/c.js']) {
    writeFileSync(join(root, name), name)
  }
  const it = { root, inputs: ['source', 'lock.json', 'not-there.json'], out: join(root, 'out') }
  expect(isUpToDate(it)).toBe(false)
  markUpToDate(it)
  expect(isUpToDate(it)).toBe(true)
  return { it, at: (name: string): string => join(root, name) }
}

test.each<[string, (at: (name: string) => string) => void]>([
  ['a source is changed', (at) => writeFileSync(at('source/deep/b.ts'), 'another')],
  ['a source is added', (at) => writeFileSync(at('source/deep/d.ts'), '')],
  ['a source is removed', (at) => rmSync(at('source/a.ts'))],
  ['a source has another name', (at) => renameSync(at('source/a.ts'), at('source/e.ts'))],
  ['other packages are installed', (at) => writeFileSync(at('lock.json'), 'another')],
  ['a file appears that was looked for', (at) => writeFileSync(at('not-there.json'), '')],
  ['what was made is changed', (at) => writeFileSync(at('out/assets/c.js'), 'another')],
  ['what was made is gone', (at) => rmSync(at('out/assets/c.js'))],
  ['the folder was emptied', (at) => rmSync(at('out'), { recursive: true })],
])('it is made anew when %s', (_, change) => {
  const { it, at } = made()
  change(at)
  expect(isUpToDate(it)).toBe(false)
})

test('it stands when nothing of it has changed', () => {
  const { it, at } = made()
  writeFileSync(at('source/dist/made-elsewhere.js'), '')
  writeFileSync(at('beside.ts'), '')
  writeFileSync(at('source/a.ts'), 'source/a.ts')
  expect(isUpToDate(it)).toBe(true)
})
