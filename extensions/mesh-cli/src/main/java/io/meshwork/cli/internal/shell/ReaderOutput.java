package io.meshwork.cli.internal.shell;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Output to a reader that may end before the writer, as {@code head} does: it has what it asked
 * for, so that the rest is dropped. Other failures, such as a full disk, are errors.
 */
final class ReaderOutput extends FilterOutputStream {
  private static final String ENDED = "Broken pipe";

  private boolean ended;

  ReaderOutput(OutputStream out) {
    super(out);
  }

  /** True once the reader has ended. */
  boolean ended() {
    return ended;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return;
    }
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (!ENDED.equals(e.getMessage())) {
        throw e;
      }
      ended = true;
    }
  }
}
