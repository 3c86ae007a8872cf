import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failures } from '../../src/contract/failures.ts'
import { sections } from '../../src/contract/sections.ts'
import { backends } from '../backends.ts'
import { resolved } from '../fuzz/document.ts'
import { isOf, plain, type Schema } from '../fuzz/schema.ts'

interface Example {
  readonly at: string
  readonly schema: Schema
  readonly value: unknown
}

/** An operation of the document. */
interface Told {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly parameters: readonly Record<string, string>[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

/** Everything in a document that is an example of a schema: of the schema itself, of a body, of a parameter. */
function examplesIn(node: unknown, at = ''): Example[] {
  if (typeof node !== 'object' || node === null) return []
  const { examples, example, schema } = node as Record<string, unknown>
  const own = Array.isArray(examples) ? examples.map((value) => ({ at, schema: plain(node), value })) : []
  const named =
    schema !== undefined && typeof examples === 'object' && !Array.isArray(examples)
      ? Object.values<{ value: unknown }>(examples as never).map(({ value }) => ({ at, schema: plain(schema), value }))
      : []
  const single = example === undefined ? [] : [{ at, schema: plain(schema), value: example }]
  const inside = Object.entries(node).filter(([name]) => name !== 'examples' && name !== 'example')
  return [...own, ...named, ...single, ...inside.flatMap(([name, inner]) => examplesIn(inner, `${at}/${name}`))]
}

describe.each(backends)('the OpenAPI document on %s', (_, start) => {
  const read = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return (await api.request('GET', '/openapi.json', { key: null })).body
  }

  test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(await read())
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
  })

  test('tells every failure of an operation with its text', async () => {
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server answers
    const { paths } = resolved(await read()) as any
    const { responses } = paths['/api/v1/leads/{leadId}'].patch
    expect(responses['404'].content['application/json'].examples.lead_not_found.value).toEqual({
      error: failures.lead_not_found.message,
    })
    expect(Object.keys(responses['400'].content['application/json'].examples)).toContain('body_not_object')
    const told = Object.keys(responses).map(Number)
    expect(told.sort((left, right) => left - right)).toEqual([
      200, 400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 431, 500, 503,
    ])
  })

  test('has each operation in one section, and begins with the one that is needed first', async () => {
    const { paths, tags } = await read()
    const operations = Object.values<Record<string, { operationId: string; tags?: string[] }>>(paths).flatMap(
      Object.values,
    )
    const ids = [...new Set(operations.map(({ operationId }) => operationId.replace(/At\d+$/, '')))]
    expect(
      sections.flatMap((section) => section.operations).toSorted(),
      'an operation belongs to one section of src/contract/sections.ts, and an operation that is gone to none',
    ).toEqual(ids.toSorted())
    for (const { operationId, tags: own } of operations) expect(own, operationId).toHaveLength(1)
    expect(tags.map(({ name }: { name: string }) => name)).toEqual(sections.map(({ name }) => name))
    expect(operations[0]).toMatchObject({ operationId: 'updateLead', tags: ['Leads'] })
  })

  test('describes every operation, parameter and header, and marks what is there a second time', async () => {
    const { paths } = resolved(await read()) as { paths: Record<string, Record<string, Told>> }
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, one] of Object.entries(methods)) {
        const { operationId, summary, description, parameters, responses } = one
        const name = `${method} ${path}`
        expect(summary, name).toMatch(/\S/)
        expect(description, name).toMatch(/\.( |$)/)
        expect('x-same-as' in one, name).toBe(/At\d+$/.test(operationId))
        for (const { name: parameter, in: place, description, example } of parameters) {
          expect(description, `${name} ${parameter}`).toMatch(/\S/)
          if (place === 'path' || place === 'header') expect(example, `${name} ${parameter}`).toMatch(/\S/)
        }
        for (const { description } of Object.values(responses)) {
          expect(description, name).toMatch(/\S/)
        }
      }
    }
  })

  test('shows only examples that are of their schema', async () => {
    const examples = examplesIn(resolved(await read()))
    expect(examples.length).toBeGreaterThan(200)
    const wrong = examples.filter(({ schema, value }) => !isOf(schema, value))
    expect(wrong.map(({ at, value }) => [at, value])).toEqual([])
  })
})
