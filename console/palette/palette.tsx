import { Modal } from '@mantine/core'

export function Palette({ close }: { readonly close: () => void; readonly openShortcuts: () => void }) {
  return <Modal opened onClose={close} title="Find or do …" />
}
