import { heldLeads } from '../leads/cache.ts'
import { fieldMember, heldValue, isSame, type Member, plainMembers, type ShownLead } from '../leads/members.ts'
import { isSignedOut, queryClient, waggle } from './api.ts'
import { highlight } from './highlight.ts'
import { sessionQuery } from './session.ts'

/** Lists are read again at most so often, in ms, however much others change. */
const pauseMs = 1_000
/** Before a connection that was refused is tried again, in ms; twice as long each time, up to the second. */
const [retryMs, retryMaxMs] = [1_000, 30_000]

interface Notice {
  readonly leads: readonly { readonly id: number; readonly user_uuid: string | null }[]
  readonly more: boolean
}

/** Shows what others change, as it happens. @returns ends it */
export function followChanges(): () => void {
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
  const end = listen(take)
  return () => {
    end()
    clearTimeout(timer)
  }
}

/**
 * Listens to the server, however often the connection ends. A browser tries again by itself while nobody answers; an
 * answer that is not the server's, as of a proxy before it, makes it give up.
 *
 * @returns ends it
 */
function listen(take: (notice: Notice) => void): () => void {
  let isOver = false
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitMs = retryMs
  let isFirst = true
  const open = (): void => {
    const opened = new EventSource('/api/v1/leads/changes')
    source = opened
    opened.addEventListener('changed', (event) => {
      const notice: Notice = JSON.parse(event.data)
      if (notice.leads.length > 0 || notice.more) take(notice)
    })
    opened.addEventListener('open', () => {
      // While the connection was gone anything may have changed.
      if (!isFirst) take({ leads: [], more: true })
      isFirst = false
      waitMs = retryMs
    })
    opened.addEventListener('error', () => {
      isFirst = false
      if (opened.readyState === EventSource.CLOSED) void again()
    })
  }
  const again = async (): Promise<void> => {
    if (await hasSessionEnded()) return
    if (isOver) return
    timer = setTimeout(open, waitMs)
    waitMs = Math.min(2 * waitMs, retryMaxMs)
  }
  open()
  return () => {
    isOver = true
    source?.close()
    clearTimeout(timer)
  }
}

/** Asked, since a browser does not tell why it gave up. */
const hasSessionEnded = (): Promise<boolean> => waggle.session.me({ retries: 0 }).then(() => false, isSignedOut)

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
