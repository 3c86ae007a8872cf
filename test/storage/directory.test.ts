import { spawnSync } from 'node:child_process'
import { chmodSync, linkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { holdsDatabase, isOneFile } from '../../src/storage/directory.ts'
import { temporaryDirectory } from '../commands/program.ts'
import { nobody } from '../postgres/cluster.ts'

test('a directory holds a database, or it does not', () => {
  const directory = temporaryDirectory()
  expect(holdsDatabase(directory)).toBe(false)
  expect(holdsDatabase(join(directory, 'elsewhere'))).toBe(false)
  writeFileSync(join(directory, 'waggle.db'), '')
  expect(holdsDatabase(directory)).toBe(true)
})

test('a file is one, by whatever name; what is not there is none', () => {
  const directory = temporaryDirectory()
  const at = (name: string): string => join(directory, name)
  const [file, copy, hard, soft] = [at('file'), at('copy'), at('hard'), at('soft')]
  for (const path of [file, copy]) writeFileSync(path, 'the same')
  linkSync(file, hard)
  symlinkSync(file, soft)
  expect([file, hard, soft].map((path) => isOneFile(file, path))).toEqual([true, true, true])
  expect([copy, directory, join(file, 'inside'), at('elsewhere')].some((path) => isOneFile(file, path))).toBe(false)
})

test('whoever must not look is told so, and not that nothing is there', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'waggle.db'), '', { mode: 0 })
  chmodSync(directory, 0o755)
  const module = pathToFileURL(resolve(import.meta.dirname, '../../src/storage/directory.ts'))
  const program = `import { holdsDatabase, isOneFile } from '${module}'; console.log(holdsDatabase('${directory}'))`
  // Root may look everywhere.
  const user = process.getuid?.() === 0 ? nobody() : {}
  const looked = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    ...user,
    cwd: directory,
    encoding: 'utf8',
  })
  expect(looked.stderr).toMatch(/This user may not read .*waggle\.db\. Run the command as the user of/)
  expect(looked.stdout).toBe('')
})
