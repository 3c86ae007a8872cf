import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Key } from '../../sdk/index.ts'
import { sentenceOf, waggle } from '../app/api.ts'
import { offerUndo, say } from '../app/undo.tsx'
import classes from './key-name.module.css'
import { refreshKeys } from './queries.ts'

/** A key's label; edited where it stands: Enter saves, Esc restores. */
export function KeyName({
  held,
  isEdited,
  setEdited,
}: {
  readonly held: Key
  readonly isEdited: boolean
  readonly setEdited: (isEdited: boolean) => void
}) {
  if (isEdited) return <Editor held={held} end={() => setEdited(false)} />
  return (
    <span className={classes['name']} title={held.label}>
      {held.label}
    </span>
  )
}

function Editor({ held, end }: { readonly held: Key; readonly end: () => void }) {
  const [text, setText] = useState(held.label)
  const [why, setWhy] = useState<string>()
  const save = async (): Promise<void> => {
    const label = text.trim()
    if (label === held.label) return end()
    try {
      await rename(held.id, label)
      offerUndo(`${held.label} is now ${label}`, () =>
        rename(held.id, held.label).catch((error: unknown) => say(sentenceOf(error), 'failed')),
      )
      end()
    } catch (error) {
      setWhy(sentenceOf(error))
    }
  }
  return (
    <TextInput
      aria-label="Label"
      value={text}
      error={why}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save()
        if (event.key !== 'Escape') return
        event.preventDefault()
        end()
      }}
    />
  )
}

async function rename(id: number, label: string): Promise<void> {
  await waggle.keys.update(id, { label })
  await refreshKeys()
}
