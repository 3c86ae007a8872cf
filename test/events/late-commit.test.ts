import { expect, onTestFinished, test } from 'vitest'
import { startOnPostgres } from '../backends.ts'
import { withClient } from '../postgres/cluster.ts'
import { describeOnPostgres } from '../postgres/databases.ts'

/** The event behind the newest one, as another process writes it. */
const nextEvent = `
  INSERT INTO events SELECT (jsonb_populate_record(e, jsonb_build_object(
    'sequence', e.sequence + 1, 'version', e.version + 1, 'previous_sequence', e.sequence))).*
  FROM events e WHERE company_id = 3 ORDER BY sequence DESC LIMIT 1`

describeOnPostgres('a follower of the log', () => {
  test('passes no commit that comes late: what has a later number waits for it', async () => {
    const api = await startOnPostgres()
    onTestFinished(() => api.close())
    const feed = async (after: number): Promise<number[]> =>
      (await api.get(`/api/v1/events?after=${after}`)).body.map(({ sequence }: { sequence: number }) => sequence)
    const last = (await feed(0)).at(-1) ?? 0

    await withClient(api.at, async (client) => {
      await client.query('BEGIN')
      await client.query('UPDATE company_log SET last_sequence = last_sequence + 1 WHERE company_id = 3')
      await client.query(nextEvent)
      const later = api.patch('/api/v1/leads/4711', { first_name: 'Later' })
      const waits = 'SELECT 1 FROM pg_locks WHERE NOT granted'
      await expect.poll(async () => (await client.query(waits)).rowCount).toBeGreaterThan(0)
      expect(await feed(last)).toEqual([])
      await client.query('COMMIT')
      expect((await later).headers.get('x-waggle-sequence')).toBe(String(last + 2))
    })
    expect(await feed(last)).toEqual([last + 1, last + 2])
  })
})
