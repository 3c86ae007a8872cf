import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseRefused } from '../refused.ts'

/** In a data directory while it is restored: what is there besides is not whole, and serves nobody. */
export const stagingName = 'restoring'

/** @throws DatabaseRefused a restore into the directory was begun and not ended */
export function refuseHalfRestored(directory: string): void {
  if (!existsSync(join(directory, stagingName))) return
  throw new DatabaseRefused(
    `${directory} is the target of a restore that is not complete. Run the same \`waggle restore\` again.`,
  )
}
