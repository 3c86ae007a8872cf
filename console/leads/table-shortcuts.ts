import { useShortcuts } from '../app/shortcuts.tsx'
import type { Member } from './members.ts'
import type { ListedLead, Rows } from './rows.ts'
import type { Selection } from './selection.ts'
import { choose, type TableKeys } from './table-keys.ts'
import type { TableStore } from './table-state.ts'

interface TableShortcutsOptions {
  readonly rows: Rows
  readonly selection: Selection
  readonly store: TableStore
  readonly opened: number | undefined
  readonly open: (lead: ListedLead) => void
  /** Changes a member of all leads that are chosen. */
  readonly changeChosen: (member: Member) => void
  readonly keys: TableKeys
  readonly scrollTo: (index: number) => void
}

/** Single keys of the table. */
export function useTableShortcuts(options: TableShortcutsOptions): void {
  const { rows, selection, store, opened, open, changeChosen, keys, scrollTo } = options
  const step = (by: number): void => {
    const row = Math.max(0, Math.min((rows.total ?? 1) - 1, store.get().row + by))
    store.set({ row })
    scrollTo(row)
    keys.focus()
    const lead = rows.at(row)
    if (opened !== undefined && lead !== undefined) open(lead)
  }
  const begin = (member: Member): void => {
    if (selection.isEmpty()) keys.beginMember(member)
    else changeChosen(member)
  }
  useShortcuts('Leads', [
    { keys: 'j', label: 'Next lead', run: () => step(1) },
    { keys: 'k', label: 'Previous lead', run: () => step(-1) },
    { keys: 'x', label: 'Select the lead', run: () => choose(store.get().row, { rows, selection }) },
    { keys: 'e', label: 'Edit the cell', run: () => keys.begin(store.get().row, store.get().column) },
    { keys: 's', label: 'Set the status', run: () => begin('status') },
    { keys: 'a', label: 'Assign', run: () => begin('assignedUsers') },
    { keys: 'l', label: 'Change the tags', run: () => begin('tags') },
    { keys: 'Escape', label: 'Select nothing', run: () => selection.clear() },
  ])
}
