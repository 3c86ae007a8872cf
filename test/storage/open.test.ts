import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import { migrate } from '../../src/storage/sqlite/migrate.ts'
import { migrations } from '../../src/storage/sqlite/schema.ts'
import { loadFixture } from '../fixture.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'waggle-open-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
})
const file = (): string => join(directory, 'waggle.db')

/** A connection of the test's own, closed at its end. */
function connect(): DatabaseSync {
  const db = new DatabaseSync(file())
  onTestFinished(() => db.close())
  return db
}

describe('opening', () => {
  test('a second server on the same data is refused, a command is not', async () => {
    const server = await openDatabase({ directory, serving: true })
    await expect(openDatabase({ directory, serving: true })).rejects.toThrow(
      `Another Waggle server is using the data in ${directory}.`,
    )
    const command = await openDatabase({ directory })
    await command.close()
    await server.close()
    await (await openDatabase({ directory, serving: true })).close()
  })

  test('a database from a newer version is refused and stays as it is', async () => {
    await (await openDatabase({ directory })).close()
    connect().prepare("INSERT INTO migrations VALUES (999, 'later', 'then')").run()
    await expect(openDatabase({ directory })).rejects.toThrow(/has version 999, but this Waggle knows only up to/)
  })

  test('a database that was made by other steps than were released is refused', async () => {
    await (await openDatabase({ directory })).close()
    connect().prepare("UPDATE migrations SET name = 'an earlier form' WHERE version = 1").run()
    await expect(openDatabase({ directory })).rejects.toThrow(/was made by a Waggle that was never released/)
  })

  test("somebody else's database is refused", async () => {
    connect().exec('CREATE TABLE theirs (a)')
    await expect(openDatabase({ directory })).rejects.toThrow(/not one of Waggle's/)
  })

  test('a directory that cannot be used is named', async () => {
    connect()
    await expect(openDatabase({ directory: join(file(), 'below') })).rejects.toThrow(
      `${file()} is a file. Name a directory.`,
    )
    await expect(openDatabase({ directory: '/proc/waggle' })).rejects.toThrow(/cannot be used.*Is it writable/)
  })

  test('a clean close leaves one file, in write-ahead mode', async () => {
    const database = await openDatabase({ directory })
    await loadFixture(database)
    await database.close()
    expect(readdirSync(directory)).toEqual(['waggle.db'])
    expect(connect().prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
  })

  test('keys are kept as digests, tables are strict', async () => {
    const database = await openDatabase({ directory })
    await loadFixture(database)
    await database.close()
    const db = connect()
    expect(
      db.prepare("SELECT count(*) AS found FROM api_keys WHERE instr(CAST(digest AS TEXT), 'jb_api')").get(),
    ).toMatchObject({ found: 0 })
    const loose = db
      .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
      .all()
    expect(loose).toEqual([])
  })

  test('views show the lists of leads to people who read the file', async () => {
    const database = await openDatabase({ directory })
    await loadFixture(database)
    await database.close()
    const rows = connect().prepare('SELECT tag_id FROM lead_tag WHERE lead_id = 4713 ORDER BY tag_id').all()
    expect(rows.map((row) => row['tag_id'])).toEqual([7, 17])
  })
})

describe('migrations', () => {
  const more = [...migrations, { name: 'a note for leads', sql: 'ALTER TABLE leads ADD COLUMN note TEXT' }]

  test('are recorded, and run once', async () => {
    await (await openDatabase({ directory })).close()
    await (await openDatabase({ directory })).close()
    const recorded = connect().prepare('SELECT version, name FROM migrations ORDER BY version').all()
    expect(recorded).toMatchObject(migrations.map(({ name }, index) => ({ version: index + 1, name })))
  })

  test('copy a database that holds data aside before they change it', async () => {
    const database = await openDatabase({ directory })
    await loadFixture(database)
    await database.close()
    migrate(connect(), file(), more)
    const copy = new DatabaseSync(join(directory, `waggle-before-v${migrations.length + 1}.db`))
    expect(copy.prepare('SELECT count(*) AS leads FROM leads').get()).toMatchObject({ leads: 4 })
    expect(copy.prepare('SELECT max(version) AS version FROM migrations').get()).toMatchObject({
      version: migrations.length,
    })
    copy.close()
  })

  describe('and the copy', () => {
    const before = `waggle-before-v${migrations.length + 1}`
    const copies = () =>
      readdirSync(directory)
        .filter((name) => name.startsWith('waggle-before'))
        .sort()
    const namesIn = (copy: string): unknown[] => {
      const db = new DatabaseSync(join(directory, copy), { readOnly: true })
      try {
        return db
          .prepare('SELECT company_name FROM leads WHERE id = 4711')
          .all()
          .map((row) => row['company_name'])
      } finally {
        db.close()
      }
    }
    const rename = (name: string): void => {
      const db = new DatabaseSync(file())
      db.prepare('UPDATE leads SET company_name = ? WHERE id = 4711').run(name)
      db.close()
    }
    const upgrade = (steps = more): void => {
      const db = new DatabaseSync(file())
      try {
        migrate(db, file(), steps)
      } finally {
        db.close()
      }
    }

    beforeEach(async () => {
      const database = await openDatabase({ directory })
      await loadFixture(database)
      await database.close()
      rename('As it was')
    })

    test('that was begun and not ended is made anew, and never has the name of a whole one', () => {
      writeFileSync(join(directory, `${before}.unfinished`), 'half a page')
      upgrade()
      expect(copies()).toEqual([`${before}.db`])
      expect(namesIn(`${before}.db`)).toEqual(['As it was'])
    })

    test('is there once, however often the step behind it fails', () => {
      const failing = [...migrations, { name: 'no step', sql: 'ALTER TABLE no_table ADD COLUMN note TEXT' }]
      expect(() => upgrade(failing)).toThrow('no such table')
      expect(() => upgrade(failing)).toThrow('no such table')
      upgrade()
      expect(copies()).toEqual([`${before}.db`])
    })

    test('from an earlier upgrade stays beside the new one, which has what was changed since', () => {
      upgrade()
      copyFileSync(join(directory, `${before}.db`), file())
      rename('As it is now')
      upgrade()
      expect(copies()).toEqual([`${before}-2.db`, `${before}.db`])
      expect(namesIn(`${before}.db`)).toEqual(['As it was'])
      expect(namesIn(`${before}-2.db`)).toEqual(['As it is now'])
    })
  })

  test('count the options that fields have had', () => {
    const db = connect()
    migrate(db, file(), migrations.slice(0, 4))
    db.exec(`
      INSERT INTO custom_fields VALUES
        (3, 6, 'u6', 0, 'Six', 'select', 'lead', NULL, 0, 0, NULL), (3, 5, 'u5', 0, 'Five', 'text', 'lead', NULL, 0, 0, NULL);
      INSERT INTO custom_field_options VALUES (3, 6, 1, 'a', NULL), (3, 6, 3, 'c', 0);
    `)
    migrate(db, file(), migrations)
    const rows = db.prepare('SELECT id, options_made FROM custom_fields ORDER BY id').all()
    expect(rows.map((row) => Object.values(row))).toEqual([
      [5, 0],
      [6, 3],
    ])
  })

  test('that fail leave the database as it was', async () => {
    await (await openDatabase({ directory })).close()
    const broken = [...more, { name: 'broken', sql: 'CREATE TABLE half (a); SELECT nonsense' }]
    const db = connect()
    expect(() => migrate(db, file(), broken)).toThrow(/nonsense/)
    expect(db.prepare('SELECT max(version) AS version FROM migrations').get()).toMatchObject({ version: more.length })
    expect(db.prepare("SELECT count(*) AS found FROM sqlite_schema WHERE name = 'half'").get()).toMatchObject({
      found: 0,
    })
  })
})
