import type { ReactNode } from 'react'
import classes from './tag.module.css'

interface TagLook {
  readonly label: string
  readonly background_color: string
}

/** A tag: its colour as a mark, its word in the text's own colour, so that it can be read in both themes. */
export function Tag({ tag, children }: { readonly tag: TagLook; readonly children?: ReactNode }) {
  return (
    <span className={classes['tag']}>
      <span className={classes['mark']} style={{ background: tag.background_color }} aria-hidden />
      <span className={classes['label']}>{tag.label}</span>
      {children}
    </span>
  )
}
