import { Refusal } from '../kernel/refusal.ts'
import type { Work } from '../storage/port.ts'
import { type KeyTelling, keyView } from './queries.ts'

/**
 * Gives a key another label; one that is revoked too.
 *
 * @param label undefined stays
 * @throws Refusal `key_not_found`
 */
export const renameKey = (
  { companyId, keyId }: { readonly companyId: number; readonly keyId: number | undefined },
  label: string | undefined,
  telling: KeyTelling,
): Work<ReturnType<typeof keyView>> => ({
  companyId,
  keys: { apiKey: keyId },
  decide: ({ apiKey }, { definitions }) => {
    if (apiKey === undefined) throw new Refusal('key_not_found')
    const key = { company_id: companyId, id: apiKey.id }
    const isSame = label === undefined || label === apiKey.label
    return {
      reply: keyView({ ...apiKey, label: label ?? apiKey.label }, definitions, telling),
      writes: isSame ? [] : [{ kind: 'update', table: 'api_keys', key, set: { label } }],
    }
  },
})
