import { offerUndo } from '../app/undo.tsx'
import { type MenuItem, RowMenu } from './row-menu.tsx'

interface Props {
  /** What it is, such as `Tag`. */
  readonly noun: string
  readonly row: { readonly id: number; readonly label: string; readonly archived_at: string | null }
  /** The noun of the client. */
  readonly client: {
    readonly update: (id: number, change: { readonly archived: boolean }) => Promise<unknown>
    readonly delete: (id: number) => Promise<unknown>
  }
  readonly readAgain: () => void
  readonly items: readonly MenuItem[]
}

/** What can be done with something that a company defines: beside its own items it is archived, brought back, deleted. */
export function ArchiveMenu({ noun, row: { id, label, archived_at }, client, readAgain, items }: Props) {
  const setArchived = async (archived: boolean): Promise<void> => {
    await client.update(id, { archived })
    readAgain()
  }
  const archive = async (): Promise<void> => {
    await setArchived(true)
    offerUndo(`${noun} “${label}” archived`, () => setArchived(false))
  }
  const remove = async (): Promise<void> => {
    await client.delete(id)
    readAgain()
  }
  const ends: readonly MenuItem[] =
    archived_at === null
      ? [{ label: 'Archive', run: archive }]
      : [
          { label: 'Bring back', run: () => setArchived(false) },
          { label: 'Delete for good', run: remove, danger: true },
        ]
  return <RowMenu name={label} items={[...items, ...ends]} />
}
