/** What the checkout says about one thing, and where. */
export interface Finding {
  readonly value: string;
  /** e.g. `backend/.python-version`, `docker-compose.yml (db)`. */
  readonly source: string;
}
