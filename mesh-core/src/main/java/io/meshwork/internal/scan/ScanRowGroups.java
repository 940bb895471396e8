package io.meshwork.internal.scan;

import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.FileRowGroups;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.RowGroupReader;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The row groups of the data files of a scan, in order. A file is closed when all its rows were
 * returned.
 */
final class ScanRowGroups implements ReadAheadBatches.Groups {
  private final DataFileQueue files;
  private final Function<ParquetReader, FileRowGroups> read;
  private final UnaryOperator<VectorBatch> visible;
  private final boolean filtered;

  private final boolean mayEndEarly;

  /** The rows that the next row groups must have. */
  private long wanted;

  /** The file whose row groups are being opened. */
  private @Nullable OpenFile current;

  /** The files that are open. Guarded by itself. */
  private final List<OpenFile> open = new ArrayList<>();

  private boolean failed;
  private volatile boolean stopped;

  /**
   * Creates the row groups of files.
   *
   * @param read starts to read a file
   * @param visible the rows of a batch as their reader sees them; called by any thread
   * @param filtered whether row groups may have fewer rows than their footer declares
   * @param wanted the rows after which none is wanted
   */
  ScanRowGroups(
      DataFileQueue files,
      Function<ParquetReader, FileRowGroups> read,
      UnaryOperator<VectorBatch> visible,
      boolean filtered,
      long wanted) {
    this.files = files;
    this.read = read;
    this.visible = visible;
    this.filtered = filtered;
    this.wanted = filtered ? Long.MAX_VALUE : wanted;
    this.mayEndEarly = filtered && wanted < Long.MAX_VALUE;
  }

  @Override
  public ReadAheadBatches.@Nullable Group next(boolean ahead) {
    while (wanted > 0 && !stopped && !failed) {
      String location = current == null ? "" : current.location;
      try {
        OpenFile file = current;
        if (file == null) {
          if (files.isEmpty()) {
            return null;
          }
          location = files.peek().location();
          ParquetReader opened = files.take(wanted);
          file = new OpenFile(opened, location);
          synchronized (open) {
            open.add(file);
          }
          file.begin();
        }
        ScanGroup next = file.next(ahead);
        current = file.allOpen ? null : file;
        if (next != null) {
          wanted -= filtered ? 0 : next.reader.rows();
          return next;
        }
      } catch (RuntimeException e) {
        failed = true;
        return new FailedRowGroup(location, e);
      }
    }
    return null;
  }

  @Override
  public boolean isAtEnd() {
    return wanted <= 0 || stopped || failed || (current == null && files.isEmpty());
  }

  /** Returns the location of the file of a row group. */
  static String location(ReadAheadBatches.@Nullable Group group) {
    if (group instanceof ScanGroup read) {
      return read.file.location;
    }
    return group instanceof FailedRowGroup unread ? unread.location() : "";
  }

  @Override
  public boolean mayEndEarly() {
    return mayEndEarly;
  }

  @Override
  public void stop() {
    stopped = true;
    synchronized (open) {
      open.forEach(OpenFile::stop);
    }
  }

  @Override
  public void close() {
    stopped = true;
    try (files) {
      synchronized (open) {
        List<OpenFile> all = List.copyOf(open);
        open.clear();
        closeAll(all.iterator());
      }
    }
  }

  /** Closes each file, also after another could not be closed. */
  private static void closeAll(Iterator<OpenFile> open) {
    if (open.hasNext()) {
      OpenFile file = open.next();
      try (file) {
        closeAll(open);
      }
    }
  }

  /** A file whose row groups are read. */
  private final class OpenFile implements AutoCloseable {
    private final ParquetReader file;
    private final String location;
    private @Nullable FileRowGroups groups;
    private int openGroups;
    private boolean allOpen;

    OpenFile(ParquetReader file, String location) {
      this.file = file;
      this.location = location;
    }

    private void begin() {
      FileRowGroups begun = read.apply(file);
      synchronized (open) {
        groups = begun;
      }
      if (stopped) {
        begun.stop();
      }
    }

    @Nullable ScanGroup next(boolean ahead) {
      RowGroupReader reader = groups == null ? null : groups.next(ahead);
      synchronized (open) {
        allOpen = reader == null || groups == null || groups.isAtEnd();
        if (reader == null) {
          closeIfUsed();
          return null;
        }
        openGroups++;
      }
      return new ScanGroup(this, reader, wanted, filtered ? visible : UnaryOperator.identity());
    }

    void end(RowGroupReader reader) {
      synchronized (open) {
        openGroups--;
        if (groups != null) {
          groups.giveBack(reader);
        }
        closeIfUsed();
      }
    }

    private void closeIfUsed() {
      if (allOpen && openGroups == 0 && open.remove(this)) {
        close();
      }
    }

    private void stop() {
      if (groups != null) {
        groups.stop();
      }
    }

    @Override
    public void close() {
      try (file) {
        if (groups != null) {
          groups.close();
        }
      }
    }
  }

  private static final class ScanGroup implements ReadAheadBatches.Group {
    private final OpenFile file;
    private final RowGroupReader reader;
    private final long wanted;
    private final List<ReaderPart> parts;

    ScanGroup(
        OpenFile file, RowGroupReader reader, long wanted, UnaryOperator<VectorBatch> visible) {
      this.file = file;
      this.reader = reader;
      this.wanted = wanted;
      this.parts = reader.parts().stream().map(part -> new ReaderPart(part, visible)).toList();
    }

    @Override
    public List<ReaderPart> parts() {
      return parts;
    }

    @Override
    public long wantedRows() {
      return wanted;
    }

    @Override
    public long bytes() {
      return reader.bytes();
    }

    @Override
    public VectorBatch join(List<VectorBatch> batches) {
      return reader.join(batches);
    }

    @Override
    public void end() {
      file.end(reader);
    }
  }

  private record ReaderPart(BatchReader reader, UnaryOperator<VectorBatch> visible)
      implements ReadAheadBatches.RowGroupPart {
    @Override
    public @Nullable VectorBatch next(int valid) {
      VectorBatch batch = reader.next(valid);
      return batch == null ? null : visible.apply(batch);
    }

    @Override
    public boolean isAtEnd() {
      return reader.endsGroup();
    }
  }
}
