import { expect, onTestFinished, test } from 'vitest'
import { connectAlone } from '../../../src/storage/postgres/connections.ts'
import { type HealthFacts, healthFacts, healthFindings } from '../../../src/storage/postgres/health.ts'
import { withClient } from '../../postgres/cluster.ts'
import { describeOnPostgres, testDatabase } from '../../postgres/databases.ts'

const well: HealthFacts = {
  version: '17.2',
  versionNumber: 170_002,
  isStandby: false,
  fsync: true,
  fullPageWrites: true,
  synchronousCommit: 'on',
  checksums: true,
  checksumFailures: 0,
  connections: 12,
  connectionsMax: 97,
  slots: [],
  autovacuum: true,
  tables: [{ name: 'events', live: 100_000, dead: 12_000, autovacuum: true }],
  invalidIndexes: [],
  oldestTransactionMs: 0,
  frozenAge: 1_000,
  bytes: 8_000_000,
}
const told = (facts: Partial<HealthFacts>, processes = 2) =>
  healthFindings({ ...well, ...facts }, processes).filter(({ state }) => state !== 'ok')

test('a server that is well gets no word', () => {
  expect(told({})).toEqual([])
  expect(healthFindings(well, 2).map(({ check }) => check)).toEqual([
    'server',
    'durability',
    'checksums',
    'connections',
    'replication slots',
    'vacuum',
    'transactions',
  ])
})

test.each<[Partial<HealthFacts>, string, string, RegExp]>([
  [{ version: '14.9', versionNumber: 140_009 }, 'fault', 'server', /^PostgreSQL 14\.9;/],
  [{ isStandby: true }, 'fault', 'server', /It is a standby, which takes no change\.$/],
  [{ fsync: false }, 'fault', 'durability', /^fsync is off: a power cut can destroy the whole database\.$/],
  [{ fullPageWrites: false }, 'fault', 'durability', /^full_page_writes is off/],
  [{ synchronousCommit: 'off' }, 'note', 'durability', /^synchronous_commit is off; Waggle asks for it by itself/],
  [{ checksums: false }, 'note', 'checksums', /^Pages carry no checksums/],
  [{ checksumFailures: 2 }, 'fault', 'checksums', /^2 pages did not have their checksum/],
  [{ connections: 95 }, 'warning', 'connections', /^95 of 97 connections are in use; 2 processes take up to 28\.$/],
  [{ connectionsMax: 20 }, 'warning', 'connections', /^12 of 20/],
  [
    { slots: [{ name: 'old', active: false, keptBytes: 5e9 }] },
    'warning',
    'replication slots',
    /^The replication slot old is used by nobody and keeps 4\.7 GiB/,
  ],
  [
    { slots: [{ name: 'slow', active: true, keptBytes: 5e9 }] },
    'warning',
    'replication slots',
    /^The replication slot slow is far behind/,
  ],
  [{ autovacuum: false }, 'warning', 'vacuum', /^autovacuum is off: tables grow/],
  [
    { tables: [{ name: 'leads', live: 9, dead: 0, autovacuum: false }] },
    'warning',
    'vacuum',
    /^autovacuum is off for leads\.$/,
  ],
  [
    { tables: [{ name: 'leads', live: 20_000, dead: 15_000, autovacuum: true }] },
    'warning',
    'vacuum',
    /^leads has 15000 dead rows beside 20000 live ones\.$/,
  ],
  [{ frozenAge: 1.2e9 }, 'warning', 'vacuum', /^The oldest row was not frozen for 1200000000 transactions/],
  [{ frozenAge: 2e9 }, 'fault', 'vacuum', /near 2,100,000,000 changes are refused\.$/],
  [{ oldestTransactionMs: 1_860_000 }, 'warning', 'transactions', /^A transaction has been open for 31 minutes/],
  [{ invalidIndexes: ['leads_by_email'] }, 'fault', 'indexes', /^The index leads_by_email is not valid\.$/],
])('what is not well is told: %o', (facts, state, check, says) => {
  expect(told(facts)).toMatchObject([{ state, check, says: expect.stringMatching(says) }])
})

describeOnPostgres('of a real server', () => {
  test('each fact is read as it is', async () => {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    const client = await connectAlone(url)
    onTestFinished(() => client.end())
    const facts = await healthFacts(client, ['leads', 'events'])
    const types = Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, typeof value]))
    const expected = Object.fromEntries(Object.entries(well).map(([name, value]) => [name, typeof value]))
    expect(types).toEqual(expected)
    expect(facts).toMatchObject({ isStandby: false, fsync: false, fullPageWrites: false, autovacuum: true })
    expect(facts.connections).toBeGreaterThan(0)
    expect(facts.tables.map(({ name, autovacuum }) => [name, autovacuum])).toEqual([
      ['events', true],
      ['leads', true],
    ])
  })

  test('what is set wrong on purpose is seen', async () => {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    await withClient(url, async (client) => {
      await client.query('ALTER TABLE leads SET (autovacuum_enabled = false)')
      await client.query("SELECT pg_create_physical_replication_slot('left_behind', true)")
      onTestFinished(() =>
        withClient(url, async (again) => {
          await again.query("SELECT pg_drop_replication_slot('left_behind')")
          await again.query('ALTER TABLE leads RESET (autovacuum_enabled)')
        }),
      )
      await client.query('BEGIN')
      await client.query('SELECT 1')
      const looking = await connectAlone(url)
      const facts = await healthFacts(looking, ['leads'])
      await looking.end()
      await client.query('ROLLBACK')
      expect(facts.tables).toMatchObject([{ name: 'leads', autovacuum: false }])
      expect(facts.slots).toContainEqual({ name: 'left_behind', active: false, keptBytes: expect.any(Number) })
      expect(facts.oldestTransactionMs).toBeGreaterThan(0)
    })
  })
})
