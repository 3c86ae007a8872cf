import { spawn } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keys } from '../fixture.ts'
import { describeOnPostgres, testDatabase } from '../postgres/databases.ts'
import { fillRichly } from '../storage/moving/rich.ts'
import { serving, temporaryDirectory, waggle } from './program.ts'

const bin = join(import.meta.dirname, '../../bin/waggle.js')

/** Begins a move and kills it when it says that rows are being copied. */
async function killedWhileCopying(from: string, to: string): Promise<void> {
  const child = spawn(process.execPath, [bin, 'move', '--from', from, '--to', to], { env: {} })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (/copying/.test(said)) child.kill('SIGKILL')
  })
  const signal = await new Promise((over) => child.once('exit', (_, name) => over(name)))
  expect({ signal, said }).toMatchObject({ signal: 'SIGKILL' })
}

async function patched(args: readonly string[]): Promise<{ status: number; sequence: number }> {
  const server = await serving(args)
  const reply = await fetch(`${server.url}/api/v1/leads/100001`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${keys.full}`, 'content-type': 'application/json' },
    body: JSON.stringify({ company_name: `Changed by ${args.join(' ')}` }),
  })
  await reply.text()
  await server.stop()
  return { status: reply.status, sequence: Number(reply.headers.get('x-waggle-sequence')) }
}

test('what is missing, or is no database, is said in words', async () => {
  const empty = temporaryDirectory()
  expect(await waggle(['move', '--from', empty])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Say where with --from and --to'),
  })
  expect(await waggle(['move', '--from', empty, '--to', temporaryDirectory()])).toMatchObject({
    code: 1,
    err: `waggle: There is no database in ${empty}.\n`,
  })
  expect(await waggle(['move', '--undo', '--from', empty, '--to', empty])).toMatchObject({
    code: 1,
    err: 'waggle: --undo needs --from alone: nothing is moved by it.\n',
  })
})

test('a move tells what it moved, and the source is made usable again by --undo', async () => {
  const [from, to] = [temporaryDirectory(), temporaryDirectory()]
  await fillRichly({ directory: from }, 3)
  expect(await waggle(['move', '--from', from, '--to', `${from}/.`])).toMatchObject({
    code: 1,
    out: '',
    err: `waggle: ${from} is where the data is already. Name another directory or database to move it to.\n`,
  })
  const { code, out, err } = await waggle(['move', '--from', from, '--to', to])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/^reading \d+ rows …\n/)
  expect(out).toMatch(/\nleads +\d+ +[0-9a-f]{16}\n/)
  expect(out).toContain(`Everything that ${from} held was read back from ${to}, and is the same.\n`)
  expect(out).toContain(`${from} serves nobody from now on`)
  expect((await waggle(['key', 'list', '--data', from])).err).toContain(`The data of ${from} moved to ${to}`)
  expect(await waggle(['move', '--undo', '--from', from])).toMatchObject({ code: 0, err: '' })
  expect(await waggle(['key', 'list', '--data', from])).toMatchObject({ code: 0, err: '' })
})

describeOnPostgres('with PostgreSQL', () => {
  test('killed in the middle, it goes on with the same command; there and back the digests are equal', async () => {
    const [from, back] = [temporaryDirectory(), temporaryDirectory()]
    const { url, release } = await testDatabase()
    onTestFinished(release)
    await fillRichly({ directory: from }, 3_000)
    const before = await patched(['--data', from])
    await killedWhileCopying(from, url)
    expect((await waggle(['serve', '--database-url', url])).err).toMatch(/is the target of a move that is not complete/)
    const there = await waggle(['move', '--from', from, '--to', url])
    expect(there).toMatchObject({ code: 0, err: '' })
    expect(there.out).toContain('The move that was begun before goes on where it stopped.')
    await killedWhileCopying(url, back)
    const again = await waggle(['move', '--from', url, '--to', back])
    expect(again).toMatchObject({ code: 0, err: '' })
    const digests = (out: string): string[] => out.match(/^\w+ +\d+ +[0-9a-f]{16}$/gm) ?? []
    expect(digests(again.out)).toEqual(digests(there.out))
    expect(digests(again.out).length).toBeGreaterThan(15)
    expect((await waggle(['serve', '--data', back])).err).toMatch(/secret\.key is missing/)
    copyFileSync(join(from, 'secret.key'), join(back, 'secret.key'))
    const after = await patched(['--data', back])
    expect(after).toEqual({ status: 200, sequence: before.sequence + 1 })
  }, 120_000)
})
