import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { consoles } from './consoles.ts'
import { withDirectory } from './directory.ts'
import { goalsTable, judge } from './goals.ts'
import { imports } from './imports.ts'
import { aboutStall, type Large, large } from './large.ts'
import { lists } from './lists.ts'
import { readOptions } from './options.ts'
import { postgres } from './postgres/rounds.ts'
import { profile } from './profile.ts'
import { aboutReads } from './reads.ts'
import { machine, type Row, tableOf } from './report.ts'
import { seed } from './seed.ts'
import { type Standard, standard } from './standard.ts'
import { webhooks } from './webhooks.ts'

/**
 * `npm run bench`: Waggle beside a raw `node:http` server and bare SQLite, in turns, on one machine with one load
 * generator.
 *
 * Options: `--leads N`, `--seconds N` of each round, `--connections N`, `--rounds N`; `--large` measures a tenth of the
 * leads and ten times as many as well; `--webhooks` measures webhooks instead, `--lists` lists of leads, `--import` an import, `--consoles` changes that consoles
 * watch, `--postgres` the write path on a real
 * PostgreSQL; `--profile` tells instead where the server's time goes under (b).
 */
const options = readOptions(process.argv.slice(2))

/** Above this share of a CPU the load generator may have held a row back. */
const generatorShareMax = 0.9
/** A longer pause of the load generator comes from the machine: it does little in one turn. */
const generatorLoopMaxAllowedMs = 250

const say = (text: string): void => void process.stdout.write(`${text}\n`)

await withDirectory(async (directory) => {
  if (options.profile) {
    say(await profile(directory, options))
    return
  }
  if (options.lists) {
    await lists(directory, options, say)
    return
  }
  if (options.import) {
    await imports(directory, options, say)
    return
  }
  if (options.consoles) {
    await consoles(directory, options, say)
    return
  }
  if (options.postgres) {
    await postgres(directory, options, say)
    return
  }
  say(`${options.leads} leads, ${options.connections} connections, ${options.rounds} rounds of ${options.seconds} s`)
  const begun = performance.now()
  const seeded = join(directory, 'waggle')
  mkdirSync(seeded)
  await seed(seeded, options.leads)
  say(`the database is filled (${((performance.now() - begun) / 1000).toFixed(1)} s)`)

  if (options.webhooks) {
    await webhooks(seeded, options, say)
    return
  }
  const ofEachRun = await standard(directory, options, say)
  report(ofEachRun, options.large ? await large(directory, options, say) : undefined)
})

function report(ofEachRun: Standard, ofLarge: Large | undefined): void {
  const goals = [
    ...judge('standard', ofEachRun.measured),
    ...(ofLarge === undefined ? [] : judge('large', ofLarge.measured)),
  ]
  const rows = [...ofEachRun.rows, ...(ofLarge?.rows ?? [])]
  const results = {
    leads: options.leads,
    connections: options.connections,
    goals,
    rows,
    reads: ofEachRun.reads,
    large: ofLarge === undefined ? null : { leads: ofLarge.leads, reads: ofLarge.reads, stall: ofLarge.stall },
    machine: machine(),
  }
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)

  const { cpus, model, memoryGibibytes, node, sqlite, platform } = results.machine
  say(`\n${tableOf(rows)}\n\n${goalsTable(goals)}\n`)
  say(`(c) ${aboutReads(ofEachRun.reads)}.`)
  if (ofLarge !== undefined) {
    say(`${ofLarge.leads.many} leads: ${aboutReads(ofLarge.reads)}.`)
    say(`${ofLarge.leads.many} leads: ${aboutStall(ofLarge.stall)}.`)
  } else say('Few and many leads, and pauses, are measured with `npm run bench -- --large`.')
  say('Only the ratios can be compared: each is taken within its rounds, while absolute figures drift with the')
  say('machine by the minute. Medians of the rounds; max is the slowest answer of all; MB is the most memory that')
  say(
    'was resident so far. Every 200 to a PATCH was on the disk, with its event; keys were checked and requests logged.',
  )
  say(`Syncs: ${ofEachRun.howSyncs}.`)
  say(`${cpus} × ${model}, ${memoryGibibytes} GiB, Node ${node}, SQLite ${sqlite}, ${platform}`)
  for (const row of rows) warnOf(row)
}

/** Says where the load generator, or the machine under it, and not the server may be what was measured. */
function warnOf({ about, generatorShare, generatorLoopMaxMs }: Row): void {
  if (generatorShare > generatorShareMax) {
    say(`The load generator was ${Math.round(generatorShare * 100)} % busy under "${about}": it may have held it back.`)
  }
  if (generatorLoopMaxMs > generatorLoopMaxAllowedMs) {
    say(`The load generator stood still for ${generatorLoopMaxMs} ms under "${about}": this machine is not quiet.`)
  }
}
