import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/kernel/refusal.ts'
import type { Batch } from '../../src/storage/engine.ts'
import { idempotencyKeptMs } from '../../src/storage/idempotency.ts'
import type { Work, Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { noon } from '../fixture.ts'
import { anEvent, lock, logging, nothing, queueOver, runAll } from './queues.ts'

const once = (key: string, fingerprint = 'f') => ({ key, fingerprint })

/** What a storage holds of the key k. */
const kept: Row<'idempotency_keys'> = {
  company_id: 3,
  key: 'k',
  fingerprint: 'f',
  created_at: noon - 1_000,
  reply: '"then"',
  sequence: 5,
}

/** A queue whose storage holds this of the key; `written` is what it is told to write, `asked` the keys it is asked for. */
function keeping(row: Row<'idempotency_keys'> | undefined) {
  const written: Write[] = []
  const asked: (string | undefined)[] = []
  const run = async (batch: Batch): Promise<void> => {
    asked.push(...batch.reads.map(({ onceKey }) => onceKey))
    for (const index of batch.reads.keys()) {
      const writes = batch.decide(index, { ...lock, last_sequence: 8 }, { once: row })
      written.push(...writes)
      if (writes.length > 0) batch.stood(index)
    }
  }
  return { written, asked, ...queueOver(run) }
}

describe('a key that is kept', () => {
  const undecided: Work<string> = {
    ...nothing,
    decide: () => {
      throw new Error('it is not to be decided again')
    },
  }

  test('gives the reply and the number of then, and nothing is decided or written', async () => {
    const { queue, written, asked } = keeping(kept)
    expect(await queue.add(undecided, once('k'))).toEqual({ reply: 'then', sequence: 5, replayed: true })
    expect({ written, asked }).toEqual({ written: [], asked: ['k'] })
  })

  test('of a request that changed nothing has no number', async () => {
    const outcome = await keeping({ ...kept, sequence: null }).queue.add(undecided, once('k'))
    expect(outcome).toEqual({ reply: 'then', sequence: undefined, replayed: true })
  })

  test('is not for another body', async () => {
    const { queue, written } = keeping(kept)
    await expect(queue.add(undecided, once('k', 'other'))).rejects.toMatchObject({ failure: 'idempotency_mismatch' })
    expect(written).toEqual([])
  })

  test('counts until it is 24 hours old; then its row is taken over', async () => {
    const young = keeping({ ...kept, created_at: noon - idempotencyKeptMs + 1 })
    expect(await young.queue.add(undecided, once('k'))).toMatchObject({ replayed: true })
    const { queue, written } = keeping({ ...kept, created_at: noon - idempotencyKeptMs, fingerprint: 'old' })
    expect(await queue.add(nothing, once('k'))).toEqual({ reply: 'done', sequence: undefined, replayed: false })
    const row = { company_id: 3, key: 'k', fingerprint: 'f', created_at: noon, reply: '"done"', sequence: null }
    expect(written).toEqual([{ kind: 'update', table: 'idempotency_keys', key: { company_id: 3, key: 'k' }, set: row }])
  })
})

test('a new key is kept with the change, its reply and its number', async () => {
  const { queue, written } = keeping(undefined)
  expect(await queue.add(logging(3), once('k'))).toEqual({ reply: noon, sequence: 9, replayed: false })
  const row = { company_id: 3, key: 'k', fingerprint: 'f', created_at: noon, reply: String(noon), sequence: 9 }
  expect(written).toEqual([anEvent(3, 9, noon), { kind: 'insert', table: 'idempotency_keys', row }])
})

test('a request without a key asks for none and keeps none', async () => {
  const { queue, written, asked } = keeping(undefined)
  await queue.add(logging(3))
  expect({ written, asked }).toEqual({ written: [anEvent(3, 9, noon)], asked: [undefined] })
})

describe('a key while its request runs', () => {
  test('is told so', async () => {
    const { queue } = queueOver(runAll)
    const results = await Promise.allSettled([queue.add(nothing, once('k')), queue.add(nothing, once('k'))])
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { reason: { failure: 'idempotency_running', status: 409 } },
    ])
  })

  test('is not for another body', async () => {
    const { queue } = queueOver(runAll)
    const results = await Promise.allSettled([queue.add(nothing, once('k')), queue.add(nothing, once('k', 'other'))])
    expect(results).toMatchObject([{ status: 'fulfilled' }, { reason: { failure: 'idempotency_mismatch' } }])
  })

  test('is one of its company, beside others', async () => {
    const { queue } = queueOver(runAll)
    const elsewhere = { ...nothing, companyId: 4 }
    const works = [queue.add(nothing, once('k')), queue.add(nothing, once('l')), queue.add(elsewhere, once('k'))]
    for (const result of await Promise.allSettled(works)) expect(result.status).toBe('fulfilled')
  })

  test('is free when it ends, refused or not', async () => {
    const { queue } = queueOver(runAll)
    const refused: Work<string> = {
      ...nothing,
      decide: () => {
        throw new Refusal('lead_not_found')
      },
    }
    await expect(queue.add(refused, once('k'))).rejects.toMatchObject({ failure: 'lead_not_found' })
    expect(await queue.add(nothing, once('k', 'other'))).toMatchObject({ reply: 'done', replayed: false })
    expect(await queue.add(nothing, once('k', 'third'))).toMatchObject({ reply: 'done', replayed: false })
  })
})
