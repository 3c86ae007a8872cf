import type { Operation } from './operation.ts'
import type { givenRoles } from './users.ts'

/** The role of a person who is signed in. */
export type Role = (typeof givenRoles)[number]

/** What asks for admin access and is open to the role `partnerships` too: leads, keys, webhooks and integrations. */
const openToPartnerships: ReadonlySet<string> = new Set([
  'restoreLead',
  'listKeys',
  'createKey',
  'changeKey',
  'rotateKey',
  'revokeKey',
  'listIntegrations',
  'createIntegration',
  'listWebhooks',
  'getWebhook',
  'createWebhook',
  'changeWebhook',
  'deleteWebhook',
  'previewWebhook',
  'listDeliveries',
  'getDelivery',
  'replayDelivery',
  'replayWebhook',
  'replayFailed',
  'rotateWebhookSecret',
  'testWebhook',
])

/** What changes something and is open to the role `partner` too: leads and views, and nothing that all leads share. */
const openToPartners: ReadonlySet<string> = new Set([
  'createLead',
  'updateLead',
  'changeLeads',
  'deleteLead',
  'restoreLead',
  'addTagToLead',
  'removeTagFromLead',
  'assignUserToLead',
  'unassignUserFromLead',
  'createView',
  'changeView',
  'deleteView',
])

const openToAll: ReadonlySet<Operation['access']> = new Set(['public', 'read', 'person'])

/**
 * Whether a role opens an operation. What only reads is open to each, and so is what concerns the person alone; an operation
 * that no table names needs `admin` where it asks for admin access, and `partnerships` where it changes something.
 *
 * @see docs/behaviour.md §21 Signing in
 */
export function isOpenTo(role: Role, { id, access }: Pick<Operation, 'id' | 'access'>): boolean {
  if (role === 'admin' || openToAll.has(access)) return true
  if (role === 'partnerships') return access === 'write' || openToPartnerships.has(id)
  return openToPartners.has(id)
}
