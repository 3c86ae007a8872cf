import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots, IconPencil, IconPlus, IconShare, IconTrash, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { queryClient, sentenceOf, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { useMay, useSession } from '../app/session.ts'
import { offerUndo } from '../app/undo.tsx'
import type { Column } from './columns.ts'
import type { Address } from './filters-address.ts'
import { leadQueryOf } from './queries.ts'
import { allViews, asMeant, isChanged, type SavedView, searchOf, type View, viewOf, viewsQuery } from './views.ts'
import classes from './views-bar.module.css'

const NameDialog = lazy(() => import('./views-dialog.tsx').then((one) => ({ default: one.NameDialog })))

const none: readonly SavedView[] = []

/** All views, and that which the address is of. */
export function useViews({ search }: Address): { views: readonly View[]; view: View | undefined } {
  const { user } = useSession()
  const { data = none } = useQuery(viewsQuery)
  const views = useMemo(() => allViews(user.id, data), [user.id, data])
  return { views, view: viewOf(search, views) }
}

interface ViewsBarProps {
  readonly address: Address
  readonly views: readonly View[]
  readonly view: View | undefined
  readonly columns: readonly Column[]
}

/** Views as tabs. One that was changed can be saved, or be as it was. */
export function ViewsBar({ address, views, view, columns }: ViewsBarProps) {
  const [dialog, setDialog] = useState<'new' | 'rename'>()
  const mayCreate = useMay('createView')
  const changed = view !== undefined && isChanged(address.search, view)
  const own = useOwnViews({ address, view, columns })
  return (
    <div className={classes['bar']}>
      <nav className={classes['tabs']} aria-label="Views">
        {views.map((one) => (
          <Link
            key={one.id}
            to="/leads"
            search={searchOf(one)}
            activeOptions={{ includeSearch: true, exact: true }}
            className={classes['tab']}
            data-current={one === view}
            aria-current={one === view ? 'page' : undefined}
          >
            {one.saved?.shared === true && <IconUsers size={13} aria-label="Shared:" />}
            {one.name}
            {one === view && changed && (
              <span className={classes['dot']} title="Changed">
                <span className="visually-hidden">, changed</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      {view?.saved !== undefined && own.mayChange && (
        <ViewMenu view={view} saved={view.saved} own={own} rename={() => setDialog('rename')} />
      )}
      {changed && (
        <span className={classes['actions']}>
          {view.saved !== undefined && own.mayChange && (
            <Button variant="subtle" onClick={() => void own.save()}>
              Save
            </Button>
          )}
          {mayCreate && (
            <Button variant="subtle" color="gray" leftSection={<IconPlus size={13} />} onClick={() => setDialog('new')}>
              Save as view
            </Button>
          )}
          {view.id !== '' && (
            <Button variant="subtle" color="gray" onClick={() => address.go((was) => asMeant(was, view))}>
              Reset
            </Button>
          )}
        </span>
      )}
      <Suspense fallback={null}>
        {dialog === 'new' && (
          <NameDialog title="Save as view" close={() => setDialog(undefined)} save={own.create} canShare />
        )}
        {dialog === 'rename' && view?.saved !== undefined && (
          <NameDialog
            title="Rename view"
            name={view.name}
            close={() => setDialog(undefined)}
            save={({ name }) => own.change({ name })}
          />
        )}
      </Suspense>
    </div>
  )
}

function ViewMenu({
  view,
  saved,
  own,
  rename,
}: {
  readonly view: View
  readonly saved: SavedView
  readonly own: ReturnType<typeof useOwnViews>
  readonly rename: () => void
}) {
  return (
    <Menu position="bottom-start" width={200}>
      <Menu.Target>
        <ActionIcon aria-label={`View ${view.name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={rename}>
          Rename
        </Menu.Item>
        <Menu.Item
          leftSection={<IconShare size={14} />}
          onClick={() => void tried(own.change({ shared: !saved.shared }))}
        >
          {saved.shared ? 'Stop sharing' : 'Share with everybody'}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => void tried(own.remove(saved))}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

async function tried(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    say(sentenceOf(error), 'failed')
  }
}

/** What can be done with views. */
function useOwnViews({ address, view, columns }: Pick<ViewsBarProps, 'address' | 'view' | 'columns'>) {
  const { search, go } = address
  const { user } = useSession()
  const may = useMay('changeView')
  const refresh = (): Promise<void> => queryClient.invalidateQueries(viewsQuery)
  const shown = { query: leadQueryOf(search), columns: columns.map(({ id }) => id) }
  const saved = view?.saved
  const change = async (members: Parameters<typeof waggle.views.update>[1]): Promise<void> => {
    if (saved === undefined) return
    await waggle.views.update(saved.id, members)
    await refresh()
  }
  return {
    mayChange: may && saved !== undefined && (saved.shared || saved.user_uuid === user.uuid),
    change,
    save: async () => {
      await tried(change(shown))
      if (view !== undefined) go(({ columns: _now, ...rest }) => rest, false)
    },
    create: async (named: { name: string; shared: boolean }) => {
      const made = await waggle.views.create({ ...named, layout: 'table', ...shown })
      await refresh()
      go((was) => ({
        ...asMeant(was, { id: String(made.id), name: made.name, query: shown.query, columns: undefined }),
      }))
    },
    remove: async ({ id, name, shared, query, columns: ids, position }: SavedView) => {
      await waggle.views.delete(id)
      go((was) => Object.fromEntries(Object.entries(was).filter(([key]) => key !== 'saved' && key !== 'columns')))
      await refresh()
      offerUndo(`View “${name}” deleted`, async () => {
        await waggle.views.create({ name, shared, layout: 'table', query, columns: ids, position })
        await refresh()
      })
    },
  }
}
