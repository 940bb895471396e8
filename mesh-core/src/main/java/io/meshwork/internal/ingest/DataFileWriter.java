package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.EncodingProfile;
import io.meshwork.internal.columnar.ParquetWriter;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.columnar.WrittenFile;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FilteredColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.PositionOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the data files of one table for one publish: one open file a partition, a bounded number
 * of them, each closed at the target size; rows of further partitions wait in memory, up to a
 * limit, to be written together. File names carry the publish's id. Nothing written is visible
 * before a commit names it.
 */
final class DataFileWriter {
  private static final Logger LOG = LoggerFactory.getLogger(DataFileWriter.class);

  /** A file is closed when it has grown to about so many bytes. */
  static final long TARGET_FILE_BYTES = 128L << 20;

  /** Most partitions that one publish may touch. */
  static final int MAX_PARTITIONS = 10_000;

  /** Most bytes of a file's or folder's name, on every common file system. */
  private static final int MAX_FOLDER_BYTES = 255;

  /** Files open at once; the one that was least recently written is closed for another. */
  private static final int MAX_OPEN = 64;

  /** So many rows of a batch are worth a file of their own, and do not wait for others. */
  private static final int MANY_ROWS = VectorBatch.ROWS / 4;

  private final Table table;
  private final FileIO io;
  private final String publishId;
  private final MeshAction action;
  private final LocationProvider locations;
  private Executor executor = Runnable::run;
  private final Set<Integer> filtered;
  private final PartitionRouter router;
  private final Map<PartitionKey, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<PartitionKey> partitions = new HashSet<>();
  private final BufferedRows waiting = new BufferedRows();
  private final List<DataFileEntry> written = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();

  DataFileWriter(Table table, FileIO io, String publishId, MeshAction action) {
    this.table = table;
    this.io = io;
    this.publishId = publishId;
    this.action = action;
    this.filtered = FilteredColumns.of(table);
    this.locations = LocationProviders.locationsFor(table.location(), table.properties());
    this.router = new PartitionRouter(table.spec(), table.schema());
  }

  /** Encodes columns side by side on this executor. */
  DataFileWriter encodeOn(Executor workers) {
    executor = workers;
    return this;
  }

  /** Gives more columns bloom filters than the table says. */
  DataFileWriter filtering(Set<Integer> fieldIds) {
    filtered.addAll(fieldIds);
    return this;
  }

  /** Writes all rows of a batch that has the table's columns. */
  void write(VectorBatch batch) {
    if (batch.rows() == 0) {
      return;
    }
    List<PartitionRouter.Part> parts = router.route(batch);
    parts.forEach(part -> checkPartitions(part.partition()));
    List<int[]> later = new ArrayList<>();
    for (PartitionRouter.Part part : parts) {
      int[] rows = part.rows();
      if (rows == null) {
        write(part.partition(), batch);
      } else if (rows.length >= MANY_ROWS
          || open.size() < MAX_OPEN
          || open.containsKey(part.partition())) {
        write(part.partition(), batch.gather(rows));
      } else {
        later.add(rows);
      }
    }
    if (!later.isEmpty()) {
      waiting.add(batch.gather(later.stream().flatMapToInt(Arrays::stream).toArray()).flat());
    }
    if (waiting.full()) {
      writeWaiting();
    }
  }

  private void writeWaiting() {
    waiting
        .drain(router)
        .forEach((partition, rows) -> rows.forEach(some -> write(partition, some.gathered())));
  }

  /** Closes all files and returns them. */
  List<DataFileEntry> finish() {
    writeWaiting();
    for (Map.Entry<PartitionKey, OpenFile> file : open.entrySet()) {
      finish(file.getKey(), file.getValue());
    }
    open.clear();
    return List.copyOf(written);
  }

  /** Gives up: closes and deletes all that was written. Never throws. */
  void abandon() {
    waiting.clear();
    open.values().forEach(OpenFile::abandon);
    open.clear();
    WrittenFiles.delete(io, paths);
  }

  private void write(PartitionKey partition, VectorBatch rows) {
    OpenFile file = open.get(partition);
    if (file == null) {
      file = openFile(partition);
    }
    try {
      file.writer().write(rows);
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
    if (file.writer().length() >= TARGET_FILE_BYTES) {
      finish(partition, file);
      open.remove(partition);
    }
  }

  /** The partitions of the rows so far. */
  Set<PartitionKey> partitions() {
    return Set.copyOf(partitions);
  }

  /** Looks at all partitions of a batch before a file is made for one of them. */
  private void checkPartitions(PartitionKey partition) {
    if (partitions.add(partition) && partitions.size() > MAX_PARTITIONS) {
      throw new InvalidRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot "
              + action
              + ": the rows fall into more than "
              + MAX_PARTITIONS
              + " partitions. Nothing was published. Partition more coarsely, or publish in"
              + " parts.");
    }
  }

  private OpenFile openFile(PartitionKey partition) {
    if (open.size() >= MAX_OPEN) {
      Map.Entry<PartitionKey, OpenFile> eldest = open.entrySet().iterator().next();
      finish(eldest.getKey(), eldest.getValue());
      open.remove(eldest.getKey());
    }
    if (table.spec().isPartitioned()) {
      checkFolderNames(partition);
    }
    String name = publishId + "-" + paths.size() + ".parquet";
    String location =
        table.spec().isUnpartitioned()
            ? locations.newDataLocation(name)
            : locations.newDataLocation(table.spec(), partition, name);
    paths.add(location);
    try {
      PositionOutputStream stream = io.newOutputFile(location).create();
      OpenFile file =
          new OpenFile(
              location,
              stream,
              ParquetWriter.open(
                      stream,
                      table.schema(),
                      EncodingProfile.COMPATIBLE,
                      Map.of("meshwork.publish-id", publishId))
                  .encodeOn(executor)
                  .filtering(filtered));
      open.put(partition, file);
      return file;
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  private void finish(PartitionKey partition, OpenFile file) {
    WrittenFile result;
    try {
      result = file.writer().finish();
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
    written.add(
        new DataFileEntry(
            file.location(),
            result.bytes(),
            result.rows(),
            result.metrics(),
            result.splitOffsets(),
            table.spec().isUnpartitioned() ? null : partition));
  }

  /** A folder's name carries the value of the partition, and no file system takes a long one. */
  private void checkFolderNames(PartitionKey partition) {
    String[] folders = table.spec().partitionToPath(partition).split("/", -1);
    for (int i = 0; i < folders.length; i++) {
      int bytes = folders[i].getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_FOLDER_BYTES) {
        throw new InvalidRequestException(
            ErrorCode.LIMIT_EXCEEDED,
            "Cannot "
                + action
                + ": a value of partition "
                + table.spec().fields().get(i).name()
                + " makes a folder's name of "
                + bytes
                + " bytes, and the limit is "
                + MAX_FOLDER_BYTES
                + ". Nothing was published. Partition by a column of short values.");
      }
    }
  }

  /** Locations carry values of partitions, so the message names the publish instead. */
  private BackendException unwritable(RuntimeException cause) {
    if (ThreadInterruption.isCauseOf(cause)) {
      return ThreadInterruption.ofChange(action, cause);
    }
    return BackendException.lasting(
        ErrorCode.STORAGE_UNWRITABLE,
        "Cannot "
            + action
            + ": data file "
            + paths.size()
            + " of publish "
            + publishId
            + " could not be written. Nothing was published. Make room, or fix the rights of the"
            + " folder of "
            + table.name()
            + ", and run it again with the same key.",
        cause);
  }

  private record OpenFile(String location, PositionOutputStream stream, ParquetWriter writer) {
    /** Lets go of the stream; what that leaves at the location is deleted afterwards. */
    void abandon() {
      writer.close();
      try {
        stream.close();
      } catch (IOException | RuntimeException e) {
        LOG.debug("{} was given up and could not be closed", location, e);
      }
    }
  }
}
