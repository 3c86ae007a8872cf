import type { ReactNode } from 'react'
import classes from './card.module.css'

/** The one thing on a page for people who are not signed in. */
export function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={classes['ground']}>
      <div className={classes['card']}>
        <div className={classes['brand']}>
          <img src="/console/favicon.svg" width={28} height={28} alt="" />
          Waggle
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
