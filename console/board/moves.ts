import { useQueries } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import { queryClient } from '../app/api.ts'
import { say } from '../app/say.ts'
import { nameOfLead, useChangeLead } from '../leads/change.ts'
import { leadQuery } from '../leads/queries.ts'
import { type Status, statusLabels } from '../ui/status.tsx'

/** A lead that was moved on this board: it stands on top of its new column until the board is left. */
interface Move {
  readonly lead: LeadRow
  readonly to: Status
  /** Whether the lists that the server answers have it there. */
  readonly isSettled: boolean
}

/** So many of the last moves stand on top. */
const movesMax = 30

export interface Moves {
  readonly move: (lead: LeadRow, to: Status) => Promise<void>
  /** What was moved to a column and is there still, newest first. */
  readonly arrivedIn: (status: Status) => readonly LeadRow[]
  /** How many of those the server's list does not have yet. */
  readonly arrivingIn: (status: Status) => number
  /** Leads that stand on top of a column. */
  readonly moved: ReadonlySet<number>
  /** What has just happened, in a sentence, to be read aloud. */
  readonly told: string
}

/** Moves leads between the columns: shown at once, put back with the reason when it is refused. */
export function useMoves(): Moves {
  const changeLead = useChangeLead()
  const [moves, setMoves] = useState<readonly Move[]>([])
  const [told, setTold] = useState('')
  const move = useCallback(
    async (lead: LeadRow, to: Status): Promise<void> => {
      const from = lead.status
      if (from === to) return
      const name = nameOfLead(lead)
      const forget = (): void => setMoves((all) => all.filter((one) => one.lead.id !== lead.id))
      setMoves((all) => [
        { lead: { ...lead, status: to }, to, isSettled: false },
        ...all.filter((one) => one.lead.id !== lead.id).slice(0, movesMax - 1),
      ])
      setTold(`${name} moved to ${statusLabels[to]}.`)
      const outcome = await changeLead(lead.id, [{ member: 'status', from, to }])
      if (outcome.kind !== 'saved') {
        forget()
        setTold(`${name} stays in ${statusLabels[from]}.`)
        if (outcome.kind === 'refused') say(`${name} stays in ${statusLabels[from]}. ${outcome.why}`, 'failed')
        return
      }
      await queryClient.invalidateQueries({ queryKey: ['leads', 'page'] }, { cancelRefetch: false })
      setMoves((all) =>
        all.map((one) => (one.lead.id === lead.id && one.to === to ? { ...one, isSettled: true } : one)),
      )
    },
    [changeLead],
  )
  const standing = useStanding(moves)
  return {
    move,
    told,
    arrivedIn: (status) => standing.flatMap(({ lead, to }) => (to === status ? [lead] : [])),
    arrivingIn: (status) => standing.filter(({ to, isSettled }) => to === status && !isSettled).length,
    moved: new Set(standing.map(({ lead }) => lead.id)),
  }
}

/** The moves that still hold: whoever undoes one, here or elsewhere, takes the lead from the top of the column. */
function useStanding(moves: readonly Move[]): readonly Move[] {
  const held = useQueries({
    queries: moves.map(({ lead, isSettled }) => ({ ...leadQuery(lead.id), enabled: isSettled })),
  })
  return moves.flatMap((move, at) => {
    if (!move.isSettled) return [move]
    const { data: now, isError } = held[at] ?? {}
    if (isError || (now !== undefined && now.status !== move.to)) return []
    return [now === undefined ? move : { ...move, lead: { ...move.lead, ...now } }]
  })
}
