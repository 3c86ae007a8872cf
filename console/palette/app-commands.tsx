import { useMantineColorScheme } from '@mantine/core'
import {
  IconApi,
  IconArrowBackUp,
  IconCode,
  IconContrast,
  IconKey,
  IconKeyboard,
  IconLayoutKanban,
  IconList,
  IconLogout,
  IconSchool,
  IconSettings,
  IconTerminal2,
  IconUserCircle,
  IconWebhook,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { copyRequest, type RequestForm, requestForms } from '../app/copied.ts'
import { type MadeChange, useMadeChanges } from '../app/requests.ts'
import { signOut, useMay } from '../app/session.ts'
import { undoLast } from '../app/undo.tsx'
import { shownAgo } from '../ui/time.tsx'
import type { Entry } from './entry.ts'
import { icon } from './icon.ts'

const places = [
  { to: '/leads', label: 'Leads', keys: 'g l', Icon: IconList },
  { to: '/board', label: 'Board', keys: 'g b', Icon: IconLayoutKanban },
  { to: '/webhooks', label: 'Webhooks', keys: 'g w', Icon: IconWebhook, needs: 'listWebhooks', words: 'hooks' },
  { to: '/keys', label: 'Keys', keys: 'g k', Icon: IconKey, needs: 'listKeys', words: 'API tokens' },
] as const

const sections = [
  { section: 'tags', label: 'Tags' },
  { section: 'fields', label: 'Custom fields' },
  { section: 'users', label: 'Users', words: 'people invite' },
  { section: 'company', label: 'Company' },
  { section: 'import', label: 'Import', words: 'CSV upload' },
  { section: 'export', label: 'Export', words: 'CSV download' },
] as const

/** Where one can go. */
export function useGoTo(): readonly Entry[] {
  const navigate = useNavigate()
  const [mayWebhooks, mayKeys] = [useMay('listWebhooks'), useMay('listKeys')]
  const may: Readonly<Record<string, boolean>> = { listWebhooks: mayWebhooks, listKeys: mayKeys }
  const group = 'Go to'
  return [
    ...places
      .filter((place) => !('needs' in place) || may[place.needs] === true)
      .map(
        (place): Entry => ({
          id: `go ${place.to}`,
          group,
          label: place.label,
          words: 'words' in place ? `go to ${place.words}` : 'go to',
          keys: place.keys,
          icon: <place.Icon {...icon} />,
          run: () => navigate({ to: place.to }),
        }),
      ),
    {
      id: 'go account',
      group,
      label: 'Your account',
      words: 'password sessions profile signed in',
      icon: <IconUserCircle {...icon} />,
      run: () => navigate({ to: '/account' }),
    },
    ...sections.map(
      (one): Entry => ({
        id: `go settings ${one.section}`,
        group,
        label: `Settings: ${one.label}`,
        words: 'words' in one ? `${one.label} ${one.words}` : one.label,
        icon: <IconSettings {...icon} />,
        run: () => navigate({ to: '/settings/$section', params: { section: one.section } }),
      }),
    ),
  ]
}

/** What can be done anywhere. */
export function useAppCommands(open: (sheet: 'shortcuts' | 'first-steps') => void): readonly Entry[] {
  const { setColorScheme } = useMantineColorScheme()
  const copies = useCopies()
  const group = 'Do'
  const appearance = (label: string, value: 'light' | 'dark' | 'auto'): Entry => ({
    id: `appearance ${value}`,
    group,
    label: `Appearance: ${label}`,
    words: `${label} theme mode`,
    icon: <IconContrast {...icon} />,
    run: () => void setColorScheme(value),
  })
  return [
    {
      id: 'undo',
      group,
      label: 'Undo the last change',
      keys: 'mod+z',
      icon: <IconArrowBackUp {...icon} />,
      run: () => void undoLast(),
    },
    ...copies,
    appearance('Light', 'light'),
    appearance('Dark', 'dark'),
    appearance('As the system', 'auto'),
    {
      id: 'keys',
      group,
      label: 'Show the keys',
      words: 'shortcuts keyboard help',
      keys: '?',
      icon: <IconKeyboard {...icon} />,
      run: () => void open('shortcuts'),
    },
    {
      id: 'first-steps',
      group,
      label: 'First steps',
      words: 'help guide start curl API',
      icon: <IconSchool {...icon} />,
      run: () => void open('first-steps'),
    },
    {
      id: 'reference',
      group,
      label: 'API reference',
      words: 'docs documentation OpenAPI Swagger endpoints',
      icon: <IconApi {...icon} />,
      run: () => void location.assign('/docs'),
    },
    { id: 'sign-out', group, label: 'Sign out', words: 'log out', icon: <IconLogout {...icon} />, run: signOut },
  ]
}

/** The changes made on screen, to be made again by a program. */
function useCopies(): readonly Entry[] {
  const made = useMadeChanges()
  const [last] = made
  if (last === undefined) return []
  const entryOf = (change: MadeChange, form: RequestForm): Entry => ({
    id: `change ${change.at} ${change.path}`,
    group: 'Changes made on screen',
    label: `${change.method} ${change.path}`,
    detail: shownAgo(change.at),
    run: () => copyRequest(change, form),
  })
  return requestForms.flatMap(({ form, label }) => {
    const shared = { group: 'Do', icon: form === 'curl' ? <IconTerminal2 {...icon} /> : <IconCode {...icon} /> }
    const step = {
      title: label,
      placeholder: 'Which change …',
      entries: () => made.map((change) => entryOf(change, form)),
    }
    return [
      {
        ...shared,
        id: `copy-${form}`,
        label: `${label}: the last change`,
        detail: `${last.method} ${last.path}`,
        run: () => copyRequest(last, form),
      },
      ...(made.length > 1
        ? [{ ...shared, id: `copy-${form}-of`, label: `${label}: an earlier change …`, run: () => step }]
        : []),
    ]
  })
}
