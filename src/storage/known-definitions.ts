import { unavailable } from '../kernel/refusal.ts'
import { type Definitions, definitionsAt, definitionsFrom } from './definitions.ts'
import type { Engine } from './engine.ts'

/** How many companies' definitions are kept: far more than one batch has companies. */
const companiesMax = 4_096
/** How many older versions are kept, of all companies together: whoever reads a log meets few. */
const olderMax = 64

/** The definitions of companies, as last read. */
export class KnownDefinitions {
  readonly #engine: Engine
  readonly #newest = new Map<number, Definitions>()
  readonly #older = new Map<string, Promise<Definitions>>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Whatever their version. */
  known(companyId: number): Definitions | undefined {
    return this.#newest.get(companyId)
  }

  /** Reads those of companies anew; of one that is not there none are known. */
  async reload(companyIds: readonly number[]): Promise<void> {
    const found = await this.#engine.definitionRows(companyIds)
    for (const [companyId, rows] of found) {
      this.#newest.delete(companyId)
      this.#newest.set(companyId, definitionsFrom(rows))
    }
    for (const [oldest] of this.#newest) {
      if (this.#newest.size <= companiesMax) break
      this.#newest.delete(oldest)
    }
  }

  /**
   * As they stand now.
   *
   * @throws Refusal `unavailable` when there is no such company
   */
  async now(companyId: number): Promise<Definitions> {
    const version = await this.#engine.definitionsVersion(companyId)
    if (version !== this.known(companyId)?.version) await this.reload([companyId])
    const definitions = this.known(companyId)
    if (definitions === undefined) throw unavailable()
    return definitions
  }

  /**
   * As they stood at a version.
   *
   * @throws Refusal `unavailable` when there is no such company
   */
  async at(companyId: number, version: number): Promise<Definitions> {
    const newest = await this.now(companyId)
    if (newest.version === version) return newest
    // By the newest as well: what a user who was erased was called goes out of the past, too.
    const name = `${companyId}:${version}:${newest.version}`
    const present = this.#older.get(name)
    if (present !== undefined) return present
    if (this.#older.size >= olderMax) this.#older.clear()
    const read = this.#read(companyId, version)
    this.#older.set(name, read)
    read.catch(() => this.#older.delete(name))
    return read
  }

  async #read(companyId: number, version: number): Promise<Definitions> {
    const rows = (await this.#engine.definitionRows([companyId])).get(companyId)
    if (rows === undefined) throw unavailable()
    // Behind the rows: what is changed in between is among these.
    const older = await this.#engine.find((db) =>
      db
        .selectFrom('older_definitions')
        .select(['of_table', 'content'])
        .where('company_id', '=', companyId)
        .where('version', '>=', version)
        .orderBy('version', 'desc'),
    )
    return definitionsAt(version, rows, older)
  }
}
