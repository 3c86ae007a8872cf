import { expect, test } from 'vitest'
import { type ApiDocument, inOrder, shown } from '../../reference/document.ts'

const lead = { in: 'path', example: '789', schema: { type: 'string' } }
const header = { in: 'header', example: '"v7"', schema: { type: 'string' } }
const api: ApiDocument = {
  info: { title: 'Waggle' },
  paths: {
    '/leads/{leadId}': {
      get: { operationId: 'getLead', parameters: [lead] },
      patch: { operationId: 'updateLead', parameters: [lead, header] },
    },
    '/companies/{companyId}/leads/{leadId}': {
      get: { operationId: 'getLeadAt2', parameters: [lead], 'x-same-as': 'getLead' },
    },
  },
}

test('the page shows each operation once, and calls where it comes from', () => {
  const page = shown(api, 'https://leads.example', false)
  expect(page).toEqual({
    info: { title: 'Overview', 'x-locale': 'en' },
    servers: [{ url: 'https://leads.example' }],
    paths: { '/leads/{leadId}': api.paths['/leads/{leadId}'] },
  })
})

test('ids are filled in where the sample is served, and headers are not', () => {
  const { paths } = shown(api, 'http://127.0.0.1:4000', true) as ApiDocument
  expect(paths['/leads/{leadId}']?.['patch']?.parameters).toEqual([
    { ...lead, schema: { type: 'string', default: '789' } },
    header,
  ])
})

test('operations of a section stand as the section has them', () => {
  const listed = ['createLead', 'getLead', 'updateLead', 'listLeads'].map((operationId) => ({ operationId }))
  expect(listed.sort(inOrder).map(({ operationId }) => operationId)).toEqual([
    'updateLead',
    'getLead',
    'listLeads',
    'createLead',
  ])
})
