import { type Connection, call } from './call.ts'
import { type FollowOptions, follow } from './follow.ts'
import type { AnswerMeta, CallOptions, Methods, MethodsOf } from './methods.ts'
import type { FeedEvent, LeadRow } from './nouns.ts'
import { everyRow } from './pages.ts'
import { type Route, routes } from './routes.ts'

/** The largest page that the server answers. */
const pageSizeMax = 50

export interface ClientOptions {
  /** Where the server is, such as `https://leads.example`; empty for the origin of the page. */
  readonly baseUrl: string
  /** An API key. Without one a browser's session counts, by the cookies of the page's own origin. */
  readonly key?: string | undefined
  /** Instead of the one that is there. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** For a call with all its tries, in milliseconds; 60,000 when absent, 0 for no bound. Files have none. */
  readonly timeoutMs?: number | undefined
  /** For a single try; 25,000 when absent. */
  readonly attemptTimeoutMs?: number | undefined
  /** Tries beside the first, where another is safe; 4 when absent. */
  readonly retries?: number | undefined
  /** Called with what is told of each answer beside its value. */
  readonly onAnswer?: ((meta: AnswerMeta) => void) | undefined
}

/** A client of a server: an operation is a function under its noun, such as `waggle.leads.update(789, { … })`. */
export interface Client extends Methods {
  readonly leads: Methods['leads'] & {
    /** Every lead of a list, page by page: `for await (const lead of waggle.leads.all({ status: 'new' })) …`. */
    readonly all: (
      query?: Omit<NonNullable<Parameters<Methods['leads']['list']>[0]>, 'page' | 'cursor'>,
      options?: CallOptions,
    ) => AsyncGenerator<LeadRow, void>
  }
  readonly events: Methods['events'] & {
    /**
     * Every change of the company, live: `for await (const event of waggle.events.follow({ after: 0 })) …`. It goes on
     * by itself when the connection breaks, until its signal ends it or the loop is left.
     */
    readonly follow: (options?: FollowOptions) => AsyncGenerator<FeedEvent, void>
  }
}

export function createClient({
  baseUrl,
  key,
  fetch = (url, init) => globalThis.fetch(url, init),
  timeoutMs = 60_000,
  attemptTimeoutMs = 25_000,
  retries = 4,
  onAnswer,
}: ClientOptions): Client {
  const connection: Connection = {
    baseUrl: baseUrl.replace(/\/+$/, ''),
    key,
    fetch,
    timeoutMs,
    attemptTimeoutMs,
    retries,
    onAnswer,
  }
  const leads = bound(connection, routes.leads)
  return {
    leads: {
      ...leads,
      all: (query = {}, options) =>
        everyRow((cursor) => leads.list({ pageSize: pageSizeMax, ...query, cursor }, options)),
    },
    imports: bound(connection, routes.imports),
    tags: bound(connection, routes.tags),
    customFields: bound(connection, routes.customFields),
    users: bound(connection, routes.users),
    company: bound(connection, routes.company),
    views: bound(connection, routes.views),
    keys: bound(connection, routes.keys),
    webhooks: bound(connection, routes.webhooks),
    integrations: bound(connection, routes.integrations),
    events: { ...bound(connection, routes.events), follow: (options) => follow(connection, options) },
    tiers: bound(connection, routes.tiers),
    categories: bound(connection, routes.categories),
    partnerStages: bound(connection, routes.partnerStages),
    leadDealStages: bound(connection, routes.leadDealStages),
    session: bound(connection, routes.session),
    system: bound(connection, routes.system),
  }
}

/** The functions of a noun. Their types are mapped from its routes, of which each function is made. */
function bound<Noun extends Readonly<Record<string, Route>>>(connection: Connection, noun: Noun): MethodsOf<Noun>
function bound(connection: Connection, noun: Readonly<Record<string, Route>>): object {
  const methods = Object.entries(noun).map(([verb, route]) => [
    verb,
    (...given: unknown[]): Promise<unknown> => call(connection, route, given),
  ])
  return Object.fromEntries(methods)
}
