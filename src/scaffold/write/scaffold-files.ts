/** What a file held when it was read: enough to write it back as it was, and to see whether it has changed since. */
export interface ReadFile {
  readonly path: string;
  readonly text: string;
  readonly bytes: Buffer;
}

/** How files of the checkout are read and replaced, as `devsetup doctor --fix` does. */
export interface ScaffoldFiles<F extends ReadFile = ReadFile> {
  /** undefined: there is no such file. Throws where it holds no text, or leads outside the checkout `root`. */
  read(file: string, root: string): Promise<F | undefined>;
  /** As a whole, with mode, owner and line ends it had. */
  write(file: string, text: string, before: F | undefined, root: string): Promise<void>;
}
