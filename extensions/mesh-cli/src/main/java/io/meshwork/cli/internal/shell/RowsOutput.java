package io.meshwork.cli.internal.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output for rows. Unlike a stream of text, it fails as soon as no more can be written, so
 * that no rows are read in vain. Closing it leaves the output open.
 */
final class RowsOutput extends OutputStream {
  private final PrintStream out;

  RowsOutput(PrintStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    if (out.checkError()) {
      throw new IOException("it takes no more");
    }
    if (out instanceof AnswerStream answers && answers.readerEnded()) {
      throw new OutputEndedException();
    }
  }

  @Override
  public void flush() {
    out.flush();
  }
}
