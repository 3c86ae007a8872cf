import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../src/storage/open.ts'
import { migrate } from '../../../src/storage/postgres/migrate.ts'
import { migrations } from '../../../src/storage/postgres/schema.ts'
import { withClient } from '../../postgres/cluster.ts'
import { describeOnPostgres, testDatabase } from '../../postgres/databases.ts'

/** An empty database with no tables, beside those of other tests. */
async function bare(encoding = 'UTF8'): Promise<string> {
  const { url, release } = await testDatabase()
  const name = `waggle_bare_${process.pid}_${Math.floor(performance.now() * 1000)}`
  await withClient(url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}'`))
  onTestFinished(async () => {
    await withClient(url, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
    await release()
  })
  return new URL(name, url).href
}

const open = async (url: string): Promise<void> => (await openDatabase({ directory: '', url })).close()
const run = (url: string, sql: string) => withClient(url, async (client) => (await client.query(sql)).rows)

describeOnPostgres('migrations', () => {
  test('an empty database gets all steps, once, also when many begin at the same time', async () => {
    const url = await bare()
    await Promise.all(Array.from({ length: 4 }, () => open(url)))
    const rows = await run(url, 'SELECT version::int, name FROM migrations ORDER BY version')
    expect(rows).toEqual(migrations.map(({ name }, at) => ({ version: at + 1, name })))
    await open(url)
    expect(await run(url, 'SELECT version::int, name FROM migrations ORDER BY version')).toEqual(rows)
  })

  test('the options that fields have had are counted', async () => {
    const url = await bare()
    await withClient(url, async (client) => {
      await migrate(client, migrations.slice(0, 4))
      await client.query(`
        INSERT INTO custom_fields VALUES
          (3, 6, 'u6', 0, 'Six', 'select', 'lead', NULL, false, false, NULL),
          (3, 5, 'u5', 0, 'Five', 'text', 'lead', NULL, false, false, NULL);
        INSERT INTO custom_field_options VALUES (3, 6, 1, 'a', NULL), (3, 6, 3, 'c', 0)`)
      await migrate(client, migrations)
    })
    expect(await run(url, 'SELECT id::int, options_made::int FROM custom_fields ORDER BY id')).toEqual([
      { id: 5, options_made: 0 },
      { id: 6, options_made: 3 },
    ])
  })

  test('a step that fails leaves nothing of itself, and those before it stand', async () => {
    const url = await bare()
    const broken = { name: 'broken', sql: 'CREATE TABLE half (a int); SELECT nonsense' }
    await withClient(url, async (client) => {
      await expect(migrate(client, [...migrations, broken])).rejects.toThrow(/nonsense/)
    })
    expect(
      await run(url, "SELECT to_regclass('half') AS half, (SELECT count(*)::int FROM migrations) AS steps"),
    ).toEqual([{ half: null, steps: migrations.length }])
    await open(url)
  })

  test('a database of a newer Waggle is refused, and stays as it is', async () => {
    const url = await bare()
    await open(url)
    await run(url, "INSERT INTO migrations (version, name) VALUES (99, 'later')")
    await expect(open(url)).rejects.toThrow(/has version \d+, but this Waggle knows only up to/)
  })

  test('a database that was made by other steps than were released is refused', async () => {
    const url = await bare()
    await open(url)
    await run(url, "UPDATE migrations SET name = 'an earlier form' WHERE version = 1")
    await expect(open(url)).rejects.toThrow(/was made by a Waggle that was never released/)
  })

  test("a database with somebody else's tables is refused", async () => {
    const url = await bare()
    await run(url, 'CREATE TABLE theirs (a int)')
    await expect(open(url)).rejects.toThrow(/holds tables that are not Waggle's\. Give Waggle a database of its own/)
  })

  test('a database that cannot hold every text is refused', async () => {
    await expect(open(await bare('SQL_ASCII'))).rejects.toThrow(/keeps texts as SQL_ASCII; Waggle needs one .* UTF8/)
  })

  test('a server that is not there is named, and its password is not', async () => {
    await expect(open('postgres://somebody:secret@127.0.0.1:1/waggle')).rejects.toThrow(
      /^The database waggle on 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/,
    )
    await expect(open('postgres://somebody:secret@127.0.0.1:1/waggle')).rejects.not.toThrow(/secret/)
  })
})
