import { useEffect, useRef, useSyncExternalStore } from 'react'

/** A key of the keyboard, or two in turn (`g l`), with what it does; shown in the sheet of keys. */
export interface Shortcut {
  /** As `KeyboardEvent.key` says it: `j`, `Enter`, `?`, `g l`; `mod+k` is ⌘K or Ctrl+K. */
  readonly keys: string
  readonly label: string
  /** Absent where the part that has the focus heeds the key itself: then it is only shown in the sheet. */
  readonly run?: ((event: KeyboardEvent) => void) | undefined
  /** Also heeded while text is typed. */
  readonly whileTyping?: true
}

interface Group {
  readonly name: string
  shortcuts: readonly Shortcut[]
}

const groups = new Set<Group>()
const listeners = new Set<() => void>()
let snapshot: readonly Group[] = []
const tell = (): void => {
  snapshot = [...groups]
  for (const listener of listeners) listener()
}

/** Every shortcut that is heeded now, by group, for the sheet of keys. */
export const useShortcutGroups = (): readonly Group[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => snapshot,
  )

/** Heeds shortcuts while the component is shown. Of two with the same keys the one that came last is heeded. */
export function useShortcuts(name: string, shortcuts: readonly Shortcut[]): void {
  const group = useRef<Group>(null)
  useEffect(() => {
    const own: Group = { name, shortcuts: [] }
    group.current = own
    groups.add(own)
    tell()
    return () => {
      groups.delete(own)
      tell()
    }
  }, [name])
  useEffect(() => {
    if (group.current !== null) group.current.shortcuts = shortcuts
  })
}

const singleKeysOff = 'waggle.single-keys-off'

/** Whether keys without ⌘ or Ctrl are heeded: speech input and some hands need them off (WCAG 2.1.4). */
export const areSingleKeysOn = (): boolean => localStorage.getItem(singleKeysOff) === null
export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(singleKeysOff)
  else localStorage.setItem(singleKeysOff, '1')
  tell()
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:TEXTAREA|SELECT)$/.test(target.tagName) || isTextInput(target))

const isTextInput = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && !/^(?:checkbox|radio|button|submit|range|color|file)$/.test(target.type)

/** Within a dialog or a menu only what it heeds itself counts. */
const isInOverlay = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null

const chordMs = 1_000
let begun: { readonly key: string; readonly at: number } | undefined

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const isMod = event.metaKey || event.ctrlKey
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const pressed = isMod ? `mod+${event.shiftKey ? 'shift+' : ''}${key}` : key
  const chord = begun !== undefined && event.timeStamp - begun.at < chordMs ? `${begun.key} ${pressed}` : undefined
  begun = undefined
  const typing = isTyping(event.target)
  if (!isMod && (!areSingleKeysOn() || isInOverlay())) return
  const all = [...groups].reverse().flatMap(({ shortcuts }) => shortcuts)
  const heeded = all.filter(({ run, whileTyping }) => run !== undefined && (!typing || whileTyping === true))
  const found = heeded.find(({ keys }) => keys === chord) ?? heeded.find(({ keys }) => keys === pressed)
  if (found !== undefined) {
    event.preventDefault()
    found.run?.(event)
  } else if (!typing && heeded.some(({ keys }) => keys.startsWith(`${pressed} `))) {
    begun = { key: pressed, at: event.timeStamp }
  }
}

window.addEventListener('keydown', onKeyDown)
