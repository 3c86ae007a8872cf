import { beginLead } from '../../../src/leads/begin.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import type { Write } from '../../../src/storage/port.ts'
import type { Row } from '../../../src/storage/tables.ts'
import { keys, leadUuid, loadFixture, noon, userUuid, uuidOf } from '../../fixture.ts'

/** The fixture's company whose log this grows. */
const companyId = 3
const firstId = 100_000
const texts = [
  '',
  'Ærø & Søn',
  '東京 株式会社',
  '👩‍👩‍👧 "quoted" \\ back',
  "o'clock; --",
  'ends with \u{10ffff}',
  'line\nbreak\ttab',
]

/** Fills an empty database with rows in every table: texts of all kinds, nulls, bytes, large numbers, deep JSON. */
export async function fillRichly(place: { directory: string; url?: string }, leads: number): Promise<void> {
  const database = await openDatabase(place)
  await loadFixture(database)
  const log = await database.read('company_log', { company_id: companyId })
  if (log === undefined) throw new Error('the fixture has no such company')
  const writes: Write[] = Array.from({ length: leads }, (_, at) => leadWrites(at, log.last_sequence + at + 1)).flat()
  await database.load([...writes, ...others()])
  await database.transact({
    companyId,
    keys: {},
    decide: () => ({
      reply: undefined,
      writes: [
        {
          kind: 'update',
          table: 'company_log',
          key: { company_id: companyId },
          set: { last_sequence: log.last_sequence + leads },
        },
      ],
    }),
  })
  await database.close()
}

const textAt = (at: number): string => texts[at % texts.length] ?? ''

function leadWrites(at: number, sequence: number): Write[] {
  const lead: Row<'leads'> = {
    company_id: companyId,
    id: firstId + at,
    uuid: leadUuid(firstId + at),
    created_at: noon + at,
    updated_at: noon + at,
    version: 1,
    last_sequence: sequence,
    source: 'manual',
    company_name: at % 5 === 0 ? null : textAt(at),
    email: at % 3 === 0 ? null : `lead${at}@example.com`,
    phone_number: null,
    first_name: textAt(at + 1),
    last_name: textAt(at + 2),
    status: 'new',
    partner_type: null,
    created_by_user_id: at % 2 === 0 ? null : 101,
    campaign_id: at % 7 === 0 ? 2 ** 52 + at : null,
    archived_at: at % 11 === 0 ? noon : null,
    tags: at % 4 === 0 ? [] : [11, 10],
    assigned_users: [],
    erasure: at % 22 === 0 ? 'done' : null,
    external_id: at % 3 === 0 ? `${textAt(at)} ${at}` : null,
    custom_fields:
      at % 2 === 0
        ? {}
        : {
            5: { id: 2 * at + 1, uuid: uuidOf(6, 2 * at + 1), value: at / 8 },
            40: { id: 2 * at + 2, uuid: uuidOf(6, 2 * at + 2), value: textAt(at) },
          },
  }
  return beginLead(lead, sequence, 1, { actor: undefined, requestId: undefined })
}

/** Rows of the tables that the fixture leaves empty. */
function others(): Write[] {
  const endpoint: Row<'webhooks'> = {
    company_id: companyId,
    id: 1,
    uuid: uuidOf(8, 1),
    integration_id: 1,
    created_at: noon,
    updated_at: noon,
    url: 'https://hooks.example/ærø?a=1&b=2',
    events: null,
    fields: ['status', 'tags'],
    description: null,
    state: 'paused',
    reason: null,
    secret: Uint8Array.from([0, 1, 255, 128, 10]),
    old_secret: null,
    old_secret_until: null,
    revision: 3,
    cursor: 2,
    round: 1,
    replay_until: 0,
    skipped_until: 0,
    failing_since: null,
    last_attempt_at: null,
    last_status: null,
    last_delivered_at: null,
    deleted_at: null,
    holder: 'a process of the old place',
  }
  const delivery: Row<'deliveries'> = {
    company_id: companyId,
    id: 1,
    webhook_id: 1,
    sequence: 1,
    round: 1,
    lead_id: 4711,
    event_name: 'lead_updated',
    created_at: noon,
    state: 'retrying',
    late: true,
    replay: false,
    attempts: 2,
    tries: 2,
    first_attempt_at: noon,
    last_attempt_at: noon,
    next_attempt_at: noon + 60_000,
    delivered_at: null,
    status: 503,
    ms: 12,
    answer: '{"later": true}',
    error: null,
  }
  return [
    { kind: 'insert', table: 'meta', row: { name: 'of_a_test', value: 'Ærø' } },
    {
      kind: 'insert',
      table: 'integrations',
      row: {
        company_id: companyId,
        id: 1,
        uuid: uuidOf(7, 1),
        created_at: noon,
        name: 'Ærø',
        configuration: [{ z: 1, a: { deep: [null, true, 1e21, -0.5] } }],
        api_key: Uint8Array.from([9, 8, 7]),
        external_settings: null,
      },
    },
    { kind: 'insert', table: 'webhooks', row: endpoint },
    { kind: 'insert', table: 'deliveries', row: delivery },
    {
      kind: 'insert',
      table: 'lead_details',
      row: { company_id: companyId, lead_id: 4711, content: { powerups: { a: ['Ærø'] } } },
    },
    {
      kind: 'insert',
      table: 'imports',
      row: {
        company_id: companyId,
        id: 1,
        uuid: uuidOf(9, 1),
        created_at: noon,
        updated_at: noon,
        ended_at: noon,
        user_uuid: null,
        name: 'Größe.csv',
        settings: { format: 'csv', by: null, mode: 'create', blank: 'keep', passedOver: ['Ærø'] },
        dry_run: false,
        state: 'done',
        message: null,
        rows: 1,
        created: 0,
        updated: 0,
        unchanged: 0,
        failed: 1,
        undone: 0,
      },
    },
    {
      kind: 'insert',
      table: 'import_rows',
      row: {
        company_id: companyId,
        import_id: 1,
        row: 1,
        outcome: 'failed',
        lead_id: null,
        sequence: null,
        error: 'x',
      },
    },
    {
      kind: 'insert',
      table: 'saved_views',
      row: {
        company_id: companyId,
        id: 1,
        uuid: uuidOf(11, 1),
        created_at: noon,
        updated_at: noon,
        user_uuid: userUuid(31),
        name: 'Größte zuerst',
        shared: true,
        layout: 'board',
        query: { search: 'Ærø', tags: [7] },
        columns: ['company_name', 'customFields.5'],
        position: 3,
      },
    },
    { kind: 'insert', table: 'log_cursors', row: { company_id: companyId, name: 'filters', sequence: 1 } },
    {
      kind: 'insert',
      table: 'older_definitions',
      row: { company_id: companyId, version: 0, place: 0, of_table: 'tags', content: { label: 'Before', id: 10 } },
    },
    ...['b', 'B', 'a-1', 'Ä', '_', keys.full].map(
      (key): Write => ({
        kind: 'insert',
        table: 'idempotency_keys',
        row: { company_id: companyId, key, fingerprint: 'f', created_at: noon, reply: '{"id": 1}', sequence: null },
      }),
    ),
  ]
}
