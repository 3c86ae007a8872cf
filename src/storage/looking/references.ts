import { numbered } from '../numbered.ts'
import { type Finding, findingsOf, fromBackup } from './finding.ts'
import { type Looking, within } from './looking.ts'

const references = findingsOf('references')
const older = findingsOf('older definitions')
const ids = findingsOf('ids')

/** What leads refer to: the view that tells of it, and the table that must have it. */
const kinds = [
  { view: 'lead_tag', column: 'tag_id', table: 'tags', name: 'tag' },
  { view: 'lead_user', column: 'user_id', table: 'users', name: 'user' },
  { view: 'lead_custom_value', column: 'custom_field_id', table: 'custom_fields', name: 'custom field' },
] as const

/** Whether what leads refer to is there. */
export async function referenceFindings(looking: Looking): Promise<Finding[]> {
  const missing = new Map<string, { readonly says: string; leads: number }>()
  for await (const stretch of looking.leadStretches()) {
    for (const { view, column, table, name } of kinds) {
      // Grouped by the company first, the leads would be read by an index of it, from one end to the other.
      const rows = await looking.rows<{ company_id: number; id: number; lead: number; leads: number }>(
        `SELECT v.company_id, v.${column} AS id, min(v.lead_id) AS lead, count(*) AS leads FROM ${view} v ` +
          `LEFT JOIN ${table} d ON d.company_id = v.company_id AND d.id = v.${column} ` +
          `WHERE ${within(stretch, 'v', 'lead_id')} AND d.id IS NULL ` +
          `GROUP BY v.${column}, v.company_id`,
      )
      for (const { company_id, id, lead, leads } of rows) {
        const what = `of company ${company_id} has ${name} ${id}`
        const before = missing.get(what)
        if (before === undefined) missing.set(what, { says: `Lead ${lead} ${what}, which is not there`, leads })
        else before.leads += leads
      }
    }
  }
  if (missing.size === 0) return [references.ok('Tags, users and custom fields of all leads are there.')]
  return [...missing.values()].map(({ says, leads }) =>
    references.fault(`${says}${leads === 1 ? '' : `, and neither is it for ${leads - 1} others`}.`, fromBackup),
  )
}

/** Whether older definitions are of versions that have been. */
export async function olderFindings(looking: Looking): Promise<Finding[]> {
  const rows = await looking.rows<{ company_id: number; version: number; now: number | null }>(
    'SELECT o.company_id, max(o.version) AS version, max(l.definitions_version) AS now FROM older_definitions o ' +
      'LEFT JOIN company_log l ON l.company_id = o.company_id GROUP BY o.company_id ' +
      'HAVING max(l.definitions_version) IS NULL OR max(o.version) >= max(l.definitions_version) ORDER BY o.company_id',
  )
  const ahead = await looking.rows<{ company_id: number; sequence: number }>(
    'SELECT l.company_id, l.last_sequence AS sequence FROM company_log l WHERE (SELECT e.definitions_version FROM events e ' +
      'WHERE e.company_id = l.company_id AND e.sequence = l.last_sequence) > l.definitions_version ORDER BY l.company_id',
  )
  const found = [
    ...rows.map(({ company_id, version, now }) =>
      older.fault(
        `Company ${company_id} keeps definitions of version ${version} as older ones, but the present version is ${now ?? 'not known'}.`,
        fromBackup,
      ),
    ),
    ...ahead.map(({ company_id, sequence }) =>
      older.fault(
        `Event ${sequence} of company ${company_id} was made by definitions that are newer than the present ones.`,
        fromBackup,
      ),
    ),
  ]
  return found.length > 0 ? found : [older.ok('Older definitions are of versions that have been.')]
}

/** Whether no id can be given twice. */
export async function idFindings(looking: Looking): Promise<Finding[]> {
  const found: Finding[] = []
  for (const table of numbered) {
    // One statement, so that a row which a server adds meanwhile does not look as if it came before its source moved.
    const [row] = await looking.rows<{ highest: number | null; next: number | null }>(
      `SELECT (SELECT max(id) FROM ${table}) AS highest, (SELECT next_id FROM id_sources WHERE name = '${table}') AS next`,
    )
    const [highest, next] = [row?.highest ?? 0, row?.next ?? 1]
    if (highest < next) continue
    found.push(ids.fault(`The next id of ${table} would be ${next}, but ${highest} is there already.`, fromBackup))
  }
  return found.length > 0 ? found : [ids.ok('No id can be given twice.')]
}
