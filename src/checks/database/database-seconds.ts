/** The time limit of checks that ask the server Django names: most of it is the wait for Django. */
export const DATABASE_SECONDS = 60;
