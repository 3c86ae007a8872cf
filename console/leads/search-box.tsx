import { IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useShortcuts } from '../app/shortcuts.tsx'
import classes from './filter-bar.module.css'
import { withParameters } from './filters.ts'
import type { Address } from './filters-address.ts'

/** Typing rests for so long, in ms, until it is searched. */
const restMs = 120
/** As the list takes it. */
const lengthMax = 200

/** A text that is searched as it is typed. */
export function SearchBox({ address: { search, go } }: { readonly address: Address }) {
  const stored = search['search'] ?? ''
  const [typed, setTyped] = useState(stored)
  const sent = useRef(stored)
  const input = useRef<HTMLInputElement>(null)
  // The address was changed elsewhere, such as by "Back".
  if (stored !== sent.current) {
    sent.current = stored
    setTyped(stored)
  }
  useEffect(() => {
    if (typed.trim() === sent.current) return
    const timer = setTimeout(() => {
      sent.current = typed.trim()
      go((was) => withParameters(was, { search: typed.trim() }), false)
    }, restMs)
    return () => clearTimeout(timer)
  }, [typed, go])
  useShortcuts('Leads', [{ keys: '/', label: 'Search', run: () => input.current?.focus() }])
  return (
    <div className={classes['search']}>
      <IconSearch size={14} aria-hidden />
      <input
        ref={input}
        type="text"
        aria-label="Search leads"
        placeholder="Search"
        autoComplete="off"
        spellCheck={false}
        maxLength={lengthMax}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          if (typed === '') input.current?.blur()
          else setTyped('')
        }}
      />
      {typed === '' ? (
        <kbd aria-hidden>/</kbd>
      ) : (
        <button type="button" className={classes['remove']} aria-label="Clear the search" onClick={() => setTyped('')}>
          <IconX size={13} aria-hidden />
        </button>
      )}
    </div>
  )
}
