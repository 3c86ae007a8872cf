import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { eraseElsewhere } from '../../src/erasure/elsewhere.ts'
import { Person } from '../../src/erasure/person.ts'
import { beginImport, type ImportSettings, runImport } from '../../src/transfer/import.ts'
import { beginUndo, runUndo } from '../../src/transfer/undo.ts'
import { backends } from '../backends.ts'
import { keys, leadUuid } from '../fixture.ts'
import { asking, wilhelmina } from './traces.ts'

describe.each(backends)('what mentions a person on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    const person = new Person()
    person.know(wilhelmina.email, 'Wilhelmina Quastenberg')
    const subject = { companyId: 3, uuid: leadUuid(4711), person }
    return { api, ...asking(api), erase: () => eraseElsewhere(api.database, subject, Date.now()) }
  }

  test('goes out of the filters and names of views, and the rest of them stays', async () => {
    const { api, send, erase } = await begin()
    const query = { search: `x ${wilhelmina.email}`, status: 'new', sort: [{ type: 'email' }] }
    await send('POST', '/views', { name: 'Wilhelmina Quastenberg', query, columns: ['email'] })
    await send('POST', '/views', { name: 'Others', query: { search: 'nw.q@quastenberg.examples' } })
    await erase()
    expect((await api.get('/api/v1/views')).body).toMatchObject([
      { name: 'Erased', query: { status: 'new', sort: [{ type: 'email' }] }, columns: ['email'] },
      { name: 'Others', query: { search: 'nw.q@quastenberg.examples' } },
    ])
    expect((await api.get('/api/v1/views')).body[0].query).not.toHaveProperty('search')
  })

  test('goes out of kept answers that hold more than ids: those of a change stay in short', async () => {
    const { api, send, erase } = await begin()
    const whole = { prefer: 'return=representation' }
    const patch = () => send('PATCH', '/leads/4711', { status: 'lost' }, { ...whole, 'idempotency-key': 'a' })
    const other = () => send('PATCH', '/leads/4713', { status: 'lost' }, { ...whole, 'idempotency-key': 'b' })
    const [hers, others] = [await patch(), await other()]
    expect(hers.body).toHaveProperty('email')
    await erase()
    const { id, uuid, updated_at } = hers.body
    expect(await patch()).toMatchObject({ status: 200, body: { id, uuid, updated_at } })
    expect((await patch()).body).not.toHaveProperty('email')
    expect((await other()).body).toEqual(others.body)
    expect(await api.events()).toHaveLength(5)
  })

  test.each([
    ['as JSON escapes it', 'Wilhelmina "Mina" Quastenberg'],
    ['with what a pattern takes for its own', 'Wilhelmina\\Mina_100%'],
    ['in capitals', 'WILHELMINA QUASTENBERG-MÜLLER'],
  ])('goes out of kept answers that hold a name %s', async (_, name) => {
    const { api, send } = await begin()
    const view = () => send('POST', '/views', { name: `For ${name}`, query: {} }, { 'idempotency-key': 'v' })
    const others = () => send('POST', '/views', { name: 'For others', query: {} }, { 'idempotency-key': 'o' })
    const [, kept] = [await view(), await others()]
    const person = new Person()
    person.know(name === name.toUpperCase() ? 'Wilhelmina Quastenberg-Müller' : name)
    await eraseElsewhere(api.database, { companyId: 3, uuid: leadUuid(1), person }, Date.now())
    const replies = await api.database.find((db) => db.selectFrom('idempotency_keys').select(['key', 'reply']))
    expect(replies.map(({ key }) => key)).toEqual(['o'])
    expect((await others()).body).toEqual(kept.body)
  })

  test('is found by any of very many names, and what has had its day is forgotten first', async () => {
    const { api, send } = await begin()
    const person = new Person()
    for (let at = 0; at < 1_100; at += 1) person.know(`Name No ${at}`)
    expect(person.texts).toHaveLength(1_000)
    const restore = (key: string) =>
      send('POST', '/leads/4713/restore', undefined, { 'idempotency-key': key }, keys.admin)
    await send('PATCH', '/leads/4713', { last_name: 'Name No 999' })
    for (const key of ['today', 'yesterday']) {
      await send('DELETE', '/leads/4713')
      await restore(key)
    }
    const kept = async () =>
      (await api.database.find((db) => db.selectFrom('idempotency_keys').select('key'))).map(({ key }) => key)
    const yesterday = {
      kind: 'update',
      table: 'idempotency_keys',
      key: { company_id: 3, key: 'yesterday' },
      set: { created_at: 1 },
    } as const
    await api.database.load([yesterday])
    expect(await kept()).toHaveLength(2)
    await eraseElsewhere(api.database, { companyId: 3, uuid: leadUuid(1), person }, Date.now())
    expect(await kept()).toEqual([])
  })

  test('goes out of labels of keys', async () => {
    const { api, send, erase } = await begin()
    for (const label of ['For Wilhelmina Quastenberg', 'For others']) {
      await send('POST', '/keys', { label, read_access: true }, {}, keys.admin)
    }
    await erase()
    const labels = (await api.get('/api/v1/keys?pageSize=50', keys.admin)).body.map(
      ({ label }: { label: string }) => label,
    )
    expect(labels.slice(-2)).toEqual(['Erased', 'For others'])
  })

  test('goes out of names of imports and reasons of their rows; other rows keep theirs', async () => {
    const { api, erase } = await begin()
    const { body } = await api.request('POST', `/api/v1/imports?name=${encodeURIComponent(wilhelmina.email)}`, {
      headers: { 'content-type': 'text/csv' },
      body: `email,tags\na@example.com,${wilhelmina.email}\nb@example.com,none\n`,
    })
    await expect.poll(async () => (await api.get(`/api/v1/imports/${body.id}`)).body.state).toBe('done')
    const reasons = async () =>
      (await api.get(`/api/v1/imports/${body.id}/rows`)).body.map((row: { error: string }) => row.error)
    expect((await reasons())[0]).toContain(wilhelmina.email)
    const [, second] = await reasons()
    await erase()
    expect(await reasons()).toEqual(['Erased', second])
    expect((await api.get(`/api/v1/imports/${body.id}`)).body.name).toBe('Erased')
  })

  test('does not come back with an import that is under way, nor with an undo', async () => {
    const { api, erase } = await begin()
    const settings = {
      ...{ name: wilhelmina.email, format: 'csv', by: undefined, mode: 'create' },
      ...{ mapping: {}, blank: 'keep', dryRun: false },
    } as const satisfies ImportSettings
    const cause = { actor: undefined, requestId: undefined }
    const options = { ...cause, requiresFields: false, wholeSeconds: false }
    const begun = await beginImport(api.database, 3, settings, cause)
    await erase()
    const file = Readable.from([Buffer.from('email\nx@example.com\n')])
    const done = await runImport(api.database, begun, file, settings, options)
    const nameNow = async () => (await api.get(`/api/v1/imports/${done.id}`)).body.name
    expect(await nameNow()).toBe('Erased')
    const undoing = (await api.database.transact(beginUndo(done))).reply
    await runUndo(api.database, { ...undoing, name: wilhelmina.email }, cause)
    expect(await nameNow()).toBe('Erased')
  })
})
