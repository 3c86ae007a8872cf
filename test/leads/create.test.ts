import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply, type Start } from '../backends.ts'
import { keys, leadUuid, tagUuid } from '../fixture.ts'

const path = '/api/v1/leads'
/** Field 9 is required. */
const required = { customFieldId: 9, value: { text: 'there' } }

describe.each(backends)('making a lead on %s', (_, start) => {
  let api: Api
  const begin = async (options?: Start): Promise<void> => {
    const begun = await start(options)
    onTestFinished(() => begun.close())
    api = begun
  }
  beforeEach(() => begin())

  const post = (body: unknown, headers: Record<string, string> = {}, key: string = keys.full): Promise<Reply> =>
    api.request('POST', path, {
      key,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  test('answers its id and uuid, and GET tells all of it', async () => {
    const { status, body, headers } = await post({
      company_name: '  Nordlicht GmbH ',
      email: 'ada@nordlicht.example',
      phone_number: '',
      first_name: 'Ada',
      status: 'contacted',
      source: 'integration',
      associationType: 'reseller',
      tags: ['7', tagUuid(8)],
      assignedUsers: [31],
      customFields: [required],
    })
    expect(status).toBe(201)
    expect(body).toEqual({ id: body.id, uuid: expect.stringMatching(/^[0-9a-f-]{36}$/), partnershipLeadId: null })
    expect(headers.get('etag')).toBe('"v1"')
    expect(headers.get('location')).toBe(`/api/v1/leads/${body.id}`)
    const lead = await api.lead(body.id)
    expect(lead).toMatchObject({
      uuid: body.uuid,
      company_name: 'Nordlicht GmbH',
      email: 'ada@nordlicht.example',
      phone_number: null,
      first_name: 'Ada',
      last_name: null,
      status: 'contacted',
      source: 'integration',
      partner_type: 'reseller',
      created_by_user_id: 31,
      campaign_id: null,
      tags: [{ id: 7 }, { id: 8 }],
      assigned_users: [{ id: 31 }],
      custom_fields: [{ id: 9, value: { text: 'there' } }],
    })
    expect(lead.created_at).toBe(lead.updated_at)
    const event = (await api.events()).at(-1)
    expect(event).toMatchObject({ name: 'lead_created', lead_id: body.id, version: 1, members: [] })
    expect(headers.get('x-waggle-sequence')).toBe(String(event?.sequence))
    expect((await api.get(`${path}?pageSize=1`)).body[0]).toMatchObject({ id: body.id })
  })

  test('the least is a required field; what is absent has its defaults', async () => {
    const { body } = await post({ customFields: [required] })
    expect(await api.lead(body.id)).toMatchObject({
      company_name: null,
      status: 'new',
      source: 'manual',
      partner_type: 'referral',
      tags: [],
      assigned_users: [],
    })
  })

  test('a required field without a value is refused, unless the server is set not to mind', async () => {
    const before = await api.events()
    expect(await post({ company_name: 'Ada' })).toMatchObject({
      status: 400,
      body: { error: 'Custom field 9 is required' },
    })
    expect(await api.events()).toHaveLength(before.length)
    await begin({ config: { requiredFields: false } })
    expect(await post({ company_name: 'Ada' })).toMatchObject({ status: 201 })
  })

  test('campaigns have no partner type, and keep their campaign', async () => {
    const { body } = await post({
      associationType: 'campaigns',
      companyCampaignId: '12',
      source: 'campaign',
      customFields: [required],
    })
    expect(await api.lead(body.id)).toMatchObject({ partner_type: null, campaign_id: 12, source: 'campaign' })
  })

  test('what is sent along is kept, and told by no answer', async () => {
    const details = {
      attributions: [{ id: 1, attributedDate: '2026-02-01' }],
      integrationName: 'Hubspot',
      integrationCustomFields: [{ uuid: leadUuid(1), value: { any: ['thing', null] } }],
      powerups: { pipedrive: { person_id: 1 } },
      partnerCustomFields: [{ customFieldId: 5, value: { number: 1 } }],
    }
    const { body } = await post({ ...details, customFields: [required] }, { prefer: 'handling=strict' })
    expect(await api.database.read('lead_details', { company_id: 3, lead_id: body.id })).toEqual({
      company_id: 3,
      lead_id: body.id,
      content: details,
    })
    expect(JSON.stringify(await api.lead(body.id))).not.toContain('Hubspot')
  })

  test('sharing is refused, as this version would not do it; without it the member means nothing', async () => {
    const shared = { partnershipLead: { partnership_id: 12, sendToPartner: true }, customFields: [required] }
    expect(await post(shared)).toMatchObject({
      status: 400,
      body: { error: 'partnershipLead.sendToPartner is not supported' },
    })
    const alone = { partnershipLead: { partnership_id: 12, sendToPartner: false }, customFields: [required] }
    expect(await post(alone)).toMatchObject({ status: 201, body: { partnershipLeadId: null } })
    expect(await post({ partnershipLead: null, customFields: [required] })).toMatchObject({ status: 201 })
  })

  test.each([
    [{ source: 'x' }, 'Invalid source. Options: manual, campaign, partnership, integration, lead_submission_form'],
    [{ associationType: 7 }, 'Invalid associationType. Options: referral, reseller, campaigns'],
    [{ companyCampaignId: 0 }, 'companyCampaignId must be a positive integer'],
    [{ partnershipLead: [] }, 'partnershipLead must be an object'],
    [{ integrationName: 1 }, 'integrationName must be a string'],
    [{ integrationName: 'x'.repeat(256) }, 'integrationName must be at most 255 characters'],
    [{ powerups: [] }, 'powerups must be an object'],
    [{ attributions: {} }, 'attributions must be an array'],
    [{ attributions: ['\0'] }, 'attributions contains invalid characters'],
    [{ powerups: { '\ud800': 1 } }, 'powerups contains invalid characters'],
    [{ powerups: { a: 'x'.repeat(70_000) } }, 'powerups must be at most 65536 bytes of JSON'],
    [{ email: 'nobody' }, 'Invalid email'],
    [{ tags: [99] }, 'Invalid tag IDs: 99'],
    [{ customFields: [{ customFieldId: 404, value: { text: 'x' } }] }, 'Invalid custom field ID: 404'],
    [[], 'Request body must be a JSON object'],
  ])('%j is refused in words, and nothing is made', async (sent, error) => {
    const before = await api.events()
    const body = Array.isArray(sent) ? sent : { customFields: [required], ...sent }
    expect(await post(body)).toMatchObject({ status: 400, body: { error } })
    expect(await api.events()).toHaveLength(before.length)
  })

  test('depth has a bound', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const reply = await api.request('POST', path, {
      headers: { 'content-type': 'application/json' },
      body: `{"attributions": ${deep}}`,
    })
    expect(reply).toMatchObject({ status: 400, body: { error: 'attributions must be nested at most 32 levels' } })
  })

  test('all faults are told at once; members that are not known too, when that is asked for', async () => {
    const { body } = await post({ source: 'x', email: 'nobody', attributions: 1 })
    expect(body.details).toHaveLength(3)
    const { headers } = await post({ customFields: [required], name: 'x' })
    expect(headers.get('x-waggle-ignored-fields')).toBe('name')
    expect(await post({ customFields: [required], name: 'x' }, { prefer: 'handling=strict' })).toMatchObject({
      status: 400,
      body: { error: 'Unknown field: name' },
    })
  })

  test('with an idempotency key a second request makes no second lead', async () => {
    const once = { 'idempotency-key': 'made-once' }
    const [first, second] = [
      await post({ customFields: [required] }, once),
      await post({ customFields: [required] }, once),
    ]
    expect(second).toMatchObject({ status: 201, body: first.body })
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await post({ customFields: [required], first_name: 'x' }, once)).toMatchObject({ status: 422 })
  })

  test('many at once are all made, each once', async () => {
    const replies = await Promise.all(Array.from({ length: 40 }, () => post({ customFields: [required] })))
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(40)
    const created = (await api.events()).filter(({ name }) => name === 'lead_created')
    expect(new Set(replies.map(({ body }) => body.id)).isSubsetOf(new Set(created.map(({ lead_id }) => lead_id)))).toBe(
      true,
    )
  })

  test('a key without the write switch, and another company, are refused', async () => {
    expect(await post({}, {}, keys.readOnly)).toMatchObject({ status: 403 })
    const other = await api.request('POST', '/api/v1/companies/4/leads', {
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(other).toMatchObject({ status: 404, body: { error: 'Not found' } })
    expect(
      await api.request('POST', '/api/v1/companies/3/leads', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customFields: [required] }),
      }),
    ).toMatchObject({ status: 201 })
  })
})
