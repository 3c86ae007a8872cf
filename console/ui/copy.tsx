import classes from './copy.module.css'
import { CopyButton } from './copy-icon.tsx'

/** A text to be taken along, such as a link, with a button that copies it. */
export function Copy({ value, label }: { readonly value: string; readonly label: string }) {
  return (
    <div className={classes['copy']}>
      <code>{value}</code>
      <CopyButton text={value} label={label} />
    </div>
  )
}
