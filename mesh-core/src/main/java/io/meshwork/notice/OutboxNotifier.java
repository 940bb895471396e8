package io.meshwork.notice;

import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.runtime.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;

/**
 * Writes each notice as one JSON file in a folder; see {@link Notifier#toOutbox}. Thread-safe, and
 * several processes may share the folder.
 */
final class OutboxNotifier implements Notifier {
  /** The subfolder of files that were processed. */
  static final String DONE = "done";

  private static final int MAX_NAME_LENGTH = 200;
  private static final int PREFIX_LENGTH = 120;

  private final Path folder;
  private final LocalFileIO files = new LocalFileIO();

  private OutboxNotifier(Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  /** Creates a notifier for this folder, which is created with the first notice. */
  static OutboxNotifier in(Path folder) {
    return new OutboxNotifier(folder);
  }

  /**
   * Writes the file, unless it exists or was processed.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  @Override
  public void deliver(Notice notice) {
    String name = fileName(notice.id());
    if (Files.exists(folder.resolve(DONE).resolve(name))) {
      return;
    }
    try (OutputStream out = files.newOutputFile(folder.resolve(name).toString()).create()) {
      out.write((notice.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (AlreadyExistsException e) {
      return; // an earlier delivery of the same notice
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Different IDs have different file names: names of domains and products have no dots. */
  static String fileName(String id) {
    String name = id.replace('/', '.');
    return (name.length() <= MAX_NAME_LENGTH
            ? name
            : name.substring(0, PREFIX_LENGTH) + "-" + Sha256.hex(id))
        + ".json";
  }
}
