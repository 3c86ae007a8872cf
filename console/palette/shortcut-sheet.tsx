import { Modal } from '@mantine/core'
import { useShortcutGroups } from '../app/shortcuts.tsx'

export function ShortcutSheet({ close }: { readonly close: () => void }) {
  const groups = useShortcutGroups()
  return (
    <Modal opened onClose={close} title="Keys">
      {groups.map(({ name, shortcuts }) => (
        <section key={name}>
          <h2>{name}</h2>
          {shortcuts.map(({ keys, label }) => (
            <div key={keys}>
              <kbd>{keys}</kbd> {label}
            </div>
          ))}
        </section>
      ))}
    </Modal>
  )
}
