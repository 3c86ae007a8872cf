import { fdatasyncSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Asked, CheckpointData, Copied } from './checkpoints.ts'
import { isBusy, isSqliteError, isSyncFault } from './faults.ts'

/**
 * Copies pages from the log into the file, beside the main thread, on a connection of its own.
 *
 * SQLite syncs the file only when it has copied the whole log, which never happens while changes come. So each pass is
 * synced here: the last one, for which the writer waits, then finds little left.
 */
const { path, file, leftMax, resetFrom }: CheckpointData = workerData
const passesMax = 12
/** How long the log waits to be emptied for those who read it, in ms. */
const readersMs = 500

const db = new DatabaseSync(path)
db.exec('PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0')
const copy = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
const cut = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
const look = db.prepare('PRAGMA wal_checkpoint(NOOP)')

parentPort?.on('message', (asked: Asked) => {
  if (asked === 'stop') {
    db.close()
    parentPort?.close()
    return
  }
  parentPort?.postMessage(asked === 'finish' ? pass() : asked === 'wipe' ? wipe() : passes())
})

/** Waits a moment for those who read from the log: the last of them lets go of it. */
function wipe(): Copied {
  db.exec(`PRAGMA busy_timeout = ${readersMs}`)
  try {
    return pass(cut)
  } finally {
    db.exec('PRAGMA busy_timeout = 0')
  }
}

/** Again until little is left, or one brings nothing. A log that is still short needs one only. */
function passes(): Copied {
  let last = pass()
  for (let count = 1; count < passesMax; count += 1) {
    if (last.fault !== undefined || last.moved === 0 || last.left <= leftMax || last.log < resetFrom) break
    last = pass()
  }
  return last
}

function pass(by = copy): Copied {
  const before = counts(look)
  try {
    by.get()
    fdatasyncSync(file)
  } catch (error) {
    const { log, copied } = counts(look)
    if (isBusy(error)) return { log, left: log - copied, moved: 0, fault: undefined }
    const message = error instanceof Error ? error.message : String(error)
    return {
      log,
      left: log - copied,
      moved: 0,
      fault: { message, ofSync: isSyncFault(error) || !isSqliteError(error) },
    }
  }
  const { log, copied } = counts(look)
  return { log, left: log - copied, moved: Math.max(0, copied - before.copied), fault: undefined }
}

function counts(statement: typeof look): { log: number; copied: number } {
  const row = statement.get()
  return { log: Number(row?.['log']), copied: Number(row?.['checkpointed']) }
}
