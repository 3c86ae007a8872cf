import { isDeepStrictEqual } from 'node:util'
import type { TSchema } from 'typebox'

/** A schema as the document writes it. */
type Written = Readonly<Record<string, unknown>>

/** Titles that are names: what has one is told once, and named wherever else it stands. */
const nameForm = /^[A-Z][A-Za-z]+$/

const nothing: Written = { type: 'null' }

/** Types that readers of the document understand beside null: not all do so with lists and objects. */
const simple: readonly unknown[] = ['string', 'integer', 'number', 'boolean']

/**
 * Schemas as the document of the API tells them: those with a name once, in its components, and null as one more type
 * instead of an alternative, which readers and generators of code understand better. They allow what they allowed.
 */
export class Schemas {
  readonly #named = new Map<string, Written>()

  /** @returns the schema, or where it is found */
  told(schema: TSchema): Written {
    return this.#told(JSON.parse(JSON.stringify(schema)))
  }

  /** What was told so far under a name, by name. */
  named(): Record<string, Written> {
    return Object.fromEntries([...this.#named].sort(([left], [right]) => (left < right ? -1 : 1)))
  }

  #told(schema: Written): Written {
    const written = this.#inside(schema)
    const { title } = schema
    if (typeof title !== 'string' || !nameForm.test(title)) return written
    const known = this.#named.get(title)
    if (known !== undefined && !isDeepStrictEqual(known, written)) {
      throw new Error(`two schemas of the contract are called ${title}: give one of them another title`)
    }
    this.#named.set(title, written)
    return { $ref: `#/components/schemas/${title}` }
  }

  #inside(schema: Written): Written {
    const { properties, items, anyOf, patternProperties } = schema
    const inside: Record<string, unknown> = { ...schema }
    if (isWritten(properties)) inside['properties'] = this.#each(properties)
    if (isWritten(patternProperties)) inside['patternProperties'] = this.#each(patternProperties)
    if (isWritten(items)) inside['items'] = this.#told(items)
    if (Array.isArray(anyOf)) return alternatives({ ...inside, anyOf: anyOf.map((one) => this.#told(one)) })
    return withType(inside)
  }

  #each(schemas: Written): Written {
    return Object.fromEntries(
      Object.entries(schemas).map(([name, one]) => [name, isWritten(one) ? this.#told(one) : one]),
    )
  }
}

const isWritten = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Values that are listed, with their type. */
function withType(schema: Written): Written {
  const values = schema['enum']
  if (!Array.isArray(values) || 'type' in schema) return schema
  if (values.every((one) => typeof one === 'string')) return { type: 'string', ...schema }
  return values.every(Number.isInteger) ? { type: 'integer', ...schema } : schema
}

/** Alternatives, of which null is one more type of the only other one; those within one of them count as its own. */
function alternatives({ anyOf, ...rest }: Written & { readonly anyOf: readonly Written[] }): Written {
  const flat = anyOf.flatMap((one) =>
    Array.isArray(one['anyOf']) && Object.keys(one).length === 1 ? (one['anyOf'] as Written[]) : [one],
  )
  const [only, ...others] = flat.filter((one) => !isDeepStrictEqual(one, nothing))
  const isNullable = flat.some((one) => isDeepStrictEqual(one, nothing))
  if (!isNullable || only === undefined || others.length > 0 || !simple.includes(only['type'])) {
    return { ...rest, anyOf: flat }
  }
  const values = only['enum']
  return {
    ...only,
    ...rest,
    type: [only['type'], 'null'],
    ...(Array.isArray(values) && { enum: [...values, null] }),
  }
}
