import { counted } from '../../kernel/shown.ts'
import { digestOf } from '../../keys/secret.ts'
import { sampleKeys } from '../../sample/keys.ts'
import { type Finding, findingsOf } from '../../storage/looking/finding.ts'
import type { Looking } from '../../storage/looking/looking.ts'
import type { Row } from '../../storage/tables.ts'

const keys = findingsOf('keys')
const users = findingsOf('users')
const sample = findingsOf('sample')

const dayMs = 86_400_000
/** A key that was not used for so long is hardly needed. */
const unusedDays = 180

type Key = Row<'api_keys'>

/** Who can open the API, and who can administer. */
export async function accessFindings(
  looking: Looking,
  { now, isPublic }: { now: number; isPublic: boolean },
): Promise<Finding[]> {
  const companies = await looking.find((db) => db.selectFrom('companies').select(['id', 'suspended_at']).orderBy('id'))
  const all = await looking.find<Key>((db) => db.selectFrom('api_keys').selectAll().orderBy('id'))
  const people = await looking.find((db) =>
    db.selectFrom('users').select(['company_id', 'id', 'role', 'disabled_at']).orderBy('id'),
  )
  if (companies.length === 0) {
    return [users.note('The database is empty.', 'Begin it with: waggle init')]
  }
  const opening = all.filter((key) => key.revoked_at === null && (key.expires_at === null || key.expires_at > now))
  const found: Finding[] = []
  for (const { id, suspended_at } of companies) {
    if (suspended_at !== null) {
      found.push(users.note(`Company ${id} is suspended: none of its keys opens.`))
      continue
    }
    if (!opening.some((key) => key.company_id === id && key.may_administer)) {
      found.push(
        keys.warning(`Company ${id} has no key that may administer.`, `waggle key create --admin --company ${id}`),
      )
    }
    const admins = people.filter((one) => one.company_id === id && one.role === 'admin' && one.disabled_at === null)
    if (admins.length > 1) continue
    const advice = 'Let another person administer too, in the console or with POST /api/v1/users'
    if (admins.length === 0) found.push(users.warning(`Company ${id} has nobody who may administer.`, advice))
    else found.push(users.note(`Company ${id} has one person who may administer, user ${admins[0]?.id}.`, advice))
  }
  return [
    ...found,
    ...keyFindings(all, opening, now),
    ...sampleFindings(opening, isPublic),
    ...(found.some(({ check }) => check === 'users')
      ? []
      : [users.ok(`${counted(people.length, 'user')}; each company has several who may administer.`)]),
  ]
}

function keyFindings(all: readonly Key[], opening: readonly Key[], now: number): Finding[] {
  const named = (some: readonly Key[]): string =>
    `${some
      .slice(0, 5)
      .map(({ id, prefix }) => `${id} (${prefix}…)`)
      .join(', ')}${some.length > 5 ? ` and ${some.length - 5} more` : ''}`
  const expired = all.filter((key) => key.revoked_at === null && key.expires_at !== null && key.expires_at <= now)
  const unused = opening.filter((key) => (key.last_used_at ?? key.created_at) < now - unusedDays * dayMs)
  const found: Finding[] = []
  if (expired.length > 0) {
    found.push(
      keys.note(`Keys that have expired: ${named(expired)}.`, 'When they are not needed: waggle key revoke <id>'),
    )
  }
  if (unused.length > 0) {
    found.push(
      keys.note(
        `Keys that nobody has used for ${unusedDays} days: ${named(unused)}.`,
        'When they are not needed: waggle key revoke <id>',
      ),
    )
  }
  return found.length > 0 ? found : [keys.ok(`${counted(opening.length, 'key')} in use; none has expired.`)]
}

/** Whoever has read the sample's source has its keys. */
function sampleFindings(opening: readonly Key[], isPublic: boolean): Finding[] {
  const digests = Object.values(sampleKeys).map((key) => digestOf(key))
  const published = opening.filter(({ digest }) => digests.some((one) => one.equals(digest)))
  if (published.length === 0) return []
  const says = `The published keys of the sample open this database: ${published.map(({ id }) => id).join(', ')}.`
  if (!isPublic) return [sample.note(says, 'Keep the server on this machine, and your own data elsewhere.')]
  return [
    sample.fault(
      says,
      `Serve it on this machine alone, or revoke them: ${published.map(({ id }) => `waggle key revoke ${id}`).join('; ')}`,
    ),
  ]
}
