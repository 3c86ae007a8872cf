import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { copyText } from '../app/clipboard.ts'

/** How long it says what came of it, in ms. */
const saidMs = 2_000

interface Copied {
  readonly text: string
  /** What is copied, as a verb and its object: "Copy the address". */
  readonly label: string
}

/** Copies a text to the clipboard, and says so to eyes and ears. */
export function CopyIcon({ text, label }: Copied) {
  const { said, isCopied, copy } = useCopy(text)
  return (
    <>
      <Tooltip label={said || label}>
        <ActionIcon aria-label={label} onClick={copy}>
          {isCopied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <Said text={said} />
    </>
  )
}

/** The same as a button with its words, for what must not be forgotten. */
export function CopyButton({ text, label }: Copied) {
  const { said, isCopied, copy } = useCopy(text)
  return (
    <>
      <Button
        leftSection={isCopied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        onClick={copy}
      >
        {said || label}
      </Button>
      <Said text={said} />
    </>
  )
}

function useCopy(text: string) {
  const [isCopied, setCopied] = useState<boolean>()
  useEffect(() => {
    if (isCopied === undefined) return
    const timer = setTimeout(() => setCopied(undefined), saidMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  return {
    isCopied: isCopied === true,
    said: isCopied === undefined ? '' : isCopied ? 'Copied' : 'Not copied: select the text',
    copy: () => void copyText(text).then(setCopied),
  }
}

const Said = ({ text }: { readonly text: string }) => (
  <span role="status" className="visually-hidden">
    {text}
  </span>
)
