import type pg from 'pg'
import { type Refusal, unavailable } from '../../kernel/refusal.ts'
import type { Listing } from '../port.ts'
import { poolOf } from './connections.ts'
import { isOfServer } from './faults.ts'
import { builder, type Statement, statement } from './statements.ts'

/** Reads that may wait for a connection; one more is refused. */
const waitingMax = 1_024

/** Single statements on whichever connection is free. */
export class PoolReads {
  readonly pool: pg.Pool

  /** @param max connections */
  constructor(url: string, max: number) {
    this.pool = poolOf(url, max)
  }

  /** @throws Refusal `unavailable` when the server cannot be asked */
  find<R>(build: Listing<R>): Promise<R[]> {
    const { sql, parameters } = build(builder).compile()
    return this.ask<R & pg.QueryResultRow>(statement(sql, [...parameters]))
  }

  /** @throws Refusal `unavailable` when the server cannot be asked */
  async ask<R extends pg.QueryResultRow>(sent: Statement): Promise<R[]> {
    if (this.pool.waitingCount >= waitingMax) throw refusedRead(new Error('too many reads wait'))
    try {
      return (await this.pool.query<R>(sent)).rows
    } catch (error) {
      throw isOfServer(error) ? refusedRead(error) : error
    }
  }

  async close(): Promise<void> {
    await this.pool.end()
  }
}

export const refusedRead = (cause: unknown): Refusal =>
  unavailable(new Error('The database refused a read.', { cause }))
