import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from './options.ts'
import { GeneratorProcess, ServerProcess, waggleServer } from './processes.ts'
import { seed } from './seed.ts'

const functionsShown = 25

/** The part that is read of the profile which Node writes. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  /** Microseconds from the sample before to this one. */
  readonly timeDeltas: readonly number[]
}

/** Where the server's time goes under PATCH of the example body: its functions by self time, as a text. */
export async function profile(directory: string, { leads, connections, seconds }: Options): Promise<string> {
  await seed(directory, leads)
  const generator = new GeneratorProcess([leads])
  const server = await ServerProcess.start(waggleServer, [directory], {
    nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${directory}`],
    output: join(directory, 'requests.log'),
  })
  const { answers } = await generator.load(server, { kind: 'patch', connections, seconds })
  await server.stop()
  await generator.stop()
  const [file] = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error('Node wrote no profile')
  const written: Profile = JSON.parse(readFileSync(join(directory, file), 'utf8'))
  return linesOf(selfMicros(written), answers).join('\n')
}

/** Self time of each function by its name and file, in µs. */
function selfMicros({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const micros = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '?'
    // A sample's function ran until the next sample was taken.
    micros.set(name, (micros.get(name) ?? 0) + (timeDeltas[index + 1] ?? 0))
  }
  return micros
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  const place = path.replace(join(import.meta.dirname, '..', '/'), '').replace(/^.*node_modules\//, '')
  return `${name}  ${place}:${lineNumber + 1}`
}

function linesOf(micros: Map<string, number>, answers: number): string[] {
  const idle = micros.get('(idle)') ?? 0
  micros.delete('(idle)')
  const total = [...micros.values()].reduce((sum, one) => sum + one, 0)
  const line = (one: number, name: string): string =>
    `${((100 * one) / total).toFixed(1).padStart(5)} %  ${(one / answers).toFixed(2).padStart(7)}  ${name}`
  const longest = [...micros].toSorted(([, left], [, right]) => right - left).slice(0, functionsShown)
  return [
    `${answers} patches; ${(total / answers).toFixed(0)} µs each, idle ${((100 * idle) / (idle + total)).toFixed(1)} %`,
    ' share  µs/PATCH  function',
    ...longest.map(([name, one]) => line(one, name)),
  ]
}
