import { setTimeout as wait } from 'node:timers/promises'
import { newBook } from '../crash/load.ts'
import { connected, get } from '../faults/bad-clients.ts'
import { push } from '../faults/push.ts'
import { keys } from '../fixture.ts'
import type { Soak } from './soak.ts'

/** Something that goes wrong for a while. */
export interface Trouble {
  readonly name: string
  /** The server is another one afterwards. */
  readonly endsServer?: boolean
  run(soak: Soak): Promise<void>
}

/** Requests that a deaf client sends; each of their answers is about as large as all of them. */
const deafRequests = 100

/** Each of them in turn. */
export const troubles: readonly Trouble[] = [
  {
    name: 'killed',
    endsServer: true,
    run: (soak) => soak.killAndRestart(),
  },
  {
    name: 'paused',
    run: async ({ server }) => {
      const { pid } = server
      process.kill(pid, 'SIGSTOP')
      await wait(1_000 + Math.random() * 1_000)
      process.kill(pid, 'SIGCONT')
    },
  },
  {
    name: 'receiver fails',
    run: async ({ receiver }) => {
      receiver.failing = true
      await wait(2_000)
      receiver.failing = false
    },
  },
  {
    name: 'client never reads',
    run: async ({ server }) => {
      const socket = connected(server.url).pause()
      socket.write(get('/api/v1/leads?pageSize=100', keys.full).repeat(deafRequests))
      await wait(2_000)
      socket.destroy()
    },
  },
  {
    name: 'overload',
    run: async (soak) => {
      const book = { ...newBook(), nextNumber: soak.book.nextNumber }
      const pushing = push(
        { url: soak.server.url, leads: soak.leads, connections: 64, seconds: 1, perSecond: 2 * soak.top },
        book,
      )
      soak.book.nextNumber = book.nextNumber
      const { refused, unanswered } = await pushing
      for (const one of book.acknowledged) soak.record.note(one)
      soak.checkRefusalKinds(Object.keys(refused), unanswered)
    },
  },
]
