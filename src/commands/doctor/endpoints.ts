import { flagOf } from '../../kernel/config.ts'
import { counted } from '../../kernel/shown.ts'
import { type Finding, findingsOf, fromBackup } from '../../storage/looking/finding.ts'
import type { Looking } from '../../storage/looking/looking.ts'
import { firstOpenDelivery } from '../../storage/open-deliveries.ts'
import type { Row } from '../../storage/tables.ts'
import { dueEvents, oldestKeptAt } from '../../webhooks/retention.ts'

const webhooks = findingsOf('webhooks')
const retention = findingsOf('retention')

/** What waits longer is worth a word, in ms. */
const lateMs = 600_000

type Endpoint = Pick<
  Row<'webhooks'>,
  'company_id' | 'id' | 'state' | 'reason' | 'cursor' | 'failing_since' | 'last_status'
> & {
  readonly last_sequence: number | null
  /** The first delivery that has neither arrived nor been given up. */
  readonly open: number | null
}

/** How far each endpoint has come, and how it is doing. */
export async function endpointFindings(looking: Looking, now: number): Promise<Finding[]> {
  const endpoints = await looking.find<Endpoint>((db) =>
    db
      .selectFrom('webhooks')
      .leftJoin('company_log', 'company_log.company_id', 'webhooks.company_id')
      .select([
        'webhooks.company_id',
        'webhooks.id',
        'webhooks.state',
        'webhooks.reason',
        'webhooks.cursor',
        'webhooks.failing_since',
        'webhooks.last_status',
        'company_log.last_sequence',
        firstOpenDelivery().as('open'),
      ])
      .where('webhooks.deleted_at', 'is', null)
      .orderBy('webhooks.id'),
  )
  const found: Finding[] = []
  for (const endpoint of endpoints) found.push(...(await endpointFinding(looking, endpoint, now)))
  const beyond = await looking.find((db) =>
    db
      .selectFrom('log_cursors')
      .innerJoin('company_log', 'company_log.company_id', 'log_cursors.company_id')
      .select(['log_cursors.company_id', 'log_cursors.name', 'log_cursors.sequence', 'company_log.last_sequence'])
      .whereRef('log_cursors.sequence', '>', 'company_log.last_sequence'),
  )
  for (const { company_id, name, sequence, last_sequence } of beyond) {
    const says = `The cursor ${name} of company ${company_id} stands at event ${sequence}, but the log ends with ${last_sequence}.`
    found.push(webhooks.fault(says, fromBackup))
  }
  return found.length > 0 ? found : [webhooks.ok(`${counted(endpoints.length, 'endpoint')}; nothing waits for long.`)]
}

async function endpointFinding(looking: Looking, endpoint: Endpoint, now: number): Promise<Finding[]> {
  const { company_id, id, state, reason, cursor, failing_since, last_sequence, open } = endpoint
  const last = last_sequence ?? 0
  if (cursor > last) {
    const says = `Webhook ${id} stands at event ${cursor}, but the log of company ${company_id} ends with ${last}.`
    const advice = `It would miss what comes: waggle webhook replay ${id} --since ${last}, or ${fromBackup.toLowerCase()}`
    return [webhooks.fault(says, advice)]
  }
  const waiting = last - cursor
  const waits = `${counted(waiting, 'event')} ${waiting === 1 ? 'waits' : 'wait'} for it`
  if (state === 'disabled') {
    const says = `Webhook ${id} is disabled (${reason ?? 'no reason was told'}); ${waits}.`
    return [webhooks.warning(says, `See to its receiver, then: waggle webhook resume ${id}`)]
  }
  if (state === 'paused') {
    return [webhooks.note(`Webhook ${id} is paused; ${waits}.`, `To go on: waggle webhook resume ${id}`)]
  }
  const first = Math.min(cursor + 1, open ?? cursor + 1)
  const oldest = first > last ? undefined : await looking.read('events', { company_id, sequence: first })
  const age = oldest === undefined ? 0 : now - oldest.at
  const failing = failing_since === null ? '' : ` Each attempt has failed for ${spanOf(now - failing_since)}.`
  if (age < lateMs && failing === '') return []
  if (age < lateMs) return [webhooks.note(`Webhook ${id}:${failing}`, `Try it: waggle webhook test ${id}`)]
  const advice = looking.isServed
    ? `Try it: waggle webhook test ${id}; see what became of it: waggle webhook deliveries ${id}`
    : 'No server runs, so nothing is sent: start it.'
  const more = last > cursor ? `; ${waits}` : ''
  return [webhooks.warning(`Webhook ${id} waits for event ${first} since ${spanOf(age)}${more}.${failing}`, advice)]
}

/** A time span as people say it. */
function spanOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`
}

/** Whether retention is at work, and who holds it up. */
export async function retentionFindings(looking: Looking, days: number, now: number): Promise<Finding[]> {
  const at = await oldestKeptAt(looking)
  const oldest =
    at === undefined
      ? 'No event says what changed.'
      : `The oldest event that says what changed is of ${new Date(at).toISOString().slice(0, 10)}.`
  if (days === 0) {
    return [retention.note(oldest, `Events are kept for ever; to empty old ones: ${flagOf('eventRetentionDays')} 365`)]
  }
  const companies = await looking.find((db) => db.selectFrom('companies').select('id').orderBy('id'))
  const found: Finding[] = []
  for (const { id } of companies) {
    const { from, end, heldBy } = await dueEvents(looking, id, days, now)
    for (const { webhookId, sequence, events } of heldBy) {
      const says = `Webhook ${webhookId} waits for event ${sequence}, so ${counted(events, 'event')} older than ${counted(days, 'day')} cannot be emptied.`
      const advice = `See to its receiver, or give up what it missed: waggle webhook pause ${webhookId} && waggle webhook resume ${webhookId} --skip`
      found.push(retention.warning(says, advice))
    }
    if (from <= end) {
      const says = `Not emptied yet: ${counted(end - from + 1, 'event')} of company ${id} older than ${counted(days, 'day')}.`
      found.push(
        retention.note(says, looking.isServed ? 'The server does it within minutes.' : 'At once: waggle compact'),
      )
    }
  }
  return found.length > 0 ? found : [retention.ok(oldest)]
}
