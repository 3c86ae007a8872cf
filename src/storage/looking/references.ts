import { type Finding, findingsOf, fromBackup } from './finding.ts'
import { type Looking, stretches } from './looking.ts'

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
  const found: Finding[] = []
  const companies = await looking.rows<{ id: number; last: number | null }>(
    'SELECT c.id, (SELECT max(l.id) FROM leads l WHERE l.company_id = c.id) AS last FROM companies c ORDER BY c.id',
  )
  for (const { id: companyId, last } of companies) {
    const missing = new Map<string, { readonly says: string; leads: number }>()
    for (const { after, until } of stretches(last ?? 0)) {
      for (const { view, column, table, name } of kinds) {
        const rows = await looking.rows<{ id: number; lead: number; leads: number }>(
          `SELECT v.${column} AS id, min(v.lead_id) AS lead, count(*) AS leads FROM ${view} v ` +
            `LEFT JOIN ${table} d ON d.company_id = v.company_id AND d.id = v.${column} ` +
            `WHERE ${looking.leadsOf('v', companyId)} AND v.lead_id > ${after} AND v.lead_id <= ${until} AND d.id IS NULL ` +
            `GROUP BY v.${column} ORDER BY v.${column}`,
        )
        for (const { id, lead, leads } of rows) {
          const says = `Lead ${lead} of company ${companyId} has ${name} ${id}, which is not there`
          const before = missing.get(`${name} ${id}`)
          if (before === undefined) missing.set(`${name} ${id}`, { says, leads })
          else before.leads += leads
        }
      }
    }
    for (const { says, leads } of missing.values()) {
      const others = leads === 1 ? '.' : `, and neither is it for ${leads - 1} others.`
      found.push(references.fault(`${says}${others}`, fromBackup))
    }
  }
  return found.length > 0 ? found : [references.ok('Tags, users and custom fields of all leads are there.')]
}

/** Whether older definitions are of versions that have been. */
export async function olderFindings(looking: Looking): Promise<Finding[]> {
  const rows = await looking.rows<{ company_id: number; version: number; now: number | null }>(
    'SELECT o.company_id, max(o.version) AS version, max(l.definitions_version) AS now FROM older_definitions o ' +
      'LEFT JOIN company_log l ON l.company_id = o.company_id GROUP BY o.company_id ' +
      'HAVING max(l.definitions_version) IS NULL OR max(o.version) >= max(l.definitions_version) ORDER BY o.company_id',
  )
  const ahead = await looking.rows<{ company_id: number; sequence: number }>(
    'SELECT e.company_id, e.sequence FROM company_log l JOIN events e ON e.company_id = l.company_id AND ' +
      'e.sequence = l.last_sequence WHERE e.definitions_version > l.definitions_version ORDER BY e.company_id',
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

/** Tables whose rows the server numbers, under the same name as their source of ids. */
const numbered = [
  'companies',
  'users',
  'api_keys',
  'tags',
  'custom_fields',
  'tiers',
  'categories',
  'stages',
  'leads',
  'integrations',
  'webhooks',
  'deliveries',
  'imports',
  'saved_views',
] as const

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
