import type pg from 'pg'
import { shownBytes } from '../../kernel/shown.ts'
import { type Finding, findingsOf } from '../looking/finding.ts'

/** What a server of PostgreSQL tells of itself and of one database. */
export interface HealthFacts {
  readonly version: string
  readonly versionNumber: number
  readonly isStandby: boolean
  readonly fsync: boolean
  readonly fullPageWrites: boolean
  readonly synchronousCommit: string
  readonly checksums: boolean
  readonly checksumFailures: number
  /** Connections of clients, and how many there may be of those that are no superusers. */
  readonly connections: number
  readonly connectionsMax: number
  readonly slots: readonly { readonly name: string; readonly active: boolean; readonly keptBytes: number }[]
  readonly autovacuum: boolean
  readonly tables: readonly {
    readonly name: string
    readonly live: number
    readonly dead: number
    readonly autovacuum: boolean
  }[]
  readonly invalidIndexes: readonly string[]
  /** Of the oldest transaction in the database that is not over, prepared ones included. */
  readonly oldestTransactionMs: number
  /** How many transactions ago the oldest row was written that has not been frozen. */
  readonly frozenAge: number
  readonly bytes: number
}

/** Connections of one process: lists, changes, news, sign-in. */
const connectionsOfOne = 14
const slotBytesMax = 1_073_741_824
const longTransactionMs = 900_000
/** Dead rows beyond both are worth a word: autovacuum would have come at a fifth. */
const deadMin = 10_000
const deadShareMin = 0.4
/** PostgreSQL refuses changes at about 2.1 billion. */
const frozenAgeWarned = 1_000_000_000
const frozenAgeMax = 1_800_000_000
const versionMin = 150_000

/** @param ours the tables of Waggle */
export async function healthFacts(client: pg.Client, ours: readonly string[]): Promise<HealthFacts> {
  const one = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows[0]
  const all = async (sql: string, values: unknown[] = []) => (await client.query(sql, values)).rows
  const on = (name: string): string => `current_setting('${name}') = 'on'`
  return {
    ...(await one(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS "versionNumber",
         pg_is_in_recovery() AS "isStandby", ${on('fsync')} AS fsync, ${on('full_page_writes')} AS "fullPageWrites",
         (SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit') AS "synchronousCommit",
         ${on('data_checksums')} AS checksums, ${on('autovacuum')} AS autovacuum,
         current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS "connectionsMax",
         (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
         pg_database_size(current_database()) AS bytes`,
    )),
    ...(await one(
      `SELECT coalesce(s.checksum_failures, 0) AS "checksumFailures", age(d.datfrozenxid)::bigint AS "frozenAge"
       FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid WHERE d.datname = current_database()`,
    )),
    ...(await one(
      `SELECT coalesce(1000 * extract(epoch FROM now() - min(began)), 0)::float8 AS "oldestTransactionMs" FROM (
         SELECT xact_start AS began FROM pg_stat_activity
           WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
         UNION ALL SELECT prepared FROM pg_prepared_xacts WHERE database = current_database()
       ) AS open`,
    )),
    slots: await all(
      `SELECT slot_name AS name, active, coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery()
         THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn), 0) AS "keptBytes"
       FROM pg_replication_slots ORDER BY 1`,
    ),
    tables: await all(
      `SELECT s.relname AS name, s.n_live_tup AS live, s.n_dead_tup AS dead,
         NOT 'autovacuum_enabled=false' = ANY(coalesce(c.reloptions, '{}')) AS autovacuum
       FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
       WHERE s.schemaname = current_schema() AND s.relname = ANY($1) ORDER BY 1`,
      [ours],
    ),
    invalidIndexes: (
      await all(
        `SELECT indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid ORDER BY 1`,
      )
    ).map(({ name }) => name),
  }
}

/** @param processes that are to share the database */
export function healthFindings(facts: HealthFacts, processes: number): Finding[] {
  return [
    server(facts),
    ...durability(facts),
    ...checksums(facts),
    connections(facts, processes),
    ...slots(facts),
    ...vacuum(facts),
    ...transactions(facts),
    ...indexes(facts),
  ]
}

function server({ version, versionNumber, isStandby, bytes }: HealthFacts): Finding {
  const { ok, fault } = findingsOf('server')
  const says = `PostgreSQL ${version}; the database takes ${shownBytes(bytes)}.`
  if (versionNumber < versionMin) return fault(says, 'Waggle needs 15 or newer: upgrade the server.')
  if (isStandby) return fault(`${says} It is a standby, which takes no change.`, 'Name the primary server.')
  return ok(says)
}

function durability({ fsync, fullPageWrites, synchronousCommit }: HealthFacts): Finding[] {
  const { ok, note, fault } = findingsOf('durability')
  const found: Finding[] = []
  const set = (name: string): string =>
    `In psql, as a superuser: ALTER SYSTEM SET ${name} = on; SELECT pg_reload_conf();`
  if (!fsync) found.push(fault('fsync is off: a power cut can destroy the whole database.', set('fsync')))
  if (!fullPageWrites) {
    found.push(fault('full_page_writes is off: a power cut can leave torn pages.', set('full_page_writes')))
  }
  if (synchronousCommit === 'off') {
    found.push(note('synchronous_commit is off; Waggle asks for it by itself, other programs do not.'))
  }
  if (found.length > 0) return found
  return [ok(`Commits wait for the disk (synchronous_commit is ${synchronousCommit}).`)]
}

function checksums({ checksums: on, checksumFailures }: HealthFacts): Finding[] {
  const { ok, note, fault } = findingsOf('checksums')
  if (checksumFailures > 0) {
    return [
      fault(
        `${checksumFailures} pages did not have their checksum: the disk or its memory fails.`,
        'Restore a backup on another machine: waggle restore <directory> --database-url …',
      ),
    ]
  }
  if (on) return [ok('Pages carry checksums.')]
  return [
    note(
      'Pages carry no checksums, so a disk that fails is noticed late.',
      'With the server stopped: pg_checksums --enable',
    ),
  ]
}

function connections({ connections: used, connectionsMax }: HealthFacts, processes: number): Finding {
  const { ok, warning } = findingsOf('connections')
  const needed = processes * connectionsOfOne
  const says = `${used} of ${connectionsMax} connections are in use; ${processes} processes take up to ${needed}.`
  if (used > connectionsMax * 0.9)
    return warning(says, 'Look who holds them in pg_stat_activity, or raise max_connections.')
  if (needed > connectionsMax) return warning(says, `Raise max_connections to ${needed + 20}, or run fewer processes.`)
  return ok(says)
}

function slots({ slots: all }: HealthFacts): Finding[] {
  const { ok, warning } = findingsOf('replication slots')
  const bad = all.filter(({ active, keptBytes }) => !active || keptBytes > slotBytesMax)
  if (bad.length === 0) return [ok(`${all.length} replication slots keep no more of the log than they should.`)]
  return bad.map(({ name, active, keptBytes }) =>
    warning(
      `The replication slot ${name} ${active ? 'is far behind' : 'is used by nobody'} and keeps ${shownBytes(keptBytes)} of the log.`,
      `Start its standby, or remove it before the disk is full: SELECT pg_drop_replication_slot('${name}')`,
    ),
  )
}

function vacuum({ autovacuum, tables, frozenAge }: HealthFacts): Finding[] {
  const { ok, warning, fault } = findingsOf('vacuum')
  const found: Finding[] = []
  if (!autovacuum) {
    found.push(warning('autovacuum is off: tables grow, and changes end some day.', 'ALTER SYSTEM SET autovacuum = on'))
  }
  for (const { name, live, dead, autovacuum: isOn } of tables) {
    if (!isOn) {
      found.push(warning(`autovacuum is off for ${name}.`, `In psql: ALTER TABLE ${name} RESET (autovacuum_enabled)`))
    }
    if (dead < deadMin || dead < deadShareMin * live) continue
    found.push(warning(`${name} has ${dead} dead rows beside ${live} live ones.`, 'waggle compact'))
  }
  if (frozenAge > frozenAgeWarned) {
    const says = `The oldest row was not frozen for ${frozenAge} transactions; near 2,100,000,000 changes are refused.`
    const advice = 'In psql, as the owner: VACUUM (FREEZE)'
    found.push(frozenAge > frozenAgeMax ? fault(says, advice) : warning(says, advice))
  }
  return found.length > 0 ? found : [ok('autovacuum keeps up.')]
}

function transactions({ oldestTransactionMs }: HealthFacts): Finding[] {
  const { ok, warning } = findingsOf('transactions')
  const minutes = Math.floor(oldestTransactionMs / 60_000)
  if (oldestTransactionMs < longTransactionMs) return [ok('No transaction stays open for long.')]
  return [
    warning(
      `A transaction has been open for ${minutes} minutes; until it ends nothing that was removed is cleared away.`,
      'Look whose it is: SELECT pid, application_name, xact_start, query FROM pg_stat_activity ORDER BY xact_start',
    ),
  ]
}

function indexes({ invalidIndexes }: HealthFacts): Finding[] {
  const { fault } = findingsOf('indexes')
  return invalidIndexes.map((name) => fault(`The index ${name} is not valid.`, `In psql: REINDEX INDEX ${name}`))
}
