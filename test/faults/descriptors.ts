import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { hold } from '../crash/check.ts'
import { exchange } from '../crash/load.ts'
import { run, until } from '../crash/server.ts'
import { checkHealed, type Fault, onServer, stopLoad, type Told, underLoad, untilGoesOn } from './fault.ts'
import { descriptorsOf } from './watch.ts'

/** Descriptors that the server may still open when the crowd comes. */
const room = 20
const crowdSize = 200

const missingLimit = (): string | undefined =>
  run('prlimit', '--version').status === 0 ? undefined : 'there is no prlimit of util-linux, which sets a limit'

/** Connections of clients that ask for their health once and stay. */
function crowdAt(url: string) {
  const told = { answered: 0, closed: 0 }
  const sockets = Array.from({ length: crowdSize }, (): Socket => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {}) // a reset shows as a connection that closed
    socket.once('data', () => {
      told.answered += 1
    })
    socket.once('close', () => {
      told.closed += 1
    })
    socket.write('GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n')
    return socket
  })
  const leave = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return { told, leave }
}

/** Who is connected is served; who comes when there is no descriptor left is turned away or waits. */
const descriptorsRunOut = (): Promise<Told> =>
  onServer(async (ground) => {
    const { server } = ground
    const load = await underLoad(ground, 8)
    const most = descriptorsOf(server) + room
    const { status, stderr } = run('prlimit', '--pid', String(server.pid), `--nofile=${most}:`)
    hold(status === 0, `prlimit: ${stderr}`)

    const { told, leave } = crowdAt(server.url)
    await until('no descriptor is left', () => told.closed > 0 || descriptorsOf(server) >= most || !server.isRunning())
    await untilGoesOn(ground)
    const { answered, closed } = told
    assert(answered > 0 && answered < crowdSize, `${answered} of ${crowdSize} were answered with room for ${room}`)
    leave()
    await until('the connections are gone', () => descriptorsOf(server) < most - room / 2)
    const agent = new Agent()
    assert.equal((await exchange(`${server.url}/healthz`, agent)).status, 200)
    agent.destroy()
    await stopLoad(load)
    return checkHealed(ground, `of ${crowdSize} more clients ${answered} were served, ${closed} turned away`)
  })

export const descriptorFaults: readonly Fault[] = [
  {
    name: 'no descriptors left',
    injected: `RLIMIT_NOFILE: room for ${room} more, and ${crowdSize} clients come (EMFILE)`,
    quick: true,
    missing: missingLimit,
    run: descriptorsRunOut,
  },
]
