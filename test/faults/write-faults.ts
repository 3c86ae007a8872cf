import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { exchange } from '../crash/load.ts'
import { until } from '../crash/server.ts'
import {
  checkHealed,
  checkNext,
  type Fault,
  type Ground,
  onServer,
  stopLoad,
  type Told,
  underLoad,
  untilGoesOn,
} from './fault.ts'
import { inject, missingTracer } from './trace.ts'

/** Refusals after which a disk counts as refusing. */
const refusalsEnough = 30

const logOf = (data: string): string => join(data, 'waggle.db-wal')
const fileOf = (data: string): string => join(data, 'waggle.db')

/** Writes of the write-ahead log fail for a while: the changes of that while are refused, and nothing else. */
const logWritesFail = (what: string): Promise<Told> =>
  onServer(async (ground) => {
    const { data, book, server } = ground
    const load = await underLoad(ground, 8)
    const fault = await inject(server.pid, { calls: 'pwrite64', what, files: [logOf(data)] })
    await until('the disk refuses', () => book.refused.length >= refusalsEnough || !server.isRunning())
    await checkReads(ground)
    await fault.end()
    assert(server.isRunning(), 'the server ended though writes can be tried again')
    await untilGoesOn(ground)
    await stopLoad(load)
    return checkHealed(ground, 'went on when writes did')
  })

/** Leads are still read while changes are refused. */
async function checkReads({ server }: Ground): Promise<void> {
  const agent = new Agent()
  const { status } = await exchange(`${server.url}/api/v1/leads/4711`, agent)
  agent.destroy()
  assert.equal(status, 200, 'a read failed while changes were refused')
}

/** What a checkpoint writes into the file fails: the log still holds it all. */
const checkpointWritesFail = (): Promise<Told> =>
  onServer(async (ground) => {
    const { data, server } = ground
    const load = await underLoad(ground, 32)
    const fault = await inject(server.pid, { calls: 'pwrite64', what: 'error=EIO', files: [fileOf(data)] })
    await until('a checkpoint has met the fault', () => fault.times().length > 0 || !server.isRunning())
    await fault.end()
    if (server.isRunning()) {
      await untilGoesOn(ground)
      await stopLoad(load)
      return checkHealed(ground, 'went on: the log holds what the file does not')
    }
    await load.over
    assert.equal((await server.ended).code, 1)
    return checkNext(ground, 'stopped with code 1, and the next start recovered')
  })

/** How long each sync takes, in ms, and how many of them there are. */
const syncMs = 500
const slowSyncs = 4

/** A disk that takes its time is waited for: no 200 comes before the sync it tells of, and no 503 either. */
const slowSyncsAreWaitedFor = (): Promise<Told> =>
  onServer(async (ground) => {
    const { book, server } = ground
    const load = await underLoad(ground, 32)
    const what = `delay_enter=${syncMs * 1000}`
    const fault = await inject(server.pid, { calls: 'fsync,fdatasync', what })
    const attachedAt = performance.now()
    const reading = readWhile(server.url, () => fault.times().length < slowSyncs && server.isRunning())
    await until('syncs are slow', () => fault.times().length >= slowSyncs || !server.isRunning())
    const endsAt = performance.now()
    await fault.end()
    const { reads, slowestMs } = await reading
    await untilGoesOn(ground)
    await stopLoad(load)
    assert.equal(book.refused.length, 0, 'a change was refused though the disk was only slow')
    const meanwhile = book.acknowledged.filter(({ sentAt, receivedAt }) => sentAt > attachedAt && receivedAt < endsAt)
    const tooSoon = meanwhile.find(({ sentAt, receivedAt }) => receivedAt - sentAt < syncMs)
    assert(tooSoon === undefined, `a change was acknowledged before a sync could end: ${JSON.stringify(tooSoon)}`)
    return checkHealed(ground, `${reads} reads meanwhile, the slowest ${slowestMs} ms`)
  })

/** Reads a lead again and again. */
async function readWhile(url: string, holds: () => boolean): Promise<{ reads: number; slowestMs: number }> {
  const agent = new Agent({ keepAlive: true })
  const told = { reads: 0, slowestMs: 0 }
  while (holds()) {
    const begun = performance.now()
    const { status } = await exchange(`${url}/api/v1/leads/4711`, agent)
    assert.equal(status, 200, 'a read failed while syncs were slow')
    told.reads += 1
    told.slowestMs = Math.max(told.slowestMs, Math.round(performance.now() - begun))
  }
  agent.destroy()
  return told
}

export const writeFaults: readonly Fault[] = [
  {
    name: 'EIO on write',
    injected: 'strace: pwrite64 of the log fails with EIO, for a while',
    quick: true,
    missing: missingTracer,
    run: () => logWritesFail('error=EIO'),
  },
  {
    name: 'EIO on write of a checkpoint',
    injected: 'strace: pwrite64 of the database file fails with EIO, for a while',
    quick: false,
    missing: missingTracer,
    run: checkpointWritesFail,
  },
  {
    name: 'file system turned read-only',
    injected: 'strace: pwrite64 of the log fails with EROFS, for a while',
    quick: true,
    missing: missingTracer,
    run: () => logWritesFail('error=EROFS'),
  },
  {
    name: 'nothing written',
    injected: 'strace: pwrite64 of the log writes 0 bytes, for a while',
    quick: true,
    missing: missingTracer,
    run: () => logWritesFail('retval=0'),
  },
  {
    name: 'slow sync',
    injected: `strace: fsync and fdatasync take ${syncMs} ms more, ${slowSyncs} times`,
    quick: false,
    missing: missingTracer,
    run: slowSyncsAreWaitedFor,
  },
]
