import { Button, Radio } from '@mantine/core'
import { useState } from 'react'
import { Head } from './head.tsx'
import classes from './page.module.css'

const formats = [
  { value: 'csv', label: 'Table (CSV)', about: 'For spreadsheets. Import takes it back as it is.' },
  { value: 'jsonl', label: 'JSON lines', about: 'For programs: each line is a lead as the API answers it.' },
] as const

/** All leads as a file; the list of leads exports what it shows. */
export function Export() {
  const [format, setFormat] = useState<string>('csv')
  return (
    <>
      <Head title="Export">
        All leads as one file. To export some of them, filter the list of leads and choose “Export” there.
      </Head>
      <div className={`${classes['pad']} ${classes['form']}`} style={{ maxWidth: 420 }}>
        <Radio.Group label="As" value={format} onChange={setFormat}>
          <div className={classes['form']} style={{ marginBlockStart: 8 }}>
            {formats.map(({ value, label, about }) => (
              <Radio key={value} value={value} label={label} description={about} />
            ))}
          </div>
        </Radio.Group>
        <div>
          <Button component="a" href={`/api/v1/leads/export?format=${format}`} download={`leads.${format}`}>
            Export all leads
          </Button>
        </div>
      </div>
    </>
  )
}
