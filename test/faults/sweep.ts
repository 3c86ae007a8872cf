import { openDatabase } from '../../src/storage/open.ts'

/**
 * A program of its own: sweeps old idempotency keys of the database in the directory it is given, and says
 * whether it was told that the process must stop. Started with syncs that fail.
 */
const database = await openDatabase({
  directory: process.argv[2] ?? '',
  onFateUnknown: () => console.log('told to stop'),
})
const swept = await database.forgetIdempotencyKeys(Number.MAX_SAFE_INTEGER, 10).catch((error: unknown) => error)
console.log(swept instanceof Error ? `refused: ${swept.message}` : `swept ${String(swept)}`)
process.exit(0) // nothing is closed after a failed sync
