import { useEffect, useState } from 'react'
import classes from './skeleton.module.css'

const patienceMs = 150

/** Grey bars where text will be, once it has been waited for a while; nothing before, so that nothing flickers. */
export function Skeleton({ lines = 8, label = 'Loading' }: { readonly lines?: number; readonly label?: string }) {
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isShown) return null
  return (
    <div className={classes['skeleton']} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_unused, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have nothing else
        <div key={line} className={classes['bar']} style={{ width: `${90 - ((line * 37) % 50)}%` }} />
      ))}
    </div>
  )
}
