import type { ServerProcess } from './processes.ts'
import { key } from './workspace.ts'

/** What the bench reads of an endpoint. */
export interface EndpointView {
  readonly id: number
  readonly sequence: number
  readonly backlog: number
  readonly undelivered: number
}

/** The endpoints of the server that is measured, by its own API. */
export class Endpoints {
  readonly #origin: string
  readonly #url: string
  #integration: string | undefined

  constructor(server: ServerProcess, receiver: { readonly port: number }) {
    this.#origin = `http://127.0.0.1:${server.port}/api/v1`
    this.#url = `http://127.0.0.1:${receiver.port}/hook`
  }

  async add(count: number): Promise<number[]> {
    this.#integration ??= String((await this.#call('POST', '/integrations', { name: 'Bench' }))['uuid'])
    const ids: number[] = []
    while (ids.length < count) {
      const made = await this.#call('POST', '/webhooks', { integration: this.#integration, url: this.#url })
      ids.push(Number(made['id']))
    }
    return ids
  }

  async pause(ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.#call('PATCH', `/webhooks/${id}`, { state: 'paused' })
  }

  async replay(ids: readonly number[], since: number): Promise<void> {
    for (const id of ids) await this.#call('POST', `/webhooks/${id}/replay`, { since })
  }

  async remove(ids: readonly number[]): Promise<void> {
    for (const id of ids) await this.#call('DELETE', `/webhooks/${id}`)
  }

  async views(ids: readonly number[]): Promise<EndpointView[]> {
    return Promise.all(
      ids.map(async (id) => {
        const view = await this.#call('GET', `/webhooks/${id}`)
        const { sequence, backlog, undelivered } = view
        return { id, sequence: Number(sequence), backlog: Number(backlog), undelivered: Number(undelivered) }
      }),
    )
  }

  async #call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const reply = await fetch(`${this.#origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }
}
