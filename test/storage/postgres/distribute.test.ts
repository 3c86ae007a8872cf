import { expect, onTestFinished, test } from 'vitest'
import { distributeDatabase } from '../../../src/storage/open.ts'
import { byCompany, onEveryMachine } from '../../../src/storage/postgres/distribute.ts'
import { withClient } from '../../postgres/cluster.ts'
import { describeOnPostgres, testDatabase } from '../../postgres/databases.ts'
import { bindsCompanies } from './company-in-joins.ts'

/** Every unique index of a table, with the columns it is over. */
const keysOfTables = `
  SELECT t.relname AS table, i.indexrelid::regclass::text AS key,
         array(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS k(place, at)
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.place ORDER BY k.at) AS columns
  FROM pg_class t JOIN pg_index i ON i.indrelid = t.oid
  WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND i.indisunique`

const tablesOf = `
  SELECT relname AS table FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname NOT IN ('migrations', 'processes')`

describeOnPostgres('the catalogue', () => {
  const asked = async (sql: string) => {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    return withClient(url, async (client) => (await client.query(sql)).rows)
  }

  test('says of every table whether it is on every machine or spread by company', async () => {
    const rows = await asked(tablesOf)
    expect(rows.map(({ table }) => table).sort()).toEqual([...onEveryMachine, ...byCompany].sort())
  })

  test('begins every key of a table that grows with company_id', async () => {
    const rows = await asked(keysOfTables)
    const growing = rows.filter(({ table }) => byCompany.includes(table))
    expect(new Set(growing.map(({ table }) => table))).toEqual(new Set(byCompany))
    expect(growing.filter(({ columns }) => columns[0] !== 'company_id')).toEqual([])
  })

  test('refuses to be spread without the extension, and says what to do', async () => {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    await expect(distributeDatabase(url)).rejects.toThrow(/does not have the extension citus.*CREATE EXTENSION citus/s)
  })
})

test.each([
  ['select * from "leads" where "id" = $1', true],
  ['select * from "deliveries" inner join "events" on "events"."sequence" = "deliveries"."sequence"', false],
  [
    'select * from "deliveries" inner join "events" on "events"."company_id" = "deliveries"."company_id" and "events"."sequence" = "deliveries"."sequence"',
    true,
  ],
  ['select * from "tags" inner join "companies" on "companies"."uuid" = "tags"."label"', true],
  ['select (select max("id") from "deliveries") from "webhooks"', false],
])('whether %s stays with one company: %s', (sql, stays) => {
  expect(bindsCompanies(sql)).toBe(stays)
})
