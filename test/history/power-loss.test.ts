import { describe, expect, test } from 'vitest'
import { checkHistory } from './check.ts'
import { firstUnsynced, missingForPowerLoss } from './power-loss.ts'
import { Chain } from './record.ts'

const log = '24</data/waggle.db-wal>'
const write = (offset: number, thread = 7): string => `${thread}  pwrite64(${log}, ""..., 4096, ${offset}) = 4096`
const synced = `7  fdatasync(${log}) = 0`
const begun = (thread: number): string => `${thread}  fdatasync(${log} <unfinished ...>`
const ended = (thread: number, result = '0'): string => `${thread}  <... fdatasync resumed>) = ${result}`

describe('what a loss of power takes', () => {
  const traces: [what: string, lines: string[], from: number | undefined][] = [
    ['nothing when all is synced', [write(0), write(4096), synced], undefined],
    ['nothing when all is synced late', [write(0), `${synced} (DELAYED)`], undefined],
    ['nothing when nothing was written', [], undefined],
    ['what came behind the last sync', [write(0), synced, write(4096), write(8192)], 4096],
    ['what a sync that has not returned was for', [write(0), begun(8), write(4096)], 0],
    ['what was written after a sync was called', [write(0), begun(8), write(4096), ended(8, '0 (DELAYED)')], 4096],
    ['what a sync that failed was for', [write(0), begun(8), ended(8, '-1 EIO (Input/output error)')], 0],
    ['a write that had begun', [write(0), synced, `7  pwrite64(${log}, ""..., 24, 4096 <unfinished ...>`], 4096],
    ['a log that was begun anew', [write(0), write(4096), synced, write(0)], 0],
    [
      'what neither of two syncs was for',
      [write(0), begun(8), write(4096), begun(9), ended(9), write(8192), ended(8)],
      8192,
    ],
    ['no other file', [`7  pwrite64(25</data/waggle.db>, ""..., 4096, 0) = 4096`], undefined],
  ]
  test.each(traces)('%s', (_, lines, from) => {
    expect(firstUnsynced(lines.join('\n'))).toBe(from)
  })
})

const missing = missingForPowerLoss()
test.skipIf(missing !== undefined)(
  `no answer shows what a loss of power takes${missing ? `: ${missing}` : ''}`,
  async () => {
    const chain = new Chain({ losesPower: true })
    try {
      const history = await chain.record(5)
      expect(history.deaths).toHaveLength(1)
      expect(checkHistory(history).events).toBeGreaterThan(50)
    } finally {
      await chain.close()
    }
  },
  120_000,
)
