import { expect, test } from 'vitest'
import { sampleKeys } from '../../src/sample/workspace.ts'
import { describeInBrowser, useConsole } from './browser.ts'
import { otherPage } from './other-page.ts'

const app = await otherPage()
const foreign = await otherPage()
// biome-ignore lint/correctness/useHookAtTopLevel: no hook of React's
const begun = useConsole(['--sample', '--cors-origins', `https://app.our.example,${app}`])

/** Runs in a page of another origin; `waggle` is a client with the sample's key, `origin` the server's. */
const within = (origin: string, body: string): string => `(async () => {
  const { createClient } = await import('/sdk/index.ts')
  const origin = ${JSON.stringify(origin)}
  const waggle = createClient({ baseUrl: origin, key: ${JSON.stringify(sampleKeys.readWrite)}, retries: 0 })
  const failureOf = (promise) => promise.then(() => 'none', ({ failure, name }) => failure ?? name)
  ${body}
})()`

describeInBrowser('pages of other origins', { timeout: 60_000 }, () => {
  test('one that is named changes a lead, reads its ETag, and follows the feed', async () => {
    const { origin, stranger, api } = await begun()
    const page = await stranger()
    await page.goto(app)
    const before = await api.leads.get(789)
    const told = await page.evaluate(
      within(
        origin,
        `
        let meta
        const { promise: open, resolve } = Promise.withResolvers()
        const opened = (state) => state === 'open' && resolve()
        const ending = new AbortController()
        const changed = (async () => {
          for await (const event of waggle.events.follow({ after: 'now', signal: ending.signal, onState: ({ state }) => opened(state) }))
            return event.lead.last_name
        })()
        await open
        const { etag, sequence } = await waggle.leads.update(
          789, { last_name: 'Across' }, { ifMatch: ${JSON.stringify(before.etag)}, onAnswer: (given) => { meta = given } })
        const stale = await failureOf(waggle.leads.update(789, { last_name: 'Late' }, { ifMatch: ${JSON.stringify(before.etag)} }))
        const wrong = await failureOf(waggle.leads.update(789, { tags: [40404] }))
        const missing = await failureOf(waggle.leads.get(404404))
        const list = await waggle.leads.list({ pageSize: 2 })
        const lastName = await changed
        ending.abort()
        return {
          etag, sequence, stale, wrong, missing, lastName,
          hasId: typeof meta.requestId === 'string', cursor: typeof list.nextCursor, total: list.total,
        }`,
      ),
    )
    expect(told).toEqual({
      etag: expect.stringMatching(/^"v\d+"$/),
      sequence: expect.any(Number),
      stale: 'lead_modified',
      wrong: expect.stringMatching(/^invalid/),
      missing: 'lead_not_found',
      lastName: 'Across',
      hasId: true,
      cursor: 'string',
      total: expect.any(Number),
    })
    const { last_name: lastName, etag } = await api.leads.get(789)
    expect([lastName, etag]).toEqual(['Across', Object(told).etag])
    expect(etag).not.toBe(before.etag)
  })

  test('one that is not named can do nothing, nor read anything', async () => {
    const { origin, stranger, api } = await begun()
    const page = await stranger()
    await page.goto(foreign)
    const before = await api.leads.get(789)
    const told = await page.evaluate(
      within(
        origin,
        `return [
          await failureOf(waggle.leads.update(789, { last_name: 'Evil' })),
          await failureOf(waggle.leads.get(789)),
          await failureOf(fetch(origin + '/openapi.json')),
        ]`,
      ),
    )
    expect(told).toEqual(['network', 'network', 'TypeError'])
    expect(await api.leads.get(789)).toEqual(before)
  })

  test('none of them uses the session of a person, nor reaches the console', async () => {
    const { origin, signedIn } = await begun()
    const page = await signedIn()
    await page.goto(app)
    const told = await page.evaluate(
      within(
        origin,
        `return [
          await failureOf(fetch(origin + '/api/v1/me', { credentials: 'include' })),
          await fetch(origin + '/api/v1/me').then(({ status }) => status),
          await failureOf(fetch(origin + '/api/console/state')),
          await failureOf(fetch(origin + '/console/')),
        ]`,
      ),
    )
    expect(told).toEqual(['TypeError', 401, 'TypeError', 'TypeError'])
  })
})
