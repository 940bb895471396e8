package io.meshwork.cli.internal.shell;

import java.io.PrintStream;
import java.nio.charset.Charset;

/** A stream of this process that knows whether its reader has ended. */
final class AnswerStream extends PrintStream {
  private final ReaderOutput output;

  AnswerStream(ReaderOutput output, Charset charset) {
    super(output, true, charset);
    this.output = output;
  }

  boolean readerEnded() {
    return output.ended();
  }
}
