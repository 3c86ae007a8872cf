import { DatabaseError } from 'pg'
import { BatchUndone, StorageFault } from '../engine.ts'

/** SQLSTATEs after which the same transaction may succeed (postgresql.org/docs/current/errcodes-appendix.html). */
const again = ['40001', '40P01']
/** Classes of SQLSTATEs that a work may be to blame for: its values, the rules of the tables, a statement of ours. */
const ofAWork = ['21', '22', '23', '42']

/** True when the server itself has refused a statement and keeps the connection: then it says what it did. */
export const isAnswer = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.severity !== 'FATAL' && error.severity !== 'PANIC'

/** True when the error is one of reaching or asking the server, and not of this program. */
export const isOfServer = (error: unknown): boolean =>
  error instanceof DatabaseError || (error instanceof Error && ('code' in error || isLost(error)))

/** What the client says of a connection that ended; it has no code for it. */
const isLost = (error: Error): boolean =>
  /^(Connection terminated|Query read timeout|timeout e|Client )/.test(error.message)

/** What becomes of a batch of which nothing stands. */
export function undone(error: unknown): unknown {
  if (isAnswer(error)) {
    const { code = '' } = error
    if (again.includes(code)) return new BatchUndone('again', error)
    if (ofAWork.includes(code.slice(0, 2))) return new BatchUndone('alone', error)
    return refused(error)
  }
  return isOfServer(error) ? new BatchUndone('again', error) : error
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Nothing stands, and the server would not take it. */
export const refused = (cause: unknown): StorageFault =>
  new StorageFault(`The database refused a commit: ${reason(cause)}`, { cause, fateUnknown: false })

/**
 * The connection was lost while the commit was under way. Clients are told 503, and may ask; the server knows what
 * stands, so this process goes on.
 */
export const unknown = (cause: unknown): StorageFault =>
  new StorageFault(`Whether a commit stands is not known: ${reason(cause)}`, { cause, fateUnknown: false })
