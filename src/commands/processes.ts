import cluster, { type Worker } from 'node:cluster'
import { type Config, ConfigError, flagOf } from '../kernel/config.ts'
import type { Log } from '../log.ts'
import { answerForAllProcesses } from '../metrics.ts'
import type { Io } from './command.ts'

/** A process that died is begun anew after so many ms. */
const againMs = 1_000

/** True in a process that shares its port with others. */
export const isOneOfMany = (): boolean => cluster.isWorker

/** Ends what holds this process beside its own work. */
export function leaveTheOthers(): void {
  if (cluster.isWorker) process.disconnect()
}

/**
 * @throws ConfigError the embedded database is asked to be served by more than one process
 */
export function refuseManyOnOneFile({ processes, databaseUrl }: Config): void {
  if (processes === 1 || databaseUrl !== '') return
  throw new ConfigError(
    `${flagOf('processes')} ${processes} needs PostgreSQL: the embedded database has one writer, in one process. ` +
      `Leave it out, or set ${flagOf('databaseUrl')}.`,
  )
}

interface Many {
  readonly config: Config
  readonly log: Log
  /** Called with the address, when all listen. */
  readonly begun: (address: string) => void
}

/**
 * Begins so many processes that serve one port, and begins anew those that die. Resolves when all have stopped in order,
 * after the signal.
 *
 * @throws ConfigError one of them ended before it listened
 */
export async function serveByMany({ config, log, begun: tell }: Many, io: Io): Promise<void> {
  answerForAllProcesses()
  let stopping: string | undefined
  const begun = new Map<Worker, Promise<void>>()
  let address = ''
  const begin = (): Promise<boolean> =>
    new Promise((listens) => {
      const worker = cluster.fork()
      worker.once('listening', ({ address: host, port }) => {
        address = `http://${host}:${port}`
        listens(true)
      })
      begun.set(
        worker,
        new Promise((over) => {
          worker.once('exit', (code, signal) => {
            begun.delete(worker)
            listens(false)
            over()
            if (stopping !== undefined) return
            log.error(
              'a process ended; another is begun',
              new Error(`process ${worker.process.pid}: ${signal ?? code}`),
            )
            setTimeout(() => stopping === undefined && void begin(), againMs)
          })
        }),
      )
    })
  const stopped = new Promise<void>((over) => {
    io.onStop((signal) => {
      stopping = signal
      log.info(`${signal}: the processes finish what runs`)
      over()
    })
  })
  const all = await Promise.all(Array.from({ length: config.processes }, begin))
  if (all.includes(false) && stopping === undefined) {
    stopping = 'a process did not start'
    await end(begun)
    throw new ConfigError('A process ended before it listened; its own words stand above.')
  }
  if (stopping === undefined) tell(address)
  await stopped
  await end(begun)
  log.info('closed')
  await log.flush()
}

async function end(begun: ReadonlyMap<Worker, Promise<void>>): Promise<void> {
  for (const worker of begun.keys()) worker.process.kill('SIGTERM')
  await Promise.all(begun.values())
}
