import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { expectCommonHeaders, expectRefused, leavesAll, serveSuite } from './wire.ts'

const path = '/api/v1/leads/4711'
const notObject = 'Request body must be a JSON object'
const notJson = 'Invalid JSON body'
const statusText = 'Invalid status. Options: new, contacted, qualified, converted, lost'
const tagsText = 'tags must be an array of tag IDs'
const usersText = 'assignedUsers must be an array of user IDs'
const contactMembers = ['company_name', 'email', 'phone_number', 'first_name', 'last_name']

const nested = (levels: number, inner = ''): string => '['.repeat(levels) + inner + ']'.repeat(levels)
const nestedObjects = (levels: number): string => '{"a":'.repeat(levels) + 1 + '}'.repeat(levels)
const field = (customFieldId: number, value: string): string =>
  `{"customFields":[{"customFieldId":${customFieldId},"value":${value}}]}`
const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))))
const mebibyte = 'x'.repeat(1_048_576 - 200)

describe.each(backends)('bodies that are wrong, on %s', (_, start) => {
  let api: Api
  serveSuite(start, (started) => {
    api = started
  })

  const patch = (body: string | Uint8Array<ArrayBuffer>): Promise<Reply> =>
    api.request('PATCH', path, { headers: { 'content-type': 'application/json' }, body })
  const refused = async (body: string | Uint8Array<ArrayBuffer>, error: string, status = 400): Promise<Reply> => {
    const reply = await leavesAll(api, () => patch(body))
    expectRefused(reply, status, error)
    return reply
  }
  const ignored = async (body: string): Promise<string | null> => {
    const reply = await leavesAll(api, () => patch(body))
    expect(reply.status).toBe(200)
    expectCommonHeaders(reply)
    return reply.headers.get('x-waggle-ignored-fields')
  }

  test.each([
    ['{bad'],
    ["{'status':'lost'}"],
    ['{"status":"lost",}'],
    ['{"status":"lost"}}'],
    ['{"status":"lost"}{}'],
    ['{"status":"lost"} // end'],
    ['{"status":"lo\nst"}'],
    ['{"status":"\\x6cost"}'],
    ['{"a":NaN}'],
    ['{"a":Infinity}'],
    ['{"a":01}'],
    ['{"a":+1}'],
    ['{"a":0x1}'],
    ['{"a":1e}'],
    ['undefined'],
    ['   '],
    ['\u00a0{}'],
    ['{"status":"lost"'],
  ])('%j is no JSON', async (body) => {
    await refused(body, notJson)
  })

  test.each([['null'], ['[]'], ['[{"status":"lost"}]'], ['5'], ['"status"'], ['true'], ['-0'], ['1e999']])(
    '%s is no JSON object',
    async (body) => {
      await refused(body, notObject)
    },
  )

  test.each(contactMembers)('%s of another type is refused', async (member) => {
    for (const value of ['5', '-1e308', '5e-324', '1e999', 'true', 'false', '[]', '{}', '["x"]', '{"text":"x"}']) {
      await refused(`{"${member}":${value}}`, `${member} must be a string`)
    }
  })

  test('a status of another type or spelling is refused', async () => {
    for (const value of ['null', '5', '""', '"NEW"', '" new"', '"new\\u0000"', 'true', '[]', '["new"]', '{"new":1}']) {
      await refused(`{"status":${value}}`, statusText)
    }
  })

  test.each([
    ['tags', tagsText],
    ['assignedUsers', usersText],
    ['customFields', 'customFields must be an array'],
  ])('%s that is no list is refused', async (member, text) => {
    for (const value of ['null', '7', '"7"', '"7,8"', '{}', '{"0":7,"length":1}', 'true', '1e999']) {
      await refused(`{"${member}":${value}}`, text)
    }
  })

  test('an element that names nothing is refused', async () => {
    const elements = [
      ...['null', 'true', '1.5', '0', '-0', '-1', '1e999', '1e-999', '1e16', '9007199254740992', '[7]', '[]', '{}'],
      ...[
        '""',
        '"abc"',
        '" 7"',
        '"7 "',
        '"+7"',
        '"-7"',
        '"7.0"',
        '"7e0"',
        '"0x7"',
        '"07"',
        '"0"',
        '"9007199254740993"',
      ],
      ...['"٧"', '"7\\u0000"', '{"id":null}', '{"id":0}', '{"id":true}', '{"id":[7]}', '{"id":"07"}', '{"uuid":7}'],
      ...['{"uuid":"7"}', '{"ID":7}'],
    ]
    for (const element of elements) {
      await refused(`{"tags":[7,${element}]}`, tagsText)
      await refused(`{"assignedUsers":[${element},31]}`, usersText)
    }
  })

  test('numbers out of range', async () => {
    await refused(field(5, '{"number":1e999}'), 'Custom field 5 requires value.number')
    await refused(field(5, '{"number":-1e999}'), 'Custom field 5 requires value.number')
    await refused(field(6, '{"select":1e999}'), 'Invalid option for custom field 6: Infinity')
    await refused(field(6, '{"select":9007199254740993}'), 'Invalid option for custom field 6: 9007199254740992')
    for (const [sent, kept] of [
      ['1.7976931348623157e308', Number.MAX_VALUE],
      ['5e-324', Number.MIN_VALUE],
      ['1e-999', 0],
      ['-0', 0],
      ['0.1', 0.1],
      ['9007199254740993', 2 ** 53],
    ] as const) {
      expect((await patch(field(5, `{"number":${sent}}`))).status).toBe(200)
      const { custom_fields } = await api.lead()
      const value = custom_fields.find(({ id }: { id: number }) => id === 5).value.number
      expect(Object.is(value, kept), `${sent} is kept as ${value}`).toBe(true)
    }
  })

  test('10,000 levels of nesting', async () => {
    const levels = 10_000
    await refused(nested(levels), notObject)
    await refused('['.repeat(levels), notJson)
    await refused('{"a":'.repeat(levels), notJson)
    await refused(`{"tags":${nested(levels, '7')}}`, tagsText)
    await refused(`{"company_name":${nested(levels)}}`, 'company_name must be a string')
    await refused(`{"status":${nestedObjects(levels)}}`, statusText)
    await refused(field(5, nestedObjects(levels)), 'Custom field 5 requires value.number')
    await refused(field(5, `{"number":${nested(levels)}}`), 'Custom field 5 requires value.number')
    await refused(`{"customFields":${nested(levels)}}`, 'customFields[0] must be an object')
    expect(await ignored(nestedObjects(levels))).toBe('a')
  })

  test('a mebibyte in any place', async () => {
    for (const member of ['company_name', 'first_name', 'last_name'])
      await refused(`{"${member}":"${mebibyte}"}`, `${member} must be at most 255 characters`)
    await refused(`{"email":"${mebibyte}@x.example"}`, 'email must be at most 320 characters')
    await refused(`{"phone_number":"${mebibyte}"}`, 'phone_number must be at most 64 characters')
    await refused(field(9, `{"text":"${mebibyte}"}`), 'Custom field 9 must be at most 10000 characters')
    await refused(field(12, `{"text":"${mebibyte}"}`), 'Custom field 12 must be at most 100000 characters')
    await refused(field(10, `{"date":"${mebibyte}"}`), 'Custom field 10 requires value.date')
    await refused(`{"status":"${mebibyte}"}`, statusText)
    await refused(`{"tags":["${'9'.repeat(1_000_000)}"]}`, tagsText)
    await refused(`{"tags":[${'7,'.repeat(500_000)}7]}`, 'tags must have at most 100 elements')
    await refused(`{"customFields":[${'{},'.repeat(300_000)}{}]}`, 'customFields must have at most 200 elements')
    await refused(
      `{"customFields":[{"customFieldId":5,"type":"${mebibyte}","value":null}]}`,
      'Custom field 5 is of type number',
    )
    const reply = await leavesAll(api, () => patch(field(6, `{"select":"${mebibyte}"}`)))
    expect(reply.status).toBe(400)
    expect(JSON.stringify(reply.body).length).toBeLessThan(2_000)
    expect(await ignored(`{"${mebibyte}":1}`)).not.toContain('x')
    expect(await ignored(`{"a":"${mebibyte}"}`)).toBe('a')
  })

  test('blank text of a mebibyte is blank', async () => {
    expect((await patch(`{"last_name":"${' '.repeat(1_000_000)}"}`)).status).toBe(200)
    expect(await api.lead()).toMatchObject({ last_name: null })
  })

  test.each(['\\u0000', 'a\\u0000b', '\\ud800', '\\udc00', 'a\\ud800b', '\\udc00\\ud800', '\\ud83d\\ud83d\\ude00'])(
    'text with %s is refused',
    async (text) => {
      for (const member of contactMembers)
        await refused(`{"${member}":"${text}"}`, `${member} contains invalid characters`)
      await refused(field(9, `{"text":"${text}"}`), 'Custom field 9 contains invalid characters')
      await refused(field(12, `{"textarea":"${text}"}`), 'Custom field 12 contains invalid characters')
      await refused(field(10, `{"date":"${text}"}`), 'Custom field 10 requires value.date')
      await refused(`{"status":"${text}"}`, statusText)
      await refused(`{"tags":["${text}"]}`, tagsText)
      expect((await leavesAll(api, () => patch(field(6, `{"select":"${text}"}`)))).status).toBe(400)
    },
  )

  test('names that no text can hold are told safely', async () => {
    expect(await ignored('{"\\u0000":1,"\\ud800":2,"a,b":3,"ä":4,"x\\r\\ny":5}')).toBe(
      '%00, %EF%BF%BD, a%2Cb, %C3%A4, x%0D%0Ay',
    )
    const strict = await leavesAll(api, () => api.patch(path, { '\ud800': 1, '\0': 2 }, { prefer: 'handling=strict' }))
    expectRefused(strict, 400, 'Unknown field: \ufffd')
  })

  test.each([
    ['a byte that never is', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut off', [0xe2, 0x82]],
    ['latin 1', [0x4d, 0xfc, 0x6c]],
  ])('bad UTF-8: %s', async (_name, wrong) => {
    await refused(bytes('{"company_name":"', wrong, '"}'), notJson)
    await refused(bytes('{"unknown":"', wrong, '"}'), notJson)
    await refused(bytes('{}', wrong), notJson)
  })

  test('keys of the prototype are names like any other', async () => {
    expect(await ignored('{"__proto__":{"status":"lost","tags":[]}}')).toBe('__proto__')
    expect(await ignored('{"constructor":{"prototype":{"status":"lost"}},"toString":1,"hasOwnProperty":2}')).toBe(
      'constructor, toString, hasOwnProperty',
    )
    await refused('{"tags":[{"__proto__":{"id":8}}]}', tagsText)
    await refused('{"__proto__":{},"tags":[{"__proto__":[8]}]}', tagsText)
    await refused(
      '{"customFields":[{"__proto__":{"customFieldId":5},"value":{"number":1}}]}',
      'customFields[0].customFieldId is required',
    )
    await refused(
      '{"customFields":[{"customFieldId":5,"__proto__":{"value":{"number":1}}}]}',
      'Custom field 5 requires value.number',
    )
    await refused(field(5, '{"__proto__":{"number":1}}'), 'Custom field 5 requires value.number')
    await refused(field(5, '{"constructor":1}'), 'Custom field 5 requires value.number')
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      await refused(`{"status":"${name}"}`, statusText)
      await refused(`{"tags":["${name}"]}`, tagsText)
      await refused(
        `{"customFields":[{"customFieldId":"${name}","value":null}]}`,
        'customFields[0].customFieldId is required',
      )
      await refused(
        `{"customFields":[{"customFieldId":5,"type":"${name}","value":null}]}`,
        'Custom field 5 is of type number',
      )
      await refused(field(6, `{"select":"${name}"}`), `Invalid option for custom field 6: ${name}`)
    }
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(Reflect.get({}, 'status')).toBeUndefined()
  })

  test('of a parameter written twice neither counts', async () => {
    for (const [name, query] of [
      ['page', 'page=1&page=2'],
      ['search', 'search=a&search=b'],
      ['status', 'status=new&status=lost'],
    ]) {
      expectRefused(await api.get(`/api/v1/leads?${query}`), 400, `Invalid ${name}`)
    }
  })

  test('of a key written twice the last counts', async () => {
    await refused('{"tags":[7],"tags":[999]}', 'Invalid tag IDs: 999')
    await refused('{"status":"lost","status":null}', statusText)
    expect((await patch('{"status":"won","status":"converted"}')).status).toBe(200)
    expect(await api.lead()).toMatchObject({ status: 'converted' })
  })

  test('hundreds of bad requests leave nothing behind', async () => {
    const text = 'x'.repeat(100_000)
    const bodies = [`{"company_name":"${text}"}`, `{"${text}`, `[${nested(5_000)}]`, `{"${text}":1}`, '{"tags":[0]}']
    const round = async (): Promise<void> => {
      const lead = await api.lead()
      await Promise.all(Array.from({ length: 120 }, (_value, index) => patch(bodies[index % bodies.length] ?? '')))
      expect(await api.lead()).toEqual(lead)
      api.log.length = 0
    }
    await round()
    const before = bytesHeld()
    for (let rounds = 0; rounds < 3; rounds += 1) await round()
    const grownMax = 8 * 1024 * 1024 // the 360 bodies are 22 MiB
    // Memory of buffers is given back some time behind a collection, not in it.
    for (let tries = 0; tries < 20 && bytesHeld() - before > grownMax; tries += 1) await nextTurn()
    expect(bytesHeld() - before).toBeLessThan(grownMax)
  })
})

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** What is still in use after a collection. */
function bytesHeld(): number {
  if (typeof collect === 'function') collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
