import { queryOptions } from '@tanstack/react-query'
import type { Key } from '../../sdk/index.ts'
import { queryClient, waggle } from '../app/api.ts'

const pageSize = 100

/** Every key of the company, oldest first. @param withEnded also those that open nothing any more */
export const keysQuery = (withEnded: boolean) =>
  queryOptions({
    queryKey: ['keys', withEnded],
    queryFn: async ({ signal }) => {
      const keys: Key[] = []
      for (let page = 1; ; page += 1) {
        const { rows, total } = await waggle.keys.list({ revoked: withEnded, page, pageSize }, { signal })
        keys.push(...rows)
        if (rows.length === 0 || total === null || keys.length >= total) return keys
      }
    },
    refetchInterval: 15_000,
  })

export const refreshKeys = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['keys'] })

type Ending = Pick<Key, 'revoked_at' | 'expires_at'>

/** Whether a key opens anything. @param now Unix ms */
export const isInForce = ({ revoked_at, expires_at }: Ending, now: number): boolean =>
  revoked_at === null && (expires_at === null || Date.parse(expires_at) > now)

/** Of those in force, whether this one alone administers for as long: the server does not revoke it. */
export const isLastAdmin = (key: Key, keys: readonly Key[], now: number): boolean =>
  key.admin_access &&
  isInForce(key, now) &&
  !keys.some((one) => one.id !== key.id && one.admin_access && isInForce(one, now) && endOf(one) >= endOf(key))

const endOf = ({ expires_at }: Ending): number =>
  expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at)
