import classes from './avatar.module.css'
import { nameOf } from './name.ts'

/** Whoever is shown. */
export interface Person {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
}

const initialsOf = (person: Person): string => {
  const [first, last] = [person.first_name, person.last_name].map((name) => [...(name ?? '')][0])
  return [first, last].filter(Boolean).join('').toUpperCase() || (person.email[0]?.toUpperCase() ?? '?')
}

/** Grounds that white letters can be read on (4.5:1). */
const grounds = ['#7a5af0', '#1f7a8c', '#a8480f', '#2d6a4f', '#9d2f6f', '#3a5fb0', '#75611a', '#86371f']

/**
 * A person's initials, with the name on hover: told by the browser itself, as a list has hundreds of them.
 *
 * The ground is ours, as a colour that was chosen may hide the letters.
 */
export function Avatar({ user, size = 20 }: { readonly user: Person; readonly size?: number }) {
  const style = {
    width: size,
    height: size,
    fontSize: Math.round(size * 0.42),
    background: grounds[user.id % grounds.length],
  }
  return (
    <span
      className={classes['avatar']}
      style={style}
      role="img"
      aria-label={nameOf(user)}
      title={nameOf(user)}
      data-initials={initialsOf(user)}
    />
  )
}
