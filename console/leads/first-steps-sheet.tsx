import { Modal } from '@mantine/core'
import { FirstSteps } from './first-steps.tsx'

/** The guide over whatever page is open. */
export function FirstStepsSheet({ close }: { readonly close: () => void }) {
  return (
    <Modal opened onClose={close} title="First steps" size={680}>
      <FirstSteps leave={close} />
    </Modal>
  )
}
