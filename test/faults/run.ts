import { endAll } from '../crash/server.ts'
import type { Fault } from './fault.ts'
import { faults } from './list.ts'

/**
 * `npm run test:faults`: lets everything go wrong that a server may meet, one fault after the other, each around a
 * server of its own under load. `-- disk clock` tries those whose names hold one of the words. Ends with 1 when a
 * promise is broken.
 */
async function tryOne({ name, injected, missing, run }: Fault): Promise<'held' | 'broken' | 'not run'> {
  const lacks = missing?.()
  if (lacks !== undefined) {
    console.log(`NOT RUN  ${name}: ${lacks}`)
    return 'not run'
  }
  try {
    const { acknowledged, refused, unanswered, unheard, outcome } = await run()
    const counts = `acknowledged ${acknowledged}, lost 0, half applied 0; refused ${refused} with 503`
    const fate = unanswered + unheard > 0 ? `, without answer ${unanswered}, of unknown fate ${unheard} stand` : ''
    console.log(`held     ${name} (${injected}): ${counts}${fate}; ${outcome}`)
    return 'held'
  } catch (error) {
    console.log(`BROKEN   ${name} (${injected}): ${error instanceof Error ? error.stack : String(error)}`)
    return 'broken'
  }
}

const words = process.argv.slice(2)
const chosen = faults.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
if (chosen.length === 0)
  throw new Error(`no fault is called so; there are: ${faults.map(({ name }) => name).join(', ')}`)
const told = { held: 0, broken: 0, 'not run': 0 }
for (const fault of chosen) told[await tryOne(fault)] += 1
endAll()
console.log(`${told.held} held, ${told.broken} broken, ${told['not run']} not run`)
const failedForSkips = told['not run'] > 0 && process.env['CI'] !== undefined
if (failedForSkips) console.log('A part that a fault needs is missing on this machine: in CI that is a failure.')
process.exitCode = told.broken > 0 || failedForSkips ? 1 : 0
