import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { isQuestion, type Question, type Resident, type Usage } from './messages.ts'
import type { PauseWatch } from './pauses.ts'

/** The answer to a question, as a message to the process that asked. */
type Answer = (question: Question) => Promise<object>

/** Answers the parent's questions until it asks to stop, or is gone. */
export function answerParent(answer: Answer, stop: () => Promise<void>): void {
  process.on('message', async (message) => {
    if (!isQuestion(message)) throw new Error('not a question')
    if (message.ask !== 'stop') {
      tellParent(await answer(message))
      return
    }
    await stop()
    process.exit()
  })
  process.on('disconnect', () => process.exit())
}

function tellParent(message: object): void {
  process.send?.(message)
}

interface ServerAnswers {
  counts(): Promise<Pick<Usage, 'changes' | 'commits'>>
  stop(): Promise<void>
  /** Absent for a server whose pauses nobody asks for. */
  readonly pauses?: PauseWatch
}

/** Tells where a server listens, and answers what it has used and how long it stood still. */
export function answerAsServer(
  address: Pick<AddressInfo, 'port'> | string | null,
  { counts, stop, pauses }: ServerAnswers,
): void {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port')
  answerParent(async ({ ask }) => {
    if (ask === 'usage') return usageWith(await counts())
    if (pauses === undefined) throw new Error(`the server cannot answer ${ask}`)
    if (ask === 'pauses') return pauses.end()
    pauses.begin()
    return { watching: true }
  }, stop)
  tellParent({ port: address.port })
}

/** What this process has used so far. */
export function usageWith(counts: Pick<Usage, 'changes' | 'commits'>): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuMicros: user + system, ...resident(), ...counts }
}

function resident(): Resident {
  const now = process.memoryUsage.rss()
  if (process.platform !== 'linux') return { residentBytes: now, residentFileBytes: 0, residentMaxBytes: now }
  return residentOf('self')
}

/**
 * The memory of any process, on Linux.
 *
 * @see proc_pid_status(5)
 */
export function residentOf(pid: number | 'self'): Resident {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const bytes = (name: string): number => {
    const kibibytes = Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
    if (Number.isNaN(kibibytes)) throw new Error(`/proc/${pid}/status does not tell ${name}`)
    return kibibytes * 1024
  }
  return { residentBytes: bytes('VmRSS'), residentFileBytes: bytes('RssFile'), residentMaxBytes: bytes('VmHWM') }
}
