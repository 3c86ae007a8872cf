import { Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import {
  IconApi,
  IconDeviceDesktop,
  IconKey,
  IconKeyboard,
  IconLayoutKanban,
  IconList,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconUserCircle,
  IconWebhook,
} from '@tabler/icons-react'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { useConflict } from './conflict.ts'
import { followChanges } from './live.ts'
import { signOut, useSession } from './session.ts'
import classes from './shell.module.css'
import { useShortcuts } from './shortcuts.tsx'
import { undoLast } from './undo.tsx'

const loadPalette = () => import('../palette/palette.tsx')
const Palette = lazy(() => loadPalette().then(({ Palette }) => ({ default: Palette })))
const ShortcutSheet = lazy(() =>
  import('../palette/shortcut-sheet.tsx').then((one) => ({ default: one.ShortcutSheet })),
)
const ConflictDialog = lazy(() =>
  import('../leads/conflict-dialog.tsx').then((one) => ({ default: one.ConflictDialog })),
)
const FirstStepsSheet = lazy(() =>
  import('../leads/first-steps-sheet.tsx').then((one) => ({ default: one.FirstStepsSheet })),
)

/**
 * The palette is fetched so long after the page, in ms: it opens at once then, and the page did not wait for it. Where
 * that fails it is fetched when it is asked for.
 */
const paletteAfterMs = 1_500

const places = [
  { to: '/leads', label: 'Leads', icon: IconList, keys: 'g l' },
  { to: '/board', label: 'Board', icon: IconLayoutKanban, keys: 'g b' },
  { to: '/webhooks', label: 'Webhooks', icon: IconWebhook, keys: 'g w', needs: 'listWebhooks' },
  { to: '/keys', label: 'Keys', icon: IconKey, keys: 'g k', needs: 'listKeys' },
  { to: '/settings', label: 'Settings', icon: IconSettings, keys: 'g s' },
] as const

type Sheet = 'palette' | 'shortcuts' | 'first-steps'

/** Navigation beside, or below on a narrow screen, and the page. */
export function Shell() {
  const [sheet, setSheet] = useState<Sheet>()
  const conflict = useConflict()
  // What a sheet has opened in its place stays.
  const closing = (own: Sheet) => (): void => setSheet((now) => (now === own ? undefined : now))
  useEffect(followChanges, [])
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), paletteAfterMs)
    return () => clearTimeout(timer)
  }, [])
  useGoToKeys()
  useShortcuts('Everywhere', [
    { keys: 'mod+k', label: 'Find a lead or a command', run: () => setSheet('palette'), whileTyping: true },
    { keys: '?', label: 'Show the keys', run: () => setSheet('shortcuts') },
    { keys: 'mod+z', label: 'Undo the last change', run: () => undoLast() },
  ])
  return (
    <div className={classes['shell']}>
      <a className={classes['skip']} href="#main">
        Skip to the page
      </a>
      <Navigation open={setSheet} />
      <main className={classes['main']} id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense>
        {sheet === 'palette' && <Palette close={closing('palette')} open={setSheet} />}
        {sheet === 'shortcuts' && <ShortcutSheet close={closing('shortcuts')} />}
        {sheet === 'first-steps' && <FirstStepsSheet close={closing('first-steps')} />}
        {conflict !== undefined && <ConflictDialog key={conflict.id} conflict={conflict} />}
      </Suspense>
    </div>
  )
}

/** The places that are open to whoever is signed in. */
function usePlaces() {
  const { operations } = useSession()
  return places.filter((place) => !('needs' in place) || operations.includes(place.needs))
}

/** G and a letter go to a page. */
function useGoToKeys(): void {
  const navigate = useNavigate()
  useShortcuts(
    'Go to',
    usePlaces().map(({ to, label, keys }) => ({ keys, label, run: () => void navigate({ to }) })),
  )
}

function Navigation({ open }: { readonly open: (sheet: Sheet) => void }) {
  return (
    <nav className={classes['nav']} aria-label="Main">
      <div className={classes['brand']}>
        <img src="/console/favicon.svg" width={20} height={20} alt="" />
        Waggle
      </div>
      {usePlaces().map(({ to, label, icon: Icon, keys }) => (
        <Tooltip
          key={to}
          label={
            <>
              {label} · {keys.toUpperCase()}
            </>
          }
          position="right"
        >
          <Link to={to} className={classes['link']}>
            <Icon size={16} stroke={1.7} aria-hidden />
            {label}
          </Link>
        </Tooltip>
      ))}
      <div className={classes['grow']} />
      <PersonMenu open={open} />
    </nav>
  )
}

function PersonMenu({ open }: { readonly open: (sheet: Sheet) => void }) {
  const { user, company } = useSession()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ') || user.email
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <button type="button" className={classes['person']} aria-label={`${name}: account and appearance`}>
          <Avatar user={user} size={24} />
          <span className={classes['name']}>{name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{company.name}</Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size={14} />} onClick={() => void navigate({ to: '/account' })}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconSearch size={14} />} onClick={() => open('palette')}>
          Find or do …
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={14} />} onClick={() => open('shortcuts')}>
          Keyboard
        </Menu.Item>
        <Menu.Item component="a" href="/docs" leftSection={<IconApi size={14} />}>
          API reference
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {appearances.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<Icon size={14} />}
            rightSection={colorScheme === value ? '✓' : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const appearances = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const
