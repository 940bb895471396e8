package io.meshwork.cli.internal.shell;

import java.io.IOException;

/** Standard output takes no more: its reader has ended, or the disk is full. */
public final class OutputEndedException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputEndedException() {
    super("standard output takes no more");
  }
}
