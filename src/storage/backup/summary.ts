import { DatabaseSync } from 'node:sqlite'
import { DatabaseRefused } from '../refused.ts'
import type { Manifest } from './manifest.ts'

interface Summary extends Pick<Manifest, 'schema' | 'companies'> {
  /** Values of `meta` by their names. */
  readonly meta: ReadonlyMap<string, string>
}

/** Companies whose log does not end at its counter. */
const tornSql = `
  SELECT company_id, last_sequence, coalesce(
    (SELECT max(sequence) FROM events WHERE events.company_id = company_log.company_id), 0
  ) AS newest
  FROM company_log WHERE last_sequence <> newest LIMIT 1`

/**
 * What a file of data says of itself in short.
 *
 * @throws DatabaseRefused it is of several moments: a log does not end at the number that its company counts from
 */
export function summaryOf(path: string, shown: string): Summary {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const torn = db.prepare(tornSql).get()
    if (torn !== undefined) {
      throw new DatabaseRefused(
        `The copy of ${shown} is not of one moment: the log of company ${torn['company_id']} ends at ${torn['newest']}, ` +
          `but its counter says ${torn['last_sequence']}. Take it again, at best while no server writes.`,
      )
    }
    const schema = Number(db.prepare('SELECT max(version) AS version FROM migrations').get()?.['version'])
    const rows = db.prepare('SELECT company_id, last_sequence FROM company_log ORDER BY company_id').all()
    const companies = rows.map((row) => ({
      id: Number(row['company_id']),
      last_sequence: Number(row['last_sequence']),
    }))
    const meta = new Map(
      db
        .prepare('SELECT name, value FROM meta')
        .all()
        .map(({ name, value }) => [String(name), String(value)]),
    )
    return { schema, companies, meta }
  } finally {
    db.close()
  }
}
