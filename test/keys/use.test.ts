import { expect, onTestFinished, test } from 'vitest'
import { KeyUses } from '../../src/keys/use.ts'
import { backends } from '../backends.ts'

test.each(backends)('last use is written now and then, without an event, on %s', async (_, start) => {
  const api = await start()
  onTestFinished(() => api.close())
  const uses = new KeyUses(api.database)
  const actor = {
    companyId: 3,
    userUuid: 'u',
    keyId: 1,
    shownAs: 'jb',
    mayRead: true,
    mayWrite: true,
    mayAdminister: false,
  }
  const events = await api.events()
  uses.note(actor)
  uses.note(actor)
  await uses.write()
  expect((await api.database.read('api_keys', { id: 1 }))?.last_used_at).toBeGreaterThan(0)
  expect(await api.events()).toEqual(events)
})
