package io.meshwork.internal.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Records the files that one attempt writes, so that they can be deleted if it is not committed.
 * They survive a loss of power only after {@link #sync}, which comes before the commit. Deletes of
 * other files are delayed until the commit, because Iceberg requests them before. Thread-safe.
 */
final class RecordingFileIO extends ReadThroughFileIO {
  private static final long serialVersionUID = 1L;

  private final FileIO store;
  private final ParsedFiles reads;
  private final LinkedHashSet<String> written = new LinkedHashSet<>();
  private final LinkedHashSet<String> syncedToo = new LinkedHashSet<>();
  private final LinkedHashSet<String> delayedDeletes = new LinkedHashSet<>();

  RecordingFileIO(FileIO store) {
    this(store, new ParsedFiles(store));
  }

  private RecordingFileIO(FileIO store, ParsedFiles reads) {
    super(reads);
    this.store = store;
    this.reads = reads;
  }

  /** The reads of this attempt, with their failure. */
  ParsedFiles reads() {
    return reads;
  }

  /** The files that this attempt wrote and did not delete. */
  synchronized List<String> written() {
    return List.copyOf(written);
  }

  /** The files to delete after the commit. */
  synchronized List<String> delayedDeletes() {
    return List.copyOf(delayedDeletes);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    synchronized (this) {
      written.add(path);
    }
    return newUnrecordedFile(path);
  }

  /** A file that outlives this attempt; {@link #syncToo} has it synced. */
  OutputFile newUnrecordedFile(String path) {
    return new NewFile(
        store instanceof UnsyncedFiles unsynced
            ? unsynced.newUnsyncedFile(path)
            : store.newOutputFile(path));
  }

  /** A file that never replaces another, although Iceberg asks to overwrite manifests. */
  static OutputFile notReplacing(OutputFile file) {
    return new NewFile(file);
  }

  /** Adds a file to sync, which was written before this attempt. */
  synchronized void syncToo(String path) {
    syncedToo.add(path);
  }

  /**
   * Syncs the files that this attempt wrote, and the added files, all at once.
   *
   * @throws java.io.UncheckedIOException if one cannot be synced
   */
  void sync() {
    if (store instanceof UnsyncedFiles unsynced) {
      List<String> all = new ArrayList<>(written());
      synchronized (this) {
        all.addAll(syncedToo);
      }
      unsynced.sync(all);
    }
  }

  @Override
  public void deleteFile(String path) {
    boolean isWritten;
    synchronized (this) {
      isWritten = written.contains(path);
      if (!isWritten) {
        delayedDeletes.add(path);
      }
    }
    if (isWritten) {
      store.deleteFile(path);
      synchronized (this) {
        written.remove(path);
      }
    }
  }

  /** Deletes all files that this attempt wrote; a failure does not prevent further deletes. */
  void discard() {
    deleteAll(store, Set.copyOf(written()));
  }

  /** Deletes the files whose deletes were delayed until the commit. */
  void deleteAfterCommit() {
    deleteAll(store, Set.copyOf(delayedDeletes()));
  }

  /** Deletes files, even if some are missing; a failure does not prevent further deletes. */
  static void deleteAll(FileIO store, Set<String> paths) {
    RuntimeException first = null;
    for (String path : paths) {
      try {
        store.deleteFile(path);
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

  /**
   * A file that never replaces another, so that a store can refuse all requests that replace files.
   * Iceberg asks to overwrite manifests, whose names are new.
   */
  private record NewFile(OutputFile file) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      return file.create();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return file.create();
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
