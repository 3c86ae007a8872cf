import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useMatches,
} from '@tanstack/react-router'
import { Skeleton } from '../ui/skeleton.tsx'
import { isSignedOut, queryClient } from './api.ts'
import { anySearch, parseSearch, writeSearch } from './search.ts'
import { sessionQuery } from './session.ts'
import { Shell } from './shell.tsx'
import { Lost, Trouble, WholeTrouble } from './trouble.tsx'

const root = createRootRoute({
  component: Root,
  errorComponent: WholeTrouble,
  notFoundComponent: Lost,
  validateSearch: anySearch,
})

const signIn = createRoute({
  staticData: { title: 'Sign in' },
  getParentRoute: () => root,
  path: '/sign-in',
  errorComponent: WholeTrouble,
  component: lazyRouteComponent(() => import('../sign-in/sign-in.tsx'), 'SignInPage'),
})
const setUp = createRoute({
  staticData: { title: 'Set up' },
  getParentRoute: () => root,
  path: '/setup',
  errorComponent: WholeTrouble,
  component: lazyRouteComponent(() => import('../sign-in/set-up.tsx'), 'SetUpPage'),
})
const welcome = createRoute({
  staticData: { title: 'Welcome' },
  getParentRoute: () => root,
  path: '/welcome',
  errorComponent: WholeTrouble,
  component: lazyRouteComponent(() => import('../sign-in/welcome.tsx'), 'WelcomePage'),
})

/** Every page, with its name in the title of the window. */
function Root() {
  const title = useMatches({ select: (matches) => matches.at(-1)?.staticData.title })
  return (
    <>
      <title>{title === undefined ? 'Waggle' : `${title} · Waggle`}</title>
      <Outlet />
    </>
  )
}

/** All that only a signed-in person sees. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Shell,
  errorComponent: WholeTrouble,
  pendingComponent: Skeleton,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery)
    } catch (error) {
      if (!isSignedOut(error)) throw error
      throw redirect({ to: '/sign-in', search: { to: location.href } })
    }
  },
})

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/leads' })
  },
})
const leads = createRoute({
  staticData: { title: 'Leads' },
  getParentRoute: () => signedIn,
  path: '/leads',
  component: lazyRouteComponent(() => import('../leads/page.tsx'), 'LeadsPage'),
})
const lead = createRoute({
  staticData: { title: 'Lead' },
  getParentRoute: () => signedIn,
  path: '/leads/$leadId',
  component: lazyRouteComponent(() => import('../leads/lead-page.tsx'), 'LeadPage'),
})
const board = createRoute({
  staticData: { title: 'Board' },
  getParentRoute: () => signedIn,
  path: '/board',
  component: lazyRouteComponent(() => import('../board/page.tsx'), 'BoardPage'),
})
const webhooks = createRoute({
  staticData: { title: 'Webhooks' },
  getParentRoute: () => signedIn,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('../webhooks/page.tsx'), 'WebhooksPage'),
})
const webhook = createRoute({
  staticData: { title: 'Webhook' },
  getParentRoute: () => signedIn,
  path: '/webhooks/$webhookId',
  component: lazyRouteComponent(() => import('../webhooks/webhook-page.tsx'), 'WebhookPage'),
})
const keys = createRoute({
  staticData: { title: 'Keys' },
  getParentRoute: () => signedIn,
  path: '/keys',
  component: lazyRouteComponent(() => import('../keys/page.tsx'), 'KeysPage'),
})
const account = createRoute({
  staticData: { title: 'Your account' },
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/page.tsx'), 'AccountPage'),
})
/** Its sections are chosen by the address: tags, fields, users, company, import, export. */
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'tags' } })
  },
})
const settingsSection = createRoute({
  staticData: { title: 'Settings' },
  getParentRoute: () => signedIn,
  path: '/settings/$section',
  component: lazyRouteComponent(() => import('../settings/page.tsx'), 'SettingsPage'),
})

const routes = root.addChildren([
  signIn,
  setUp,
  welcome,
  signedIn.addChildren([home, leads, lead, board, webhooks, webhook, keys, account, settings, settingsSection]),
])

export const router = createRouter({
  routeTree: routes,
  basepath: '/console',
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  defaultPendingComponent: Skeleton,
  defaultErrorComponent: Trouble,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** What the page is called. */
    title?: string
  }
}
