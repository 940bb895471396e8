package io.meshwork.cli.internal.shell;

import java.io.IOException;

/** The reader of standard output has ended: it has what it asked for. */
public final class OutputEndedException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputEndedException() {
    super("the reader of standard output has ended");
  }
}
