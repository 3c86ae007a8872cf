import { webhookLimits } from '../contract/webhooks.ts'
import { refuseMoreThan } from '../http/body-reader.ts'
import type { Vault } from '../kernel/vault.ts'
import type { Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { IntegrationBody } from './read-body.ts'
import { sealedAs } from './secrets.ts'

/** An integration to be, its secrets sealed for its uuid. */
export type NewIntegration = Pick<
  Row<'integrations'>,
  'uuid' | 'name' | 'configuration' | 'api_key' | 'external_settings'
>

export function sealedIntegration(vault: Vault, uuid: string, body: IntegrationBody): NewIntegration {
  const { name, apiKey, configuration, externalSettings } = body
  return {
    uuid,
    name,
    configuration,
    api_key: apiKey === null ? null : vault.seal(apiKey, sealedAs.apiKey(uuid)),
    external_settings: externalSettings === null ? null : vault.seal(externalSettings, sealedAs.externalSettings(uuid)),
  }
}

/**
 * Makes an integration.
 *
 * @param present how many the company had a moment ago: two that are made at once may both count the same, so that
 *   the limit can be passed by what runs at the same time
 * @returns its two ids
 * @throws Refusal `invalid_body` when the company has as many as it may
 */
export const createIntegration = (
  companyId: number,
  integration: NewIntegration,
  present: number,
): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: {},
  ids: { integrations: 1 },
  decide: (_, at) => {
    refuseMoreThan(webhookLimits.integrations, 'integrations', present)
    const id = at.nextId('integrations')
    const row = { company_id: companyId, id, created_at: at.now, ...integration }
    return { reply: { id, uuid: integration.uuid }, writes: [{ kind: 'insert', table: 'integrations', row }] }
  },
})
