import { expect, onTestFinished, test } from 'vitest'
import type { Write } from '../../../src/storage/port.ts'
import {
  lock,
  selectBy,
  selectPairs,
  statement,
  steadyPlans,
  writing,
} from '../../../src/storage/postgres/statements.ts'
import { withClient } from '../../postgres/cluster.ts'
import { describeOnPostgres, testDatabase } from '../../postgres/databases.ts'

const cursor = (company_id: number, name: string, sequence: number): Write => ({
  kind: 'insert',
  table: 'log_cursors',
  row: { company_id, name, sequence },
})
const forward = (company_id: number, name: string, sequence: number): Write => ({
  kind: 'update',
  table: 'log_cursors',
  key: { company_id, name },
  set: { sequence },
})
const gone = (company_id: number, name: string): Write => ({
  kind: 'delete',
  table: 'log_cursors',
  key: { company_id, name },
})

test('the same text has the same name, and another text another', () => {
  const [first, second] = [statement('SELECT 1 AS a', []), statement('SELECT 1 AS a', [2])]
  expect(first.name).toBe(second.name)
  expect(statement('SELECT 1 AS b', []).name).not.toBe(first.name)
})

test('writes of one kind on one table are one statement, whatever their number', () => {
  const one = writing([cursor(1, 'a', 1), cursor(2, 'b', 2)])
  const many = writing(Array.from({ length: 50 }, (_, at) => cursor(at, 'a', at)))
  expect(one).toHaveLength(1)
  expect(many).toHaveLength(1)
  expect(many[0]?.text).toBe(one[0]?.text)
})

test('writes of all tables are one statement, but for a second change of a row', () => {
  expect(writing([cursor(1, 'a', 1), forward(2, 'b', 2), gone(3, 'c')])).toHaveLength(1)
  expect(writing([cursor(1, 'a', 1), forward(1, 'a', 2), forward(1, 'a', 3)])).toHaveLength(3)
})

test('writes that take or give up one name go one after the other', () => {
  const named = (sequence: number, ...names: string[]): Write => ({
    kind: 'update',
    table: 'log_cursors',
    key: { company_id: 1, name: `row ${sequence}` },
    set: { sequence },
    names,
  })
  expect(writing([named(1, 'a'), named(2, 'b'), named(3)])).toHaveLength(1)
  expect(writing([named(1, 'a', 'b'), named(2, 'b'), named(3, 'c')])).toHaveLength(2)
  expect(writing([named(1, 'a', 'b'), named(2, 'b', 'c'), named(3, 'c')])).toHaveLength(3)
})

test('a statement for one company names it, so that one machine can be asked', () => {
  expect(writing([forward(7, 'a', 1), forward(7, 'b', 2)])[0]?.text).toMatch(/present\.company_id = \$3::bigint/)
  expect(writing([forward(7, 'a', 1), forward(8, 'b', 2)])[0]?.text).not.toMatch(/company_id = \$/)
  expect(lock([7]).text).toMatch(/company_id = \$1 FOR UPDATE/)
  expect(lock([8, 7]).text).toMatch(/= ANY\(\$1::bigint\[\]\) ORDER BY company_id FOR UPDATE/)
  expect(
    selectPairs('leads', 'id', [
      [7, 1],
      [7, 2],
    ]).text,
  ).toMatch(/WHERE company_id = \$1 AND "id" = ANY/)
  expect(
    selectPairs('leads', 'id', [
      [7, 1],
      [8, 2],
    ]).text,
  ).toMatch(/unnest/)
})

describeOnPostgres('on a server', () => {
  async function database() {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    const run = (writes: readonly Write[]): Promise<unknown> =>
      withClient(url, async (client) => {
        for (const one of writing(writes)) await client.query(one)
      })
    const rows = (): Promise<string[]> =>
      withClient(url, async (client) => {
        const { rows: found } = await client.query('SELECT * FROM log_cursors ORDER BY company_id, name')
        return found.map(({ company_id, name, sequence }) => `${company_id} ${name} ${sequence}`)
      })
    return { url, run, rows }
  }

  test('writes are carried out in their order, those of several companies and those of one', async () => {
    const { run, rows } = await database()
    await run([cursor(1, 'a', 1), cursor(2, 'a', 1), forward(1, 'a', 5), gone(2, 'a'), cursor(2, 'a', 9)])
    expect(await rows()).toEqual(['1 a 5', '2 a 9'])
    await run([forward(2, 'a', 10), cursor(2, 'b', 1), forward(2, 'a', 11)])
    expect(await rows()).toEqual(['1 a 5', '2 a 11', '2 b 1'])
  })

  test('rows are found by their keys, also where the planner knows nothing of the tables', async () => {
    const { url } = await database()
    const update = (id: number): Write => ({
      kind: 'update',
      table: 'leads',
      key: { company_id: 7, id },
      set: { first_name: 'Ada' },
    })
    const plans = await withClient(url, async (client) => {
      // Grown, and not analyzed since.
      await client.query(
        "INSERT INTO leads SELECT 7, id, id::text, 0, 0, 1, 1, 'manual', NULL, NULL, NULL, NULL, NULL, 'new', NULL, NULL, " +
          "NULL, NULL, '[]', '[]', '{}' FROM generate_series(1, 5000) AS id",
      )
      await client.query(steadyPlans)
      const asked = [
        ...writing([update(1), update(2), forward(7, 'a', 1)]),
        ...writing([update(1), { ...update(2), key: { company_id: 8, id: 2 } } as Write]),
        selectPairs('leads', 'id', [
          [7, 1],
          [7, 2],
        ]),
        selectPairs('leads', 'id', [
          [7, 1],
          [8, 2],
        ]),
        lock([7, 8]),
      ]
      const plans: string[] = []
      for (const { text, values } of asked) {
        const { rows } = await client.query(`EXPLAIN ${text}`, values)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      }
      return plans
    })
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan|Bitmap|Hash|Merge|Materialize/)
    for (const plan of plans.slice(0, 4)) expect(plan).toMatch(/Index Cond: \(\(company_id = .*\) AND \(id = /)
  })

  test('a change of a row that is not there fails, and nothing of its statement stands', async () => {
    const { run, rows } = await database()
    await run([cursor(1, 'a', 1)])
    await expect(run([forward(1, 'a', 2), forward(1, 'missing', 2)])).rejects.toThrow('division by zero')
    await expect(run([forward(1, 'a', 2), gone(2, 'missing')])).rejects.toThrow('division by zero')
    expect(await rows()).toEqual(['1 a 1'])
  })

  test('values of every kind come back as they were', async () => {
    const { url, run } = await database()
    const row = {
      company_id: 1,
      id: 2 ** 52,
      uuid: 'u',
      created_at: 0,
      name: 'Ærø "\\ \u{10ffff}',
      configuration: [{ b: 1, a: null }],
      api_key: Uint8Array.from([0, 255]),
      external_settings: null,
    }
    await run([{ kind: 'insert', table: 'integrations', row }])
    const found = await withClient(url, (client) => client.query(selectBy('integrations', { company_id: 1 })))
    expect(found.rows).toMatchObject([
      { name: row.name, configuration: row.configuration, api_key: Buffer.from([0, 255]), external_settings: null },
    ])
    expect(Number(found.rows[0].id)).toBe(row.id)
  })
})
