import type { ReactNode } from 'react'
import type { Findable } from './rank.ts'

/** Something to do or to go to. */
export interface Entry extends Findable {
  readonly group: string
  readonly icon?: ReactNode
  /** Beside the label, in a softer colour. */
  readonly detail?: string | undefined
  /** The keys that do the same. */
  readonly keys?: string | undefined
  readonly isChecked?: boolean | undefined
  /** Only shown when it is found by what was typed. */
  readonly isTypedFor?: true
  /** @returns what is chosen next; nothing when it is done */
  readonly run: () => Step | undefined | Promise<unknown>
}

/** A question with its answers: "Set the status of TechCorp". */
export interface Step {
  readonly title: string
  readonly placeholder: string
  /** @param typed what was typed, where the answers depend on it */
  readonly entries: (typed: string) => readonly Entry[]
  /** The answers are shown as they are: what is typed is an answer itself. */
  readonly isFree?: true
}
