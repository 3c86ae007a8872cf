import { Button } from '@mantine/core'
import { DialogEnd } from '../ui/dialog.tsx'

interface Props {
  readonly fault: string | undefined
  readonly isBusy: boolean
  readonly close: () => void
  /** What the button says: the verb. */
  readonly action: string
}

/** What a form in a dialog ends with: why it was refused, the way out, and the button that sends it. */
export function FormEnd({ fault, isBusy, close, action }: Props) {
  return (
    <DialogEnd why={fault}>
      <Button variant="default" onClick={close}>
        Cancel
      </Button>
      <Button type="submit" loading={isBusy}>
        {action}
      </Button>
    </DialogEnd>
  )
}
