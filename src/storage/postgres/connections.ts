import { Socket } from 'node:net'
import pg from 'pg'

/** How long to wait for a connection, in ms. */
const connectMsMax = 5_000
/** How long the server may run a statement, in ms. */
const statementMsMax = 10_000
/** How long a transaction waits for another's lock, in ms. */
const lockMsMax = 5_000
/** How long the server keeps a transaction of a process that stands still, in ms: others wait for its locks. */
const idleMsMax = 10_000
/** After which the connection counts as lost: longer than the server takes to give up by itself, in ms. */
const answerMsMax = 15_000

/** What a server's connections are called in `pg_stat_activity`. */
export const programName = 'waggle'
/** What those of a command are called, which no move has to wait for. */
export const commandName = `${programName} alone`

/** Numbers of 64 bits as numbers: ids, counts and times stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC ? Number : pg.types.getTypeParser(oid, format),
}

const settings = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: programName,
  connectionTimeoutMillis: connectMsMax,
  query_timeout: answerMsMax,
  statement_timeout: statementMsMax,
  lock_timeout: lockMsMax,
  idle_in_transaction_session_timeout: idleMsMax,
  keepAlive: true,
  types,
})

/** Commits wait for the disk, whatever the server's own setting; a stricter one is left. */
const durable =
  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"

interface Connected {
  readonly client: pg.Client
  readonly socket: Socket
}

/** A connection that is made when it is first asked for, and anew when it was lost. */
export class Connection {
  readonly #config: pg.ClientConfig
  readonly #onMade: (client: pg.Client) => Promise<unknown>
  #connected: Promise<Connected> | undefined

  /**
   * @param pipeline statements go out without waiting for the answers to those before
   * @param onMade called with each new connection before it is used
   */
  constructor(
    url: string,
    { pipeline, onMade = async () => {} }: { pipeline: boolean; onMade?: (client: pg.Client) => Promise<unknown> },
  ) {
    this.#config = { ...settings(url), pipeline }
    this.#onMade = onMade
  }

  /** @throws what kept the server from being reached */
  async get(): Promise<pg.Client> {
    this.#connected ??= this.#begin()
    return (await this.#connected).client
  }

  /**
   * Ends it, whatever it does; the next user gets another. A transaction on it is rolled back by the server, and no
   * statement is left that was prepared in one that failed.
   */
  drop(): void {
    const dropped = this.#connected
    this.#connected = undefined
    void dropped?.then(({ socket }) => socket.destroy()).catch(() => {})
  }

  async close(): Promise<void> {
    const connected = await this.#connected?.catch(() => undefined)
    this.#connected = undefined
    await connected?.client.end().catch(() => {})
  }

  #begin(): Promise<Connected> {
    // One that ends late must not take away the one that was made in its place.
    const forget = (): void => {
      if (this.#connected === connected) this.#connected = undefined
    }
    const connected = this.#connect(forget).catch((error) => {
      forget()
      throw error
    })
    return connected
  }

  async #connect(onLost: () => void): Promise<Connected> {
    const socket = new Socket()
    const client = new pg.Client({ ...this.#config, stream: () => socket })
    // Who waits on it is told by the statement; otherwise it is made anew when somebody asks.
    client.on('error', () => {
      socket.destroy()
      onLost()
    })
    try {
      await client.connect()
      await client.query(durable)
      await this.#onMade(client)
    } catch (error) {
      socket.destroy()
      throw error
    }
    return { client, socket }
  }
}

/**
 * A connection for work that takes its time: what it waits for has no end.
 *
 * @throws what kept the server from being reached
 */
export async function connectAlone(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: commandName,
    connectionTimeoutMillis: connectMsMax,
    keepAlive: true,
    types,
  })
  client.on('error', () => {}) // who waits for it is told by the statement
  await client.connect()
  await client.query(durable)
  return client
}

/** Connections for reads and for short transactions beside the batches; one that was lost leaves it by itself. */
export function poolOf(url: string, max: number, name = programName): pg.Pool {
  const pool = new pg.Pool({
    ...settings(url),
    application_name: name,
    max,
    onConnect: (client) => client.query(durable),
  })
  pool.on('error', () => {})
  return pool
}
