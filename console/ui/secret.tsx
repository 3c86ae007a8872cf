import { CopyButton } from './copy-icon.tsx'
import classes from './secret.module.css'

/** A secret that is shown this once, with the button that takes it along. */
export function Secret({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className={classes['secret']}>
      <div className={classes['row']}>
        <code className={classes['text']}>
          <span className="visually-hidden">{label}: </span>
          {text}
        </code>
        <CopyButton text={text} label="Copy" />
      </div>
      <p className={classes['warning']}>It is shown only now. Keep it where your passwords are.</p>
    </div>
  )
}
