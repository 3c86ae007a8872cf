import { isObject } from '../contract/forms.ts'
import { forgetOldKeys, idempotencyKeptMs } from '../storage/idempotency.ts'
import { inSteps } from '../storage/in-steps.ts'
import type { Database, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Person } from './person.ts'

/** Rows that are looked at, or changed, at once: no request waits long behind them. */
const rowsAtOnce = 200
/** Texts that answers are searched for at once: one statement takes no thousands. */
const needlesAtOnce = 100
/** Answers that are forgotten anyway within so much time, in ms, are left alone: another task may be removing them. */
const forgottenSoonMs = 60_000
/** What stands where something mentioned the person. */
const erased = 'Erased'

/** Whose texts are erased, and in which company. */
export interface Subject {
  readonly companyId: number
  /** Of the lead, or of the user. */
  readonly uuid: string
  readonly person: Person
}

/**
 * Erases what mentions a person in what others have written: kept answers, saved views, imports with their rows, labels of
 * keys. It may be repeated.
 *
 * @param now Unix ms
 */
export async function eraseElsewhere(database: Database, subject: Subject, now: number): Promise<void> {
  await eraseAnswers(database, subject, now)
  await eraseInViews(database, subject)
  await eraseInImports(database, subject)
  await eraseInKeys(database, subject)
}

/** Answers that are kept for a day, as a request may be repeated (docs/behaviour.md §9). */
async function eraseAnswers(database: Database, subject: Subject, now: number): Promise<void> {
  await forgetOldKeys(database, now)
  const needles = [subject.uuid, ...subject.person.texts]
  for (const some of inSteps(needles, needlesAtOnce)) {
    await eraseAnswersWith(database, subject, some.flatMap(patternsOf), now)
  }
}

/**
 * Patterns one of which every answer fits that holds a text, in whichever case. Others may fit, too: a `_` stands for what
 * a pattern or JSON would take for its own, and what `lower` does beyond ASCII depends on the database.
 */
function patternsOf(text: string): string[] {
  const forms = [text, text.toLowerCase(), text.toUpperCase()].map((form) =>
    JSON.stringify(form)
      .slice(1, -1)
      .replace(/[\\%]/g, '_')
      .replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  )
  return [...new Set(forms)].map((form) => `%${form}%`)
}

async function eraseAnswersWith(
  database: Database,
  { companyId, person }: Subject,
  patterns: readonly string[],
  now: number,
): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await database.find((db) =>
      db
        .selectFrom('idempotency_keys')
        .select(['key', 'reply'])
        .where('company_id', '=', companyId)
        .where('created_at', '>', now - idempotencyKeptMs + forgottenSoonMs)
        .where((eb) => eb.or(patterns.map((pattern) => eb(eb.fn<string>('lower', ['reply']), 'like', pattern))))
        .where('key', '>', after)
        .orderBy('key')
        .limit(rowsAtOnce),
    )
    const writes = rows.flatMap(({ key, reply }) => {
      const left = answerWithout(reply, person)
      return left === reply ? [] : [answerWrite({ company_id: companyId, key }, left)]
    })
    await write(database, companyId, writes)
    if (rows.length < rowsAtOnce) return
    after = rows.at(-1)?.key ?? after
  }
}

const answerWrite = (key: Pick<Row<'idempotency_keys'>, 'company_id' | 'key'>, left: string | undefined): Write =>
  left === undefined
    ? { kind: 'delete', table: 'idempotency_keys', key }
    : { kind: 'update', table: 'idempotency_keys', key, set: { reply: left } }

/** What is left of an answer; undefined when nothing is, and the request is decided anew when it is repeated. */
function answerWithout(reply: string, person: Person): string | undefined {
  const kept: unknown = JSON.parse(reply)
  if (!isObject(kept)) return reply
  // A change of a lead must not be made twice: its short answer stays.
  if ('receipt' in kept) return kept['whole'] === null ? reply : JSON.stringify({ ...kept, whole: null })
  return 'whole' in kept || 'email' in kept || person.isIn(kept) ? undefined : reply
}

/** Filters that name the person go out of views, whoever keeps them. */
async function eraseInViews(database: Database, { companyId, person }: Subject): Promise<void> {
  const views = pages((after) =>
    database.find<Row<'saved_views'>>((db) =>
      db
        .selectFrom('saved_views')
        .selectAll()
        .where('company_id', '=', companyId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtOnce),
    ),
  )
  for await (const view of views) {
    if (person.isIn([view.name, view.query])) await database.transact(eraseInView(view, person))
  }
}

const eraseInView = ({ company_id, id }: Row<'saved_views'>, person: Person): Work<null> => ({
  companyId: company_id,
  keys: { view: id },
  decide: ({ view }, { now }) => {
    if (view === undefined) return { reply: null, writes: [] }
    const query = Object.fromEntries(Object.entries(view.query).filter(([, value]) => !person.isIn(value)))
    const set = { query, name: person.isIn(view.name) ? erased : view.name, updated_at: now }
    return { reply: null, writes: [{ kind: 'update', table: 'saved_views', key: { company_id, id }, set }] }
  },
})

/** What files were called, why one was stopped, and why rows of theirs were refused. */
async function eraseInImports(database: Database, { companyId, person }: Subject): Promise<void> {
  const imports = pages((after) =>
    database.find<Row<'imports'>>((db) =>
      db
        .selectFrom('imports')
        .selectAll()
        .where('company_id', '=', companyId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtOnce),
    ),
  )
  for await (const { id, name, message } of imports) {
    if (person.isIn([name, message])) await database.transact(eraseInImport(companyId, id, person))
    await eraseInRows(database, companyId, id, person)
  }
}

const eraseInImport = (company_id: number, id: number, person: Person): Work<null> => ({
  companyId: company_id,
  keys: { import: id },
  decide: ({ import: found }) => {
    if (found === undefined) return { reply: null, writes: [] }
    const without = <T extends string | null>(text: T): T | typeof erased => (person.isIn(text) ? erased : text)
    const set = { name: without(found.name), message: without(found.message) }
    return { reply: null, writes: [{ kind: 'update', table: 'imports', key: { company_id, id }, set }] }
  },
})

async function eraseInRows(database: Database, companyId: number, importId: number, person: Person): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await database.find((db) =>
      db
        .selectFrom('import_rows')
        .select(['row', 'error'])
        .where('company_id', '=', companyId)
        .where('import_id', '=', importId)
        .where('row', '>', after)
        .where('error', 'is not', null)
        .orderBy('row')
        .limit(rowsAtOnce),
    )
    const about = rows.filter(({ error }) => person.isIn(error))
    const keyOf = (row: number) => ({ company_id: companyId, import_id: importId, row })
    const set = { error: erased }
    await write(
      database,
      companyId,
      about.map(({ row }): Write => ({ kind: 'update', table: 'import_rows', key: keyOf(row), set })),
    )
    if (rows.length < rowsAtOnce) return
    after = rows.at(-1)?.row ?? after
  }
}

/** Keys are often called by whom they were made for. */
async function eraseInKeys(database: Database, { companyId, person }: Subject): Promise<void> {
  const keys = pages((after) =>
    database.find((db) =>
      db
        .selectFrom('api_keys')
        .select(['id', 'label'])
        .where('company_id', '=', companyId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(rowsAtOnce),
    ),
  )
  for await (const { id, label } of keys) {
    if (!person.isIn(label)) continue
    const key = { company_id: companyId, id }
    await write(database, companyId, [{ kind: 'update', table: 'api_keys', key, set: { label: erased } }])
  }
}

/** All rows, read a page after the other by their ids. */
async function* pages<R extends { readonly id: number }>(read: (after: number) => Promise<R[]>): AsyncGenerator<R> {
  for (let after = 0; ; ) {
    const rows = await read(after)
    yield* rows
    if (rows.length < rowsAtOnce) return
    after = rows.at(-1)?.id ?? after
  }
}

/** Commits writes that rest on nothing but that their rows are there: nothing else removes these. */
export async function write(database: Database, companyId: number, writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) return
  await database.transact({ companyId, keys: {}, decide: () => ({ reply: null, writes }) })
}
