import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { hold } from '../crash/check.ts'
import { type Acknowledged, markOf } from '../crash/load.ts'

/** Which request was told which sequence number: four bytes each, as there may be millions. */
export class Record {
  #numbers = new Uint32Array(1 << 16)
  #count = 0

  get count(): number {
    return this.#count
  }

  /** @throws Violation two requests were told the same sequence */
  note({ sequence, number }: Pick<Acknowledged, 'sequence' | 'number'>): void {
    if (sequence >= this.#numbers.length) {
      const longer = new Uint32Array(Math.max(sequence + 1, 2 * this.#numbers.length))
      longer.set(this.#numbers)
      this.#numbers = longer
    }
    const noted = this.#numbers[sequence]
    if (noted === number) return // a repeated request
    hold(noted === 0, `the sequence ${sequence} was told to the requests ${noted} and ${number}`)
    this.#numbers[sequence] = number
    this.#count += 1
  }

  /**
   * Every change that was told a sequence stands under it.
   *
   * @throws Violation with the first that does not
   */
  check(directory: string, companyId: number): void {
    const db = new DatabaseSync(join(directory, 'waggle.db'), { readOnly: true })
    try {
      const sql = 'SELECT sequence, request_id FROM events WHERE company_id = ? ORDER BY sequence'
      let found = 0
      for (const { sequence, request_id } of db.prepare(sql).iterate(companyId)) {
        const number = this.#numbers[Number(sequence)] ?? 0
        if (number === 0) continue
        found += 1
        hold(request_id === markOf(number), `${markOf(number)} was told ${sequence}, which is ${request_id}`)
      }
      hold(found === this.#count, `LOST: ${this.#count - found} of ${this.#count} acknowledged changes`)
    } finally {
      db.close()
    }
  }
}
