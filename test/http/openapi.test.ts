import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, onTestFinished, test } from 'vitest'
import { failures } from '../../src/contract/failures.ts'
import { backends } from '../backends.ts'

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
    const { responses } = (await read()).paths['/api/v1/leads/{leadId}'].patch
    expect(responses['404'].content['application/json'].examples.lead_not_found.value).toEqual({
      error: failures.lead_not_found.message,
    })
    const told = Object.keys(responses).map(Number)
    expect(told.sort((left, right) => left - right)).toEqual([
      200, 400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 431, 500, 503,
    ])
  })
})
