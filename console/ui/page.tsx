import type { ReactNode } from 'react'
import classes from './page.module.css'

/** A page's one line of heading with what can be done, and below it what scrolls. */
export function Page({
  title,
  actions,
  children,
}: {
  readonly title: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <>
      <header className={classes['head']}>
        <h1>{title}</h1>
        <div className={classes['actions']}>{actions}</div>
      </header>
      <div className={classes['body']}>{children}</div>
    </>
  )
}
