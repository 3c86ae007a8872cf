import Type, { type TSchema } from 'typebox'
import { expect, test } from 'vitest'
import { Schemas } from '../../src/http/schemas.ts'
import { isOf, plain } from '../fuzz/schema.ts'

const told = (schema: TSchema): unknown => new Schemas().told(schema)
const nullable = (schema: TSchema): TSchema => Type.Union([schema, Type.Null()])

test('a value that may be null has null as a type', () => {
  const name = Type.String({ maxLength: 3, description: 'A name.' })
  expect(told(nullable(name))).toEqual({ type: ['string', 'null'], maxLength: 3, description: 'A name.' })
  expect(told(nullable(Type.Enum(['a', 'b'])))).toEqual({ type: ['string', 'null'], enum: ['a', 'b', null] })
  expect(told(nullable(Type.Union([Type.Integer(), Type.String()])))).toEqual({
    anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }],
  })
})

test('what is told allows what the schema allows, and nothing else', () => {
  const schemas = [
    nullable(Type.String({ maxLength: 3 })),
    nullable(Type.Enum(['a', 'b'])),
    Type.Enum([200, 201]),
    nullable(Type.Object({ id: nullable(Type.Integer()) })),
    nullable(Type.Union([Type.Integer(), Type.Boolean()])),
    nullable(Type.Array(nullable(Type.Integer({ minimum: 1 })))),
    Type.Record(Type.String(), nullable(Type.Integer())),
  ]
  const values = [
    null,
    'a',
    'c',
    'long',
    200,
    1,
    0,
    1.5,
    true,
    {},
    { id: 1 },
    { id: null },
    { id: 'x' },
    [],
    [1],
    [null],
    [0],
  ]
  for (const schema of schemas) {
    for (const value of values) {
      const name = `${JSON.stringify(schema)} ${JSON.stringify(value)}`
      expect(isOf(plain(told(schema)), value), name).toBe(isOf(plain(schema), value))
    }
  }
})

test('a schema with a name is told once, and two with the same name are a mistake', () => {
  const schemas = new Schemas()
  const Tag = Type.Object({ id: Type.Integer() }, { title: 'Tag' })
  expect(schemas.told(Type.Array(Tag))).toEqual({ type: 'array', items: { $ref: '#/components/schemas/Tag' } })
  expect(schemas.told(nullable(Tag))).toEqual({ anyOf: [{ $ref: '#/components/schemas/Tag' }, { type: 'null' }] })
  expect(schemas.named()).toEqual({
    Tag: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } }, title: 'Tag' },
  })
  expect(() => schemas.told(Type.Object({}, { title: 'Tag' }))).toThrow('two schemas of the contract are called Tag')
})
