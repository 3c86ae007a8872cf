interface Named {
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
}

/** What a person is called: by their names, else by their address. */
export const nameOf = ({ first_name, last_name, email }: Named): string =>
  [first_name, last_name].filter(Boolean).join(' ') || email
