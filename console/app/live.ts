import { heldLeads } from '../leads/cache.ts'
import { fieldMember, heldValue, isSame, type Member, plainMembers, type ShownLead } from '../leads/members.ts'
import { queryClient } from './api.ts'
import { highlight } from './highlight.ts'
import { sessionQuery } from './session.ts'

/** Lists are read again at most so often, in ms, however much others change. */
const pauseMs = 1_000

interface Notice {
  readonly leads: readonly { readonly id: number; readonly user_uuid: string | null }[]
  readonly more: boolean
}

/** Shows what others change, as it happens. @returns ends it */
export function followChanges(): () => void {
  const source = new EventSource('/api/v1/leads/changes')
  let waiting: Notice | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let restsUntil = 0
  const flush = (): void => {
    timer = undefined
    const notice = waiting
    waiting = undefined
    restsUntil = Date.now() + pauseMs
    if (notice !== undefined) void show(notice)
  }
  const take = (notice: Notice): void => {
    waiting = { leads: [...(waiting?.leads ?? []), ...notice.leads], more: notice.more || waiting?.more === true }
    timer ??= setTimeout(flush, Math.max(0, restsUntil - Date.now()))
  }
  let isFirst = true
  source.addEventListener('changed', (event) => {
    const notice: Notice = JSON.parse(event.data)
    if (notice.leads.length > 0 || notice.more) take(notice)
    isFirst = false
  })
  // While the connection was gone anything may have changed.
  source.addEventListener('open', () => {
    if (!isFirst) take({ leads: [], more: true })
  })
  return () => {
    source.close()
    clearTimeout(timer)
  }
}

async function show({ leads, more }: Notice): Promise<void> {
  const before = heldLeads()
  const touched = leads.filter(({ id }) => before.has(id))
  const concerned = more ? [...before.keys()] : touched.map(({ id }) => id)
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['leads'] }),
    ...concerned.map((id) => queryClient.invalidateQueries({ queryKey: ['lead', id] })),
    ...concerned.map((id) => queryClient.invalidateQueries({ queryKey: ['history', id] })),
  ])
  const me = queryClient.getQueryData(sessionQuery.queryKey)?.user.uuid
  const after = heldLeads()
  for (const { id, user_uuid } of touched) {
    const [was, is] = [before.get(id), after.get(id)]
    if (user_uuid === me || was === undefined || is === undefined || was === is) continue
    for (const member of changedMembers(was, is)) highlight(id, member)
  }
}

function changedMembers(was: ShownLead, is: ShownLead): Member[] {
  const fields = new Set([...(was.custom_fields ?? []), ...(is.custom_fields ?? [])].map(({ id }) => id))
  const members: Member[] = [...plainMembers, ...[...fields].map(fieldMember)]
  return members.filter((member) => !isSame(heldValue(was, member), heldValue(is, member)))
}
