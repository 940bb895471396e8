package io.meshwork.internal.files;

import java.io.IOException;

/** An output stream that can end without creating its file. Not thread-safe. */
public interface AbortableOutput {
  /**
   * Releases what it has. Closing it afterwards fails, and creates no file.
   *
   * @throws IOException if what it has cannot be released; no file is created
   */
  void abort() throws IOException;
}
