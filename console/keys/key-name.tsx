import { TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Key } from '../../sdk/index.ts'
import { sentenceOf, waggle } from '../app/api.ts'
import { offerUndo } from '../app/undo.tsx'
import classes from './key-name.module.css'
import { refreshKeys } from './queries.ts'

/** A key's label; edited where it stands: Enter saves, Esc restores. */
export function KeyName({
  held,
  isEdited,
  end,
}: {
  readonly held: Key
  readonly isEdited: boolean
  /** @param isByKey the focus has to go somewhere else */
  readonly end: (isByKey: boolean) => void
}) {
  if (isEdited) return <Editor held={held} end={end} />
  return (
    <span className={classes['name']} title={held.label}>
      {held.label}
    </span>
  )
}

function Editor({ held, end: leave }: { readonly held: Key; readonly end: (isByKey: boolean) => void }) {
  // The focus goes when the editor does, and that blur saves nothing.
  const isOver = useRef(false)
  const end = (isByKey: boolean): void => {
    isOver.current = true
    leave(isByKey)
  }
  const [text, setText] = useState(held.label)
  const [why, setWhy] = useState<string>()
  const save = async (isByKey: boolean): Promise<void> => {
    if (isOver.current) return
    const label = text.trim()
    if (label === held.label) return end(isByKey)
    try {
      await rename(held.id, label)
      offerUndo(`${held.label} is now ${label}`, () => rename(held.id, held.label))
      end(isByKey)
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
      onBlur={() => void save(false)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void save(true)
        if (event.key !== 'Escape') return
        event.preventDefault()
        end(true)
      }}
    />
  )
}

async function rename(id: number, label: string): Promise<void> {
  await waggle.keys.update(id, { label })
  await refreshKeys()
}
