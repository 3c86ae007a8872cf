import classes from './headers.module.css'

/** The head of a request: where it goes, and its headers. */
export function Headers({
  url,
  headers,
}: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}) {
  return (
    <details className={classes['headers']}>
      <summary>
        <code>POST {url}</code>
      </summary>
      <dl>
        {Object.entries(headers).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
