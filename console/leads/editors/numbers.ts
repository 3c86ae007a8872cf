/** What a text means as a number. */
type NumberReading =
  | { readonly kind: 'empty' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'wrong'; readonly why: string }

/** Writes and reads numbers as people of a place do. */
export interface NumberForm {
  /** With all its digits, thousands apart: `1,234.5`. */
  readonly shown: (value: number) => string
  /** To be edited: all digits, nothing between them. */
  readonly draft: (value: number) => string
  readonly read: (text: string) => NumberReading
}

const digitsMax = 20

/** Beyond these a number is written with an exponent. */
const isPlain = (value: number): boolean => value === 0 || (Math.abs(value) < 1e21 && Math.abs(value) >= 1e-6)

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** @param locale such as `de-DE`; the browser's when absent */
export function numberForm(locale?: string): NumberForm {
  const grouped = new Intl.NumberFormat(locale, { maximumFractionDigits: digitsMax })
  const ungrouped = new Intl.NumberFormat(locale, { maximumFractionDigits: digitsMax, useGrouping: false })
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(-1_234_567.5)
  const group = parts.find(({ type }) => type === 'group')?.value ?? ','
  const decimal = parts.find(({ type }) => type === 'decimal')?.value ?? '.'
  const digits = new Map(Array.from({ length: 10 }, (_unused, digit) => [ungrouped.format(digit), String(digit)]))
  const latin = (text: string): string =>
    [
      ...text
        .trim()
        .replaceAll(/[\u061c\u200e\u200f]/g, '')
        .replace('\u2212', '-'),
    ]
      .map((one) => digits.get(one) ?? one)
      .join('')
  const wrong = `Not a number. Write it like ${ungrouped.format(1234.5)}.`
  return {
    shown: (value) => (isPlain(value) ? grouped.format(`${value}`) : String(value)),
    draft: (value) => (isPlain(value) ? ungrouped.format(`${value}`) : String(value)),
    read: (text) => {
      const written = latin(text)
      if (written === '') return { kind: 'empty' }
      const plain = ungroup(written, { group, decimal }) ?? written.replaceAll(/\s/g, '')
      if (!plainNumber.test(plain)) return { kind: 'wrong', why: wrong }
      const value = Number(plain)
      if (!Number.isFinite(value)) return { kind: 'wrong', why: 'This number is too large.' }
      if (isCut(plain, value)) return { kind: 'wrong', why: 'Only about 15 digits of a number can be kept.' }
      return { kind: 'number', value: value === 0 ? 0 : value }
    },
  }
}

/**
 * `1.234,5` of a German → `1234.5`; undefined where thousands are not set apart so.
 *
 * Marks that stand elsewhere are not taken away: `1.5` is never read as 15.
 */
function ungroup(text: string, { group, decimal }: { group: string; decimal: string }): string | undefined {
  const [whole = '', fraction, ...more] = text.split(decimal)
  if (more.length > 0 || (fraction !== undefined && !/^\d*$/.test(fraction))) return undefined
  const isSpace = (mark: string): boolean => /^\s$/.test(mark)
  const groups = whole.split(isSpace(group) ? /\s/ : /['’]/.test(group) ? /['’]/ : group)
  const [first = '', ...others] = groups
  const isGrouped = /^[+-]?\d{1,3}$/.test(first) && others.every((one) => /^\d{2,3}$/.test(one))
  const isWhole = others.length === 0 && /^[+-]?\d*$/.test(first)
  // The last three digits stand together wherever thousands are set apart, in India too.
  if (!isWhole && !(isGrouped && others.at(-1)?.length === 3)) return undefined
  return `${groups.join('')}${fraction === undefined ? '' : `.${fraction}`}`
}

/** Whether digits were given that a number of double precision does not keep. */
function isCut(plain: string, value: number): boolean {
  const digitsOf = (text: string): string =>
    (text.split(/e/i)[0] ?? '').replaceAll(/[^\d]/g, '').replace(/^0+|0+$/g, '')
  const given = digitsOf(plain)
  return given.length > 15 && given !== digitsOf(String(value))
}
