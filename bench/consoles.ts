import { mkdirSync, writeFileSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { goalsTable, judge } from './goals.ts'
import type { Options } from './options.ts'
import { GeneratorProcess, ServerProcess, waggleServer } from './processes.ts'
import { machine, median, rate, ratioOf } from './report.ts'
import { measure, type Round } from './rounds.ts'
import { seed } from './seed.ts'
import { key } from './workspace.ts'

const consoleCount = 10
/** How often a console reads its page again at most, in ms: as `console/app/live.ts` does. */
const pauseMs = 1_000
/** What a console shows when it reads again: its page of leads, and how many there are. */
const shown = ['/api/v1/leads?page=1&pageSize=50', '/api/v1/leads?status=new&page=1&pageSize=1']

const agent = new Agent({ keepAlive: true })
const headers = { authorization: `Bearer ${key}` }

const asked = (port: number, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get({ port, path, agent, headers }, (response) => {
      if (response.statusCode === 200) resolve(response)
      else reject(new Error(`${path} was answered with ${response.statusCode}`))
    }).on('error', reject)
  })

const whole = async (port: number, path: string): Promise<void> => {
  for await (const _part of await asked(port, path));
}

interface Watching {
  /** Pages read again so far. */
  reads(): number
  end(): void
}

/** A console with the list of leads open: it hears that leads have changed, and reads again what it shows. */
async function watch(port: number): Promise<Watching> {
  const stream = await asked(port, '/api/v1/leads/changes')
  let reads = 0
  let isWaiting = false
  let isOver = false
  const readAgain = async (): Promise<void> => {
    for (const path of shown) await whole(port, path)
    reads += 1
    setTimeout(() => {
      isWaiting = false
    }, pauseMs)
  }
  stream.on('data', () => {
    if (isWaiting || isOver) return
    isWaiting = true
    void readAgain()
  })
  return {
    reads: () => reads,
    end: () => {
      isOver = true
      stream.destroy()
    },
  }
}

/** `--consoles`: PATCH with ten consoles that show the leads being changed, and without one, in turns. */
export async function consoles(directory: string, options: Options, say: (text: string) => void): Promise<void> {
  const { leads, connections, seconds, rounds } = options
  const own = join(directory, 'consoles')
  mkdirSync(own)
  await seed(own, leads)
  const server = await ServerProcess.start(waggleServer, [own], { output: join(directory, 'requests.log') })
  const generator = new GeneratorProcess([leads])
  const loading = { kind: 'patch', connections, seconds, keepsLog: true } as const
  const all: Record<'watched' | 'alone', Round[]> = { watched: [], alone: [] }
  let reads = 0
  for (const path of shown) await whole(server.port, path) // the first list of all makes the index
  for (let round = 0; round <= rounds; round += 1) {
    const alone = await measure(generator, server, loading)
    const watching = await Promise.all(Array.from({ length: consoleCount }, () => watch(server.port)))
    const watched = await measure(generator, server, loading)
    for (const one of watching) one.end()
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: alone ${perSecond(alone)}/s, watched ${perSecond(watched)}/s`)
    if (round === 0) continue
    all.alone.push(alone)
    all.watched.push(watched)
    reads += watching.reduce((sum, one) => sum + one.reads(), 0)
  }
  await generator.stop()
  await server.stop()
  const goals = judge('consoles', { watchedToAlone: ratioOf(all.watched, all.alone) })
  const results = {
    leads,
    consoles: consoleCount,
    perSecond: { alone: medianOf(all.alone), watched: medianOf(all.watched) },
    pagesReadAgain: reads,
    goals,
    machine: machine(),
  }
  writeFileSync(join(import.meta.dirname, 'results-consoles.json'), `${JSON.stringify(results, null, 2)}\n`)
  say(
    `\n${goalsTable(goals)}\n\n${consoleCount} consoles read what they show again ${reads} times in ${rounds} rounds.`,
  )
}

const perSecond = (round: Round): number => Math.round(rate(round))
const medianOf = (all: readonly Round[]): number => Math.round(median(all.map(perSecond)))
