import { Readable } from 'node:stream'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Format } from '../../src/contract/transfer.ts'
import { readListRequest } from '../../src/leads/list-request.ts'
import type { Row } from '../../src/storage/tables.ts'
import { exportLeads } from '../../src/transfer/export.ts'
import { beginImport, type ImportSettings, runImport } from '../../src/transfer/import.ts'
import { beginUndo, runUndo } from '../../src/transfer/undo.ts'
import { type Api, backends } from '../backends.ts'
import { tagUuid } from '../fixture.ts'

const companyId = 3
const cause = { actor: undefined, requestId: undefined }
const usual: ImportSettings = {
  name: 'leads.csv',
  format: 'csv',
  by: undefined,
  mode: 'create',
  mapping: {},
  blank: 'keep',
  dryRun: false,
}

describe.each(backends)('import and export on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })

  async function imported(
    text: string | Uint8Array,
    settings: Partial<ImportSettings> = {},
    to = api,
  ): Promise<Row<'imports'>> {
    const all = { ...usual, ...settings }
    const begun = await beginImport(to.database, companyId, all, cause)
    // In pieces that no row, and no letter, ends with.
    const bytes = Buffer.from(text)
    const size = bytes.length > 1_000_000 ? 65_521 : 7
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (__, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    )
    const options = { ...cause, requiresFields: false, wholeSeconds: false }
    return runImport(to.database, begun, Readable.from(pieces), all, options)
  }
  async function exported(format: Format, of = api): Promise<string> {
    const list = readListRequest({}, await of.database.definitions(companyId))
    let text = ''
    for await (const piece of exportLeads(of.database, companyId, { list, format, wholeSeconds: false })) text += piece
    return text
  }
  async function undo(id: number): Promise<Row<'imports'>> {
    const found = await api.database.read('imports', { company_id: companyId, id })
    if (found === undefined) throw new Error(`there is no import ${id}`)
    return runUndo(api.database, (await api.database.transact(beginUndo(found))).reply, cause)
  }
  const rowsOf = (id: number): Promise<Row<'import_rows'>[]> =>
    api.database.find((db) =>
      db
        .selectFrom('import_rows')
        .selectAll()
        .where('company_id', '=', companyId)
        .where('import_id', '=', id)
        .orderBy('row'),
    )
  /** The leads of the fixture have tags, users and values that nobody can give a lead any more. */
  async function deleteAll(of: Api): Promise<void> {
    for (const { id } of (await of.get('/api/v1/leads?pageSize=50')).body)
      await of.request('DELETE', `/api/v1/leads/${id}`)
  }
  const found = async (search: string) => (await api.get(`/api/v1/leads?search=${encodeURIComponent(search)}`)).body

  test('a table of people: columns by their names and labels, lists by labels, odd texts', async () => {
    const text =
      '\uFEFFCompany;E-Mail;phone;First Name;Tags;Owner;Status;Notes\r\n' +
      '"Größe; ""und"" Söhne\nGmbH";ada@größe.example;\'+49 30 1;Ada;Tag 7; user31@our.example ;Qualified;pass over\r\n' +
      '\r\n' +
      ';bob@example.com;;Bob;#8;;;\r\n'
    const { id, state, message, rows, created, failed } = await imported(text)
    expect({ state, message, rows, created, failed }).toEqual({
      state: 'done',
      message: null,
      rows: 2,
      created: 2,
      failed: 0,
    })
    const [ada] = await found('ada@größe')
    expect(ada).toMatchObject({
      company_name: 'Größe; "und" Söhne\nGmbH',
      phone_number: '+49 30 1',
      status: 'qualified',
      tags: [{ id: 7 }],
      assigned_users: [{ id: 31 }],
    })
    expect((await found('bob@example.com'))[0]).toMatchObject({ company_name: null, status: 'new', tags: [{ id: 8 }] })
    expect((await rowsOf(id)).map(({ row, outcome }) => [row, outcome])).toEqual([
      [1, 'created'],
      [2, 'created'],
    ])
  })

  test.each(['csv', 'jsonl'] as const)('what is exported as %s is imported as it was', async (format) => {
    await deleteAll(api)
    await imported(
      'external_id,company_name,email,tags,assignedUsers,customFields.5,customFields.9,status\n' +
        `a-1,=1+1,a1@example.com,"7; 16",31,-12.5,"'=x, ""y""\nz",lost\n` +
        'a-2,"\'quoted",,,,0,,new\n' +
        'a-3,  spaces ,a3@example.com,8,31;32,,naïve 𝄞,converted\n',
    )
    const before = await exported(format)
    expect(before.trimEnd().split(format === 'csv' ? '\r\n' : '\n').length).toBeGreaterThanOrEqual(3)
    const again = await imported(before, { format, by: 'id', mode: 'update', blank: 'clear' })
    expect(again).toMatchObject({ updated: 0, failed: 0, unchanged: again.rows })
    expect(await exported(format)).toBe(before)

    const other = await start()
    onTestFinished(() => other.close())
    await deleteAll(other)
    const oldestFirst = format === 'csv' ? reversedTable(before) : reversed(before, '\n')
    const made = await imported(oldestFirst, { format }, other)
    expect(made).toMatchObject({ failed: 0, created: made.rows })
    expect(withoutOwn(await exported(format, other), format)).toEqual(withoutOwn(before, format))
  })

  test.each(['csv', 'jsonl'] as const)('texts of custom fields come back from %s as they were', async (format) => {
    await deleteAll(api)
    const texts = [
      '  x',
      ' ',
      'x ',
      '\tx',
      '=1',
      "'=x",
      "  '=x",
      "' =x",
      'x\ny\n',
      'x\r\ny',
      '\r',
      '\r\n',
      '\u00a0x',
      '\ufeffx',
    ]
    const rows = texts.flatMap((text) => [
      { customFields: [{ customFieldId: 9, value: { text } }] },
      { customFields: [{ customFieldId: 12, value: { text } }] },
    ])
    const lines = rows.map((row) => JSON.stringify(row)).join('\n')
    expect(await imported(lines, { format: 'jsonl' })).toMatchObject({ created: rows.length, failed: 0 })
    const before = await exported(format)
    for (const blank of ['keep', 'clear'] as const) {
      const again = await imported(before, { format, by: 'id', mode: 'update', blank })
      expect(again).toMatchObject({ unchanged: rows.length, failed: 0 })
    }

    const other = await start()
    onTestFinished(() => other.close())
    await deleteAll(other)
    expect(await imported(before, { format }, other)).toMatchObject({ created: rows.length, failed: 0 })
    const told = (await exported('jsonl', other)).trimEnd().split('\n').map(valuesIn)
    expect(told).toEqual(texts.flatMap((text) => [{ 9: { text } }, { 12: { text } }]))
  })

  test('white space around a cell is a part of texts of custom fields alone, as where a client sends it', async () => {
    const text =
      'email,company_name,tags,status,customFields.5,customFields.6,customFields.9,customFields.10,customFields.11\n' +
      ' ada@example.com , Acme , 7 , New , 5 , #1 , x , 2026-01-31 , yes \n'
    expect(await imported(text)).toMatchObject({ created: 1, failed: 0 })
    const [lead] = await found('ada@example.com')
    expect(lead).toMatchObject({ email: 'ada@example.com', company_name: 'Acme', tags: [{ id: 7 }], status: 'new' })
    expect(valuesIn(JSON.stringify(await api.lead(lead.id)))).toEqual({
      5: { number: 5 },
      6: { select: 1 },
      9: { text: ' x ' },
      10: { date: '2026-01-31' },
      11: { boolean: true },
    })
  })

  test.each(['csv', 'jsonl'] as const)('a lead of more than a request holds comes back from %s', async (format) => {
    await deleteAll(api)
    await imported('company_name\nLarge\n')
    const [{ id }] = await found('Large')
    const text = '"ü\n"'.repeat(25_000)
    for (let at = 0; at < 13; at += 1) {
      const field = await api.request('POST', '/api/v1/custom-fields', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ label: `Long ${at}`, type: 'textarea', category: 'lead' }),
      })
      const customFields = [{ customFieldId: field.body.id, value: { text: `${at}${text.slice(2)}` } }]
      expect(await api.patch(`/api/v1/leads/${id}`, { customFields })).toMatchObject({ status: 200 })
    }
    const before = await exported(format)
    expect(before.length).toBeGreaterThan(1_300_000)
    const settings = { format, by: 'id', mode: 'update' } as const
    expect(await imported(before, settings)).toMatchObject({ state: 'done', rows: 1, unchanged: 1 })
    await api.patch(`/api/v1/leads/${id}`, { company_name: 'Changed' })
    expect(await imported(before, settings)).toMatchObject({ updated: 1 })
    expect(await api.lead(id)).toMatchObject({ company_name: 'Large' })
  })

  test('of rows that are long, fewer are committed together', async () => {
    const line = `${JSON.stringify({ company_name: 'Long', else: 'x'.repeat(3 * 1024 * 1024) })}\n`
    const format = 'jsonl'
    const begun = await beginImport(api.database, companyId, { ...usual, format }, cause)
    const committed: number[] = []
    const options = {
      ...{ ...cause, requiresFields: false, wholeSeconds: false },
      onProgress: ({ rows }: Row<'imports'>) => committed.push(rows),
    }
    const file = Readable.from([Buffer.from(line.repeat(5))])
    const done = await runImport(api.database, begun, file, { ...usual, format }, options)
    expect(done).toMatchObject({ state: 'done', created: 5 })
    expect(committed).toEqual([2, 4, 5])
  })

  test('by external id: what is there is changed, what is not is made, and the same once more changes nothing', async () => {
    const text = 'external_id,company_name,first_name\nx-1,One,\nx-2,Two,Ada\n'
    const settings = { by: 'externalId', mode: 'upsert' } as const
    expect(await imported(text, settings)).toMatchObject({ created: 2, updated: 0 })
    expect(await imported(text, settings)).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
    expect(await imported(text.replace('One', 'Uno'), settings)).toMatchObject({ created: 0, updated: 1, unchanged: 1 })
    expect(await imported('external_id,first_name\nx-2,\n', settings)).toMatchObject({ unchanged: 1 })
    expect(await imported('external_id,first_name\nx-2,\n', { ...settings, blank: 'clear' })).toMatchObject({
      updated: 1,
    })
    expect(await imported('external_id,first_name\nx-9,\n', { ...settings, mode: 'update' })).toMatchObject({
      failed: 1,
    })
  })

  test('each row that is refused tells why, and the others stand; a dry run tells the same and changes nothing', async () => {
    const text =
      'email,tags,status,customFields.5,customFields.6\n' +
      'good@example.com,,,1,\n' +
      'bad,,,,\n' +
      'x,No such tag,,few,\n' +
      'x@example.com,,sold,,\n' +
      'x@example.com,,,many,\n' +
      'x@example.com,,,,Maybe\n' +
      'x@example.com,,,,,more\n'
    const sequence = (await api.database.read('company_log', { company_id: companyId }))?.last_sequence
    const dry = await imported(text, { dryRun: true })
    expect(dry).toMatchObject({ dry_run: true, rows: 7, created: 1, failed: 6 })
    expect((await api.database.read('company_log', { company_id: companyId }))?.last_sequence).toBe(sequence)
    expect(await found('good@example.com')).toEqual([])
    const real = await imported(text)
    expect(real).toMatchObject({ rows: 7, created: 1, failed: 6 })
    const told = async (id: number) =>
      (await rowsOf(id)).filter(({ outcome }) => outcome === 'failed').map(({ error }) => error)
    expect(await told(real.id)).toEqual([
      expect.stringContaining('Invalid email'),
      expect.stringMatching(/^tags: nothing is called "No such tag"; .*"few" is no number; Invalid email/),
      'Invalid status. Options: new, contacted, qualified, converted, lost',
      expect.stringContaining('"many" is no number'),
      expect.stringContaining('there is no option "Maybe"'),
      '6 cells, but there are 5 columns',
    ])
    expect(await told(dry.id)).toEqual(await told(real.id))
  })

  test.each([
    ['csv', '', 'The file is empty. Its first line must name its columns.'],
    ['csv', 'a,a\n', 'Two columns are called "a".'],
    ['csv', 'email,E-Mail\nx,y\n', 'The columns "email" and "E-Mail" are both email.'],
    [
      'csv',
      'Firm,created_at\nx,y\n',
      'No column tells anything of a lead. Name them in the first line, or by a mapping: one can be id, uuid, ',
    ],
    ['csv', 'email\n"x\n', 'The file is no CSV: '],
    [
      'csv',
      'company_name\nNuts\nSteel pipe 5" long\n',
      'The file is no CSV: Invalid Opening Quote: a quote is found on field 0 at line 3',
    ],
  ] as const)('a file that cannot be read stops the import and says why: %s %j', async (format, text, message) => {
    expect(await imported(text, { format })).toMatchObject({
      state: 'stopped',
      message: expect.stringContaining(message),
      created: 0,
    })
  })

  test('characters that no database must keep are told with others for them, and the other rows stand', async () => {
    const table = await imported('company_name,tags,a\0b\nGood,,\nBad,a\0b,\nBad\0,,\n')
    expect(table).toMatchObject({ state: 'done', created: 1, failed: 2, settings: { passedOver: ['a\uFFFDb'] } })
    expect((await rowsOf(table.id)).map(({ error }) => error)).toEqual([
      null,
      'tags: nothing is called "a\uFFFDb"',
      'company_name contains invalid characters',
    ])
    const half = `${'x'.repeat(974)}𝄞`
    const lines = await imported(`{"tags":["\\ud800"]}\n{"tags":["${half}"]}\n{"email":"a@example.com"}\n`, {
      format: 'jsonl',
    })
    expect(lines).toMatchObject({ state: 'done', created: 1, failed: 2 })
    expect((await rowsOf(lines.id)).map(({ error }) => error?.isWellFormed() ?? null)).toEqual([true, true, null])
    expect((await rowsOf(lines.id))[1]?.error).toMatch(/^tags: nothing is called "x+\uFFFD$/)
    expect(await imported('a\0,a\0\n1,2\n')).toMatchObject({
      state: 'stopped',
      message: 'Two columns are called "a\uFFFD".',
    })
  })

  test('a file of another encoding stores nothing of what cannot be read', async () => {
    for (const [format, text] of [
      ['csv', 'company_name\nGröße\n'],
      ['jsonl', '{"company_name":"Größe"}\n'],
    ] as const) {
      const message = expect.stringContaining('The file is not UTF-8 (line ')
      const ended = await imported(Buffer.from(text, 'latin1'), { format })
      expect(ended).toMatchObject({ state: 'stopped', message, rows: 0 })
    }
    expect(await found('Gr')).toEqual([])
    const table = Buffer.from('\uFEFFcompany_name\tEmail\r\nGröße 𝄞\ta@example.com\r\n', 'utf16le')
    expect(await imported(table)).toMatchObject({ state: 'done', created: 1 })
    expect(await found('Größe 𝄞')).toMatchObject([{ email: 'a@example.com' }])
  })

  test('an import whose file cannot be read to its end is stopped, and what came before stands', async () => {
    const begun = await beginImport(api.database, companyId, usual, cause)
    async function* bytes(): AsyncGenerator<Buffer> {
      yield Buffer.from('email\na@example.com\nb@example.com\n')
      throw new Error('the disk is gone')
    }
    const options = { ...cause, requiresFields: false, wholeSeconds: false, rowsAtOnce: 1 }
    await expect(runImport(api.database, begun, bytes(), usual, options)).rejects.toThrow('the disk is gone')
    expect(await api.database.read('imports', { company_id: companyId, id: begun.id })).toMatchObject({
      state: 'stopped',
      message: expect.stringContaining('Something failed that is not of the file'),
      ended_at: expect.any(Number),
    })
  })

  test('a mapping says what columns are; one that names nothing is refused', async () => {
    const mapping = { Firm: 'company_name', email: '', Größe: 'customFields.5' }
    await imported('Firm,email,Größe\nAcme,ignored@example.com,7\n', { mapping })
    const [lead] = await found('Acme')
    expect(lead).toMatchObject({ company_name: 'Acme', email: null })
    expect((await api.lead(lead.id)).custom_fields).toMatchObject([{ id: 5, value: { number: 7 } }])
    expect(await imported('Firm\nx\n', { mapping: { Other: 'email' } })).toMatchObject({
      message: 'There is no column "Other"; there are Firm.',
    })
    expect(await imported('Firm\nx\n', { mapping: { Firm: 'emial' } })).toMatchObject({
      message: expect.stringContaining('"emial" is nothing that a lead has.'),
    })
  })

  test('what does not go together is refused before anything is read', async () => {
    const begin = (settings: Partial<ImportSettings>) =>
      beginImport(api.database, companyId, { ...usual, ...settings }, cause)
    await expect(begin({ mode: 'update' })).rejects.toThrow('say what finds them')
    await expect(begin({ mode: 'create', by: 'id' })).rejects.toThrow('not looked for')
    await expect(begin({ mode: 'upsert', by: 'uuid' })).rejects.toThrow('makes ids and uuids itself')
  })

  test('undone, made leads are deleted and changed ones are as they were; what was changed since is kept', async () => {
    await api.patch('/api/v1/leads/4711', {
      external_id: 'u-1',
      tags: [7],
      customFields: [{ customFieldId: 5, value: { number: 1 } }],
    })
    const before = await api.lead(4711)
    const text =
      'external_id,company_name,tags,customFields.5,email\n' +
      'u-1,First,8,2,one@example.com\n' +
      'u-2,Made,,,\n' +
      'u-1,Second,"8;16",,\n' +
      'u-3,Made and touched,,,\n'
    const { id, created, updated } = await imported(text, { by: 'externalId', mode: 'upsert' })
    expect({ created, updated }).toEqual({ created: 2, updated: 2 })
    const [touched] = await found('Made and touched')
    await api.patch(`/api/v1/leads/${touched.id}`, { first_name: 'Ada' })
    expect(await undo(id)).toMatchObject({ state: 'undone', undone: 3 })
    const after = await api.lead(4711)
    expect({ ...after, updated_at: 0, custom_fields: [] }).toEqual({ ...before, updated_at: 0, custom_fields: [] })
    expect(after.custom_fields[0].value).toEqual({ number: 1 })
    expect((await found('Made')).map(({ id: one }: { id: number }) => one)).toEqual([touched.id])
    expect((await rowsOf(id)).map(({ outcome, error }) => [outcome, error])).toEqual([
      ['undone', null],
      ['undone', null],
      ['undone', null],
      ['kept', 'The lead was changed since.'],
    ])
    expect(await undo(id)).toMatchObject({ undone: 3 })
  })

  test('an undo puts lists back', async () => {
    await api.patch('/api/v1/leads/4711', { tags: [7] })
    const { id } = await imported('id,tags\n4711,8\n', { by: 'id', mode: 'update' })
    await undo(id)
    expect((await api.lead(4711)).tags).toMatchObject([{ id: 7 }])
  })

  test('many rows in a row, some of them of one lead, keep their order', async () => {
    const rows = Array.from({ length: 700 }, (__, at) => `m-${at % 500},Number ${at}`)
    const done = await imported(`external_id,company_name\n${rows.join('\n')}\n`, { by: 'externalId', mode: 'upsert' })
    expect(done).toMatchObject({ state: 'done', rows: 700, created: 500, updated: 200, failed: 0 })
    const [lead] = await found('Number 650')
    expect(lead.external_id).toBe('m-150')
    expect(await undo(done.id)).toMatchObject({ undone: 700 })
    expect(await found('Number')).toEqual([])
  })

  test('lines of JSON: as clients send leads, or as GET answers them; labels stand for ids', async () => {
    const lines = [
      { company_name: 'A', tags: [7, tagUuid(8), 'Tag 16'], assignedUsers: ['user31@our.example'] },
      {
        company_name: 'B',
        custom_fields: [{ id: 5, label: 'x', type: 'number', value: { number: 3 }, custom_field_value_id: 9 }],
      },
      'no object',
    ]
    const done = await imported(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n\nnot json\n`, {
      format: 'jsonl',
    })
    expect(done).toMatchObject({ rows: 4, created: 2, failed: 2 })
    expect((await rowsOf(done.id)).slice(2).map(({ error }) => error)).toEqual([
      'a row must be a JSON object',
      'the line is not JSON',
    ])
  })
})

/** The custom values of a lead in JSON, by field. */
const valuesIn = (lead: string): Record<string, unknown> =>
  Object.fromEntries(JSON.parse(lead).custom_fields.map(({ id, value }: { id: number; value: unknown }) => [id, value]))

const reversed = (text: string, end: string): string => `${text.trimEnd().split(end).reverse().join(end)}${end}`
function reversedTable(text: string): string {
  const end = text.indexOf('\r\n') + 2
  return `${text.slice(0, end)}${reversed(text.slice(end), '\r\n')}`
}

/** What a server gives a lead of its own is another on another server. */
function withoutOwn(text: string, format: Format): unknown {
  if (format === 'csv')
    return text.split('\r\n').map((line) => line.replace(/^\d+,[0-9a-f-]{36},/, '').replaceAll(/\d{4}-[^,]*Z/g, 'T'))
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ id: _, uuid: __, created_at: ___, updated_at: ____, created_by_user_id: _____, ...lead }) => ({
      ...lead,
      custom_fields: lead.custom_fields.map(
        ({ custom_field_value_id: ______, ...value }: Record<string, unknown>) => value,
      ),
    }))
}
