package io.meshwork.cli.internal.file;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A file of text that is either there completely or not at all. */
public final class AtomicFile {
  private AtomicFile() {}

  public static void writeText(Path file, String text) {
    try {
      TargetFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw unwritable(file, e, "A file there is as it was before; a pipe may have a part.");
    }
  }

  /** Returns the exception for a file that could not be written, such as on a full disk. */
  public static BackendException unwritable(Path file, IOException e, String state) {
    return Failure.of(MeshAction.of(Verb.WRITE, file))
        .because(e.toString())
        .state(state)
        .fix("Check that its folder exists, is writable, and has space; then run it again.")
        .cause(e)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
