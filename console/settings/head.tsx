import type { ReactNode } from 'react'
import classes from './page.module.css'

/** What a section is for, and what can be done there first. */
export function Head({
  title,
  children,
  actions,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <div className={classes['head']}>
      <div>
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
      <div className={classes['actions']}>{actions}</div>
    </div>
  )
}
