import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/storage/open.ts'
import type { Database, Wake } from '../../../src/storage/port.ts'
import { loadFixture } from '../../fixture.ts'
import { withClient } from '../../postgres/cluster.ts'
import { describeOnPostgres, testDatabase } from '../../postgres/databases.ts'

/** Two processes, as each is over a connection of its own; the second one listens. */
async function two() {
  const { url, release } = await testDatabase()
  const [one, other] = [await openDatabase({ directory: '', url }), await openDatabase({ directory: '', url })]
  onTestFinished(async () => {
    await one.close()
    await other.close()
    await release()
  })
  await loadFixture(one)
  return { url, one, other }
}

/** Resolves with the next wake for which the predicate holds. */
const nextWake = (database: Database, isWanted: (wake: Wake) => boolean): Promise<Wake> =>
  new Promise((heard) => {
    const end = database.onWake((wake) => {
      if (!isWanted(wake)) return
      end()
      heard(wake)
    })
  })

const change = (database: Database, companyId: number, first_name: string, changesFollowers = false) =>
  database.transact({
    companyId,
    keys: { lead: 4711 },
    changesFollowers,
    decide: ({ lead }, { now, sequence }) => {
      if (lead === undefined) throw new Error('the fixture has no such lead')
      const marks = { updated_at: now, version: lead.version + 1, last_sequence: sequence }
      return {
        reply: undefined,
        writes: [
          {
            kind: 'update',
            table: 'leads',
            key: { company_id: companyId, id: 4711 },
            set: { first_name, ...marks },
          },
          {
            kind: 'insert',
            table: 'events',
            row: {
              company_id: companyId,
              sequence,
              lead_id: 4711,
              version: marks.version,
              previous_sequence: lead.last_sequence,
              name: 'lead_updated',
              at: now,
              user_uuid: null,
              key_id: null,
              request_id: null,
              definitions_version: 1,
              members: ['first_name'],
              payload: null,
            },
          },
        ],
      }
    },
  })

describeOnPostgres('news of commits', () => {
  test('another process hears which company changed, and whether followers did', async () => {
    const { one, other } = await two()
    // The first look tells everything, as something may have been missed before it.
    await nextWake(other, ({ companies }) => companies === undefined)
    const heard = nextWake(other, ({ companies }) => companies !== undefined)
    await change(one, 3, 'Ada')
    expect(await heard).toEqual({ companies: new Set([3]), followers: false })
    const again = nextWake(other, ({ followers, companies }) => followers && companies !== undefined)
    await change(one, 3, 'Eva', true)
    expect(await again).toEqual({ companies: new Set([3]), followers: true })
  })

  test('a process hears of its own change once, and at once', async () => {
    const { one } = await two()
    await nextWake(one, ({ companies }) => companies === undefined)
    const wakes: Wake[] = []
    one.onWake((wake) => void wakes.push(wake))
    await change(one, 3, 'Ada')
    expect(wakes).toEqual([{ companies: new Set([3]), followers: false }])
  })

  test('what nobody told is found by looking', async () => {
    const { url, other } = await two()
    await nextWake(other, ({ companies }) => companies === undefined)
    const heard = nextWake(other, ({ companies }) => companies === undefined)
    await withClient(url, (client) =>
      client.query('UPDATE company_log SET last_sequence = last_sequence + 1 WHERE company_id = 3'),
    )
    expect(await heard).toEqual({ companies: undefined, followers: false })
  }, 30_000)

  test('who listens listens on, after the server ended the connection', async () => {
    const { url, one, other } = await two()
    await nextWake(other, ({ companies }) => companies === undefined)
    const afterLoss = nextWake(other, ({ companies, followers }) => companies === undefined && followers)
    await withClient(url, (client) =>
      client.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query LIKE '%AS logs%AS followers'",
      ),
    )
    await afterLoss
    const heard = nextWake(other, ({ companies }) => companies !== undefined)
    await change(one, 3, 'Ada')
    expect(await heard).toEqual({ companies: new Set([3]), followers: false })
  }, 30_000)
})
