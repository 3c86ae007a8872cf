import { holds } from './compare.ts'
import type { Answer } from './connection.ts'
import { isJson, type Json } from './model.ts'
import { isOf, plain, type Schema } from './schema.ts'

/** What every answer says, with a body and without. */
const common: Json = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
const json = 'application/json; charset=utf-8'
/** Headers that answers may carry and the document does not tell for each operation. */
const unspoken =
  /^(?:content-type|content-length|date|connection|keep-alive|transfer-encoding|allow|retry-after|vary|ratelimit-.*|x-request-id)$/

const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((inner, name) => (isJson(inner) ? inner[name] : undefined), value)

/** A document with what it names put in the place of each name; the same thing is the same object everywhere. */
export function resolved(document: unknown): unknown {
  const known = new Map<string, unknown>()
  const named = (name: string): unknown => {
    if (!known.has(name)) {
      const target = at(document, ...name.replace('#/', '').split('/'))
      holds(target !== undefined, `the document has ${name}`, name)
      known.set(name, walk(target))
    }
    return known.get(name)
  }
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (!isJson(value)) return value
    const name = value['$ref']
    if (typeof name === 'string') return named(name)
    return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, walk(inner)]))
  }
  return walk(document)
}

/** The document that the server answers at `/openapi.json`, as the judge of its own answers. */
export class Document {
  readonly #paths: unknown
  readonly #refusal: Schema
  readonly #schemas = new Map<unknown, Schema>()

  constructor(document: unknown) {
    const whole = resolved(document)
    this.#paths = at(whole, 'paths')
    this.#refusal = plain(at(whole, 'components', 'schemas', 'Error'))
  }

  /**
   * Looks whether an answer is one that the document tells.
   *
   * @param template the path as the operation writes it; undefined when the document knows no such route
   * @throws Disagreement
   */
  judge(template: string | undefined, method: string, answer: Answer, body: unknown): void {
    const { status, headers } = answer
    holds(status < 500, 'the status is no 5xx', status)
    for (const [name, value] of Object.entries(common))
      holds(headers[name] === value, `${name} is ${value}`, headers[name])
    holds(/^[\w.-]{1,128}$/.test(headers['x-request-id'] ?? ''), 'there is an X-Request-Id', headers['x-request-id'])
    if (template === undefined) {
      holds(status >= 400 && isOf(this.#refusal, body), 'the answer is a refusal', [status, body])
      return
    }
    const place = template.replace(/:(\w+)/g, '{$1}')
    const operation = at(this.#paths, place, (method === 'HEAD' ? 'GET' : method).toLowerCase())
    const declared = at(operation, 'responses', String(status))
    holds(declared !== undefined, `${method} ${place} declares the status`, status)
    const told = Object.keys(isJson(at(declared, 'headers')) ? (at(declared, 'headers') as Json) : {})
    const known = new Set(told.map((name) => name.toLowerCase()))
    if (status < 400) {
      const unknown = Object.keys(headers).filter(
        (name) => !known.has(name) && !unspoken.test(name) && !(name in common),
      )
      holds(unknown.length === 0, `${method} ${place} declares the headers of its ${status}`, unknown)
    }
    if (method === 'HEAD') return
    const content = at(declared, 'content')
    if (content === undefined) {
      holds(answer.body === '', 'there is no body', answer.body)
      return
    }
    const schema = at(content, 'application/json', 'schema')
    if (schema === undefined) return
    holds(headers['content-type'] === json, `the content type is ${json}`, headers['content-type'])
    holds(
      isOf(this.#schemaOf(schema), body),
      `the body is of the schema that ${method} ${place} declares for ${status}`,
      body,
    )
  }

  /** The same object for the same place, so that it is compiled once. */
  #schemaOf(schema: unknown): Schema {
    const known = this.#schemas.get(schema)
    if (known !== undefined) return known
    const made = plain(schema)
    this.#schemas.set(schema, made)
    return made
  }
}
