import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import type { Draw } from '../../bench/workspace.ts'

/** A node of a JSON Schema, as the document writes it. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** A schema as data alone: what typebox keeps beside it is gone. */
export const plain = (schema: unknown): Schema => JSON.parse(JSON.stringify(schema))

const checks = new WeakMap<Schema, (value: unknown) => boolean>()

/** Whether a value is of a schema, checked by the library that the server checks with. */
export function isOf(schema: Schema, value: unknown): boolean {
  let check = checks.get(schema)
  if (check === undefined) {
    const compiled = Compile(schema as never)
    check = (one) => compiled.Check(one)
    checks.set(schema, check)
  }
  return check(value)
}

export const pick = <T>(draw: Draw, from: readonly T[]): T => {
  const one = from[draw(from.length)]
  if (one === undefined && from.length === 0) throw new Error('there is nothing to pick from')
  return one as T
}

/** True once in so many times. */
export const once = (draw: Draw, times: number): boolean => draw(times) === 0

/** How many of each kind are drawn beforehand: drawing anew for each request would cost more than the request. */
const poolSize = 300

/** Any code point that can be stored: fast-check's own unit for this takes seconds to begin. */
const anyCharacter = fc
  .integer({ min: 1, max: 0x10ffff })
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point))

/** Values that fast-check thought of, by what they are; a seed repeats them exactly. */
export class Pools {
  readonly #seed: number
  readonly #byPattern = new Map<string, readonly string[]>()
  readonly texts: readonly string[]
  readonly numbers: readonly number[]
  readonly days: readonly string[]
  /** Any JSON. */
  readonly json: readonly unknown[]

  constructor(seed: number) {
    this.#seed = seed
    this.texts = [
      ...['', '  ', '\t\n', ' Nordlicht ', 'Nordlicht GmbH', '\u00a0x', '🐝', '"\\/', '__proto__', 'é́'],
      ...this.#sample(fc.string({ maxLength: 20 })),
      ...this.#sample(fc.string({ unit: anyCharacter, maxLength: 20 })),
    ]
    this.numbers = [
      0,
      -0,
      1,
      -1,
      0.1,
      1e21,
      5e-324,
      2 ** 53,
      ...this.#sample(fc.double({ noNaN: true, noDefaultInfinity: true })),
    ]
    this.days = this.#sample(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    ).map((date, index) => (index % 2 === 0 ? date.toISOString() : date.toISOString().slice(0, 10)))
    this.json = [null, true, 0, '', [], {}, ...this.#sample(fc.jsonValue({ maxDepth: 2 }))]
  }

  /** Texts that a pattern takes. */
  of(pattern: string): readonly string[] {
    let pool = this.#byPattern.get(pattern)
    if (pool === undefined) {
      pool = this.#sample(fc.stringMatching(new RegExp(pattern))).filter((text) => text.isWellFormed())
      this.#byPattern.set(pattern, pool)
    }
    return pool
  }

  #sample<T>(arbitrary: fc.Arbitrary<T>): T[] {
    return fc.sample(arbitrary, { seed: this.#seed, numRuns: poolSize })
  }
}

/** What stands at a place in a value where the schema says too little, by the place (`/tags/*`). */
export type Hooks = Readonly<Record<string, () => unknown>>

interface Making {
  readonly draw: Draw
  readonly pools: Pools
  readonly hooks: Hooks
}

/** A value of a schema; elements of lists are named `*` in places. */
export function sampleOf(schema: Schema, making: Making, place = ''): unknown {
  const { draw, pools, hooks } = making
  const hook = hooks[place]
  if (hook !== undefined) return hook()
  if (schema.anyOf !== undefined) return sampleOf(pick(draw, schema.anyOf), making, place)
  if (schema.enum !== undefined) return pick(draw, schema.enum)
  if (Object.hasOwn(schema, 'const')) return schema.const
  switch (schema.type) {
    case 'object': {
      const members: [string, unknown][] = []
      for (const [name, one] of Object.entries(schema.properties ?? {})) {
        const isWanted = schema.required?.includes(name) === true || once(draw, 2)
        if (isWanted) members.push([name, sampleOf(one, making, `${place}/${name}`)])
      }
      return Object.fromEntries(members)
    }
    case 'array': {
      const most = schema.maxItems ?? 100
      const count = once(draw, 50) ? most : Math.min(most, draw(4))
      const length = Math.max(schema.minItems ?? 0, count)
      return Array.from({ length }, () => sampleOf(schema.items ?? {}, making, `${place}/*`))
    }
    case 'string':
      return textOf(schema, making)
    case 'integer':
      return pick(draw, [schema.minimum ?? 0, schema.maximum ?? 2 ** 53 - 1, 1 + draw(1000)])
    case 'number':
      return pick(draw, pools.numbers)
    case 'boolean':
      return once(draw, 2)
    case 'null':
      return null
    default:
      return pick(draw, pools.json)
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 1000 }: Schema, { draw, pools }: Making): string {
  if (format === 'date-time') return new Date(Date.UTC(2026, 0, 1 + draw(60))).toISOString()
  if (format === 'uuid') return `00000000-0000-7000-8000-${String(draw(1e12)).padStart(12, '0')}`
  if (pattern !== undefined)
    return pick(
      draw,
      pools.of(pattern).filter((text) => text.length <= maxLength),
    )
  if (once(draw, 40)) return pick(draw, ['x', '🐝', 'ß']).repeat(maxLength)
  const text = pick(draw, pools.texts)
  return [...text].slice(0, maxLength).join('').padEnd(minLength, 'x')
}

/** A place in a value where a schema could be broken. */
interface Spot {
  readonly schema: Schema
  readonly place: string
  readonly value: unknown
  readonly put: (value: unknown) => void
  readonly remove: (() => void) | undefined
}

const nearlyRight: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 2 ** 53, 1e300, '', ' ', 'x', '07', '1.0', '\ud800'],
  ...[[], {}, [null], [[]], [{}], { id: null }, { id: 0 }, { uuid: 'x' }, ['x'], [true]],
]

function spotsOf(schema: Schema, spot: Omit<Spot, 'schema'>, found: Spot[]): void {
  const { value, place } = spot
  found.push({ ...spot, schema })
  const branch = (schema.anyOf ?? [schema]).find((one) => isOf(one, value))
  if (branch?.type === 'array' && Array.isArray(value)) {
    for (const [index, one] of value.entries()) {
      const put = (other: unknown): void => {
        value[index] = other
      }
      spotsOf(branch.items ?? {}, { value: one, place: `${place}/${index}`, put, remove: undefined }, found)
    }
  } else if (branch?.properties !== undefined && typeof value === 'object' && value !== null) {
    const members = value as Record<string, unknown>
    for (const [name, one] of Object.entries(branch.properties)) {
      if (!Object.hasOwn(members, name)) continue
      const put = (other: unknown): void => {
        members[name] = other
      }
      const isRequired = branch.required?.includes(name) === true
      const remove = isRequired ? () => delete members[name] : undefined
      spotsOf(one, { value: members[name], place: `${place}/${name}`, put, remove }, found)
    }
  }
}

/** What would be wrong at a place: of another type, beyond a bound, near to a name. */
function wrongFor({ anyOf = [], ...schema }: Schema, value: unknown, draw: Draw): unknown {
  const node = anyOf.length === 0 ? schema : pick(draw, anyOf)
  const wrong: unknown[] = [pick(draw, nearlyRight), pick(draw, nearlyRight)]
  if (node.maxLength !== undefined) {
    wrong.push('x'.repeat(node.maxLength + 1), '🐝'.repeat(node.maxLength + 1))
  }
  if (node.enum !== undefined) wrong.push(String(pick(draw, node.enum)).toUpperCase(), `${pick(draw, node.enum)} `)
  if (node.maxItems !== undefined && Array.isArray(value) && value.length > 0) {
    wrong.push(Array.from({ length: node.maxItems + 1 }, (_, index) => value[index % value.length]))
  }
  if (node.minimum !== undefined) wrong.push(node.minimum - 1)
  if (node.maximum !== undefined) wrong.push(node.maximum + 1)
  return pick(draw, wrong)
}

/**
 * A value of a schema with one thing wrong, and where; undefined when no try broke it.
 *
 * @param value of the schema; it is left as it is
 */
export function brokenOf(schema: Schema, value: unknown, draw: Draw): { value: unknown; place: string } | undefined {
  for (let tries = 0; tries < 12; tries += 1) {
    const root = { value: structuredClone(value) }
    const spots: Spot[] = []
    const put = (other: unknown): void => {
      root.value = other
    }
    spotsOf(schema, { value: root.value, place: '', put, remove: undefined }, spots)
    const inner = spots.slice(1)
    if (inner.length === 0) return undefined
    const spot = pick(draw, inner)
    if (spot.remove !== undefined && once(draw, 4)) spot.remove()
    else spot.put(wrongFor(spot.schema, spot.value, draw))
    if (!isOf(schema, root.value)) return { value: root.value, place: spot.place }
  }
  return undefined
}
