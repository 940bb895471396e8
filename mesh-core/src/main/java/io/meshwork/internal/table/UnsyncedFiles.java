package io.meshwork.internal.table;

import java.util.Collection;
import org.apache.iceberg.io.OutputFile;

/**
 * Files whose syncs can wait until several are written, because a disk syncs several at once in
 * about the time of one. Thread-safe.
 */
public interface UnsyncedFiles {
  /**
   * A new file, which can be read once it is closed. Before {@link #sync}, a loss of power may
   * leave its name with a part of its content, or nothing.
   */
  OutputFile newUnsyncedFile(String location);

  /**
   * Syncs the content and the names of closed files.
   *
   * @throws java.io.UncheckedIOException if one cannot be synced
   */
  void sync(Collection<String> locations);
}
