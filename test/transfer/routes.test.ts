import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'

describe.each(backends)('imports and exports over HTTP on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start({ config: { requiredFields: false } })
    onTestFinished(() => begun.close())
    api = begun
  })

  const send = (
    query: string,
    body: string | Uint8Array<ArrayBuffer>,
    { key = keys.full, type = 'text/csv' }: { key?: string; type?: string } = {},
  ): Promise<Reply> => api.request('POST', `/api/v1/imports${query}`, { key, headers: { 'content-type': type }, body })
  async function ended({ body }: Reply): Promise<Reply['body']> {
    for (;;) {
      const reply = await api.get(`/api/v1/imports/${body.id}`)
      expect(reply.status).toBe(200)
      if (!['running', 'undoing'].includes(reply.body.state)) return reply.body
      await new Promise((later) => setTimeout(later, 10))
    }
  }

  test('a file is taken in behind its answer, told row by row, and undone', async () => {
    const file = 'Firm,email,tags,Note\nAcme,a@example.com,7,x\nBolt,wrong,,\n'
    const mapping = encodeURIComponent('{"Firm":"company_name"}')
    const begun = await send(`?mapping=${mapping}&name=June.csv`, file)
    expect(begun.status).toBe(201)
    expect(begun.headers.get('location')).toBe(`/api/v1/imports/${begun.body.id}`)
    const done = await ended(begun)
    expect(done).toMatchObject({
      name: 'June.csv',
      format: 'csv',
      by: null,
      mode: 'create',
      dry_run: false,
      passed_over: ['Note'],
    })
    expect(done).toMatchObject({ state: 'done', rows: 2, created: 1, updated: 0, unchanged: 0, failed: 1, undone: 0 })
    const rows = await api.get(`/api/v1/imports/${done.uuid}/rows?pageSize=1`)
    expect(rows.body).toMatchObject([{ row: 1, outcome: 'created', lead_id: expect.any(Number), error: null }])
    const next = await api.get(`/api/v1/imports/${done.id}/rows?cursor=${rows.headers.get('x-next-cursor')}`)
    expect(next.body).toMatchObject([
      { row: 2, outcome: 'failed', lead_id: null, error: expect.stringContaining('email') },
    ])
    expect((await api.get(`/api/v1/imports/${done.id}/rows?outcome=failed`)).body).toHaveLength(1)
    expect((await api.get('/api/v1/imports')).body).toMatchObject([{ id: done.id }])
    expect(readdirSync(join(api.directory, 'imports'))).toEqual([])

    const undone = await ended(await api.request('POST', `/api/v1/imports/${done.id}/undo`))
    expect(undone).toMatchObject({ state: 'undone', undone: 1 })
    expect((await api.get('/api/v1/leads?search=acme')).body).toEqual([])
  })

  test('an undo runs once at a time, and one that was left or stopped goes on', async () => {
    const rows = Array.from({ length: 150 }, (_value, at) => `${at}@example.com`).join('\n')
    const done = await ended(await send('', `email\n${rows}\n`))
    const undo = () => api.request('POST', `/api/v1/imports/${done.id}/undo`)
    const [first, second] = await Promise.all([undo(), undo()])
    const [refused, begun] = first.status === 200 ? [second, first] : [first, second]
    expectRefused(refused, 409, 'Import is running')
    expect(begun).toMatchObject({ status: 200, body: { state: 'undoing' } })
    expect(await ended(begun)).toMatchObject({ state: 'undone', undone: 150 })

    const key = { company_id: 3, id: done.id }
    const set = { state: 'undoing', updated_at: Date.now() - 200_000 } as const
    await api.database.load([{ kind: 'update', table: 'imports', key, set }])
    expect((await api.get(`/api/v1/imports/${done.id}`)).body).toMatchObject({
      state: 'stopped',
      message: 'The server that undid it is gone.',
    })
    expect(await ended(await undo())).toMatchObject({ state: 'undone', undone: 150, message: null })
  })

  test('what a request is called is no name of a file', async () => {
    const headers = { 'content-type': 'text/csv', 'x-request-id': '..' }
    const begun = await api.request('POST', '/api/v1/imports', { headers, body: 'email\na@example.com\n' })
    expect(await ended(begun)).toMatchObject({ created: 1 })
  })

  test('a dry run changes nothing and has nothing to undo', async () => {
    const done = await ended(await send('?dry_run=1', 'email\na@example.com\n'))
    expect(done).toMatchObject({ dry_run: true, created: 1 })
    expect((await api.get('/api/v1/leads?search=a@example.com')).body).toEqual([])
    expectRefused(await api.request('POST', `/api/v1/imports/${done.id}/undo`), 409, 'Import was a dry run')
  })

  test('lines of JSON by external id, twice', async () => {
    const lines = '{"external_id":"e-1","company_name":"One"}\n{"external_id":"e-2"}\n'
    const type = 'application/x-ndjson'
    expect(await ended(await send('?by=externalId', lines, { type }))).toMatchObject({ mode: 'upsert', created: 2 })
    expect(await ended(await send('?by=externalId', lines, { type }))).toMatchObject({ unchanged: 2 })
  })

  test.each([
    ['?by=name', 'Invalid by'],
    ['?mode=replace', 'Invalid mode'],
    ['?mode=update', 'Invalid by'],
    ['?mode=create&by=id', 'Invalid by'],
    ['?blank=x', 'Invalid blank'],
    ['?dry_run=maybe', 'Invalid dry_run'],
    ['?name=%20', 'Invalid name'],
    ['?name=a%00b', 'Invalid name'],
    ['?mapping=x', 'Invalid mapping'],
    ['?mapping=[]', 'Invalid mapping'],
    ['?mapping={"a":1}', 'Invalid mapping'],
  ])('%s is refused, and nothing is begun', async (query, message) => {
    expectRefused(await send(query, 'email\n'), 400, message)
    expect((await api.get('/api/v1/imports')).body).toEqual([])
  })

  test('other media types are refused, and keys that may not write', async () => {
    expectRefused(
      await send('', '{}', { type: 'application/json' }),
      415,
      'Content-Type must be text/csv or application/x-ndjson',
    )
    expect((await send('', 'email\n', { key: keys.readOnly })).status).toBe(403)
    expect((await api.request('GET', '/api/v1/leads/export', { key: keys.writeOnly })).status).toBe(403)
  })

  test('another company’s imports are not found', async () => {
    const { id, uuid } = await ended(await send('', 'email\na@example.com\n'))
    for (const named of [id, uuid]) {
      for (const [method, path, key] of [
        ['GET', `/api/v1/imports/${named}`, keys.other],
        ['GET', `/api/v1/imports/${named}/rows`, keys.other],
        ['POST', `/api/v1/imports/${named}/undo`, keys.other],
      ] as const) {
        expectRefused(await api.request(method, path, { key }), 404, 'Import not found or not accessible')
      }
    }
    expect((await api.get('/api/v1/imports', keys.other)).body).toEqual([])
    expect((await api.get('/api/v1/imports/x')).status).toBe(404)
  })

  test('columns with names of every object are passed over, as others that are no member', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const done = await ended(await send('', `${names.join()},email\n1,2,3,4,a@example.com\n`))
    expect(done).toMatchObject({ state: 'done', created: 1, failed: 0, passed_over: names })
    const mapping = encodeURIComponent('{"__proto__":"company_name","constructor":"first_name"}')
    const mapped = await ended(
      await send(`?mapping=${mapping}`, '__proto__,constructor,email\nAcme,Ada,b@example.com\n'),
    )
    expect(mapped).toMatchObject({ state: 'done', created: 1 })
    expect((await api.get('/api/v1/leads?search=b@example')).body).toMatchObject([
      { company_name: 'Acme', first_name: 'Ada' },
    ])
  })

  test('members with names of every object are members that are not known', async () => {
    const row = '{"__proto__":{"first_name":"Eve"},"constructor":"x","toString":"x","email":"c@example.com"}\n'
    const done = await ended(await send('', row, { type: 'application/x-ndjson' }))
    expect(done).toMatchObject({ state: 'done', created: 1, failed: 0 })
    expect((await api.get('/api/v1/leads?search=c@example')).body).toMatchObject([{ first_name: null }])
  })

  test('a table of more columns than leads can have members is refused before they are compared', async () => {
    const header = Array.from({ length: 100_000 }, (_value, at) => `c${at}`).join()
    const done = await ended(await send('', `${header}\n1\n`))
    expect(done).toMatchObject({ state: 'stopped', message: 'The file has 100000 columns; at most 2000 are read.' })
  })

  test('a company has four imports under way at once', async () => {
    const begun = await Promise.all(
      Array.from({ length: 7 }, (_value, at) =>
        send('', `email\n${'a@example.com\n'.repeat(2_000)}`, {
          key: at === 6 ? keys.other : keys.full,
        }),
      ),
    )
    expect(begun.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 201, 429, 429])
    for (const refused of begun.filter(({ status }) => status === 429)) {
      expectRefused(refused, 429, 'Rate limit exceeded')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    for (const one of begun.slice(0, 6)) if (one.status === 201) await ended(one)
    expect((await send('', 'email\nlast@example.com\n')).status).toBe(201)
  })

  test('leads of which a database answers few at once are exported, too', async () => {
    const json = { 'content-type': 'application/json' }
    const post = async (path: string, body: object): Promise<Reply['body']> => {
      const made = await api.request('POST', path, { headers: json, body: JSON.stringify(body) })
      expect(made.status).toBe(201)
      return made.body
    }
    const fields = []
    for (const label of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      fields.push(await post('/api/v1/custom-fields', { label: `Long ${label}`, type: 'textarea', category: 'lead' }))
    }
    const customFields = fields.map(({ id }) => ({
      customFieldId: id,
      type: 'textarea',
      value: { textarea: 'x'.repeat(99_000) },
    }))
    const leads = 24 // more than the 16 MiB that a read of the embedded database answers
    for (let at = 0; at < leads; at += 1) await post('/api/v1/leads', { company_name: `Long ${at}`, customFields })
    const file = await fetch(`${api.url}/api/v1/leads/export?search=Long&format=jsonl`, {
      headers: { authorization: `Bearer ${keys.full}` },
    })
    const names = (await file.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).company_name)
    expect(names.sort()).toEqual(Array.from({ length: leads }, (_, at) => `Long ${at}`).sort())
  })

  test('an export is a file of all leads that fit, for spreadsheets or as lines of JSON', async () => {
    await api.patch('/api/v1/leads/4711', { company_name: '=HYPERLINK("x")', status: 'lost' })
    const get = (query: string) =>
      fetch(`${api.url}/api/v1/leads/export${query}`, { headers: { authorization: `Bearer ${keys.full}` } })
    const table = await get('?status=lost')
    expect(table.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(table.headers.get('content-disposition')).toBe('attachment; filename="leads.csv"')
    const lines = (await table.text()).split('\r\n')
    expect(lines[0]).toMatch(/^id,uuid,external_id,status,company_name,.*,tags,assignedUsers,Field 5 \[5\],/)
    expect(lines).toHaveLength(3)
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`)
    const objects = await get('?format=jsonl')
    expect(objects.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const leads = (await objects.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(leads.find(({ id }) => id === 4711)).toEqual(await api.lead(4711))
    expect(leads.every(({ company_id }) => company_id === 3)).toBe(true)
    expect((await get('?format=xml')).status).toBe(400)
    expect((await get('?status=x')).status).toBe(400)
  })
})
