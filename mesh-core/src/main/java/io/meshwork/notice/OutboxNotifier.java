package io.meshwork.notice;

import io.meshwork.internal.files.LocalFileIO;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.iceberg.exceptions.AlreadyExistsException;

/**
 * Leaves each notice as one JSON file in a folder, named by its id, for another program to take. A
 * file comes whole or not at all and survives a loss of power; a repeat changes nothing. Whoever
 * took one moves it to the folder's {@code done}, so that a repeat does not bring it back.
 * Thread-safe, and several processes may share the folder.
 */
final class OutboxNotifier implements Notifier {
  /** The folder in the folder to which those are moved that were taken. */
  static final String DONE = "done";

  private static final int LONGEST_NAME = 200;
  private static final int KEPT_OF_LONGER = 120;

  private final Path folder;
  private final LocalFileIO files = new LocalFileIO();

  private OutboxNotifier(Path folder) {
    this.folder = folder.toAbsolutePath();
  }

  /** An outbox in this folder, which is made with the first notice. */
  static OutboxNotifier in(Path folder) {
    return new OutboxNotifier(folder);
  }

  /**
   * Writes the file, unless it is there or was taken.
   *
   * @throws UncheckedIOException if the disk does not take it
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

  /** Neither names of domains nor of products hold a dot, so ids that differ give other names. */
  static String fileName(String id) {
    String name = id.replace('/', '.');
    return (name.length() <= LONGEST_NAME
            ? name
            : name.substring(0, KEPT_OF_LONGER) + "-" + sha256(id))
        + ".json";
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
