import type { Contract } from './contract.ts'

type Id = keyof Contract

/** How an operation is called: what of its shape has to be known when the program runs. */
type FlagsOf<Shape extends Contract[Id]> = (Shape['file'] extends true
  ? { readonly body: 'file' }
  : undefined extends Shape['body']
    ? { readonly body?: never }
    : { readonly body: 'json' }) &
  (undefined extends Shape['query'] ? { readonly query?: never } : { readonly query: true }) &
  ('Idempotency-Key' extends Shape['hears'] ? { readonly once: true } : { readonly once?: never }) &
  (Shape['raw'] extends true ? { readonly raw: true } : { readonly raw?: never }) &
  ('ETag' extends Shape['tells'] ? { readonly etag: true } : { readonly etag?: never }) &
  ('X-Waggle-Sequence' extends Shape['tells'] ? { readonly sequence: true } : { readonly sequence?: never })

/** Method and path, separated by a space. */
type ToOf<Shape extends Contract[Id]> = `${Shape['method']} ${Shape['path']}`

export interface Route<Name extends Id = Id, To extends string = string> {
  readonly id: Name
  readonly to: To
  readonly flags: Flags
}

/** {@link FlagsOf} of any operation. */
interface Flags {
  readonly body?: 'json' | 'file'
  readonly query?: true
  /** It takes an `Idempotency-Key`: carried out once, however often it is sent. */
  readonly once?: true
  /** It answers with a file or a text, not with JSON. */
  readonly raw?: true
  readonly etag?: true
  readonly sequence?: true
}

const route = <const Name extends Id, const To extends ToOf<Contract[Name]>>(
  id: Name,
  to: To,
  flags: FlagsOf<Contract[Name]> & Flags,
): Route<Name, To> => ({ id, to, flags })

const changed = { body: 'json', once: true } as const
const ofLead = { once: true, etag: true, sequence: true } as const

/**
 * Every operation once: where it is in the client, and how it is called. The compiler compares each row with the
 * contract, and {@link complete} tells which are missing.
 */
export const routes = {
  leads: {
    list: route('listLeads', 'GET /api/v1/leads', { query: true }),
    ids: route('listLeadIds', 'GET /api/v1/leads/ids', { query: true }),
    counts: route('countLeads', 'GET /api/v1/leads/counts', { query: true }),
    get: route('getLead', 'GET /api/v1/leads/:leadId', { etag: true }),
    create: route('createLead', 'POST /api/v1/leads', { body: 'json', ...ofLead }),
    update: route('updateLead', 'PATCH /api/v1/leads/:leadId', { body: 'json', ...ofLead }),
    delete: route('deleteLead', 'DELETE /api/v1/leads/:leadId', ofLead),
    restore: route('restoreLead', 'POST /api/v1/leads/:leadId/restore', ofLead),
    erase: route('eraseLead', 'POST /api/v1/leads/:leadId/erase', {}),
    history: route('leadHistory', 'GET /api/v1/leads/:leadId/history', { query: true }),
    batch: route('changeLeads', 'POST /api/v1/leads/batch', changed),
    changes: route('watchLeads', 'GET /api/v1/leads/changes', { raw: true }),
    export: route('exportLeads', 'GET /api/v1/leads/export', { query: true, raw: true }),
    addTag: route('addTagToLead', 'PUT /api/v1/leads/:leadId/tags/:tagId', ofLead),
    removeTag: route('removeTagFromLead', 'DELETE /api/v1/leads/:leadId/tags/:tagId', ofLead),
    assignUser: route('assignUserToLead', 'PUT /api/v1/leads/:leadId/assigned-users/:userId', ofLead),
    unassignUser: route('unassignUserFromLead', 'DELETE /api/v1/leads/:leadId/assigned-users/:userId', ofLead),
  },
  imports: {
    create: route('importLeads', 'POST /api/v1/imports', { body: 'file', query: true }),
    list: route('listImports', 'GET /api/v1/imports', { query: true }),
    get: route('getImport', 'GET /api/v1/imports/:importId', {}),
    rows: route('listImportRows', 'GET /api/v1/imports/:importId/rows', { query: true }),
    undo: route('undoImport', 'POST /api/v1/imports/:importId/undo', {}),
  },
  tags: {
    list: route('listTags', 'GET /api/v1/tags', { query: true }),
    create: route('createTag', 'POST /api/v1/tags', changed),
    update: route('changeTag', 'PATCH /api/v1/tags/:tagId', changed),
    delete: route('deleteTag', 'DELETE /api/v1/tags/:tagId', { once: true }),
  },
  customFields: {
    list: route('listCustomFields', 'GET /api/v1/custom-fields', { query: true }),
    create: route('createCustomField', 'POST /api/v1/custom-fields', changed),
    update: route('changeCustomField', 'PATCH /api/v1/custom-fields/:fieldId', changed),
    delete: route('deleteCustomField', 'DELETE /api/v1/custom-fields/:fieldId', { once: true }),
    addOption: route('createCustomFieldOption', 'POST /api/v1/custom-fields/:fieldId/options', changed),
    updateOption: route('changeCustomFieldOption', 'PATCH /api/v1/custom-fields/:fieldId/options/:optionId', changed),
    deleteOption: route('deleteCustomFieldOption', 'DELETE /api/v1/custom-fields/:fieldId/options/:optionId', {
      once: true,
    }),
  },
  users: {
    list: route('listUsers', 'GET /api/v1/users', { query: true }),
    create: route('createUser', 'POST /api/v1/users', changed),
    update: route('changeUser', 'PATCH /api/v1/users/:userId', changed),
    erase: route('eraseUser', 'POST /api/v1/users/:userId/erase', {}),
    makeLink: route('makeLink', 'POST /api/console/users/:userId/link', {}),
    endSessions: route('endUserSessions', 'POST /api/console/users/:userId/end-sessions', {}),
  },
  company: {
    get: route('getCompany', 'GET /api/v1/company', {}),
    update: route('changeCompany', 'PATCH /api/v1/company', changed),
  },
  views: {
    list: route('listViews', 'GET /api/v1/views', {}),
    create: route('createView', 'POST /api/v1/views', changed),
    update: route('changeView', 'PATCH /api/v1/views/:viewId', changed),
    delete: route('deleteView', 'DELETE /api/v1/views/:viewId', {}),
  },
  keys: {
    list: route('listKeys', 'GET /api/v1/keys', { query: true }),
    create: route('createKey', 'POST /api/v1/keys', { body: 'json' }),
    update: route('changeKey', 'PATCH /api/v1/keys/:keyId', changed),
    revoke: route('revokeKey', 'DELETE /api/v1/keys/:keyId', {}),
    rotate: route('rotateKey', 'POST /api/v1/keys/:keyId/rotate', { body: 'json' }),
  },
  webhooks: {
    list: route('listWebhooks', 'GET /api/v1/webhooks', { query: true }),
    create: route('createWebhook', 'POST /api/v1/webhooks', { body: 'json' }),
    get: route('getWebhook', 'GET /api/v1/webhooks/:webhookId', { query: true }),
    update: route('changeWebhook', 'PATCH /api/v1/webhooks/:webhookId', { body: 'json' }),
    delete: route('deleteWebhook', 'DELETE /api/v1/webhooks/:webhookId', {}),
    test: route('testWebhook', 'POST /api/v1/webhooks/:webhookId/test', {}),
    rotateSecret: route('rotateWebhookSecret', 'POST /api/v1/webhooks/:webhookId/rotate-secret', {}),
    replay: route('replayWebhook', 'POST /api/v1/webhooks/:webhookId/replay', { body: 'json' }),
    preview: route('previewWebhook', 'GET /api/v1/webhooks/:webhookId/preview', { query: true }),
    replayFailed: route('replayFailed', 'POST /api/v1/webhooks/:webhookId/replay-failed', {}),
    deliveries: route('listDeliveries', 'GET /api/v1/webhooks/:webhookId/deliveries', { query: true }),
    delivery: route('getDelivery', 'GET /api/v1/webhooks/:webhookId/deliveries/:deliveryId', {}),
    replayDelivery: route('replayDelivery', 'POST /api/v1/webhooks/:webhookId/deliveries/:deliveryId/replay', {}),
  },
  integrations: {
    list: route('listIntegrations', 'GET /api/v1/integrations', {}),
    create: route('createIntegration', 'POST /api/v1/integrations', changed),
  },
  events: {
    list: route('listEvents', 'GET /api/v1/events', { query: true }),
    deliveries: route('eventDeliveries', 'GET /api/v1/events/:sequence/deliveries', {}),
  },
  tiers: {
    list: route('listTiers', 'GET /api/v1/tiers', { query: true }),
    create: route('createTier', 'POST /api/v1/tiers', changed),
    update: route('changeTier', 'PATCH /api/v1/tiers/:tierId', changed),
    delete: route('deleteTier', 'DELETE /api/v1/tiers/:tierId', { once: true }),
  },
  categories: {
    list: route('listCategories', 'GET /api/v1/categories', { query: true }),
    create: route('createCategory', 'POST /api/v1/categories', changed),
    update: route('changeCategory', 'PATCH /api/v1/categories/:categoryId', changed),
    delete: route('deleteCategory', 'DELETE /api/v1/categories/:categoryId', { once: true }),
  },
  partnerStages: {
    list: route('listPartnerStages', 'GET /api/v1/stages/partner-stages', { query: true }),
    create: route('createPartnerStage', 'POST /api/v1/stages/partner-stages', changed),
    updateMany: route('changePartnerStages', 'PATCH /api/v1/stages/partner-stages', changed),
    update: route('changePartnerStage', 'PATCH /api/v1/stages/partner-stages/:stageId', changed),
    delete: route('deletePartnerStage', 'DELETE /api/v1/stages/partner-stages/:stageId', { once: true }),
  },
  leadDealStages: {
    list: route('listLeadDealStages', 'GET /api/v1/stages/lead-deal-stages', { query: true }),
    create: route('createLeadDealStage', 'POST /api/v1/stages/lead-deal-stages', changed),
    update: route('changeLeadDealStage', 'PATCH /api/v1/stages/lead-deal-stages/:stageId', changed),
    delete: route('deleteLeadDealStage', 'DELETE /api/v1/stages/lead-deal-stages/:stageId', { once: true }),
  },
  session: {
    me: route('me', 'GET /api/v1/me', {}),
    state: route('consoleState', 'GET /api/console/state', {}),
    signIn: route('signIn', 'POST /api/console/sign-in', { body: 'json' }),
    signOut: route('signOut', 'POST /api/console/sign-out', {}),
    setUp: route('setUp', 'POST /api/console/setup', { body: 'json' }),
    readLink: route('readLink', 'POST /api/console/link', { body: 'json' }),
    welcome: route('welcome', 'POST /api/console/welcome', { body: 'json' }),
    forgot: route('forgot', 'POST /api/console/forgot', { body: 'json' }),
    account: route('getAccount', 'GET /api/console/account', {}),
    changePassword: route('changePassword', 'POST /api/console/password', { body: 'json' }),
    end: route('endSession', 'POST /api/console/sessions/:sessionId/end', { body: 'json' }),
    endOthers: route('endOtherSessions', 'POST /api/console/sessions/end-others', { body: 'json' }),
  },
  system: {
    health: route('health', 'GET /healthz', {}),
    readiness: route('readiness', 'GET /readyz', {}),
    metrics: route('metrics', 'GET /metrics', { raw: true }),
    document: route('openapi', 'GET /openapi.json', {}),
  },
} as const

export type Routes = typeof routes

type Known =
  { [Noun in keyof Routes]: Routes[Noun][keyof Routes[Noun]] }[keyof Routes] extends Route<infer Name> ? Name : never
type Missing = Exclude<Id, Known>

/** Every operation of the contract stands above; otherwise the compiler names here those that do not. */
const complete: [Missing] extends [never] ? true : Missing = true
void complete
