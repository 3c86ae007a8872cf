import type { Api, Reply } from '../backends.ts'
import { keys } from '../fixture.ts'

/** Sends JSON to a server, with the full key unless another is named. */
export const sender =
  (api: Api) =>
  (
    method: string,
    path: string,
    body?: unknown,
    key: string = keys.full,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> =>
    api.request(method, path, {
      key,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

export const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id)
