import { offerUndo } from '../app/undo.tsx'
import { type MenuItem, RowMenu } from './row-menu.tsx'

interface Props {
  /** What it is called in sentences, such as `Tag “Hot”`. */
  readonly noun: string
  readonly name: string
  readonly isArchived: boolean
  readonly items: readonly MenuItem[]
  readonly setArchived: (archived: boolean) => Promise<void>
  readonly remove: () => Promise<void>
}

/** What can be done with something that a company defines: beside its own items it is archived, brought back, deleted. */
export function ArchiveMenu({ noun, name, isArchived, items, setArchived, remove }: Props) {
  const archive = async (): Promise<void> => {
    await setArchived(true)
    offerUndo(`${noun} archived`, () => setArchived(false))
  }
  const ends: readonly MenuItem[] = isArchived
    ? [
        { label: 'Bring back', run: () => setArchived(false) },
        { label: 'Delete for good', run: remove, danger: true },
      ]
    : [{ label: 'Archive', run: archive }]
  return <RowMenu name={name} items={[...items, ...ends]} />
}
