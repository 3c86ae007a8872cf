import { type Route, routes } from '../../sdk/routes.ts'
import type { ChangeRequest } from './requests.ts'

/** A word as a POSIX shell takes it to the letter. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/**
 * A request as a command for a shell. The key is read from `WAGGLE_KEY`, as the session of the browser is not for
 * programs. What belongs to the one time alone is left out: the version that was expected, the idempotency key.
 *
 * @param origin of the server, such as `https://leads.example`
 */
export function curlOf({ method, path, body }: ChangeRequest, origin: string): string {
  const lines = [`curl -X ${method} ${quoted(origin + path)}`, '-H "Authorization: Bearer $WAGGLE_KEY"']
  if (body !== undefined && 'json' in body) {
    lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body.json))}`)
  } else if (body !== undefined) {
    lines.push(`-H ${quoted(`Content-Type: ${body.fileType}`)}`, `--data-binary @${fileName(body.fileType)}`)
  }
  return lines.join(' \\\n  ')
}

const fileName = (type: string): string => (type === 'text/csv' ? 'leads.csv' : 'leads.jsonl')

/** The same as a module that calls the client. @returns undefined for what the client has no operation for */
export function codeOf({ method, path, body }: ChangeRequest, origin: string): string | undefined {
  const [place = '', query = ''] = path.split('?')
  const found = calledAs(method, place)
  if (found === undefined) return undefined
  const given = found.params.map((param) => (/^\d+$/.test(param) ? param : textLiteral(param)))
  const isFile = body !== undefined && 'fileType' in body
  if (isFile) {
    const member = body.fileType === 'text/csv' ? 'csv' : 'jsonl'
    given.push(`{ ${member}: await readFile(${textLiteral(fileName(body.fileType))}, 'utf8') }`)
  } else if (body !== undefined) given.push(literal(body.json))
  if (query !== '') given.push(literal(Object.fromEntries(new URLSearchParams(query))))
  return [
    ...(isFile ? [`import { readFile } from 'node:fs/promises'`] : []),
    `import { createClient } from 'waggle-client'`,
    '',
    `const waggle = createClient({ baseUrl: ${textLiteral(origin)}, key: process.env.WAGGLE_KEY })`,
    `await waggle.${found.name}(${given.join(', ')})`,
    '',
  ].join('\n')
}

/** The client's function for a method and a path without its query, and the values in the path. */
function calledAs(method: string, path: string): { name: string; params: string[] } | undefined {
  const found = Object.entries(routes).flatMap(([noun, verbs]) =>
    Object.entries<Route>(verbs).flatMap(([verb, { to }]) => {
      const [ofRoute, template = ''] = to.split(' ')
      const match = ofRoute === method ? new RegExp(`^${template.replace(/:\w+/g, '([^/]+)')}$`).exec(path) : null
      return match === null ? [] : [{ name: `${noun}.${verb}`, params: match.slice(1).map(decodeURIComponent) }]
    }),
  )
  // `/leads/batch` is also matched by `/leads/:leadId`; the one with fewer parameters is meant.
  return found.sort((one, other) => one.params.length - other.params.length)[0]
}

const lineMax = 88

/** A value of JSON as a literal of JavaScript: names without quotes, texts in single ones, short things in one line. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return textLiteral(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const parts = isList
    ? value.map((element: unknown) => literal(element, inner))
    : Object.entries(value).map(([name, member]) => `${nameLiteral(name)}: ${literal(member, inner)}`)
  if (parts.length === 0) return isList ? '[]' : '{}'
  const line = isList ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`
  if (indent.length + line.length <= lineMax && !line.includes('\n')) return line
  const lines = parts.map((part) => `${inner}${part},\n`).join('')
  return isList ? `[\n${lines}${indent}]` : `{\n${lines}${indent}}`
}

/** `__proto__` as a name would set what an object inherits; in brackets it is a member like others. */
function nameLiteral(name: string): string {
  if (name === '__proto__') return `['__proto__']`
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : textLiteral(name)
}

const textLiteral = (text: string): string => {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}
