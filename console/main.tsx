import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/styles.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './app/api.ts'
import { noteFailedLoads } from './app/failed-load.ts'
import { router } from './app/router.tsx'
import { parseSearch } from './app/search.ts'
import { leaveSignedOut } from './app/session.ts'
import { whenSignedOut } from './app/signed-out.ts'
import { theme, variables } from './app/theme.ts'
import { askAhead } from './leads/ahead.ts'

noteFailedLoads()
whenSignedOut(leaveSignedOut)
if (window.location.pathname === '/console/leads') {
  askAhead(parseSearch(window.location.search))
  void import('./leads/page.tsx')
}

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no place for the console')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-left" autoClose={10_000} limit={4} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
