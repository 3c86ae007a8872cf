import { DatabaseSync } from 'node:sqlite'
import { createApp } from '../src/app.ts'
import { openVault } from '../src/commands/vault.ts'
import { systemClock, systemTimers } from '../src/kernel/clock.ts'
import { configFrom } from '../src/kernel/config.ts'
import { createLog } from '../src/log.ts'
import { Accounts } from '../src/sign-in/accounts.ts'
import { openAccounts } from '../src/storage/accounts.ts'
import { openDatabase } from '../src/storage/open.ts'
import { createSender } from '../src/webhooks/send.ts'
import { answerAsServer } from './child.ts'
import { PauseWatch } from './pauses.ts'
import { companyId } from './workspace.ts'

/**
 * The server with its default settings, as `waggle serve` puts it together: durable, keys checked, events
 * written, one JSON line a request on standard output.
 *
 * Arguments: the data directory; the address of a PostgreSQL database where that is used; `count-commits` where the
 * disk's syncs cannot be counted from outside; `one-at-a-time` for a transaction of its own for each change.
 */
const [directory, ...wanted] = process.argv.slice(2)
if (directory === undefined) throw new Error('the data directory is missing')
let commits = 0
if (wanted.includes('count-commits')) countCommits()

const fail = (error: unknown): void => {
  throw error
}
const config = { ...configFrom({}, {}), data: directory, port: 0, webhookAllow: ['127.0.0.0/8'] }
const database = await openDatabase({
  directory,
  url: wanted.find((one) => one.startsWith('postgres://')),
  serving: true,
  queueMax: config.queueMax,
  ...(wanted.includes('one-at-a-time') && { batchWorksMax: 1 }),
  onRefusedBatch: fail,
  onFateUnknown: fail,
})
const pauses = new PauseWatch()
database.onCommit(() => pauses.settled())
const log = createLog('json', false)
const sender = createSender({
  allow: config.webhookAllow,
  timeoutMs: config.webhookTimeoutMs,
  connections: config.webhookConcurrency,
  clock: systemClock,
  timers: systemTimers,
})
const vault = await openVault(database, config)
const accounts = new Accounts(() => openAccounts({ directory }), vault.derive('cookies'))
const server = createApp({
  config,
  database,
  vault,
  accounts,
  sender,
  log: log.request,
  webhookLog: log,
  onBackgroundError: fail,
})
const origin = await server.listen({ host: '127.0.0.1', port: 0 })
answerAsServer(
  { port: Number(new URL(origin).port) },
  {
    pauses,
    counts: async () => {
      const changes = (await database.read('company_log', { company_id: companyId }))?.last_sequence ?? 0
      return { changes, commits }
    },
    stop: async () => {
      await server.close()
      await sender.close()
      await accounts.close()
      await database.close()
      await log.flush()
    },
  },
)

/** Counts commits as they are made. It stands in their way, so the rows of the table are measured without it. */
function countCommits(): void {
  const { prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql)
    if (sql !== 'COMMIT') return statement
    const run = statement.run.bind(statement)
    statement.run = () => {
      commits += 1
      return run()
    }
    return statement
  }
}
