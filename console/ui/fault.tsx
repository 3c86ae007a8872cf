import classes from './fault.module.css'

/** Why something was refused, beside what was tried. */
export function Fault({ children }: { readonly children: string | undefined }) {
  if (children === undefined) return null
  return (
    <p className={classes['fault']} role="alert">
      {children}
    </p>
  )
}
