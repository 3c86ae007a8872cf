import { badClients } from './bad-clients.ts'
import { clockFaults } from './clock-jumps.ts'
import { descriptorFaults } from './descriptors.ts'
import { diskFaults } from './disk-faults.ts'
import type { Fault } from './fault.ts'
import { logTails } from './log-tail.ts'
import { overloads } from './overload.ts'
import { pauses } from './paused.ts'
import { postgresFaults } from './postgres.ts'
import { readOnlyFaults } from './read-only.ts'
import { shortWrites } from './short-writes.ts'
import { syncFaults } from './sync-faults.ts'
import { writeFaults } from './write-faults.ts'

/** Every fault that is tried; docs/reliability.md says what is promised of each. */
export const faults: readonly Fault[] = [
  ...writeFaults,
  ...shortWrites,
  ...syncFaults,
  ...diskFaults,
  ...readOnlyFaults,
  ...descriptorFaults,
  ...logTails,
  ...clockFaults,
  ...postgresFaults,
  ...pauses,
  ...badClients,
  ...overloads,
]
