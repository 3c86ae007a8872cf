import type { AddressInfo } from 'node:net'
import { isQuestion, type Question, type Usage } from './messages.ts'

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
}

/** Tells where a server listens, and answers what it has used. */
export function answerAsServer(
  address: Pick<AddressInfo, 'port'> | string | null,
  { counts, stop }: ServerAnswers,
): void {
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen on a port')
  answerParent(async () => {
    const { user, system } = process.cpuUsage()
    const usage: Usage = {
      cpuMicros: user + system,
      residentBytes: process.memoryUsage.rss(),
      ...(await counts()),
    }
    return usage
  }, stop)
  tellParent({ port: address.port })
}
