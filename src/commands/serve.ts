import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createApp } from '../app.ts'
import { readFiles } from '../http/files.ts'
import type { Server } from '../http/serve.ts'
import { systemClock, systemTimers } from '../kernel/clock.ts'
import { type Config, ConfigError, flagOf, settingNames, variableOf } from '../kernel/config.ts'
import { secretsIn } from '../kernel/secrets.ts'
import type { Vault } from '../kernel/vault.ts'
import { createLog, type Log } from '../log.ts'
import { sampleSignIn } from '../sample/sign-in.ts'
import { fillWithSample, sampleKeys, sampleMap } from '../sample/workspace.ts'
import type { Accounts } from '../sign-in/accounts.ts'
import type { Credentials } from '../sign-in/read-body.ts'
import { newSetupCode } from '../sign-in/setup.ts'
import { makeDirectory } from '../storage/directory.ts'
import { openDatabase } from '../storage/open.ts'
import type { Database } from '../storage/port.ts'
import { version } from '../version.ts'
import { createSender } from '../webhooks/send.ts'
import { accountsOf } from './accounts.ts'
import { type Arguments, readArguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { isOneOfMany, leaveTheOthers, refuseManyOnOneFile, serveByMany } from './processes.ts'
import { configOf, placeOf, settingFlags, shownPlace } from './settings.ts'
import { openVault } from './vault.ts'

const flags = {
  ...settingFlags(settingNames),
  sample: { about: 'Fill an empty database with a sample workspace, and print its key.' },
  'sample-if-empty': { about: 'As --sample, unless the database holds data of your own: these are served then.' },
  'sample-public': { about: 'Allow --sample on an address that others can reach.' },
}

/** Where a web app was built: beside the program, in a checkout as in the package. */
const builtApp = (name: 'console' | 'docs'): string => join(import.meta.dirname, '../../dist', name)

/** How long answers and the log may take to leave after a failed sync, in ms. */
const abortMs = 250

export const serveCommand: Command = {
  name: 'serve',
  about: 'Run the server.',
  examples: [
    'waggle serve --sample',
    'waggle serve --data /var/lib/waggle --port 4001 --public-url https://leads.example',
    'waggle serve --database-url postgres://waggle@db.example/waggle --processes 4',
  ],
  words: '',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 0)
    const set = configOf(given, io)
    if (given.has('sample')) refuseToShowSample(set, given)
    refuseManyOnOneFile(set)
    const log = createLog(set.log, io.terminal, secretsIn(set))
    const database = await openDatabase({
      ...placeOf(set),
      serving: true,
      queueMax: set.queueMax,
      onRefusedBatch: (error) => log.error('the database refused a batch; nothing of it was kept', error),
      onFateUnknown: (error) => {
        log.error('a sync of the disk failed: stopping, the file is read anew at the next start', error)
        void log.flush()
        setTimeout(() => io.abort(1), abortMs)
      },
    })
    let sample: boolean
    let config: Config
    let vault: Vault
    let accounts: Accounts | undefined
    let signIn: Credentials | undefined
    let setupCode: string | undefined
    try {
      sample = await isWithSample(database, set, given)
      // Beyond this machine the published keys would open what listens on it.
      config = sample && isLoopback(set.host) ? reachingItself(set) : set
      vault = await openVault(database, config)
      accounts = accountsOf(config, vault, true)
      await accounts.open()
      if (sample) signIn = await sampleSignIn(database, accounts)
      if (!isOneOfMany()) setupCode = await newSetupCode(accounts)
    } catch (error) {
      await accounts?.close()
      await database.close()
      throw error
    }
    const begun = (address: string): void => {
      if (isOneOfMany()) return
      if (sample) tellSample({ address, config, signIn }, io)
      if (setupCode !== undefined) log.info(setupLine(config.publicUrl || address, setupCode))
      log.info(`Waggle ${version} listens on ${address}`, { data: shownPlace(config), processes: config.processes })
    }
    if (isOneOfMany() || config.processes === 1) {
      await serveUntilStopped({ database, vault, accounts, signIn, config, log, begun }, io)
      return
    }
    // What is done once is done: the tables stand, the sample is there, the key is the right one.
    await accounts.close()
    await database.close()
    await serveByMany({ config, log, begun }, io)
  },
}

interface Parts {
  readonly database: Database
  readonly vault: Vault
  readonly accounts: Accounts
  /** What the sample's user signs in with. */
  readonly signIn: Credentials | undefined
  readonly config: Config
  readonly log: Log
  /** Called with the address, when the server listens. */
  readonly begun: (address: string) => void
}

async function serveUntilStopped(
  { database, vault, accounts, signIn, config, log, begun }: Parts,
  io: Io,
): Promise<void> {
  const sender = createSender({
    allow: config.webhookAllow,
    timeoutMs: config.webhookTimeoutMs,
    connections: config.webhookConcurrency,
    clock: systemClock,
    timers: systemTimers,
  })
  const server = createApp({
    config,
    database,
    vault,
    accounts,
    pages: { console: readFiles(builtApp('console')), reference: readFiles(builtApp('docs')) },
    sampleSignIn: signIn,
    sender,
    log: log.request,
    webhookLog: log,
    onSwept: ({ emptied, deliveries, heldBy }) =>
      log.info('retention: what has had its time went', {
        eventsEmptied: emptied,
        deliveriesRemoved: deliveries,
        heldBy,
      }),
    onBackgroundError: (error) => log.error('a background task failed; it is tried again', error),
  })
  let address: string
  try {
    address = await listen(server, config)
  } catch (error) {
    await server.close()
    await sender.close()
    await accounts.close()
    await database.close()
    throw error
  }
  begun(address)
  const signal = await new Promise<string>((stop) => io.onStop(stop))
  log.info(`${signal}: finishing what runs, then closing the database`)
  await server.close()
  await sender.close()
  await accounts.close()
  await database.close()
  log.info('closed')
  await log.flush()
  leaveTheOthers()
}

/** @returns the origin with the real port */
async function listen(server: Server, { host, port }: Config): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') {
      throw new ConfigError(
        `Port ${port} on ${host} is taken. Choose another with ${flagOf('port')} or ${variableOf('port')}.`,
      )
    }
    if (code === 'EACCES') {
      throw new ConfigError(
        `Port ${port} on ${host} may not be used by this user. Choose one above 1023 with ${flagOf('port')}.`,
      )
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new ConfigError(`${host} is no address of this machine.`)
    throw error
  }
}

/**
 * Whether the sample was asked for and is what the database holds; an empty one is filled with it.
 *
 * @throws ConfigError the database holds something else, or others would reach the sample
 */
async function isWithSample(database: Database, config: Config, given: Arguments): Promise<boolean> {
  const orOwn = given.has('sample-if-empty')
  if (!orOwn && !given.has('sample')) return false
  const begun = await database.read('meta', { name: 'begun_as' })
  const companies = await database.find((db) => db.selectFrom('companies').select('id').limit(1))
  const isSample = begun?.value === 'sample'
  if (!isSample && companies.length > 0) {
    if (orOwn) return false
    throw new ConfigError(
      `The database in ${shownPlace(config)} holds data of your own, so no sample is mixed in. ` +
        `Start without --sample, or with another database.`,
    )
  }
  refuseToShowSample(config, given)
  if (!isSample) await fillWithSample(database, systemClock.now())
  return true
}

/** @throws ConfigError others would reach the sample, and that was not said to be meant */
function refuseToShowSample({ host }: Config, given: Arguments): void {
  if (isLoopback(host) || given.has('sample-public')) return
  throw new ConfigError(
    `The sample's key is published, so ${host} would be open to everybody who reaches it. ` +
      `Use ${flagOf('host')} 127.0.0.1, or say --sample-public if that is meant.`,
  )
}

/** What is told of a server with the sample. */
interface Sample {
  readonly address: string
  readonly config: Config
  readonly signIn: Credentials | undefined
}

const setupLine = (origin: string, code: string): string =>
  `Nobody can sign in yet. Set up the console at ${origin}/console/setup with the code ${code}`

/** Writes where the sample's ids and keys stand, and prints how to try it. */
function tellSample({ address, config, signIn }: Sample, io: Io): void {
  const directory = resolve(config.data)
  makeDirectory(directory)
  writeFileSync(join(directory, 'sample.json'), `${JSON.stringify(sampleMap(address), null, 2)}\n`, { mode: 0o600 })
  io.out(banner({ address, config, signIn }))
}

/** Who tries the sample receives webhooks on the same machine. */
const reachingItself = (config: Config): Config => ({
  ...config,
  webhookAllow: [...config.webhookAllow, '127.0.0.0/8', '::1/128'],
})

const isLoopback = (host: string): boolean => /^127\.|^::1$|^localhost$/.test(host)

const banner = ({ address, config, signIn }: Sample): string => `
  Waggle ${version} is running with sample data: ${address}

  Try it:

    curl -X PATCH ${address}/api/v1/leads/789 \\
      -H "Authorization: Bearer ${sampleKeys.readWrite}" \\
      -H "Content-Type: application/json" \\
      -d '{"status": "qualified", "tags": [10, 11]}'

    curl ${address}/api/v1/leads/789 -H "Authorization: Bearer ${sampleKeys.readWrite}"

  ${signIn === undefined ? 'The console:' : `The console, signing in with ${signIn.email} and the password "${signIn.password}":`}

    ${address}/console

  Keys, webhooks, imports and more: waggle --help
  The API, to read and to try: ${address}/docs (as a document: ${address}/openapi.json)
  Data: ${shownPlace(config)} (${join(resolve(config.data), 'sample.json')} maps the sample's ids and keys)
  Stop with Ctrl+C; what you change is kept.
`
