import { erasedEmail, isErased, userView } from '../configuration/users.ts'
import type { Reference } from '../contract/forms.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Accounts } from '../sign-in/accounts.ts'
import { transactAsRead } from '../storage/as-read.ts'
import type { Definitions, UserRow } from '../storage/definitions.ts'
import type { Database, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { eraseElsewhere, write } from './elsewhere.ts'
import { renewEndpoints } from './log.ts'
import { knowLead, Person } from './person.ts'

/** Rows that are read, or removed, at once. */
const rowsAtOnce = 200

type Older = Row<'older_definitions'>

/**
 * Erases a user: name and address go, from the past too, and so do the account, its sessions and private views. The id
 * stays where it stands. All is on the disk when it resolves, and it may be repeated.
 *
 * @throws Refusal `user_not_found`; `last_admin`
 * @see docs/behaviour.md §22 Erasure
 */
export async function eraseUser(
  { database, accounts, clock }: { readonly database: Database; readonly accounts: Accounts; readonly clock: Clock },
  companyId: number,
  reference: Reference | undefined,
  wholeSeconds: boolean,
): Promise<ReturnType<typeof userView>> {
  const user = erasable(await database.definitions(companyId), reference)
  const older = await olderRows(database, user)
  const person = new Person()
  for (const { email, first_name, last_name } of [...older.map(contentOf), user]) {
    if (email !== erasedEmail(user.id)) knowLead(person, { email, first_name, last_name })
  }
  await eraseElsewhere(database, { companyId, uuid: user.uuid, person }, clock.now())
  await removeViews(database, user)
  // All but the last while they may still be told apart: a repeated request finds what is left.
  for (let at = rowsAtOnce; at < older.length; at += rowsAtOnce) {
    await write(database, companyId, older.slice(at, at + rowsAtOnce).map(removal))
  }
  const { reply } = await transactAsRead(database, companyId, async (definitions) => {
    const present = erasable(definitions, reference)
    return erase(present, await olderRows(database, present), wholeSeconds)
  })
  await accounts.remove({ companyId, userUuid: user.uuid })
  await renewEndpoints(database, companyId)
  await database.wipe()
  return reply
}

/** @throws Refusal `user_not_found`, `last_admin` */
function erasable({ users }: Definitions, reference: Reference | undefined): UserRow {
  const user = users.get(reference)
  if (user === undefined) throw new Refusal('user_not_found')
  const isAdmin = ({ role, disabled_at }: UserRow): boolean => role === 'admin' && disabled_at === null
  const others = [...users.all()].filter((one) => one.id !== user.id)
  if (isAdmin(user) && !others.some(isAdmin)) throw new Refusal('last_admin')
  return user
}

/**
 * What stands of an erased user. Of the past nothing is kept: what the log tells of it, it tells by this row.
 *
 * @param older rows of what the user was called, which go
 */
const erase = (user: UserRow, older: readonly Older[], wholeSeconds: boolean): Work<ReturnType<typeof userView>> => ({
  companyId: user.company_id,
  keys: {},
  changesDefinitions: true,
  changesFollowers: true,
  decide: (_, { now }) => {
    const { company_id, id } = user
    const set = {
      email: erasedEmail(id),
      first_name: null,
      last_name: null,
      position: null,
      color: null,
      email_verified: null,
      disabled_at: user.disabled_at ?? now,
    }
    const row: Write = { kind: 'update', table: 'users', key: { company_id, id }, set, forgets: true }
    const writes = isErased(user) ? [] : [row]
    return { reply: userView({ ...user, ...set }, wholeSeconds), writes: [...writes, ...older.map(removal)] }
  },
})

const removal = ({ company_id, version, place }: Older): Write => ({
  kind: 'delete',
  table: 'older_definitions',
  key: { company_id, version, place },
})

const contentOf = ({ content }: Older) => {
  const text = (name: string): string | null => {
    const value = content[name]
    return typeof value === 'string' ? value : null
  }
  return { email: text('email'), first_name: text('first_name'), last_name: text('last_name') }
}

/** What is kept of how a user was called before. */
async function olderRows(database: Database, { company_id, id }: UserRow): Promise<Older[]> {
  const found: Older[] = []
  for (let after = { version: -1, place: -1 }; ; ) {
    const { version, place } = after
    const rows = await database.find<Older>((db) =>
      db
        .selectFrom('older_definitions')
        .selectAll()
        .where('company_id', '=', company_id)
        .where('of_table', '=', 'users')
        .where(({ eb, refTuple, tuple }) => eb(refTuple('version', 'place'), '>', tuple(version, place)))
        .orderBy('version')
        .orderBy('place')
        .limit(rowsAtOnce),
    )
    found.push(...rows.filter(({ content }) => content['id'] === id))
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsAtOnce) return found
    after = last
  }
}

/** Views that nobody else sees. */
async function removeViews(database: Database, { company_id, uuid }: UserRow): Promise<void> {
  const views = await database.find((db) =>
    db
      .selectFrom('saved_views')
      .select('id')
      .where('company_id', '=', company_id)
      .where('user_uuid', '=', uuid)
      .where('shared', '=', false),
  )
  for (const { id } of views) await database.transact(removeView(company_id, id))
}

const removeView = (company_id: number, id: number): Work<null> => ({
  companyId: company_id,
  keys: { view: id },
  decide: ({ view }) => ({
    reply: null,
    writes:
      view === undefined || view.shared ? [] : [{ kind: 'delete', table: 'saved_views', key: { company_id, id } }],
  }),
})
