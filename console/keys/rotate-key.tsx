import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { Contract, Key } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { useAct } from '../ui/act.ts'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { KeyShown } from './key-shown.tsx'
import classes from './make-key.module.css'
import { refreshKeys } from './queries.ts'

const hoursMax = 720
const hourSeconds = 3_600

/** A new key in place of one; the old one goes on for a while, so that nothing stops. */
export function RotateKey({ held, close }: { readonly held: Key; readonly close: () => void }) {
  const [hours, setHours] = useState<number | string>(24)
  const { run, isBusy, fault } = useAct()
  const [made, setMade] = useState<Contract['rotateKey']['reply']>()
  const submit = (): Promise<boolean> =>
    run(async () => {
      if (hours === '') throw new Error('Say for how many hours; 0 ends it at once.')
      setMade(await waggle.keys.rotate(held.id, { overlap_seconds: Math.round(Number(hours) * hourSeconds) }))
      void refreshKeys()
    })
  if (made !== undefined) return <KeyShown made={made} title="The new key" close={close} />
  return (
    <Dialog title={`Rotate ${held.label}`} close={close}>
      <form
        className={classes['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <p className={classes['text']}>
          Makes a new key with the same label and rights. The old one opens for a while yet, so that you can change the
          program without a stop.
        </p>
        <NumberInput
          label="Hours that the old key still opens"
          description={`0 to ${hoursMax}; 0 ends it at once.`}
          min={0}
          max={hoursMax}
          value={hours}
          onChange={setHours}
          error={fault}
          data-autofocus
        />
        <DialogEnd>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Make the new key
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  )
}
