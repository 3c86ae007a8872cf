import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { keys } from '../fixture.ts'
import { fillRichly } from '../storage/moving/rich.ts'
import { databases, placed } from './places.ts'
import { type Running, serving, temporaryDirectory, waggle } from './program.ts'

const dying = `--import=${new URL('../storage/backup/dying.ts', import.meta.url).href}`
const littleRoom = `--import=${new URL('../storage/backup/little-room.ts', import.meta.url).href}`

async function patch({ url }: Running, name: string): Promise<{ status: number; sequence: number }> {
  const reply = await fetch(`${url}/api/v1/leads/4711`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${keys.full}`, 'content-type': 'application/json' },
    body: JSON.stringify({ company_name: name }),
  })
  await reply.text()
  return { status: reply.status, sequence: Number(reply.headers.get('x-waggle-sequence')) }
}

/** Changes a lead without end, and answers the highest number that was given. */
function changing(server: Running): { stop(): Promise<number> } {
  let stopped = false
  const changed = (async () => {
    let sequence = 0
    for (let at = 0; !stopped; at += 1) {
      const made = await patch(server, `Round ${at}`)
      expect(made.status).toBe(200)
      sequence = made.sequence
    }
    return sequence
  })()
  return {
    stop: () => {
      stopped = true
      return changed
    },
  }
}

describe.each(databases)('%s', (_, make) => {
  test('is backed up beside its server, and restored', async () => {
    const [from, to, backup] = [await make(), await make(), join(temporaryDirectory(), 'backup')]
    await fillRichly({ directory: from.data, url: from.url }, 3)
    const server = await serving(from.args)
    const load = changing(server)
    const made = await waggle(['backup', backup, ...from.args])
    const last = await load.stop()
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toMatch(/\nleads +7 +[0-9a-f]{16}\n/)
    expect(made.out).toMatch(/as it stood at \d{4}-\S+Z: 7 leads of 3 companies, [\d.]+ [KM]iB\./)
    expect(made.out).toContain('secret.key is in it, which opens the secrets of webhooks')
    expect(made.out).toContain(`Restore it into an empty directory with: waggle restore ${backup} --data <directory>`)
    expect(readFileSync(join(backup, 'secret.key'), 'utf8')).toBe(readFileSync(join(from.data, 'secret.key'), 'utf8'))
    for (const name of ['waggle.db', 'auth.db', 'secret.key', 'backup.json']) {
      expect(statSync(join(backup, name)).mode & 0o777, name).toBe(0o600)
    }

    const restored = await waggle(['restore', backup, ...to.args])
    expect(restored).toMatchObject({ code: 0, err: '' })
    const [, sequence = ''] = /\n3 +(\d+)\n/.exec(restored.out) ?? []
    expect(Number(sequence)).toBeGreaterThan(3)
    expect(Number(sequence)).toBeLessThan(last)
    expect(restored.out).toContain('New changes and new leads take numbers that were given before.')
    expect(restored.out).toContain('No endpoint is active, so no webhook is sent.')
    const again = await serving(to.args)
    expect(await patch(again, 'Restored')).toEqual({ status: 200, sequence: Number(sequence) + 1 })
    await again.stop()
  })

  test('what a killed one left is told by the next, until it is removed', async () => {
    const { args, data, url } = await make()
    await fillRichly({ directory: data, url }, 3)
    const parent = temporaryDirectory()
    const backup = (name: string, env: Record<string, string> = {}) =>
      waggle(['backup', join(parent, name), ...args], { env })
    expect(await backup('first', { NODE_OPTIONS: dying, DIE_WHEN_SAID: 'checking .* rows' })).toMatchObject({
      code: null,
    })
    const [left = ''] = readdirSync(parent)
    expect(left).toMatch(/^first\.unfinished-/)
    const second = await backup('second')
    expect(second).toMatchObject({ code: 0, err: '' })
    const [told = ''] = second.out.split('\n')
    expect(told.replace(/since [-\d]{10} [\d:]{5} UTC, [\d.]+ [KM]iB: /, '')).toBe(
      `${join(parent, left)} lies there what a backup left that was broken off. Nothing writes to it any more, and it may be removed.`,
    )
    expect(readdirSync(parent).toSorted()).toEqual([left, 'second'])
    rmSync(join(parent, left), { recursive: true })
    expect((await backup('third')).out).not.toContain('unfinished')
  })

  test('a backup is verified by itself, whatever the settings are', async () => {
    const { args, data, url } = await make()
    await fillRichly({ directory: data, url }, 3)
    await (await serving(args)).stop()
    const backup = join(temporaryDirectory(), 'backup')
    const made = await waggle(['backup', backup, ...args])
    const env = {
      WAGGLE_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
      WAGGLE_PORT: 'no port',
      WAGGLE_DATA: data,
    }
    const lies = readdirSync(data)
    const { code, out, err } = await waggle(['restore', backup, '--verify'], { env })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const digestsIn = (text: string) => text.match(/^\w+ +[\d,]+ +[0-9a-f]{16}$/gm)
    expect(digestsIn(out)).toContainEqual(expect.stringMatching(/^leads +7 /))
    expect(digestsIn(out)).toEqual(digestsIn(made.out))
    expect(out).toContain(`${backup} is whole: each file and each row is as it was written.`)
    expect(out).toMatch(
      new RegExp(
        `\\nWaggle \\d\\S+ made it of an? ${url === '' ? 'embedded' : 'PostgreSQL'} database as it stood at \\S+Z: 7 leads of 3 ` +
          'companies, \\d+ events, [\\d.]+ [KM]iB\\.\\nsecret\\.key is in it\\.\\n$',
      ),
    )
    expect(readdirSync(data)).toEqual(lies)
  })
})

test('a backup that is damaged ends with 1, and verifies nothing else', async () => {
  const { data, args } = placed('')
  await fillRichly({ directory: data }, 3)
  const backup = join(temporaryDirectory(), 'backup')
  expect(await waggle(['backup', backup, ...args])).toMatchObject({ code: 0 })
  expect(await waggle(['restore', backup, '--verify', '--pause-webhooks'])).toMatchObject({
    code: 1,
    err: 'waggle: --verify restores nothing: leave out --pause-webhooks.\n',
  })
  expect(await waggle(['restore', backup, '--verify', ...args])).toMatchObject({
    code: 1,
    err: 'waggle: --verify restores nothing: leave out --data.\n',
  })
  expect((await waggle(['restore', backup, '--verify'])).out).toContain('secret.key is not in it')
  const db = new DatabaseSync(join(backup, 'waggle.db'))
  db.exec("UPDATE users SET first_name = 'Nobody' WHERE id = 31")
  db.close()
  expect(await waggle(['restore', backup, '--verify'])).toMatchObject({
    code: 1,
    err: `waggle: ${backup} is damaged: waggle.db is not as it was written. What differs or cannot be read: users. Take another backup.\n`,
  })
})

test('a disk with too little room is told before anything is copied', async () => {
  const { data, args } = placed('')
  await fillRichly({ directory: data }, 3)
  const parent = temporaryDirectory()
  const onDisk = (env: Record<string, string>) =>
    waggle(['backup', join(parent, 'backup'), ...args], { env: { NODE_OPTIONS: littleRoom, ...env } })
  const { code, err } = await onDisk({})
  expect(code).toBe(1)
  expect(err).toMatch(/^waggle: A backup takes [\d.]+ KiB, and 97\.7 KiB are free for /)
  expect(err).toContain(`free for ${parent}. Make room, or name a directory on a larger disk.\n`)
  expect(readdirSync(parent)).toEqual([])
  expect(await onDisk({ NO_BLOCKS: 'true' })).toMatchObject({ code: 0, err: '' })
})

test('what is missing, or wrong, is said in words and ends with 1', async () => {
  const { data, args } = placed('')
  expect(await waggle(['backup', ...args])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Say where the backup goes'),
  })
  expect(await waggle(['restore', ...args])).toMatchObject({
    code: 1,
    err: expect.stringContaining('Say which backup is meant'),
  })
  const to = join(temporaryDirectory(), 'backup')
  expect(await waggle(['backup', to, ...args])).toMatchObject({
    code: 1,
    err: `waggle: There is no database in ${data}.\n`,
  })
  expect(await waggle(['restore', data, ...args])).toMatchObject({
    code: 1,
    err: `waggle: ${data} is no backup: it has no backup.json. Name a directory that \`waggle backup\` made.\n`,
  })
  expect(existsSync(to)).toBe(false)
})

test('a file in the place of a directory is told as one', async () => {
  const { data, args } = placed('')
  await fillRichly({ directory: data }, 1)
  const backup = join(temporaryDirectory(), "eva's backup")
  const { out } = await waggle(['backup', backup, ...args])
  const word = `'${backup.replace("'", "'\\''")}'`
  expect(out).toContain(`Restore it into an empty directory with: waggle restore ${word} --data <directory>\n`)
  const told = async (...words: string[]) => (await waggle(words)).err
  for (const more of [['--verify'], ['--data', temporaryDirectory()]]) {
    expect(await told('restore', join(backup, 'backup.json'), ...more)).toBe(
      `waggle: ${join(backup, 'backup.json')} is a file, and a backup is a directory. It is in ${backup}: name that.\n`,
    )
  }
  const file = join(temporaryDirectory(), 'file')
  writeFileSync(file, '')
  expect(await told('restore', file, ...args)).toBe(
    `waggle: ${file} is a file, and a backup is a directory. Name one that \`waggle backup\` made.\n`,
  )
  const isFile = `waggle: ${file} is a file. Name a directory.\n`
  expect(await told('restore', backup, '--data', file)).toBe(isFile)
  expect(await told('restore', backup, '--data', join(file, 'data'))).toBe(isFile)
  expect(await told('backup', join(file, 'backup'), ...args)).toBe(isFile)
  expect(await told('move', '--from', data, '--to', file)).toBe(isFile)
  expect(await told('serve', '--data', file)).toBe(isFile)
})

test('a key that is not the one of the database is noticed when it is backed up', async () => {
  const { data, args } = placed('')
  await fillRichly({ directory: data }, 1)
  await (await serving(args)).stop()
  const to = join(temporaryDirectory(), 'backup')
  const key = readFileSync(join(data, 'secret.key'))
  writeFileSync(join(data, 'secret.key'), `${'cd'.repeat(32)}\n`)
  expect(await waggle(['backup', to, ...args])).toMatchObject({
    code: 1,
    err: `waggle: ${join(data, 'secret.key')} is not the key that this database was sealed with. Restore the right one.\n`,
  })
  rmSync(join(data, 'secret.key'))
  const without = await waggle(['backup', to, ...args, '--secret-key', key.toString().trim()])
  expect(without).toMatchObject({ code: 0, err: '' })
  expect(without.out).toContain('The key that seals secrets is not in it')
  expect(existsSync(join(to, 'secret.key'))).toBe(false)
  const { args: there } = placed('')
  expect((await waggle(['restore', to, ...there])).out).toContain('The backup brought no key.')
})

test('of a database that no server has sealed yet no key is missed', async () => {
  const { args } = placed('')
  await waggle(['init', ...args])
  const to = join(temporaryDirectory(), 'backup')
  const { code, out } = await waggle(['backup', to, ...args])
  expect(code).toBe(0)
  expect(out).not.toContain('key that seals')
})

test('a mismatch ends with 1, and says where', async () => {
  const { data, args } = placed('')
  await fillRichly({ directory: data }, 30)
  const backup = join(temporaryDirectory(), 'backup')
  expect(await waggle(['backup', backup, ...args])).toMatchObject({ code: 0 })
  const db = new DatabaseSync(join(backup, 'waggle.db'))
  db.exec("UPDATE users SET first_name = 'Nobody' WHERE id = 31")
  db.close()
  const { args: there } = placed('')
  expect(await waggle(['restore', backup, ...there])).toMatchObject({
    code: 1,
    err: `waggle: ${backup} is damaged: waggle.db is not as it was written. What differs or cannot be read: users. Nothing was restored; take another backup.\n`,
  })
})

test('endpoints of a copy are paused where that is asked for', async () => {
  const { data, args } = placed('')
  await fillRichly({ directory: data }, 1)
  expect(await waggle(['webhook', 'resume', '1', ...args])).toMatchObject({ code: 0 })
  const backup = join(temporaryDirectory(), 'backup')
  expect(await waggle(['backup', backup, ...args])).toMatchObject({ code: 0 })
  const [as, paused] = [placed(''), placed('')]
  const first = await waggle(['restore', backup, ...as.args])
  expect(first.out).toContain('1 endpoint sends from where it stood: what was delivered since comes once more')
  const second = await waggle(['restore', backup, '--pause-webhooks', ...paused.args])
  expect(second.out).toContain('1 endpoint is paused. `waggle webhook resume <id>` lets one send')
  expect((await waggle(['webhook', 'list', ...as.args])).out).toMatch(/ active /)
  expect((await waggle(['webhook', 'list', ...paused.args])).out).toMatch(/ paused /)
})
