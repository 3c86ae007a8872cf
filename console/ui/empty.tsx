import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** What is not there, why, and the next step. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className={classes['empty']}>
      <h2>{title}</h2>
      {children !== undefined && <div className={classes['text']}>{children}</div>}
      {action}
    </div>
  )
}
