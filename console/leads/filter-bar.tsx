import { Popover, UnstyledButton } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react'
import classes from './filter-bar.module.css'
import {
  allFilters,
  type Condition,
  cleared,
  conditionWords,
  type Filter,
  filterSentence,
  isNarrowed,
} from './filters.ts'
import { type Address, useAddress } from './filters-address.ts'
import { useDefinitions } from './queries.ts'
import { SearchBox } from './search-box.tsx'

const FilterEditor = lazy(() => import('./filter-editor.tsx').then((one) => ({ default: one.FilterEditor })))
const FilterMenu = lazy(() => import('./filter-editor.tsx').then((one) => ({ default: one.FilterMenu })))

const still = { duration: 0 } as const

/**
 * What narrows the leads: a text to search for, and a chip for each filter. All of it stands in the address.
 *
 * @param children stand at its end
 */
export function FilterBar({ children }: { readonly children?: ReactNode }) {
  const address = useAddress()
  const { search, go } = address
  const definitions = useDefinitions()
  const filters = useMemo(() => allFilters(definitions), [definitions])
  const [open, setOpen] = useState<string>()
  const chips = filters.filter((filter) => filter.id === open || filter.read(search) !== undefined)
  const bar = useRef<HTMLDivElement>(null)
  const { step, afterRemoval } = useChipFocus(bar)
  const remove = (filter: Filter): void => {
    setOpen(undefined)
    afterRemoval(chips.indexOf(filter))
    go((was) => filter.write(was, undefined))
  }
  return (
    <div className={classes['bar']}>
      <SearchBox address={address} />
      <p className="visually-hidden" id="filter-sentence" role="status">
        {filterSentence(search, filters)}
      </p>
      <div
        ref={bar}
        className={classes['chips']}
        role="toolbar"
        aria-label="Filters"
        aria-describedby="filter-sentence"
      >
        {chips.map((filter, at) => (
          <Chip
            key={filter.id}
            filter={filter}
            address={address}
            isOpen={open === filter.id}
            setOpen={(isOpen) => setOpen(isOpen ? filter.id : undefined)}
            remove={() => remove(filter)}
            step={(by) => step(at + by)}
          />
        ))}
        <AddFilter filters={filters.filter((filter) => !chips.includes(filter))} add={setOpen} />
        {isNarrowed(search) && (
          <UnstyledButton className={classes['clear']} onClick={() => go(cleared)}>
            Clear
          </UnstyledButton>
        )}
      </div>
      {children}
    </div>
  )
}

/** Moves the focus between the chips. */
function useChipFocus(bar: { readonly current: HTMLElement | null }) {
  const focus = (at: number): void => {
    const chips = [...(bar.current?.querySelectorAll<HTMLElement>('[data-chip]') ?? [])]
    chips[Math.max(0, Math.min(chips.length - 1, at))]?.focus()
  }
  return {
    step: focus,
    /** The neighbour, once the chip is gone. */
    afterRemoval: (at: number) => setTimeout(() => focus(Math.max(0, at - 1)), 30),
  }
}

interface ChipProps {
  readonly filter: Filter
  readonly address: Address
  readonly isOpen: boolean
  readonly setOpen: (isOpen: boolean) => void
  readonly remove: () => void
  readonly step: (by: number) => void
}

function Chip({ filter, address: { search, go }, isOpen, setOpen, remove, step }: ChipProps) {
  const condition = filter.read(search)
  const words = condition === undefined ? '…' : conditionWords(filter, condition)
  const text = useRef<HTMLButtonElement>(null)
  const done = (): void => {
    setOpen(false)
    // What had the focus before may be gone: the menu that the filter was chosen from.
    requestAnimationFrame(() => text.current?.focus())
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (event.key === 'Backspace' || event.key === 'Delete') remove()
    else if (by !== undefined) step(by)
    else return
    event.preventDefault()
  }
  return (
    <span className={classes['chip']} data-open={isOpen}>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        onDismiss={done}
        position="bottom-start"
        trapFocus
        transitionProps={still}
      >
        <Popover.Target>
          <UnstyledButton
            ref={text}
            className={classes['chipText']}
            data-chip
            onClick={() => setOpen(!isOpen)}
            onKeyDown={onKeyDown}
          >
            <span className={classes['chipLabel']}>{filter.label}</span>
            <span className={classes['cut']}>{words}</span>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes['editor']} aria-label={`Filter by ${filter.label}`}>
          <Suspense fallback={null}>
            <FilterEditor
              filter={filter}
              condition={condition}
              change={(next: Condition | undefined) => go((was) => filter.write(was, next), false)}
              done={done}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <UnstyledButton
        className={classes['remove']}
        aria-label={`Remove the filter: ${filter.label} ${words}`}
        tabIndex={-1}
        onClick={remove}
      >
        <IconX size={13} aria-hidden />
      </UnstyledButton>
    </span>
  )
}

/** A menu of every filter that is not there yet. */
function AddFilter({ filters, add }: { readonly filters: readonly Filter[]; readonly add: (id: string) => void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus returnFocus transitionProps={still}>
      <Popover.Target>
        <UnstyledButton className={classes['add']} data-chip onClick={() => setOpen(!isOpen)}>
          <IconPlus size={14} aria-hidden />
          Filter
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes['editor']} aria-label="Add a filter">
        <Suspense fallback={null}>
          <FilterMenu
            filters={filters}
            pick={(id: string) => {
              setOpen(false)
              // The chip opens once this menu is gone and has given the focus back.
              setTimeout(() => add(id), 0)
            }}
            close={() => setOpen(false)}
          />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
