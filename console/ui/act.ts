import { useState } from 'react'
import { sentenceOf } from '../app/api.ts'

interface Act {
  /** Does it; resolves to whether it was done. While it runs a second call does nothing. */
  readonly run: (task: () => Promise<unknown>) => Promise<boolean>
  readonly isBusy: boolean
  /** Why it was refused the last time, for a person. */
  readonly fault: string | undefined
  readonly forget: () => void
}

/** Something a person does that the server may refuse: whether it runs, and what was wrong. */
export function useAct(): Act {
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const run = async (task: () => Promise<unknown>): Promise<boolean> => {
    if (isBusy) return false
    setBusy(true)
    setFault(undefined)
    try {
      await task()
      return true
    } catch (error) {
      setFault(sentenceOf(error))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { run, isBusy, fault, forget: () => setFault(undefined) }
}
