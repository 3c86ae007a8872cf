import { TextInput } from '@mantine/core'
import { type ComponentProps, useState } from 'react'
import { Confirm } from './dialog.tsx'

/** As {@link Confirm}, for what nobody may do by a slip: a text has to be typed, whatever its case. */
export function TypedConfirm({
  wanted,
  children,
  ...confirm
}: Omit<ComponentProps<typeof Confirm>, 'isDanger' | 'isOff'> & { readonly wanted: string }) {
  const [typed, setTyped] = useState('')
  return (
    <Confirm {...confirm} isDanger isOff={typed.trim().toLowerCase() !== wanted.toLowerCase()}>
      {children}
      <TextInput
        label={`Type ${wanted} to go on`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        size="sm"
        mt="sm"
      />
    </Confirm>
  )
}
