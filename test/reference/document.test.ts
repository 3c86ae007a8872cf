import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type ApiDocument, inOrder, shown } from '../../reference/document.ts'
import { streamType } from '../../src/contract/feed.ts'

const lead = { in: 'path', example: '789', schema: { type: 'string' } }
const header = { in: 'header', example: '"v7"', schema: { type: 'string' } }
const json = { 'application/json': { schema: { type: 'object' } } }
const stream = { 'text/event-stream': { schema: { type: 'string' } } }
const about = { description: 'As told.', parameters: [lead], responses: { 200: { content: json } } }
const api: ApiDocument = {
  info: { title: 'Waggle' },
  paths: {
    '/leads/{leadId}': {
      get: { ...about, operationId: 'getLead' },
      patch: { ...about, operationId: 'updateLead', parameters: [lead, header] },
    },
    '/companies/{companyId}/leads/{leadId}': {
      get: { ...about, operationId: 'getLeadAt2', 'x-same-as': 'getLead' },
    },
  },
}
const own = { origin: 'https://leads.example' }
const sample = { origin: 'http://127.0.0.1:4000', sampleKey: 'jb_api_sample' }

/** An operation of a document that has only this one, as the page shows it. */
function told(operation: object, place: typeof own | typeof sample = own): Record<string, unknown> {
  const document = { info: {}, paths: { '/changes': { get: { ...about, operationId: 'changes', ...operation } } } }
  const { paths } = shown(document, place) as ApiDocument
  return { ...paths['/changes']?.['get'] }
}

test('the page shows each operation once, and calls where it comes from', () => {
  const page = shown(api, own)
  expect(page).toEqual({
    info: { title: 'Overview', 'x-locale': 'en' },
    servers: [{ url: 'https://leads.example' }],
    components: { securitySchemes: {} },
    paths: { '/leads/{leadId}': api.paths['/leads/{leadId}'] },
  })
})

test('a cookie is asked of nobody, and a key is', () => {
  const operation = (name: string) => ({ ...about, operationId: name, security: [{ [name]: [] }] })
  const document: ApiDocument = {
    info: {},
    components: { securitySchemes: { key: {}, session: { in: 'cookie' } } },
    paths: { '/keys': { get: operation('key') }, '/account': { get: operation('session') } },
  }
  expect(shown(document, own)).toMatchObject({
    components: { securitySchemes: { key: {} } },
    paths: { '/keys': { get: { security: [{ key: [] }] } }, '/account': { get: { security: [] } } },
  })
  expect(JSON.stringify(shown(document, own))).not.toContain('cookie')
})

test('ids are filled in where the sample is served, and headers are not', () => {
  const { paths } = shown(api, sample) as ApiDocument
  expect(paths['/leads/{leadId}']?.['patch']?.parameters).toEqual([
    { ...lead, schema: { type: 'string', default: '789' } },
    header,
  ])
})

test('a field without an example is empty, and no pattern is told', () => {
  const limit = { in: 'query', schema: { type: 'string', pattern: '^[1-9]$' } }
  expect(told({ parameters: [limit] })['parameters']).toEqual([
    { in: 'query', schema: { type: 'string' }, example: ' ' },
  ])
})

test('what answers with a stream alone is a command of a terminal and is not tried', () => {
  const { description, responses, 'x-not-tried': notTried } = told({ responses: { 200: { content: stream } } }, sample)
  expect(notTried).toBe(true)
  expect(responses).toEqual({ 200: { content: stream } })
  expect(description).toBe(`As told.

A stream does not end, so it is not tried on this page. In a terminal it is shown as it comes; Ctrl+C stops it:

\`\`\`sh
curl -N "http://127.0.0.1:4000/changes" \\
  -H "Authorization: Bearer jb_api_sample" \\
  -H "Accept: text/event-stream"
\`\`\``)
})

test('what answers with a list or a stream is tried as a list', () => {
  const failed = { content: json }
  const content = { ...json, ...stream }
  const operation = told({ responses: { 200: { description: 'Done', content }, 400: failed } })
  expect(operation).not.toHaveProperty('x-not-tried')
  expect(operation['responses']).toEqual({ 200: { description: 'Done', content: json }, 400: failed })
  expect(operation['description']).toContain('-H "Authorization: Bearer $KEY"')
})

test('of the API one operation is a stream, and its form, which is hidden, asks for nothing', () => {
  const path = join(resolve(import.meta.dirname, '../..'), 'docs/openapi.json')
  const { paths } = shown(JSON.parse(readFileSync(path, 'utf8')), own) as ApiDocument
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  const hidden = operations.filter((one) => 'x-not-tried' in one)
  expect(hidden.map(({ operationId, parameters }) => ({ operationId, parameters }))).toEqual([
    { operationId: 'watchLeads', parameters: [] },
  ])
  const types = operations
    .filter((one) => !('x-not-tried' in one))
    .flatMap(({ responses }) => Object.keys(responses['200']?.content ?? {}))
  expect(types).not.toContain(streamType)
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
