import Type from 'typebox'
import { leadParams, UpdatedLead, versionHeader } from './leads.ts'
import { onceFailures, onceHeader, onceReplyHeader, operation } from './operation.ts'

const common = {
  access: 'write',
  headers: {
    'If-Match': 'Change the lead only if it still has this version; otherwise 412.',
    ...onceHeader,
  },
  reply: UpdatedLead,
  replyHeaders: {
    ...versionHeader,
    'X-Waggle-Sequence': "The change's number in the company's log; absent when nothing changed.",
    ...onceReplyHeader,
  },
} as const

const failures = ['lead_not_found', 'lead_modified', 'invalid_body', ...onceFailures] as const

const tagPaths = {
  path: '/api/v1/leads/:leadId/tags/:tagId',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId/tags/:tagId'],
  params: Type.Object({
    ...leadParams.properties,
    tagId: Type.String({ description: "The tag's number or its uuid.", examples: ['11'] }),
  }),
  failures: [...failures, 'tag_not_found'],
} as const

const userPaths = {
  path: '/api/v1/leads/:leadId/assigned-users/:userId',
  aliases: ['/api/v1/companies/:companyId/leads/:leadId/assigned-users/:userId'],
  params: Type.Object({
    ...leadParams.properties,
    userId: Type.String({ description: "The user's number or uuid.", examples: ['456'] }),
  }),
  failures: [...failures, 'user_not_found'],
} as const

export const addTag = operation({
  ...common,
  ...tagPaths,
  id: 'addTagToLead',
  method: 'PUT',
  summary: 'Add Tag To Lead',
  description: 'The other tags of the lead stay, whatever others do to them at the same time.',
})

export const removeTag = operation({
  ...common,
  ...tagPaths,
  id: 'removeTagFromLead',
  method: 'DELETE',
  summary: 'Remove Tag From Lead',
  description: 'The other tags of the lead stay. A tag that the lead does not have is no change.',
})

export const assignUser = operation({
  ...common,
  ...userPaths,
  id: 'assignUserToLead',
  method: 'PUT',
  summary: 'Assign User To Lead',
  description: 'The other assigned users stay, whatever others do to them at the same time.',
})

export const unassignUser = operation({
  ...common,
  ...userPaths,
  id: 'unassignUserFromLead',
  method: 'DELETE',
  summary: 'Unassign User From Lead',
  description: 'The other assigned users stay. A user who is not assigned is no change.',
})
