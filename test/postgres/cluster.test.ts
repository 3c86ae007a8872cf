import { afterAll, describe, expect, test } from 'vitest'
import { type Cluster, startCluster } from './cluster.ts'
import { findPrograms } from './programs.ts'

const clusters: Cluster[] = []
afterAll(async () => {
  for (const one of clusters) await one.stop()
})

describe.each([
  ['of the machine, or what npm brought', undefined],
  ['that npm brought', 'npm'],
])('the PostgreSQL %s', (_, wanted) => {
  test('answers, keeps what was committed when it is killed, and gives empty databases', async () => {
    const cluster = await startCluster({ programs: findPrograms(wanted), durable: true })
    clusters.push(cluster)
    await cluster.create('first')
    await cluster.create('second')
    await cluster.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)', 'first')
    await cluster.kill()
    await expect(cluster.query('SELECT 1')).rejects.toThrow()
    await cluster.start()
    expect(await cluster.query('SELECT id FROM kept', 'first')).toEqual([{ id: 7 }])
    expect(await cluster.query("SELECT to_regclass('kept') AS there", 'second')).toEqual([{ there: null }])
    expect(cluster.version).toMatch(/^1[5-8]/)
  })
})

test('where there is none, it is said where it was looked', () => {
  expect(() => findPrograms('/nowhere')).toThrow(
    /No PostgreSQL 15 to 18 was found in \/nowhere, .*WAGGLE_TEST_POSTGRES/,
  )
})
