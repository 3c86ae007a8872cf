import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Client, createClient } from '../../sdk/index.ts'
import { startServer } from '../crash/server.ts'
import { type Answer, ask, type Kept } from './kept.ts'

/** A database that was begun by `waggle init`, empty but for its first company. */
export interface Begun {
  /** The directory, or the address on PostgreSQL. */
  readonly at: string
  readonly key: string
  readonly email: string
  readonly vaultKey: string | null
}

const password = 'three dull honeycombs'
/** What servers need so that a receiver on this machine is reached. */
const always = { WAGGLE_WEBHOOK_ALLOW: '127.0.0.0/8' }

/**
 * Lives through what a company does in its first days, with the program as it is, and reads everything.
 *
 * @returns what a test has to know, and all answers; nobody serves the database any more
 */
export async function live({ at, key, email, vaultKey }: Begun): Promise<{ kept: Kept; answers: Answer[] }> {
  const settings = vaultKey === null ? always : { ...always, WAGGLE_SECRET_KEY: vaultKey }
  const receiver = await startReceiver()
  try {
    // One attempt and no other: what fails is parked.
    const first = await startServer(at, [], { ...settings, WAGGLE_WEBHOOK_RETRY_SCHEDULE: '0' })
    const code = /with the code (\w{4}-\w{4})/.exec(await first.logged('with the code'))?.[1] ?? ''
    await setUp(first.url, { code, email, password })
    const admin = createClient({ baseUrl: first.url, key })
    const webhook = await listen(admin, receiver.url)
    const made = await begin(admin)
    const leadIds = await work(admin, made)
    const revokedKey = await handOutKeys(admin)
    await untilAsked('what fails is parked', async () => (await deliveries(admin, webhook.failing, 'parked')) > 5)
    await restrict(admin, made, leadIds)
    await transfer(admin)
    await arrange(admin)
    const { secret } = await admin.webhooks.rotateSecret(webhook.id)
    await untilAsked('all is told', async () => (await admin.webhooks.get(webhook.failing)).backlog === 0)
    await first.end('SIGTERM')

    // What fails now is tried again in a day.
    const second = await startServer(at, [], { ...settings, WAGGLE_WEBHOOK_RETRY_SCHEDULE: '0,86400' })
    const again = createClient({ baseUrl: second.url, key })
    const [leadId = 0] = leadIds
    for (const status of ['contacted', 'qualified'] as const) await again.leads.update(leadId, { status })
    const once = await sendOnce(second.url, key, leadIds[1] ?? 0)
    await untilAsked(
      'what fails is tried again',
      async () => (await deliveries(again, webhook.failing, 'retrying')) === 2,
    )
    await untilAsked('all is told', async () => {
      const { backlog } = await again.webhooks.get(webhook.id)
      return backlog === 0 && (await deliveries(again, webhook.id, ['pending', 'retrying'])) === 0
    })
    const answers = await readAll(second.url, key, again)
    const madeAt = Date.now()
    await second.end('SIGTERM')
    const told = { id: webhook.id, secret, oldSecret: webhook.secret }
    return {
      kept: { madeAt, key, revokedKey, vaultKey, person: { email, password }, webhook: told, leadId, once },
      answers,
    }
  } finally {
    receiver.close()
  }
}

/** Takes everything below `/good`, and nothing else. */
function startReceiver(): Promise<{ url: string; close(): void }> {
  const server = createServer((request, reply) => {
    request.resume()
    request.on('end', () => {
      const isGood = request.url?.startsWith('/good') === true
      reply.writeHead(isGood ? 200 : 500, { 'content-type': 'text/plain' }).end(isGood ? 'taken' : 'no: Größe')
    })
  })
  return new Promise((listens) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      listens({ url: `http://127.0.0.1:${port}`, close: () => server.close() })
    })
  })
}

async function setUp(url: string, body: { code: string; email: string; password: string }): Promise<void> {
  const headers = { origin: url, 'content-type': 'application/json' }
  const reply = await fetch(`${url}/api/console/setup`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(`setting up: ${reply.status} ${await reply.text()}`)
}

/** Endpoints before there is anything to tell: one that takes all, one that takes nothing, one that is paused. */
async function listen(admin: Client, receiver: string) {
  const { uuid: integration } = await admin.integrations.create({
    name: 'CRM of the north',
    apiKey: 'their-own-key',
    configuration: [{ id: 'lead_integration_settings', selected: [{ id: 'unique_field_lead', value: 'email' }] }],
    externalSettings: { authorisation: [{ id: 'api_key', value: 'their-key' }] },
  })
  const { id, secret } = await admin.webhooks.create({ integration, url: `${receiver}/good`, description: 'Takes all' })
  const { id: failing } = await admin.webhooks.create({ integration, url: `${receiver}/bad` })
  const { id: paused } = await admin.webhooks.create({
    integration,
    url: 'https://hooks.our.example/waggle',
    events: ['lead_updated'],
    fields: ['status', 'tags'],
  })
  await admin.webhooks.update(paused, { state: 'paused' })
  return { id, secret, failing }
}

const patienceMs = 30_000

/** Waits for what the server tells. */
async function untilAsked(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const start = performance.now(); !(await holds()); await wait(20)) {
    if (performance.now() - start > patienceMs) throw new Error(`${patienceMs} ms went by before this held: ${what}`)
  }
}

type State = 'pending' | 'retrying' | 'parked'

const deliveries = async (admin: Client, webhookId: number, state: State | readonly State[]): Promise<number> =>
  (await admin.webhooks.deliveries(webhookId, { state, pageSize: 50 })).rows.length

/** What leads are made of: tags, a field of each type, users, and lists that nothing uses yet. */
async function begin(admin: Client) {
  const ids = async (made: Promise<{ id: number }>[]): Promise<number[]> =>
    (await Promise.all(made)).map(({ id }) => id)
  await admin.company.update({ name: 'Ærø & Söhne 東京' })
  const tags: number[] = []
  for (const label of ['Hot', 'Cold', 'Of the fair'])
    tags.push((await admin.tags.create({ label, association: 'lead', background_color: '#EF4444' })).id)
  await admin.tags.create({ label: 'Large', association: 'lead_deal', partner_type: 'reseller' })
  const fields: number[] = []
  for (const type of ['text', 'textarea', 'number', 'date', 'boolean', 'select', 'multi_select'] as const) {
    const options = type.endsWith('select') ? { options: ['High', 'Low', 'None'].map((label) => ({ label })) } : {}
    fields.push((await admin.customFields.create({ label: `A ${type}`, type, category: 'lead', ...options })).id)
  }
  await admin.customFields.create({ label: 'Of deals', type: 'text', category: 'lead_deal', required: true })
  const users: number[] = []
  for (const [email, role] of [
    ['jan@our.example', 'partnerships'],
    ['kim@our.example', 'partner'],
    ['gone@our.example', 'partner'],
  ] as const) {
    users.push((await admin.users.create({ email, role, first_name: email.split('@')[0] ?? '', color: '#3B82F6' })).id)
  }
  for (const label of ['Gold', 'Silver']) {
    await ids([admin.tiers.create({ label }), admin.categories.create({ label: `${label} partners` })])
  }
  await admin.partnerStages.create({ label: 'Onboarding', partner_type: 'referral', phase: 'active' })
  await admin.leadDealStages.create({ label: 'Proposal', phase: 'negotiation' })
  return { tags, fields, users }
}

type Made = Awaited<ReturnType<typeof begin>>

/** Leads of all kinds; the numbers of those that stand. */
async function work(admin: Client, { tags, fields, users }: Made): Promise<number[]> {
  const [hot = 0, cold = 0, fair = 0] = tags
  const [text = 0, area = 0, number = 0, date = 0, boolean = 0, select = 0, several = 0] = fields
  const [jan = 0, kim = 0, gone = 0] = users
  const leads: number[] = []
  for (let at = 0; at < 12; at += 1) {
    const { id } = await admin.leads.create({
      company_name: `Nordlicht ${at}`,
      ...(at % 2 === 0 && { email: `ada${at}@nordlicht.example`, first_name: 'Ada', last_name: `Bërg ${at}` }),
      ...(at % 3 === 0 && { tags: [hot, fair], assignedUsers: [jan, gone] }),
      ...(at === 4 && { external_id: 'crm-4', powerups: { a: ['Ærø'] }, associationType: 'reseller' as const }),
      customFields: [
        { customFieldId: text, value: { text: `Text ${at}` } },
        { customFieldId: number, value: { number: at * 1.25 } },
      ],
    })
    leads.push(id)
  }
  const [first = 0, second = 0, third = 0, fourth = 0] = leads
  await admin.leads.update(first, {
    status: 'contacted',
    tags: [cold, hot],
    assignedUsers: [kim],
    customFields: [
      { customFieldId: area, value: { text: 'line\nbreak\t👩‍👩‍👧' } },
      { customFieldId: date, value: { date: '2028-02-29' } },
      { customFieldId: boolean, value: { boolean: false } },
      { customFieldId: select, value: { select: 3 } },
      { customFieldId: several, value: { multi_select: [3, 1] } },
    ],
  })
  await admin.leads.update(second, { company_name: null, phone_number: '+49 30 1234567' })
  await admin.leads.addTag(second, cold)
  await admin.leads.delete(third)
  await admin.leads.delete(fourth)
  await admin.leads.restore(fourth)
  await admin.leads.batch({
    operations: [
      { op: 'upsert', by: 'externalId', key: 'crm-4', lead: { status: 'qualified' } },
      { op: 'update', by: 'id', key: second, lead: { status: 'lost' } },
      { op: 'create', lead: { company_name: 'Of a batch' } },
    ],
  })
  return [first, second, fourth]
}

/** @returns a key that was revoked */
async function handOutKeys(admin: Client): Promise<string> {
  await admin.keys.create({ label: 'Reader', read_access: true })
  const { id: rotated } = await admin.keys.create({ label: 'Sync', read_access: true, write_access: true })
  await admin.keys.rotate(rotated, { overlap_seconds: 86_400 })
  const { id, key } = await admin.keys.create({ label: 'Lost', read_access: true })
  await admin.keys.revoke(id)
  return key
}

/** What is renamed, archived, disabled: events of before tell what was. */
async function restrict(admin: Client, { tags, fields, users }: Made, leads: readonly number[]): Promise<void> {
  const [hot = 0, , fair = 0] = tags
  const [text = 0, , number = 0, , , select = 0] = fields
  await admin.tags.update(hot, { label: 'Very hot', background_color: '#F59E0B' })
  await admin.tags.update(fair, { archived: true })
  await admin.customFields.update(text, { label: 'A renamed text', position: 9 })
  await admin.customFields.update(number, { archived: true })
  await admin.customFields.updateOption(select, 3, { archived: true })
  await admin.customFields.updateOption(select, 1, { label: 'Highest' })
  await admin.users.update(users[2] ?? 0, { disabled: true })
  await admin.users.update(users[0] ?? 0, { first_name: 'Jan-Ole' })
  for (const list of ['tiers', 'categories'] as const) {
    const [one] = (await admin[list].list()).rows
    await admin[list].update(one?.id ?? 0, { archived: true })
  }
  await admin.leads.update(leads[0] ?? 0, { last_name: 'After all that' })
}

/** An import that stands, with a row that was refused; and one that was undone. */
async function transfer(admin: Client): Promise<void> {
  const over = async (id: number): Promise<void> =>
    untilAsked('an import is over', async () => !['running', 'undoing'].includes((await admin.imports.get(id)).state))
  const csv =
    'company_name,email,status,External id\nÆrø,one@import.example,new,i-1\nBad,no address,new,i-2\n,,lost,i-3\n'
  const { id } = await admin.imports.create({ csv }, { name: 'Größe.csv' })
  await over(id)
  const { id: undone } = await admin.imports.create({ csv: 'company_name\nUndone\n' }, { name: 'undone.csv' })
  await over(undone)
  await admin.imports.undo(undone)
  await over(undone)
}

async function arrange(admin: Client): Promise<void> {
  const query = { status: ['new'], search: 'Ærø' }
  await admin.views.create({ name: 'New ones', query, columns: ['company_name', 'status'] })
  await admin.views.create({ name: 'Board', layout: 'board', shared: true, position: 1 })
}

async function sendOnce(url: string, key: string, leadId: number): Promise<Kept['once']> {
  const path = `/api/v1/leads/${leadId}`
  const body = JSON.stringify({ last_name: 'Only once' })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': 'once-1' }
  const reply = await fetch(`${url}${path}`, { method: 'PATCH', headers, body })
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`)
  return { path, key: 'once-1', body, answer: await reply.json() }
}

const lists = [
  'me',
  'company',
  'users?indirect=1',
  'tags?archived=1',
  'tags',
  'custom-fields?archived=1',
  'tiers?archived=1',
  'categories?archived=1',
  'stages/partner-stages',
  'stages/lead-deal-stages',
  'keys?revoked=1',
  'views',
  'integrations',
  'webhooks?include=recent',
  'imports',
  'leads?pageSize=50&include=custom_fields',
  'leads/counts',
  'leads/ids?sort=[{"type":"last_name"},{"type":"status","asc":false}]',
  'leads?search=%C3%86r%C3%B8&pageSize=50',
  'leads/export?format=csv',
  'leads/export?format=jsonl',
  'events?limit=1000',
]

/** Everything that can be read. */
async function readAll(url: string, key: string, admin: Client): Promise<Answer[]> {
  const paths = lists.map((path) => `/api/v1/${path}`)
  const { rows: leads } = await admin.leads.list({ pageSize: 50 })
  for (const { id } of leads) paths.push(`/api/v1/leads/${id}`, `/api/v1/leads/${id}/history?pageSize=50`)
  for (const { id } of (await admin.webhooks.list()).rows) {
    const { rows } = await admin.webhooks.deliveries(id, { pageSize: 50 })
    paths.push(`/api/v1/webhooks/${id}/deliveries?pageSize=50`)
    for (const one of [rows.at(0), rows.at(-1)])
      if (one !== undefined) paths.push(`/api/v1/webhooks/${id}/deliveries/${one.id}`)
  }
  for (const { id } of (await admin.imports.list()).rows) {
    paths.push(`/api/v1/imports/${id}`, `/api/v1/imports/${id}/rows?pageSize=50`)
  }
  const answers: Answer[] = []
  for (const path of paths) {
    const answer = await ask(url, path, key)
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    answers.push(answer)
  }
  return answers
}
