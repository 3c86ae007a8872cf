/** What a check came to: a fault needs somebody now, a warning soon; a note is good to know. */
type State = 'ok' | 'note' | 'warning' | 'fault'

/** What one check of an installation found. */
export interface Finding {
  /** The check, the same word whatever was found. */
  readonly check: string
  readonly state: State
  /** One sentence. */
  readonly says: string
  /** What to do about it, where there is something. */
  readonly advice?: string
}

/** Makes the findings of one check. */
export const findingsOf = (check: string) => ({
  ok: (says: string): Finding => ({ check, state: 'ok', says }),
  note: (says: string, advice?: string): Finding => ({ check, state: 'note', says, ...(advice && { advice }) }),
  warning: (says: string, advice: string): Finding => ({ check, state: 'warning', says, advice }),
  fault: (says: string, advice: string): Finding => ({ check, state: 'fault', says, advice }),
})

export const fromBackup =
  'Stop the server, keep a copy of the data as it is, and restore the newest backup: waggle restore <directory>'
