/** What can be found by what is typed. */
export interface Findable {
  readonly id: string
  readonly label: string
  /** Other words that it is found by. */
  readonly words?: string | undefined
}

/** How well a text matches, at its best: the beginning of the label, of its words, a part, its letters in turn. */
export const scores = { whole: 100, beginning: 90, words: 70, part: 50, letters: 20 } as const

/** What is found by other words than its label counts less, so much. */
const behindLabel = 15
/** What was used lately stands before its equals: at most so much for the last one. */
const recentMax = 9

/** Without case and accents: "Müller" is found by "muller". */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()

/** How well a typed text matches a label; 0 when it does not. Both are plain. */
function scoreOf(label: string, typed: string): number {
  if (typed === '') return scores.part
  if (label === typed) return scores.whole
  if (label.startsWith(typed)) return scores.beginning
  const words = label.split(/[^\p{L}\p{N}]+/u)
  if (typed.split(/\s+/).every((one) => words.some((word) => word.startsWith(one)))) return scores.words
  if (label.includes(typed)) return scores.part
  return typed.length > 1 && hasInTurn(label, typed.replaceAll(' ', '')) ? scores.letters : 0
}

/**
 * Whether the letters stand in the label in turn, each right behind the one before or at the beginning of a
 * word: "sequ" is found in "set qualified".
 */
function hasInTurn(label: string, letters: string, from = 0): boolean {
  if (letters === '') return true
  for (let at = label.indexOf(letters.charAt(0), from); at >= 0; at = label.indexOf(letters.charAt(0), at + 1)) {
    const isBeginning = at === 0 || !/[\p{L}\p{N}]/u.test(label.charAt(at - 1))
    const isBehind = from > 0 && at === from
    if ((isBeginning || isBehind) && hasInTurn(label, letters.slice(1), at + 1)) return true
  }
  return false
}

/**
 * What matches, the best first; what matches alike stays in the order given.
 *
 * @param recent ids of what was used, the last first
 */
export function ranked<Entry extends Findable>(
  entries: readonly Entry[],
  typed: string,
  recent: readonly string[] = [],
): readonly { readonly entry: Entry; readonly score: number }[] {
  const wanted = plain(typed)
  return entries
    .map((entry) => {
      const byLabel = scoreOf(plain(entry.label), wanted)
      const byWords = entry.words === undefined || wanted === '' ? 0 : scoreOf(plain(entry.words), wanted) - behindLabel
      const best = Math.max(byLabel, byWords)
      const at = recent.indexOf(entry.id)
      return { entry, score: best <= 0 ? 0 : best + (at < 0 ? 0 : Math.max(0, recentMax - at)) }
    })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
}
