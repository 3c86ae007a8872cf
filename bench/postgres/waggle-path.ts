import { systemRandom } from '../../src/kernel/random.ts'
import { readPatch } from '../../src/leads/patch.ts'
import { updateLead } from '../../src/leads/update.ts'
import type { Database } from '../../src/storage/port.ts'
import { actor, type WritePath } from './path.ts'

/** Waggle's own, as its route for Update Lead takes it, without HTTP. */
export const wagglePath = (database: Database): WritePath => ({
  patch: async (companyId, leadId, body) => {
    const options = {
      actor,
      requestId: systemRandom.uuid(Date.now()),
      ifMatch: undefined,
      strict: false,
      representation: false,
      wholeSeconds: false,
    }
    await database.transact(updateLead(companyId, leadId, readPatch(body), options))
  },
  close: () => database.close(),
})
