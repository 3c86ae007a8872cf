import { linkSync, symlinkSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { makeAccounts } from '../../../src/commands/accounts.ts'
import { Accounts } from '../../../src/sign-in/accounts.ts'
import { openAccounts } from '../../../src/storage/accounts.ts'
import { movedTables } from '../../../src/storage/moving/movable.ts'
import { type MoveOptions, move, undoMove } from '../../../src/storage/moving/move.ts'
import { type Digests, MoveStopped, type Progress } from '../../../src/storage/moving/reading.ts'
import { openDatabase, openMovable } from '../../../src/storage/open.ts'
import { userUuid } from '../../fixture.ts'
import { describeOnPostgres } from '../../postgres/databases.ts'
import { directory, onPostgres, type Place, rowsIn } from './places.ts'
import { fillRichly } from './rich.ts'

interface Told {
  readonly digests: Digests
  readonly resumes: string[]
}

/** A whole move, from opening to closing. */
async function moveAll(from: Place, to: Place, options: Partial<MoveOptions> = {}): Promise<Told> {
  const resumes: string[] = []
  const source = await openMovable(from, { mustExist: true })
  try {
    const target = await openMovable(to, { mustExist: false, besides: source })
    try {
      const digests = await move(source, target, {
        command: 'move',
        keepSource: false,
        now: 1_700_000_000_000,
        onProgress: () => {},
        onResume: (resume) => resumes.push(resume),
        isStopped: () => false,
        makeAccounts: () => makeAccounts(to),
        ...options,
      })
      return { digests, resumes }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

const leads = 2_300

async function filled(place: Place, count = leads): Promise<Place> {
  await fillRichly(place, count)
  return place
}

/** Asks to stop when the predicate is first true. */
function stoppingWhen(isTime: (progress: Progress) => boolean): Partial<MoveOptions> {
  let stopped = false
  return {
    onProgress: (progress) => {
      stopped ||= isTime(progress)
    },
    isStopped: () => stopped,
  }
}

const inLeads = ({ phase, table }: Progress): boolean => phase === 'copying' && table === 'leads'

test('a move takes every row along, and the holder of no endpoint', async () => {
  const from = await filled(directory())
  const before = await rowsIn(from)
  const to = directory()
  const { digests } = await moveAll(from, to)
  expect(before['webhooks']).toMatchObject([{ holder: 'a process of the old place' }])
  const expected = { ...before, webhooks: before['webhooks']?.map((row) => ({ ...(row as object), holder: null })) }
  expect(await rowsIn(to)).toEqual(expected)
  for (const table of movedTables) expect(digests[table]?.rows, table).toBeGreaterThan(0)
})

test('a source that has moved serves nobody until that is taken back; its target does', async () => {
  const [from, to] = [await filled(directory(), 10), directory()]
  await moveAll(from, to)
  await expect(openDatabase(from)).rejects.toThrow(
    `The data of ${from.directory} moved to ${to.directory} at 2023-11-14T22:13:20.000Z, and goes on there.`,
  )
  await expect(moveAll(from, directory())).rejects.toThrow(/moved to/)
  await (await openDatabase({ ...to, serving: true })).close()
  const source = await openMovable(from, { mustExist: true })
  await undoMove(source)
  await expect(undoMove(source)).rejects.toThrow(/has not moved, so there is nothing to undo/)
  await source.close()
  await (await openDatabase({ ...from, serving: true })).close()
})

test('a source that is kept goes on', async () => {
  const from = await filled(directory(), 10)
  await moveAll(from, directory(), { keepSource: true })
  await (await openDatabase({ ...from, serving: true })).close()
})

test('a move that was stopped goes on where it was, and its target serves nobody meanwhile', async () => {
  const [from, to] = [await filled(directory()), directory()]
  const before = await rowsIn(from)
  await expect(moveAll(from, to, stoppingWhen(inLeads))).rejects.toThrow(MoveStopped)
  await expect(openDatabase(to)).rejects.toThrow(
    `${to.directory} is the target of a move that is not complete. Go on with it: run the same \`waggle move\` again.`,
  )
  await (await openDatabase(from)).close()
  let first: Progress | undefined
  const { resumes } = await moveAll(from, to, {
    onProgress: (progress) => {
      if (progress.phase === 'copying') first ??= progress
    },
  })
  expect(resumes).toEqual(['goes on'])
  expect(first).toMatchObject({ table: 'leads' })
  expect(first?.done).toBeGreaterThan(2_000)
  expect((await rowsIn(to))['leads']).toEqual(before['leads'])
})

test('a move whose source has changed since begins anew', async () => {
  const [from, to] = [await filled(directory()), directory()]
  await expect(moveAll(from, to, stoppingWhen(inLeads))).rejects.toThrow(MoveStopped)
  change(from, "UPDATE leads SET first_name = 'Changed' WHERE id = 100001")
  expect((await moveAll(from, to)).resumes).toEqual(['begins anew'])
  const moved = (await rowsIn(to))['leads'] as { id: number; first_name: string }[]
  expect(moved.find(({ id }) => id === 100_001)?.first_name).toBe('Changed')
})

const person = { companyId: 3, userUuid: userUuid(31) }

/** Uses the accounts of a place, with the secret that its cookies are signed with. */
async function withAccounts<T>(place: Place, use: (accounts: Accounts) => Promise<T>): Promise<T> {
  const accounts = new Accounts(() => openAccounts(place), 'a secret of this test, of 32 bytes and more')
  try {
    return await use(accounts)
  } finally {
    await accounts.close()
  }
}

/** Lets somebody in, who is signed in from then on. */
const signIn = (place: Place): Promise<string | undefined> =>
  withAccounts(place, async (accounts) => {
    await accounts.setPassword(person, 'three dull honeycombs')
    return accounts.signIn(person, 'three dull honeycombs')
  })

/** Whether a session still stands in a place, and whether the password does. */
const standing = (place: Place, session: string | undefined) =>
  withAccounts(place, async (accounts) => ({
    person: await accounts.find(session ?? ''),
    password: await accounts.isPassword(person, 'three dull honeycombs'),
  }))

test('who may sign in comes along, with passwords and sessions', async () => {
  const [from, to] = [await filled(directory(), 3), directory()]
  const session = await signIn(from)
  const { digests } = await moveAll(from, to)
  expect(await standing(to, session)).toEqual({ person, password: true })
  expect(digests).toMatchObject({ 'sign-in: user': { rows: 1 }, 'sign-in: session': { rows: 1 } })
})

test('nothing is mixed into accounts that are there', async () => {
  const [from, to] = [await filled(directory(), 3), directory()]
  await signIn(to)
  await expect(moveAll(from, to)).rejects.toThrow(
    `${to.directory} is not empty: accounts of sign-in are there, in account.`,
  )
})

/** As somebody else's hand on the file. */
function change({ directory: path }: Place, sql: string): void {
  const db = new DatabaseSync(join(path, 'waggle.db'))
  db.exec(sql)
  db.close()
}

/** Calls once, when the last row of the leads was copied and nothing is read back yet. */
function onceCopied(act: () => void): Partial<MoveOptions> {
  let isDone = false
  return {
    onProgress: ({ phase, table }) => {
      if (isDone || phase !== 'copying' || table !== 'events') return
      isDone = true
      act()
    },
  }
}

test('a row that differs when it is read back is found, and the target serves nobody', async () => {
  const [from, to] = [await filled(directory()), directory()]
  const changed = onceCopied(() => change(to, "UPDATE leads SET first_name = 'Nobody' WHERE id = 100002"))
  await expect(moveAll(from, to, changed)).rejects.toThrow(
    `What was read back from ${to.directory} is not what ${from.directory} holds, in: leads.`,
  )
  await expect(openDatabase(to)).rejects.toThrow(/a move that is not complete/)
  await (await openDatabase(from)).close()
})

test('a row that is missing when it is read back is found', async () => {
  const [from, to] = [await filled(directory()), directory()]
  const changed = onceCopied(() => change(to, 'DELETE FROM api_keys WHERE id = 1'))
  await expect(moveAll(from, to, changed)).rejects.toThrow(/in: api_keys\./)
})

test('a source that is changed while it moves is noticed', async () => {
  const [from, to] = [await filled(directory()), directory()]
  const changed = onceCopied(() => change(from, 'UPDATE company_log SET last_sequence = last_sequence + 1'))
  await expect(moveAll(from, to, changed)).rejects.toThrow(/was changed while it was moved/)
  await expect(openDatabase(to)).rejects.toThrow(/a move that is not complete/)
  await (await openDatabase(from)).close()
})

test('nothing is mixed into a database that holds something', async () => {
  const [from, to] = [await filled(directory(), 10), await filled(directory(), 1)]
  const before = await rowsIn(to)
  await expect(moveAll(from, to)).rejects.toThrow(`${to.directory} is not empty: its table meta has rows.`)
  expect(await rowsIn(to)).toEqual(before)
})

test.each([
  ['the same path', (path: string) => path],
  ['a path through itself', (path: string) => join(path, '..', basename(path))],
  [
    'a link to the directory',
    (path: string, other: string) => {
      symlinkSync(path, join(other, 'link'))
      return join(other, 'link')
    },
  ],
  [
    'a link to the file',
    (path: string, other: string) => {
      linkSync(join(path, 'waggle.db'), join(other, 'waggle.db'))
      return other
    },
  ],
])('nothing moves to where it is: by %s', async (_, wayTo) => {
  const from = directory()
  await (await openDatabase(from)).close()
  const to = { ...from, directory: wayTo(from.directory, directory().directory) }
  await expect(moveAll(from, to)).rejects.toThrow(
    `${resolve(to.directory)} is where the data is already. Name another directory or database to move it to.`,
  )
  await (await openDatabase({ ...from, serving: true })).close()
})

test('a directory without a database, or with a server on it, is no source', async () => {
  const empty = directory()
  await expect(openMovable(empty, { mustExist: true })).rejects.toThrow(`There is no database in ${empty.directory}.`)
  const server = await openDatabase({ ...empty, serving: true })
  await expect(openMovable(empty, { mustExist: true })).rejects.toThrow(/Another Waggle server is using the data/)
  await server.close()
})

describeOnPostgres('with PostgreSQL', () => {
  test('who may sign in comes along, there and back', async () => {
    const from = await filled(directory(), 3)
    const [there, back] = [await onPostgres(), directory()]
    const session = await signIn(from)
    const first = await moveAll(from, there)
    expect(await standing(there, session)).toEqual({ person, password: true })
    const second = await moveAll(there, back)
    expect(await standing(back, session)).toEqual({ person, password: true })
    expect(second.digests).toEqual(first.digests)
  })

  test('there and back everything is the same', async () => {
    const from = await filled(directory())
    const before = await rowsIn(from)
    const [there, back] = [await onPostgres(), directory()]
    const first = await moveAll(from, there)
    const second = await moveAll(there, back)
    expect(second.digests).toEqual(first.digests)
    const expected = { ...before, webhooks: before['webhooks']?.map((row) => ({ ...(row as object), holder: null })) }
    expect(await rowsIn(back)).toEqual(expected)
  })

  test('a move that was stopped goes on where it was, in both directions', async () => {
    const from = await filled(directory())
    const [there, back] = [await onPostgres(), directory()]
    await expect(moveAll(from, there, stoppingWhen(inLeads))).rejects.toThrow(MoveStopped)
    await expect(openDatabase(there)).rejects.toThrow(/a move that is not complete/)
    expect((await moveAll(from, there)).resumes).toEqual(['goes on'])
    await expect(moveAll(there, back, stoppingWhen(inLeads))).rejects.toThrow(MoveStopped)
    const { resumes, digests } = await moveAll(there, back)
    expect(resumes).toEqual(['goes on'])
    expect(digests['leads']?.rows).toBeGreaterThan(leads)
  })

  test('a move into it whose source has changed begins anew', async () => {
    const [from, to] = [await filled(directory()), await onPostgres()]
    await expect(moveAll(from, to, stoppingWhen(inLeads))).rejects.toThrow(MoveStopped)
    change(from, "UPDATE leads SET first_name = 'Changed' WHERE id = 100001")
    expect((await moveAll(from, to)).resumes).toEqual(['begins anew'])
  })

  test('nothing moves to where it is, however its address is written', async () => {
    const from = await onPostgres()
    const spelled = from.url.replace(/^postgres:/, 'postgresql:').replace(/$/, '?sslmode=disable')
    for (const url of [from.url, spelled]) {
      await expect(moveAll(from, { ...from, url })).rejects.toThrow(
        /^waggle_[\d_]+ on 127\.0\.0\.1:\d+ is where the data is already\. Name another directory or database to move it to\.$/,
      )
    }
    await (await openDatabase({ ...from, serving: true })).close()
  })

  test('a server on it is noticed', async () => {
    const [from, to] = [await filled(directory(), 10), await onPostgres()]
    const server = await openDatabase({ ...to, serving: true })
    await server.read('meta', { name: 'x' })
    await expect(moveAll(from, to)).rejects.toThrow(/A Waggle is using waggle_[\d_]+ on 127\.0\.0\.1.*Stop it first/)
    await server.close()
  })

  test('what goes on there goes on with the numbers that were given', async () => {
    const [from, to] = [await filled(directory(), 10), await onPostgres()]
    const before = await rowsIn(from)
    await moveAll(from, to)
    const database = await openDatabase(to)
    const log = await database.read('company_log', { company_id: 3 })
    const { sequence } = await database.transact({
      companyId: 3,
      keys: { lead: 100_001 },
      decide: ({ lead }, at) => {
        if (lead === undefined) throw new Error('the lead did not come along')
        expect(at.sequence).toBe((log?.last_sequence ?? 0) + 1)
        return { reply: undefined, writes: [] }
      },
    })
    expect(sequence).toBeUndefined()
    const sources = await database.find((db) => db.selectFrom('id_sources').selectAll().orderBy('name'))
    expect(sources).toEqual((before['id_sources'] as { name: string }[]).toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    await database.close()
  })
})
