import { join } from 'node:path'
import { expect, test } from 'vitest'
import { syncPath } from '../../../src/storage/backup/files.ts'
import { directory } from '../moving/places.ts'

test('a directory of a file system that syncs none is let be', () => {
  const { directory: path } = directory()
  syncPath(path)
  if (process.platform === 'linux') syncPath('/proc') // fsync(2) answers EINVAL there
  expect(() => syncPath(join(path, 'nowhere'))).toThrow(/ENOENT/)
})
