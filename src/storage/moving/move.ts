import type { Write } from '../port.ts'
import { DatabaseRefused } from '../refused.ts'
import type { TableName } from '../tables.ts'
import { copyAccounts, filledTable } from './accounts.ts'
import { type AnyRow, differing } from './digest.ts'
import { isMark, keyOf, type Movable, type Moved, type Moving, marks, movedTables, wentTo } from './movable.ts'
import {
  asMoved,
  countAll,
  type Digests,
  digestOf,
  digestsOf,
  insertOf,
  MoveStopped,
  metaOf,
  pageRows,
  type Watched,
} from './reading.ts'

export interface MoveOptions extends Watched {
  /** The command that goes on with it, when it was broken off. */
  readonly command: 'move' | 'restore'
  /** The source stays usable: then there are two of it. */
  readonly keepSource: boolean
  /** Unix ms. */
  readonly now: number
  /** Told when a move that was begun before goes on, or cannot go on and begins anew. */
  readonly onResume: (resume: 'goes on' | 'begins anew') => void
  /** Makes the tables of accounts in the target, where they are not there. */
  readonly makeAccounts: () => Promise<void>
}

/** In the target: what the source held, and the last row that was copied. */
interface Mark extends Moving {
  readonly digests: Digests
  readonly at: { readonly table: TableName; readonly key: AnyRow } | null
}

/**
 * Moves everything from a database to an empty one, as it stands at one moment, and reads it back: who may sign in, too.
 * Until all is right the target serves nobody; from then on the source does not.
 *
 * @returns what each table holds, on both sides
 * @throws DatabaseRefused a server runs on one of them; the target holds something else; the source was changed
 *   meanwhile, or went elsewhere; what was read back differs
 * @throws MoveStopped
 */
export async function move(source: Movable, target: Movable, options: MoveOptions): Promise<Digests> {
  await refuseServers(source, target)
  const before = await markIn(target)
  await refuseSource(source, before)
  if (before === undefined) await refuseFilled(target)
  await source.beginSnapshot()
  const total = await countAll(source)
  const digests = await digestsOf(source, { ...options, phase: 'reading', total })
  const fresh: Mark = { command: options.command, from: source.shown, digests, at: null }
  const mark = await beginOrResume(target, fresh, before, options)
  await copy(source, target, mark, { ...options, total })
  await source.endSnapshot()
  await target.settle()
  const found = await digestsOf(target, { ...options, phase: 'checking', total })
  const different = differing(digests, found)
  if (different.length > 0) {
    throw new DatabaseRefused(
      `What was read back from ${target.shown} is not what ${source.shown} holds, in: ${different.join(', ')}. ` +
        `It serves nobody. Has something else written to it? Empty it, and move again.`,
    )
  }
  const accounts = await copyAccounts(source.accounts, target.accounts, options.makeAccounts)
  await refuseServers(source, target)
  const log = await digestOf(source, 'company_log', () => {})
  if (log.digest !== digests['company_log']?.digest) {
    throw new DatabaseRefused(
      `${source.shown} was changed while it was moved. Stop what writes to it, and run the same command again.`,
    )
  }
  if (!options.keepSource) await writeMark(source, marks.movedTo, { to: target.shown, at: options.now } satisfies Moved)
  await target.write([{ kind: 'delete', table: 'meta', key: { name: marks.moving } }])
  return { ...digests, ...accounts }
}

/**
 * Takes back that the data of a database went elsewhere.
 *
 * @throws DatabaseRefused it did not
 */
export async function undoMove(source: Movable): Promise<void> {
  await source.refuseServers()
  if ((await metaOf(source, marks.movedTo)) === undefined) {
    throw new DatabaseRefused(`${source.shown} has not moved, so there is nothing to undo.`)
  }
  await source.write([{ kind: 'delete', table: 'meta', key: { name: marks.movedTo } }])
}

async function refuseServers(source: Movable, target: Movable): Promise<void> {
  await source.refuseServers()
  await target.refuseServers()
}

/** A source that went elsewhere is moved again only to complete that. */
async function refuseSource(source: Movable, mark: Mark | undefined): Promise<void> {
  if ((await metaOf(source, marks.moving)) !== undefined) {
    throw new DatabaseRefused(`${source.shown} is itself the target of a move that is not complete.`)
  }
  const moved = await metaOf(source, marks.movedTo)
  if (moved !== undefined && mark?.from !== source.shown) throw new DatabaseRefused(wentTo(source.shown, moved))
}

async function refuseFilled(target: Movable): Promise<void> {
  for (const table of movedTables) {
    if ((await target.count(table)) === 0) continue
    throw new DatabaseRefused(
      `${target.shown} is not empty: its table ${table} has rows. Name an empty database, or an empty directory.`,
    )
  }
  const accounts = filledTable(await target.accounts.read())
  if (accounts === undefined) return
  throw new DatabaseRefused(`${target.shown} is not empty: accounts of sign-in are there, in ${accounts}.`)
}

async function beginOrResume(
  target: Movable,
  mark: Mark,
  before: Mark | undefined,
  { onResume }: MoveOptions,
): Promise<Mark> {
  if (before !== undefined) {
    const isSame = before.from === mark.from && differing(mark.digests, before.digests).length === 0
    onResume(isSame ? 'goes on' : 'begins anew')
    if (isSame) return before
    await target.clear()
  }
  await writeMark(target, marks.moving, mark)
  return mark
}

async function copy(
  source: Movable,
  target: Movable,
  mark: Mark,
  { onProgress, isStopped, total }: MoveOptions & { readonly total: number },
): Promise<void> {
  let done = mark.at === null ? 0 : (await countAll(target)) - 1 // the mark is a row of it
  const first = mark.at === null ? 0 : movedTables.indexOf(mark.at.table)
  for (const table of movedTables.slice(first)) {
    let after = mark.at?.table === table ? mark.at.key : undefined
    for (;;) {
      if (isStopped()) throw new MoveStopped()
      const rows = await source.page(table, after, pageRows)
      const last = rows.at(-1)
      if (last === undefined) break
      after = Object.fromEntries(keyOf(table).map((name) => [name, last[name]]))
      const writes = rows.filter((row) => !isMark(table, row)).map((row) => insertOf(table, asMoved(table, row)))
      const progress: Mark = { ...mark, at: { table, key: after } }
      await target.write([...writes, updateOf(marks.moving, progress)])
      done += rows.length
      onProgress({ phase: 'copying', table, done, total })
    }
  }
}

const updateOf = (name: string, mark: unknown): Write => ({
  kind: 'update',
  table: 'meta',
  key: { name },
  set: { value: JSON.stringify(mark) },
})

async function markIn(target: Movable): Promise<Mark | undefined> {
  const mark = await metaOf(target, marks.moving)
  return mark === undefined ? undefined : JSON.parse(mark)
}

async function writeMark(side: Movable, name: string, mark: unknown): Promise<void> {
  const present = await metaOf(side, name)
  const insert: Write = { kind: 'insert', table: 'meta', row: { name, value: JSON.stringify(mark) } }
  await side.write([present === undefined ? insert : updateOf(name, mark)])
}
