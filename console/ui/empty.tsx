import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** What is not there, why, and the next step. */
export function Empty({
  title,
  children,
  action,
  isPage = false,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  /** Whether it stands in place of a whole page, heading and all. */
  readonly isPage?: boolean
}) {
  const Heading = isPage ? 'h1' : 'h2'
  return (
    <div className={classes['empty']}>
      <Heading>{title}</Heading>
      {children !== undefined && <div className={classes['text']}>{children}</div>}
      {action}
    </div>
  )
}
