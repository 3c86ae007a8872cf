import type { Clock } from '../../kernel/clock.ts'
import { counted } from '../../kernel/shown.ts'
import { idempotencyKeptMs } from '../../storage/idempotency.ts'
import { type Finding, findingsOf } from '../../storage/looking/finding.ts'
import type { Looking } from '../../storage/looking/looking.ts'

const clock = findingsOf('clock')
const answers = findingsOf('idempotency keys')

/** By which a change may be before the clock: another machine's may go a little faster. In ms. */
const aheadMs = 5_000
/** Behind their time a server removes them each minute; so much later it is not at work. In ms. */
const sweptLateMs = 3_600_000

/** Whether changes lie in the future: the clock was set back, or was wrong before. A server goes on meanwhile. */
export async function clockFindings(looking: Pick<Looking, 'find'>, timer: Clock): Promise<Finding[]> {
  const logs = await looking.find((db) =>
    db.selectFrom('company_log').select(['company_id', 'last_time']).orderBy('company_id'),
  )
  const now = timer.now()
  const ahead = logs.filter(({ last_time }) => last_time > now + aheadMs)
  if (ahead.length === 0) return [clock.ok('No change lies in the future.')]
  return ahead.map(({ company_id, last_time }) =>
    clock.fault(
      `The newest change of company ${company_id} is of ${new Date(last_time).toISOString()}, which has not come yet; until then new ones get that time.`,
      'Let a time service set the clock of this machine, before anything more is changed.',
    ),
  )
}

/** Whether what has had its time goes. */
export async function answerFindings(looking: Looking, now: number): Promise<Finding[]> {
  const before = now - idempotencyKeptMs - sweptLateMs
  const [row] = await looking.find((db) =>
    db
      .selectFrom('idempotency_keys')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('created_at', '<', before),
  )
  const total = row?.total ?? 0
  if (total === 0) return [answers.ok('No answer is kept beyond its day.')]
  const says = `Kept beyond their day: ${counted(total, 'answer')} to idempotency keys.`
  if (!looking.isServed) return [answers.note(says, 'The next server removes them; at once: waggle compact')]
  return [answers.warning(says, 'The server should have removed them: look for "background task" in its log.')]
}
