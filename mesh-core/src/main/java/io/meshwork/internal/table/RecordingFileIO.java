package io.meshwork.internal.table;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.OutputFile;

/**
 * Keeps the names of all files that one attempt writes, so that they can be deleted if it never
 * lands. Deletes of any other file wait until the attempt has landed: Iceberg may ask for them
 * while it only believes to have committed. Thread-safe.
 */
final class RecordingFileIO extends ReadThroughFileIO {
  private static final long serialVersionUID = 1L;

  private final LinkedHashSet<String> written = new LinkedHashSet<>();
  private final LinkedHashSet<String> waiting = new LinkedHashSet<>();

  RecordingFileIO(FileIO files) {
    super(files);
  }

  /** What this attempt wrote and did not delete itself. */
  synchronized List<String> written() {
    return List.copyOf(written);
  }

  /** What is to be deleted once the attempt has landed. */
  synchronized List<String> waiting() {
    return List.copyOf(waiting);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    synchronized (this) {
      written.add(path);
    }
    return files.newOutputFile(path);
  }

  @Override
  public void deleteFile(String path) {
    boolean ours;
    synchronized (this) {
      ours = written.contains(path);
      if (!ours) {
        waiting.add(path);
      }
    }
    if (ours) {
      files.deleteFile(path);
      synchronized (this) {
        written.remove(path);
      }
    }
  }

  /** Deletes all that this attempt wrote; one that fails does not keep the others. */
  void discard() {
    deleteAll(Set.copyOf(written()));
  }

  /** Deletes what waited for the attempt to land. */
  void deleteWaiting() {
    deleteAll(Set.copyOf(waiting()));
  }

  private void deleteAll(Set<String> paths) {
    RuntimeException first = null;
    for (String path : paths) {
      try {
        files.deleteFile(path);
      } catch (org.apache.iceberg.exceptions.NotFoundException e) {
        continue;
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
