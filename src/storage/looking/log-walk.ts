import { counted } from '../../kernel/shown.ts'
import { type Finding, findingsOf, fromBackup } from './finding.ts'
import { type Looking, stretches, within } from './looking.ts'

interface Log {
  readonly company_id: number
  readonly last_sequence: number
  readonly last_time: number
  readonly newest: number | null
}

const numbers = findingsOf('log')
const chain = findingsOf('chain')

/**
 * Whether the logs are whole: numbers without gaps up to the one that the company's row tells, times that never go back.
 * Each statement sees one moment, so a server may write meanwhile.
 *
 * @param quick only the ends of the logs are looked at
 */
export async function logFindings(looking: Looking, { quick }: { readonly quick: boolean }): Promise<Finding[]> {
  const logs = await looking.rows<Log>(
    'SELECT l.company_id, l.last_sequence, l.last_time, (SELECT max(e.sequence) FROM events e ' +
      'WHERE e.company_id = l.company_id) AS newest FROM company_log l ORDER BY l.company_id',
  )
  const found: Finding[] = []
  for (const log of logs) {
    const newest = log.newest ?? 0
    if (newest !== log.last_sequence) {
      found.push(
        numbers.fault(
          `The log of company ${log.company_id} ends with event ${newest}, but its counter says ${log.last_sequence}.`,
          fromBackup,
        ),
      )
    }
    if (!quick) found.push(...(await companyFindings(looking, log)))
  }
  if (!quick) found.push(...(await leadFindings(looking)), ...(await sumFindings(looking)))
  const events = logs.reduce((sum, { newest }) => sum + (newest ?? 0), 0)
  if (!found.some(({ check }) => check === 'log')) {
    const how = quick ? 'end where the counters say' : 'have every number once, and times that never go back'
    found.push(numbers.ok(`${counted(events, 'event')} of ${counted(logs.length, 'company', 'companies')} ${how}.`))
  }
  if (!quick && !found.some(({ check }) => check === 'chain')) {
    found.push(chain.ok('Each lead has as many events as its version says, each naming the one before.'))
  }
  return found
}

/** What one stretch of a log came to. */
interface Walked {
  readonly events: number
  readonly late: number
  readonly first_late: number | null
  readonly broken: number
  readonly first_broken: number | null
}

const isBroken =
  '(e.previous_sequence = 0 AND e.version <> 1 OR e.previous_sequence <> 0 AND ' +
  '(p.sequence IS NULL OR p.lead_id <> e.lead_id OR p.version <> e.version - 1))'

async function companyFindings(looking: Looking, { company_id, last_sequence, last_time }: Log): Promise<Finding[]> {
  const found: Finding[] = []
  const seen = { events: 0, late: 0, firstLate: 0, broken: 0, firstBroken: 0 }
  for (const { after, until } of stretches(last_sequence)) {
    const [walked] = await looking.rows<Walked>(
      'SELECT count(*) AS events, ' +
        'count(CASE WHEN b.at > e.at THEN 1 END) AS late, min(CASE WHEN b.at > e.at THEN e.sequence END) AS first_late, ' +
        `count(CASE WHEN ${isBroken} THEN 1 END) AS broken, min(CASE WHEN ${isBroken} THEN e.sequence END) AS first_broken ` +
        'FROM events e ' +
        'LEFT JOIN events b ON b.company_id = e.company_id AND b.sequence = e.sequence - 1 ' +
        'LEFT JOIN events p ON p.company_id = e.company_id AND p.sequence = e.previous_sequence ' +
        `WHERE e.company_id = ${company_id} AND e.sequence > ${after} AND e.sequence <= ${until}`,
    )
    if (walked === undefined) continue
    seen.events += walked.events
    seen.late += walked.late
    seen.firstLate ||= walked.first_late ?? 0
    seen.broken += walked.broken
    seen.firstBroken ||= walked.first_broken ?? 0
  }
  if (seen.events !== last_sequence) {
    const missing = last_sequence - seen.events
    const says = `The log of company ${company_id} lacks ${missing} of its ${last_sequence} numbers.`
    found.push(numbers.fault(says, fromBackup))
  }
  if (seen.late > 0) {
    const says = `In the log of company ${company_id} ${seen.late} events are older than the one before, first event ${seen.firstLate}.`
    found.push(numbers.fault(says, `What asks for changes since a time may miss them. ${fromBackup}`))
  }
  if (seen.broken > 0) {
    const says = `In company ${company_id} ${seen.broken} events do not name the event before of their lead, first event ${seen.firstBroken}.`
    found.push(chain.fault(says, fromBackup))
  }
  const [newest] = await looking.rows<{ at: number | null }>(
    `SELECT max(at) AS at FROM events WHERE company_id = ${company_id} AND sequence = ${last_sequence}`,
  )
  if ((newest?.at ?? 0) > last_time) {
    found.push(numbers.fault(`The newest event of company ${company_id} is younger than its log says.`, fromBackup))
  }
  return found
}

/** Whether each lead stands at the last event of its history. */
async function leadFindings(looking: Looking): Promise<Finding[]> {
  const wrong = new Map<number, { leads: number; readonly first: number }>()
  for await (const stretch of looking.leadStretches()) {
    const rows = await looking.rows<{ company_id: number; leads: number; first: number }>(
      'SELECT l.company_id, count(*) AS leads, min(l.id) AS first FROM leads l ' +
        'LEFT JOIN events e ON e.company_id = l.company_id AND e.sequence = l.last_sequence ' +
        `WHERE ${within(stretch, 'l', 'id')} AND (e.sequence IS NULL OR e.lead_id <> l.id OR e.version <> l.version) ` +
        'GROUP BY l.company_id',
    )
    for (const { company_id, leads, first } of rows) {
      const before = wrong.get(company_id)
      if (before === undefined) wrong.set(company_id, { leads, first })
      else before.leads += leads
    }
  }
  return [...wrong].map(([companyId, { leads, first }]) =>
    chain.fault(
      `In company ${companyId} ${leads} leads do not stand at the last event of their history, first lead ${first}.`,
      fromBackup,
    ),
  )
}

/** With all links right, a number of events that differs can only be a second branch, or events of no lead. */
async function sumFindings(looking: Looking): Promise<Finding[]> {
  const sums = await looking.rows<{ company_id: number; events: number; versions: number }>(
    'SELECT l.company_id, coalesce(e.events, 0) AS events, coalesce(v.versions, 0) AS versions FROM company_log l ' +
      'LEFT JOIN (SELECT company_id, count(*) AS events FROM events GROUP BY company_id) e ON e.company_id = l.company_id ' +
      'LEFT JOIN (SELECT company_id, sum(version) AS versions FROM leads GROUP BY company_id) v ' +
      'ON v.company_id = l.company_id WHERE coalesce(e.events, 0) <> coalesce(v.versions, 0) ORDER BY l.company_id',
  )
  return sums.map(({ company_id, events, versions }) =>
    chain.fault(`Company ${company_id} has ${events} events, but its leads tell of ${versions} changes.`, fromBackup),
  )
}
