import classes from './key-names.module.css'

const isApple = /Mac|iP(?:hone|ad|od)/.test(navigator.userAgent)

const names: Readonly<Record<string, string>> = {
  mod: isApple ? '⌘' : 'Ctrl',
  shift: '⇧',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ' ': 'Space',
}

/** Keys as they are named on the keyboard: `mod+k` is ⌘K or Ctrl+K, `g l` is G and then L. */
export function KeyNames({ keys }: { readonly keys: string }) {
  const turns = keys === ' ' ? [' '] : keys.split(' ')
  return (
    <span className={classes['keys']}>
      {turns.map((turn) => (
        <span key={turn} className={classes['keys']}>
          {turn.split('+').map((key) => (
            <kbd key={key}>{nameOfKey(key)}</kbd>
          ))}
        </span>
      ))}
    </span>
  )
}

const nameOfKey = (key: string): string => names[key] ?? (key.length === 1 ? key.toUpperCase() : key)
