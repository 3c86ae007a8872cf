import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { checkAnswers, checkDatabase } from '../crash/check.ts'
import { newBook, prepareData, startLoad } from '../crash/load.ts'
import { startServer, until } from '../crash/server.ts'
import { describeOnPostgres, testDatabase } from '../postgres/databases.ts'
import { waggle } from './program.ts'

test('the embedded database is served by one process, and it is said why', async () => {
  const { code, err } = await waggle(['serve', '--processes', '2'])
  expect(code).toBe(1)
  expect(err).toMatch(/--processes 2 needs PostgreSQL: the embedded database has one writer.*--database-url/s)
})

const childrenOf = (pid: number): number[] =>
  spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .flatMap((line) => (line.trim() === '' ? [] : [Number(line)]))

describeOnPostgres('two processes on one port', () => {
  test('end when they cannot begin, and it is said why', async () => {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const { code, err } = await waggle(['serve', '--database-url', url, '--processes', '2', '--port', String(port)])
    expect(code).toBe(1)
    expect(err).toContain(`Port ${port} on 127.0.0.1 is taken`)
    expect(err).toContain('A process ended before it listened; its own words stand above.')
  })

  test('one is killed under load: the other goes on, another begins, and nothing acknowledged is lost', async () => {
    const { url, release } = await testDatabase()
    await prepareData(url)
    const server = await startServer(url, [], { WAGGLE_PROCESSES: '2' })
    onTestFinished(async () => {
      await server.end('SIGKILL')
      await release()
    })
    const before = childrenOf(server.pid)
    expect(before).toHaveLength(2)
    const book = newBook()
    const load = startLoad(server.url, book, 32)
    await until('changes are acknowledged', () => book.acknowledged.length >= 200)
    const [killed = 0] = before
    process.kill(killed, 'SIGKILL')
    const acknowledged = book.acknowledged.length
    await until('the other one goes on', () => book.acknowledged.length >= acknowledged + 100)
    await until('another is begun', () => {
      const now = childrenOf(server.pid)
      return now.length === 2 && !now.includes(killed)
    })
    await load.stop()
    const more = startLoad(server.url, book, 32)
    const after = book.acknowledged.length
    await until('both take changes', () => book.acknowledged.length >= after + 200)
    await more.stop()
    expect(book.refused).toEqual([])
    await checkAnswers(server.url, await checkDatabase(url, book))
    expect(await server.end('SIGTERM')).toMatchObject({ code: 0, err: '' })
  }, 60_000)
})
