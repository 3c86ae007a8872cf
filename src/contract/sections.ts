interface Section {
  readonly name: string
  readonly about: string
  /** The `id` of each operation, in the order in which they are told. */
  readonly operations: readonly string[]
}

/** The parts that the document of the API is told in, those a newcomer needs first; each operation is in one. */
export const sections: readonly Section[] = [
  {
    name: 'Leads',
    about:
      'Read and change leads, one by one or up to 1,000 in a request. A lead is named by its number or by its uuid, and a ' +
      'change sends only what shall be different.',
    operations: [
      ...['updateLead', 'getLead', 'deleteLead', 'listLeads', 'createLead', 'changeLeads', 'leadHistory'],
      ...['addTagToLead', 'removeTagFromLead', 'assignUserToLead', 'unassignUserFromLead'],
      ...['restoreLead', 'eraseLead', 'countLeads', 'listLeadIds'],
    ],
  },
  {
    name: 'Tags and fields',
    about:
      'What a company defines for its leads: tags, and custom fields with their options. Everything has a number, which ' +
      'a lead names.',
    operations: [
      ...['listTags', 'createTag', 'changeTag', 'deleteTag'],
      ...['listCustomFields', 'createCustomField', 'changeCustomField', 'deleteCustomField'],
      ...['createCustomFieldOption', 'changeCustomFieldOption', 'deleteCustomFieldOption'],
    ],
  },
  {
    name: 'Users and company',
    about: 'Who may be assigned to leads, the company itself, and who it is that asks.',
    operations: ['me', 'listUsers', 'createUser', 'changeUser', 'eraseUser', 'getCompany', 'changeCompany'],
  },
  {
    name: 'Events',
    about: "The company's log: every change once, in order, with its number. Read it page by page, or listen.",
    operations: ['listEvents', 'eventDeliveries', 'watchLeads'],
  },
  {
    name: 'Webhooks',
    about:
      'Endpoints of yours that hear of changes, signed, in order, and tried again until they arrive. An integration is the ' +
      'software that listens; it has one or more endpoints.',
    operations: [
      ...['listIntegrations', 'createIntegration', 'listWebhooks', 'createWebhook', 'getWebhook', 'changeWebhook'],
      ...['deleteWebhook', 'testWebhook', 'previewWebhook', 'rotateWebhookSecret', 'listDeliveries', 'getDelivery'],
      ...['replayDelivery', 'replayWebhook', 'replayFailed'],
    ],
  },
  {
    name: 'Import and export',
    about: 'Leads from a file and into one, as a table (CSV) or in JSON lines. An import can be tried, and undone.',
    operations: ['importLeads', 'listImports', 'getImport', 'listImportRows', 'undoImport', 'exportLeads'],
  },
  {
    name: 'Keys',
    about: 'The keys by which programs call the API. A key is shown once, when it is made.',
    operations: ['listKeys', 'createKey', 'changeKey', 'revokeKey', 'rotateKey'],
  },
  {
    name: 'Views',
    about: 'Ways to look at the list of leads, kept under a name.',
    operations: ['listViews', 'createView', 'changeView', 'deleteView'],
  },
  {
    name: 'Tiers, categories and stages',
    about: 'What a company defines for its partners and their deals.',
    operations: [
      ...['listTiers', 'createTier', 'changeTier', 'deleteTier'],
      ...['listCategories', 'createCategory', 'changeCategory', 'deleteCategory'],
      ...['listPartnerStages', 'createPartnerStage', 'changePartnerStages', 'changePartnerStage', 'deletePartnerStage'],
      ...['listLeadDealStages', 'createLeadDealStage', 'changeLeadDealStage', 'deleteLeadDealStage'],
    ],
  },
  {
    name: 'Signing in',
    about: 'What the pages of the console call. Programs use a key instead.',
    operations: [
      ...['consoleState', 'signIn', 'signOut', 'setUp', 'makeLink', 'readLink', 'welcome', 'forgot'],
      ...['getAccount', 'changePassword', 'endSession', 'endOtherSessions', 'endUserSessions'],
    ],
  },
  {
    name: 'The server',
    about: 'Whether it runs, what it counts, and this document. No key is needed.',
    operations: ['health', 'readiness', 'metrics', 'openapi'],
  },
]
