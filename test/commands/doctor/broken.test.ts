import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPostgresMissing } from '../../postgres/databases.ts'
import { embeddedWard, lookAt, type Patient, postgresWard, type Ward } from './looking-at.ts'

interface Case {
  readonly what: string
  /** What breaks it, on both engines. */
  readonly sql: string
  readonly check: string
  readonly says: RegExp
}

const ofLast = '(SELECT last_sequence FROM company_log WHERE company_id = 3)'
const faults: readonly Case[] = [
  {
    what: 'a number is missing in the log',
    sql: 'DELETE FROM events WHERE company_id = 3 AND sequence = 2',
    check: 'log',
    says: /^The log of company 3 lacks 1 of its \d+ numbers\.$/,
  },
  {
    what: 'the counter is ahead of the log',
    sql: 'UPDATE company_log SET last_sequence = last_sequence + 2 WHERE company_id = 3',
    check: 'log',
    says: /^The log of company 3 ends with event \d+, but its counter says \d+\.$/,
  },
  {
    what: 'a time goes back',
    sql: 'UPDATE events SET at = at + 90000000000 WHERE company_id = 3 AND sequence = 5',
    check: 'log',
    says: /^In the log of company 3 1 events are older than the one before, first event 6\.$/,
  },
  {
    what: 'the newest event is younger than the log says',
    sql: `UPDATE events SET at = at + 86400000000 WHERE company_id = 3 AND sequence = ${ofLast}`,
    check: 'log',
    says: /^The newest event of company 3 is younger than its log says\.$/,
  },
  {
    what: 'an event names another lead as the one before',
    sql: `UPDATE events SET previous_sequence = (SELECT max(f.sequence) FROM events f WHERE f.company_id = 3 AND f.lead_id <>
      events.lead_id AND f.sequence < events.sequence) WHERE company_id = 3 AND sequence = (SELECT min(sequence) FROM events WHERE company_id = 3 AND version = 2)`,
    check: 'chain',
    says: /^In company 3 1 events do not name the event before of their lead, first event \d+\.$/,
  },
  {
    what: 'a lead has more changes than events',
    sql: 'UPDATE leads SET version = version + 1 WHERE company_id = 3 AND id = 789',
    check: 'chain',
    says: /^In company 3 1 leads do not stand at the last event of their history, first lead 789\.$/,
  },
  {
    what: 'a lead is gone, and its events are not',
    sql: 'DELETE FROM leads WHERE company_id = 3 AND id = 789',
    check: 'chain',
    says: /^Company 3 has \d+ events, but its leads tell of \d+ changes\.$/,
  },
  {
    what: 'a tag is gone',
    sql: 'DELETE FROM tags WHERE company_id = 3 AND id = 10',
    check: 'references',
    says: /^Lead \d+ of company 3 has tag 10, which is not there(\.|, and neither is it for \d+ others\.)$/,
  },
  {
    what: 'a user is gone',
    sql: 'DELETE FROM users WHERE id = (SELECT min(user_id) FROM lead_user WHERE company_id = 3)',
    check: 'references',
    says: /^Lead \d+ of company 3 has user \d+, which is not there/,
  },
  {
    what: 'a custom field is gone',
    sql: 'DELETE FROM custom_fields WHERE id = (SELECT min(custom_field_id) FROM lead_custom_value WHERE company_id = 3)',
    check: 'references',
    says: /^Lead \d+ of company 3 has custom field \d+, which is not there/,
  },
  {
    what: 'an older definition is of a version to come',
    sql: "INSERT INTO older_definitions VALUES (3, 999, 0, 'tags', '{}')",
    check: 'older definitions',
    says: /^Company 3 keeps definitions of version 999 as older ones, but the present version is \d+\.$/,
  },
  {
    what: 'an event knows definitions that are not there yet',
    sql: `UPDATE events SET definitions_version = 999 WHERE company_id = 3 AND sequence = ${ofLast}`,
    check: 'older definitions',
    says: /^Event \d+ of company 3 was made by definitions that are newer than the present ones\.$/,
  },
  {
    what: 'an id would be given twice',
    sql: "UPDATE id_sources SET next_id = 5 WHERE name = 'leads'",
    check: 'ids',
    says: /^The next id of leads would be 5, but \d+ is there already\.$/,
  },
  {
    what: 'a change lies in the future',
    sql: 'UPDATE company_log SET last_time = 4102444800000 WHERE company_id = 3',
    check: 'clock',
    says: /^The newest change of company 3 is of 2100-01-01T00:00:00\.000Z, which has not come yet; until then/,
  },
  {
    what: 'an endpoint is ahead of the log',
    sql: 'UPDATE webhooks SET cursor = 99999 WHERE company_id = 3',
    check: 'webhooks',
    says: /^Webhook \d+ stands at event 99999, but the log of company 3 ends with \d+\.$/,
  },
  {
    what: 'a follower is ahead of the log',
    sql: "INSERT INTO log_cursors VALUES (3, 'retention', 99999)",
    check: 'webhooks',
    says: /^The cursor retention of company 3 stands at event 99999, but the log ends with \d+\.$/,
  },
  {
    what: 'a secret does not open',
    sql: 'UPDATE webhooks SET secret = (SELECT digest FROM api_keys ORDER BY id LIMIT 1) WHERE company_id = 3',
    check: 'secret key',
    says: /^The secret of webhook \d+ was sealed with another key, or was changed since\.$/,
  },
  {
    what: 'the key is not the one that all was sealed with',
    sql: "UPDATE meta SET value = 'AAAA' WHERE name = 'vault_probe'",
    check: 'secret key',
    says: /secret\.key is not the key that this database was sealed with\.$/,
  },
  {
    what: 'a move into it is not complete',
    sql: `INSERT INTO meta VALUES ('moving', '{"from": "elsewhere"}')`,
    check: 'moved',
    says: /is the target of a move that is not complete\. Go on with it: run the same `waggle move` again\.$/,
  },
  {
    what: 'its data has moved',
    sql: `INSERT INTO meta VALUES ('moved_to', '{"to": "elsewhere", "at": 1767225600000}')`,
    check: 'moved',
    says: /^The data of .+ moved to elsewhere at 2026-01-01T00:00:00\.000Z, and goes on there\./,
  },
  {
    what: 'the database is newer than the program',
    sql: "INSERT INTO migrations (version, name, applied_at) VALUES (999, 'to come', '2026-01-01T00:00:00Z')",
    check: 'schema',
    says: /^The database has version \d+, and this program knows only up to \d+\.$/,
  },
  {
    what: 'its tables are others',
    sql: "UPDATE migrations SET name = 'other' WHERE version = 1",
    check: 'schema',
    says: /^The database was made by a Waggle that was never released/,
  },
]

const others: readonly (Case & { readonly state: 'note' | 'warning'; readonly flags?: readonly string[] })[] = [
  {
    what: 'the database is older than the program',
    sql: 'DELETE FROM migrations WHERE version = (SELECT max(version) FROM migrations)',
    check: 'schema',
    state: 'note',
    says: /^The database has version \d+; this program would bring it to \d+, so its data was not looked at\.$/,
  },
  {
    what: 'an endpoint is disabled',
    sql: "UPDATE webhooks SET state = 'disabled', reason = 'the receiver answered 410', cursor = cursor - 3 WHERE company_id = 3",
    check: 'webhooks',
    state: 'warning',
    says: /^Webhook \d+ is disabled \(the receiver answered 410\); 3 events wait for it\.$/,
  },
  {
    what: 'an endpoint is paused',
    sql: "UPDATE webhooks SET state = 'paused', cursor = cursor - 2 WHERE company_id = 3",
    check: 'webhooks',
    state: 'note',
    says: /^Webhook \d+ is paused; 2 events wait for it\.$/,
  },
  {
    what: 'an event waits for long, and each attempt fails',
    sql: 'UPDATE webhooks SET cursor = 10, failing_since = 1767225600000 WHERE company_id = 3',
    check: 'webhooks',
    state: 'warning',
    says: /^Webhook \d+ waits for event 11 since \d+ \w+; \d+ events wait for it\. Each attempt has failed for \d+ days\.$/,
  },
  {
    what: 'one delivery waits for long, and nothing behind it',
    sql: `INSERT INTO deliveries (company_id, id, webhook_id, sequence, round, lead_id, event_name, created_at, state,
        late, replay, attempts, tries)
      SELECT company_id, 0, id, cursor, round, 789, 'lead_updated', 0, 'retrying', (1 = 0), (1 = 0), 1, 1 FROM webhooks
      WHERE company_id = 3 ON CONFLICT DO NOTHING;
      UPDATE events SET at = at - 90000000 WHERE company_id = 3`,
    check: 'webhooks',
    state: 'warning',
    says: /^Webhook \d+ waits for event \d+ since \d+ \w+\.$/,
  },
  {
    what: 'an endpoint holds retention up',
    sql: "UPDATE webhooks SET state = 'paused', cursor = 10 WHERE company_id = 3",
    flags: ['--event-retention-days', '1'],
    check: 'retention',
    state: 'warning',
    says: /^Webhook \d+ waits for event 11, so \d+ events older than 1 day cannot be emptied\.$/,
  },
  {
    what: 'events have had their time',
    sql: 'UPDATE webhooks SET cursor = 10 WHERE company_id = 3',
    flags: ['--event-retention-days', '1'],
    check: 'retention',
    state: 'note',
    says: /^Not emptied yet: 10 events of company 3 older than 1 day\.$/,
  },
  {
    what: 'an answer is kept for too long',
    sql: "INSERT INTO idempotency_keys (company_id, key, fingerprint, created_at, reply) VALUES (3, 'a', 'f', 1, '{}')",
    check: 'idempotency keys',
    state: 'note',
    says: /^Kept beyond their day: 1 answer to idempotency keys\.$/,
  },
  {
    what: 'no key may administer',
    sql: 'UPDATE api_keys SET may_administer = FALSE WHERE company_id = 3',
    check: 'keys',
    state: 'warning',
    says: /^Company 3 has no key that may administer\.$/,
  },
  {
    what: 'keys have expired',
    sql: 'UPDATE api_keys SET expires_at = 1 WHERE company_id = 3 AND id = 2',
    check: 'keys',
    state: 'note',
    says: /^Keys that have expired: 2 \(jb_api_r…\)\.$/,
  },
  {
    what: 'keys lie unused',
    sql: 'UPDATE api_keys SET last_used_at = 1 WHERE company_id = 3 AND id IN (1, 2)',
    check: 'keys',
    state: 'note',
    says: /^Keys that nobody has used for 180 days: 1 \(jb_api_1…\), 2 \(jb_api_r…\)\.$/,
  },
  {
    what: 'nobody may administer',
    sql: "UPDATE users SET role = 'partner' WHERE company_id = 3",
    check: 'users',
    state: 'warning',
    says: /^Company 3 has nobody who may administer\.$/,
  },
  {
    what: 'one person may administer',
    sql: "UPDATE users SET disabled_at = 1 WHERE role = 'admin' AND id = (SELECT max(id) FROM users WHERE role = 'admin' AND company_id = 3)",
    check: 'users',
    state: 'note',
    says: /^Company 3 has one person who may administer, user \d+\.$/,
  },
  {
    what: 'a company is suspended',
    sql: 'UPDATE companies SET suspended_at = 1 WHERE id = 4',
    check: 'users',
    state: 'note',
    says: /^Company 4 is suspended: none of its keys opens\.$/,
  },
]

const wards: readonly [string, () => Promise<Ward>][] = [
  ['the embedded database', embeddedWard],
  ...(isPostgresMissing ? [] : [['PostgreSQL', postgresWard] as [string, typeof postgresWard]]),
]

describe.each(wards)('the doctor on %s', (_, open) => {
  let ward: Ward
  beforeAll(async () => {
    ward = await open()
  })
  afterAll(() => ward.close())
  const admitted = async (sql?: string): Promise<Patient> => {
    const patient = await ward.admit()
    if (sql !== undefined) await patient.query(sql)
    return patient
  }

  test('finds nothing wrong with what is well, every check included', async () => {
    const { args } = await admitted()
    const { findings, refused } = await lookAt(args)
    expect(findings.filter(({ state }) => state === 'warning' || state === 'fault')).toEqual([])
    expect(refused).toBeUndefined()
    const checks = new Set([...faults, ...others].map(({ check }) => check))
    for (const check of checks) expect(findings.map((one) => one.check)).toContain(check)
    const notes = findings.filter(({ state }) => state === 'note').map(({ check }) => check)
    const ofServers = ['integrity', 'checksums'] // of an extension and of a setting that a server may lack
    expect(notes.filter((check) => !ofServers.includes(check))).toEqual(['retention', 'sample', 'backups'])
  })

  test.each(faults)('says that $what', async ({ sql, check, says }) => {
    const { args } = await admitted(sql)
    const { findings, refused } = await lookAt(args)
    const found = findings.filter((one) => one.check === check && one.state === 'fault')
    expect(found.map((one) => one.says)).toContainEqual(expect.stringMatching(says))
    for (const { advice } of found) expect(advice).toMatch(/\w/)
    expect(refused).toMatch(/^\d+ faults? (was|were) found\.$/)
  })

  test.each(others)('tells that $what', async ({ sql, check, says, state, flags = [] }) => {
    const { args } = await admitted(sql)
    const { findings, refused } = await lookAt([...args, ...flags])
    const found = findings.filter((one) => one.check === check && one.state === state)
    expect(found.map((one) => one.says)).toContainEqual(expect.stringMatching(says))
    expect(refused, 'that is no fault').toBeUndefined()
  })

  test('tells less when it is quick, and sees what the ends show', async () => {
    const { args } = await admitted('DELETE FROM events WHERE company_id = 3 AND sequence = 2')
    const { findings, refused } = await lookAt([...args, '--quick'])
    expect(refused).toBeUndefined()
    const checks = findings.map(({ check }) => check)
    expect(checks).toContain('log')
    for (const check of ['chain', 'references', 'integrity']) expect(checks).not.toContain(check)
  })
})
