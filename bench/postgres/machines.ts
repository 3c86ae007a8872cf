import { parseArgs } from 'node:util'
import { distributeDatabase, openDatabase } from '../../src/storage/open.ts'
import { type Cluster, startCluster } from '../../test/postgres/cluster.ts'
import { wholeNumber } from '../options.ts'
import { postgresWriter, WriterProcess } from '../processes.ts'
import { median, rate, rounded, textTable } from '../report.ts'
import { measureWriter, type Round } from '../rounds.ts'
import { seedPostgres } from './seed.ts'

/**
 * `npm run bench:machines`: the write path on a database that is spread over one, two and three machines by Citus, beside
 * a PostgreSQL without it, in turns. All of them are servers on this machine, so it shows that it works and what spreading
 * costs; machines of their own are what it is for.
 *
 * Options: `--leads N`, `--companies N`, `--seconds N` of each round, `--rounds N`. Where the server has no Citus it says so
 * and measures nothing.
 */
const { values } = parseArgs({
  options: {
    leads: { type: 'string' },
    companies: { type: 'string' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
  },
})
const companies = wholeNumber('companies', values.companies, 100, 100_000)
const leads = Math.ceil(wholeNumber('leads', values.leads, 100_000, 1_000_000) / companies) * companies
const seconds = wholeNumber('seconds', values.seconds, 3, 600)
const rounds = wholeNumber('rounds', values.rounds, 5, 100)
const callers = 64
const name = 'waggle'

const settings = {
  shared_preload_libraries: 'citus',
  // A transaction on several machines is prepared on each (docs.citusdata.com).
  max_prepared_transactions: '200',
  'citus.node_conninfo': 'sslmode=disable',
  'citus.shard_count': '12',
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** A database, and the machines it stands on. */
interface Database {
  readonly about: string
  readonly clusters: readonly Cluster[]
  readonly url: string
  readonly writers: readonly WriterProcess[]
  readonly rounds: Round[]
}

async function isCitusThere(): Promise<boolean> {
  const cluster = await startCluster()
  const found = await cluster.query("SELECT 1 FROM pg_available_extensions WHERE name = 'citus'")
  await cluster.stop()
  return found.length > 0
}

async function plain(): Promise<Database> {
  const cluster = await startCluster({ durable: true })
  await cluster.create(name)
  return filled('PostgreSQL alone', [cluster], cluster.url(name))
}

/** The first machine is asked; the tables stand on all of them. */
async function spread(machines: number): Promise<Database> {
  const clusters: Cluster[] = []
  for (let at = 0; at < machines; at += 1) {
    const cluster = await startCluster({ durable: true, settings })
    await cluster.create(name)
    await cluster.query('CREATE EXTENSION citus', name)
    clusters.push(cluster)
  }
  const [first, ...others] = clusters
  if (first === undefined) throw new Error('there is no machine')
  await first.query(`SELECT citus_set_coordinator_host('127.0.0.1', ${first.port})`, name)
  for (const { port } of others) await first.query(`SELECT citus_add_node('127.0.0.1', ${port})`, name)
  await first.query(`SELECT citus_set_node_property('127.0.0.1', ${first.port}, 'shouldhaveshards', true)`, name)
  const url = first.url(name)
  await (await openDatabase({ directory: '', url })).close()
  const tables = await distributeDatabase(url)
  say(`${machines} machines: ${tables.length} tables are spread`)
  const database = await filled(`Citus on ${machines === 1 ? 'one machine' : `${machines} machines`}`, clusters, url)
  const places = await first.query(
    "SELECT nodeport AS port, count(*) AS shards FROM citus_shards WHERE table_name = 'leads'::regclass GROUP BY 1 ORDER BY 1",
    name,
  )
  say(`  its leads stand in ${places.map(({ shards }) => shards).join(' + ')} parts`)
  return database
}

async function filled(about: string, clusters: readonly Cluster[], url: string): Promise<Database> {
  await seedPostgres(url, leads, companies)
  await clusters[0]?.query('VACUUM ANALYZE leads, events', name)
  const writers = [new WriterProcess(postgresWriter, [url, leads, companies, callers, 'waggle'])]
  return { about, clusters, url, writers, rounds: [] }
}

/** @throws Error a log has a gap, or does not end where its company says */
async function checkLogs({ about, clusters }: Database): Promise<number> {
  const [row] =
    (await clusters[0]?.query(
      'SELECT count(*) AS companies, sum(count)::float AS events, ' +
        'count(*) FILTER (WHERE count <> newest OR newest <> last_sequence) AS wrong FROM company_log JOIN ' +
        '(SELECT company_id, count(*), max(sequence) AS newest FROM events GROUP BY company_id) AS log USING (company_id)',
      name,
    )) ?? []
  if (Number(row?.['companies']) === companies && Number(row?.['wrong']) === 0) return Number(row?.['events'])
  throw new Error(`${about}: ${JSON.stringify(row)}`)
}

async function trial(): Promise<void> {
  const databases = [await plain(), await spread(1), await spread(2), await spread(3)]
  say(`${leads} leads of ${companies} companies, ${callers} callers, ${rounds} rounds of ${seconds} s`)
  for (let round = 0; round <= rounds; round += 1) {
    const rates: string[] = []
    for (const database of databases) {
      const one = await measureWriter(database.writers[0] as WriterProcess, seconds)
      rates.push(`${database.about} ${Math.round(rate(one))}/s`)
      if (round > 0) database.rounds.push(one)
    }
    say(`${round === 0 ? 'warm-up' : `round ${round}`}: ${rates.join(', ')}`)
  }
  const lines: string[][] = []
  for (const { about, rounds: own } of databases) {
    const toAlone = own.map((one, at) => rate(one) / rate(databases[0]?.rounds[at] ?? one))
    lines.push([
      about,
      String(Math.round(median(own.map(rate)))),
      median(own.map(({ p50Ms }) => p50Ms)).toFixed(1),
      median(own.map(({ p99Ms }) => p99Ms)).toFixed(1),
      String(rounded(median(toAlone), 2)),
    ])
  }
  say(`\n${textTable([['', 'changes a second', 'p50 ms', 'p99 ms', 'to PostgreSQL alone'], ...lines])}\n`)
  for (const database of databases) {
    for (const writer of database.writers) await writer.stop()
    say(`${database.about}: all ${await checkLogs(database)} events of ${companies} companies stand, without a gap`)
    for (const cluster of database.clusters) await cluster.stop()
  }
}

if (await isCitusThere()) await trial()
else
  process.stderr.write('SKIPPED: this PostgreSQL has no extension citus, so nothing was tried on several machines.\n')
process.exit()
