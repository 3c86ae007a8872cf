import type { ReactNode } from 'react'
import classes from './code.module.css'
import { CopyIcon } from './copy-icon.tsx'

/** A text to be read or pasted as it stands, in a frame that scrolls, with a button that copies it. */
export function Code({
  label,
  text,
  copied = text,
  children,
  isWrapped = false,
  heightMax,
}: {
  /** What it is, told to screen readers and on the button: "the body". */
  readonly label: string
  readonly text: string
  /** What is copied, when that is not what is shown. */
  readonly copied?: string
  /** The same text with marks; the text alone when absent. */
  readonly children?: ReactNode
  readonly isWrapped?: boolean
  /** In pixels; it grows with its text when absent. */
  readonly heightMax?: number
}) {
  return (
    <div className={classes['frame']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys, too */}
      {/* biome-ignore lint/a11y/useSemanticElements: no set of controls */}
      <div className={classes['scroll']} style={{ maxHeight: heightMax }} tabIndex={0} role="group" aria-label={label}>
        <pre className={classes['text']} data-wrapped={isWrapped || undefined}>
          {children ?? text}
        </pre>
      </div>
      <div className={classes['copy']}>
        <CopyIcon text={copied} label={`Copy ${label}`} />
      </div>
    </div>
  )
}

/** JSON as people read it: two spaces deep, names set apart from values. What is no JSON stays as it is. */
export function Json({
  label,
  text,
  heightMax,
}: {
  readonly label: string
  readonly text: string
  readonly heightMax?: number
}) {
  const shown = indented(text)
  return (
    <Code label={label} text={shown} copied={text} isWrapped {...(heightMax !== undefined && { heightMax })}>
      {marked(shown)}
    </Code>
  )
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** A name at the beginning of a line, with its colon. */
const nameForm = /^(\s*)("(?:[^"\\]|\\.)*"(?=:))?/

function marked(text: string): ReactNode {
  return text.split('\n').map((line, number) => {
    const [, space = '', name = ''] = nameForm.exec(line) ?? []
    // What does not fit goes on two spaces deeper than its line begins.
    const style = { paddingInlineStart: `${space.length + 2}ch`, textIndent: `-${space.length + 2}ch` }
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text that stays have nothing else
      <span key={number} className={classes['line']} style={style}>
        {space}
        {name !== '' && <span className={classes['name']}>{name}</span>}
        {line.slice(space.length + name.length) || ' '}
      </span>
    )
  })
}
