import { expect, test } from 'vitest'
import { versionFinding } from '../../../src/storage/looking/version.ts'

const knownSteps = ['first', 'second']
const adviceOf = (kind: 'embedded' | 'postgresql', steps: readonly string[]): string | undefined =>
  versionFinding({ shown: 'it', kind, knownSteps, steps }).advice

test('who served an older database may know no backups, so none are advised', () => {
  expect(adviceOf('embedded', ['first'])).toBe(
    'Stop its server, then: waggle migrate. It puts a whole copy of the database beside it first.',
  )
  expect(adviceOf('postgresql', ['first'])).toBe('Stop its servers, keep a copy with pg_dump, then: waggle migrate')
})

test('the version of this program needs no advice, and a newer one a newer program', () => {
  expect(adviceOf('embedded', knownSteps)).toBeUndefined()
  expect(adviceOf('embedded', [...knownSteps, 'third'])).toBe(
    'Run the newer Waggle that made it, or restore a copy from before the upgrade.',
  )
})
