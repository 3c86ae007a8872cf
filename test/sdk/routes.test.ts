import { expect, test } from 'vitest'
import { createClient } from '../../sdk/index.ts'
import { routes } from '../../sdk/routes.ts'
import { backends } from '../backends.ts'

test('every operation that is served stands in the client once, under one of its paths', async () => {
  const [[, start] = []] = backends
  const api = await start?.()
  const document = await api?.get('/openapi.json')
  await api?.close()
  const paths: Record<string, Record<string, { operationId: string }>> = document?.body.paths
  const served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      to: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
      operationId,
    })),
  )
  const known = Object.values(routes).flatMap((noun) => Object.values(noun))
  expect(served.length).toBeGreaterThan(50)
  for (const { to, id } of known) {
    expect(
      served.map((one) => one.to),
      `${id} is served at ${to}`,
    ).toContain(to)
  }
  const ids = [...new Set(served.map(({ operationId }) => operationId.replace(/At\d+$/, '')))]
  expect(
    known.map(({ id }) => id).toSorted(),
    'a new operation needs a row in sdk/routes.ts, and a new file of the contract a line in sdk/contract.ts',
  ).toEqual(ids.toSorted())
})

test('each noun of the routes is one of the client', () => {
  expect(Object.keys(createClient({ baseUrl: '' })).toSorted()).toEqual(Object.keys(routes).toSorted())
})
