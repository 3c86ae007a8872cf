import { parseArgs } from 'node:util'
import { killUnderLoad } from './kill.ts'
import { type Site, sites } from './site.ts'
import { killWithReceiver } from './webhooks.ts'

/**
 * `npm run test:crash`, with `-- --rounds N` (20 when not said): kills a server under load again and again, on each database.
 * Ends with 1 at the first promise that is broken.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } })
const rounds = Number(values.rounds)

async function kills(site: () => Promise<Site>): Promise<void> {
  const told = await killUnderLoad({
    site,
    rounds,
    fromMs: 200,
    toMs: 900,
    onRound: ({ round, killedAfterMs, acknowledged, inLog, asked, replayed }) =>
      console.log(
        `round ${String(round).padStart(2)}: killed after ${killedAfterMs} ms, acknowledged ${acknowledged}, ` +
          `in log ${inLog}, lost 0; ${asked} asked again, of which ${replayed} stood`,
      ),
  })
  const acknowledged = told.reduce((sum, one) => sum + one.acknowledged, 0)
  const inLog = told.reduce((sum, one) => sum + one.inLog, 0)
  console.log(`${rounds} kills: acknowledged ${acknowledged}, in log ${inLog}, lost 0, half applied 0`)
}

async function killsWithReceiver(site: () => Promise<Site>): Promise<void> {
  const sum = await killWithReceiver({
    site,
    rounds,
    fromMs: 300,
    toMs: 1_500,
    onRound: ({ round, killedAfterMs, acknowledged, accepted, behind }) =>
      console.log(
        `webhooks, round ${String(round).padStart(2)}: killed after ${killedAfterMs} ms, ` +
          `acknowledged ${acknowledged}, arrived ${accepted}, behind ${behind}`,
      ),
  })
  const failures = [...sum.failures].map(([fault, count]) => `${fault} ${count}`).join(', ')
  const doubles = [...sum.doubles.byKill.values()]
  console.log(
    `${rounds} kills with a receiver that fails (${failures}): acknowledged ${sum.acknowledged}, ` +
      `events ${sum.events}, lost 0, all in the order of each lead, none of ${sum.refused} refused changes; ` +
      `${sum.messages} messages, all genuine; twice ${doubles.reduce((all, one) => all + one, 0)} by kills ` +
      `(at most ${Math.max(0, ...doubles)} by one), ${sum.doubles.unheard} by ended connections; ` +
      `the rest arrived ${sum.drainedAfterMs} ms after the receiver was healthy`,
  )
}

try {
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds is "${values.rounds}", but must be a whole number from 1`)
  }
  for (const [name, site] of sites) {
    console.log(`On ${name}:`)
    await kills(site)
    await killsWithReceiver(site)
  }
  console.log('Every promise that was tried was kept.')
} catch (error) {
  console.error(error instanceof Error ? `BROKEN: ${error.message}\n${error.stack}` : error)
  process.exitCode = 1
}
