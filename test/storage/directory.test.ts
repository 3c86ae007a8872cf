import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holdsDatabase } from '../../src/storage/directory.ts'
import { temporaryDirectory } from '../commands/program.ts'

test('a directory holds a database, or it does not', () => {
  const directory = temporaryDirectory()
  expect(holdsDatabase(directory)).toBe(false)
  expect(holdsDatabase(join(directory, 'elsewhere'))).toBe(false)
  writeFileSync(join(directory, 'waggle.db'), '')
  expect(holdsDatabase(directory)).toBe(true)
})

test.skipIf(process.getuid?.() === 0)('whoever must not look is told so, and not that nothing is there', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'waggle.db'), '')
  chmodSync(join(directory, 'waggle.db'), 0)
  expect(() => holdsDatabase(directory)).toThrow(
    /^This user may not read .*waggle\.db\. Run the command as the user of/,
  )
})
