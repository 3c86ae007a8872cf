import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { listEvents, streamType, watchLeads } from '../../src/contract/feed.ts'

test.each<[string, string | undefined, TSchema]>([
  ['the feed', listEvents.textExamples[streamType], listEvents.reply.items],
  ['what screens watch', watchLeads.textExamples[streamType], watchLeads.reply],
])('the example of the stream of %s is of its schema', (_, example = '', schema) => {
  const [, id, data = ''] = /^id: (\d+)\nevent: \w+\ndata: (.*)\n\n$/.exec(example) ?? []
  expect(Check(schema, JSON.parse(data))).toBe(true)
  expect(JSON.parse(data)).toMatchObject({ sequence: Number(id) })
})
