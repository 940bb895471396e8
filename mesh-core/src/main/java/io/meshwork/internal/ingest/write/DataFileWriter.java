package io.meshwork.internal.ingest.write;

import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.quality.RecordChecks;
import io.meshwork.internal.runtime.RunningPart;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.DataLocations;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the data files of one table for one publish: one open file per partition, up to a limit,
 * each closed at the target size. Rows of further partitions are buffered in memory, beyond a limit
 * in temporary files, and written at the end, together for each partition. File names contain the
 * ID of the publish. A file is invisible until a commit references it.
 */
public final class DataFileWriter {
  private static final Logger LOG = LoggerFactory.getLogger(DataFileWriter.class);

  /** Approximate size at which a file is closed, in bytes. */
  static final long TARGET_FILE_BYTES = 128L << 20;

  /** Maximum number of partitions of one publish. */
  static final int MAX_PARTITIONS = 10_000;

  /** Maximum number of open files; the least recently written one is closed for another. */
  private static final int MAX_OPEN = 64;

  /** Number of files that are open at once however small the memory is. */
  private static final int MIN_OPEN = 16;

  /** The memory that a column of an open file takes, without which its row groups are tiny. */
  private static final long COLUMN_MEMORY = 16L << 10;

  /** Maximum of the memory for rows of open files, in bytes. */
  private static final long MEMORY = ParquetWriter.memory();

  /**
   * Number of rows of a batch from which they are written without buffering; a sixteenth if all
   * rows belong to one partition, as in sorted input.
   */
  private static final int MIN_UNBUFFERED_ROWS = VectorBatch.ROWS / 4;

  private final String table;
  private final Schema schema;
  private final PartitionSpec spec;
  private final FileIO io;
  private final String publishId;
  private final MeshAction action;
  private final LocationProvider locations;
  private Executor executor = Runnable::run;
  private EncodingProfile profile = EncodingProfile.COMPATIBLE;
  private final Set<Integer> filtered;

  private final CopiedDataFiles copies = new CopiedDataFiles(this);
  private final PartitionRouter router;
  private final Map<PartitionKey, OpenFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<PartitionKey> partitions = new HashSet<>();
  private final BufferedRows buffer = new BufferedRows();
  private final PartitionedRows spilled;
  private final List<DataFileEntry> written = new ArrayList<>();
  private final @Nullable Schema numbered;
  private final Map<String, RowNumbers> numbers = new HashMap<>();
  private final List<String> paths = new ArrayList<>();
  private IntSupplier sharing = () -> 1;
  private long held;

  public DataFileWriter(Table table, FileIO io, String publishId, MeshAction action) {
    this(
        table,
        table.schema(),
        table.spec(),
        FilteredColumns.of(table),
        null,
        io,
        publishId,
        action);
  }

  /**
   * Keeps the {@link #numbers} of the rows.
   *
   * @param numbered what {@link RowNumbers#numbered(Schema)} returned for the table; batches have
   *     these columns
   */
  public static DataFileWriter numbered(
      Table table, Schema numbered, FileIO io, String publishId, MeshAction action) {
    return new DataFileWriter(
        table,
        table.schema(),
        table.spec(),
        FilteredColumns.of(table),
        numbered,
        io,
        publishId,
        action);
  }

  private DataFileWriter(
      Table folder,
      Schema schema,
      PartitionSpec spec,
      Set<Integer> filtered,
      @Nullable Schema numbered,
      FileIO io,
      String publishId,
      MeshAction action) {
    this.table = folder.name();
    this.schema = schema;
    this.spec = spec;
    this.io = io;
    this.publishId = publishId;
    this.action = action;
    this.filtered = filtered;
    this.locations = DataLocations.of(folder.location(), folder.properties());
    this.numbered = numbered;
    Schema ofBatches = numbered == null ? schema : numbered;
    this.router = new PartitionRouter(spec, ofBatches);
    this.spilled = new PartitionedRows(ofBatches, this::maxOpen, action);
  }

  /** Writes rows with other columns to the folder of a table, which never references the files. */
  public static DataFileWriter unreferenced(
      Table folder, Schema schema, FileIO io, String publishId, MeshAction action) {
    return new DataFileWriter(
        folder, schema, PartitionSpec.unpartitioned(), Set.of(), null, io, publishId, action);
  }

  /** Shares the memory for rows with so many writers. */
  public DataFileWriter sharedBy(int writers) {
    return sharedBy(() -> writers);
  }

  /** Shares it with so many writers for each part that this process is writing. */
  public DataFileWriter sharedInParts(int writers) {
    return sharedBy(() -> writers * RunningPart.count());
  }

  private DataFileWriter sharedBy(IntSupplier writers) {
    sharing = writers;
    buffer.sharedBy(writers);
    return this;
  }

  /** Encodes columns in parallel on this executor. */
  public DataFileWriter encodeOn(Executor workers) {
    executor = workers;
    return this;
  }

  /** Uses only encodings that each of these engines reads; none means that any engine may read. */
  public DataFileWriter readBy(Set<Contract.Engine> readers) {
    profile = profileOf(readers);
    return this;
  }

  /** The encodings that each of these engines reads; none means that any engine may read. */
  public static EncodingProfile profileOf(Set<Contract.Engine> readers) {
    boolean fast =
        !readers.isEmpty() && readers.stream().allMatch(Contract.Engine::readsDeltaEncodings);
    return fast ? EncodingProfile.FAST : EncodingProfile.COMPATIBLE;
  }

  /** Adds columns with bloom filters to the columns that the table's properties name. */
  public DataFileWriter filtering(Set<Integer> fieldIds) {
    filtered.addAll(fieldIds);
    return this;
  }

  /** The field IDs of the columns with bloom filters. */
  Set<Integer> filtered() {
    return filtered;
  }

  /** The encodings that the readers of the table have. */
  EncodingProfile profile() {
    return profile;
  }

  /** Splits a batch by partition, and writes nothing. */
  List<PartitionRouter.PartitionRows> route(VectorBatch batch) {
    return router.route(batch);
  }

  /** The files of copied row groups. */
  CopiedDataFiles copies() {
    return copies;
  }

  /** Writes all rows of a batch that has the table's columns. */
  public void write(VectorBatch batch) {
    if (batch.rows() == 0) {
      return;
    }
    List<PartitionRouter.PartitionRows> parts = router.route(batch);
    parts.forEach(part -> checkPartitions(part.partition()));
    List<int[]> buffered = new ArrayList<>();
    for (PartitionRouter.PartitionRows part : parts) {
      int[] rows = part.rows();
      int least = rows == null ? MIN_UNBUFFERED_ROWS / 16 : MIN_UNBUFFERED_ROWS;
      if ((rows == null ? batch.rows() : rows.length) >= least
          || open.size() < maxOpen()
          || open.containsKey(part.partition())) {
        write(part.partition(), rows == null ? batch : batch.gather(rows));
      } else {
        buffered.add(rows == null ? IntStream.range(0, batch.rows()).toArray() : rows);
      }
    }
    if (!buffered.isEmpty()) {
      buffer.add(batch.gather(buffered.stream().flatMapToInt(Arrays::stream).toArray()).flat());
    }
    if (buffer.isFull()) {
      spilled.add(buffer.drain(), router);
    }
  }

  private void writeBuffer() {
    buffer
        .drain(router)
        .forEach((partition, rows) -> rows.forEach(part -> write(partition, part.gather())));
  }

  /** Closes all files and returns them. */
  public List<DataFileEntry> finish() {
    if (spilled.files().isEmpty()) {
      writeBuffer();
    } else {
      spilled.add(buffer.drain(), router);
      spilled.files().forEach(this::writeSpilled);
      spilled.close();
    }
    finishOpen();
    copies.finish();
    return List.copyOf(written);
  }

  /** Returns the row numbers of the returned files by location; empty unless recorded. */
  public Map<String, RowNumbers> numbers() {
    numbers.values().forEach(RowNumbers::finish);
    return Map.copyOf(numbers);
  }

  /** Writes rows of partitions whose files can be open at once, after all other rows. */
  private void writeSpilled(TemporaryRows rows) {
    finishOpen();
    for (VectorBatch batch = rows.next(); batch != null; batch = rows.next()) {
      for (PartitionRouter.PartitionRows part : router.route(batch)) {
        int[] selected = part.rows();
        write(part.partition(), selected == null ? batch : batch.gather(selected));
      }
    }
  }

  private void finishOpen() {
    for (Map.Entry<PartitionKey, OpenFile> file : open.entrySet()) {
      finish(file.getKey(), file.getValue());
    }
    open.clear();
  }

  /** Closes and deletes all files. Never throws. */
  public void abandon() {
    buffer.clear();
    spilled.close();
    open.values().forEach(OpenFile::abandon);
    open.clear();
    copies.abandon();
    UncommittedFiles.delete(io, paths);
  }

  private void write(PartitionKey partition, VectorBatch rows) {
    OpenFile file = open.get(partition);
    if (file == null) {
      file = openFile(partition);
    }
    try {
      long before = file.writer().heldBytes();
      if (numbered == null) {
        file.writer().write(rows);
      } else {
        file.writer().write(RowNumbers.without(rows, schema));
        numbers
            .computeIfAbsent(file.location(), opened -> new RowNumbers())
            .add(RowNumbers.of(rows));
      }
      held += file.writer().heldBytes() - before;
      releaseMemory();
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
    if (file.writer().length() >= TARGET_FILE_BYTES) {
      finish(partition, file);
      open.remove(partition);
    }
  }

  private long memory() {
    return MEMORY / sharing.getAsInt();
  }

  /** Fewer files are open at once if the memory is too small for their columns. */
  private int maxOpen() {
    long files = memory() / (COLUMN_MEMORY * schema.columns().size());
    return (int) Math.max(MIN_OPEN, Math.min(MAX_OPEN, files));
  }

  /** Ends the largest row groups until half of the memory is free: groups of few rows are poor. */
  private void releaseMemory() {
    long memory = memory();
    if (held <= memory) {
      return;
    }
    List<OpenFile> largestFirst =
        open.values().stream()
            .sorted(Comparator.comparingLong((OpenFile file) -> -file.writer().heldBytes()))
            .toList();
    for (OpenFile file : largestFirst) {
      if (held <= memory / 2) {
        return;
      }
      held -= file.writer().heldBytes();
      file.writer().flush();
    }
  }

  /** The partitions of the rows written so far. */
  public Set<PartitionKey> partitions() {
    return Set.copyOf(partitions);
  }

  /** Called for all partitions of a batch before a file is created for one of them. */
  void checkPartitions(PartitionKey partition) {
    if (partitions.add(partition) && partitions.size() > MAX_PARTITIONS) {
      throw Failure.of(action)
          .because("the rows belong to more than " + MAX_PARTITIONS + " partitions")
          .state("Nothing was published.")
          .fix("Use a coarser partition transform, or publish in parts.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  private OpenFile openFile(PartitionKey partition) {
    if (open.size() >= Math.max(maxOpen(), spilled.partitionsOfFile())) {
      Map.Entry<PartitionKey, OpenFile> eldest = open.entrySet().iterator().next();
      finish(eldest.getKey(), eldest.getValue());
      open.remove(eldest.getKey());
    }
    String location = newLocation(partition);
    try {
      PositionOutputStream stream = create(location);
      OpenFile file =
          new OpenFile(
              location,
              stream,
              ParquetWriter.open(stream, schema, profile, properties())
                  .encodeOn(executor)
                  .filtering(filtered));
      open.put(partition, file);
      return file;
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
  }

  /** Creates the file at a location. */
  PositionOutputStream create(String location) {
    return io.newOutputFile(location).create();
  }

  /** The key-value metadata of each file. */
  Map<String, String> properties() {
    return Map.of("meshwork.publish-id", publishId);
  }

  /** Returns the location of a new file, which is deleted if the publish is abandoned. */
  String newLocation(PartitionKey partition) {
    if (spec.isPartitioned()) {
      checkFolderNames(partition);
    }
    String name = publishId + "-" + paths.size() + ".parquet";
    String location =
        spec.isUnpartitioned()
            ? locations.newDataLocation(name)
            : locations.newDataLocation(spec, partition, name);
    paths.add(location);
    return location;
  }

  private void finish(PartitionKey partition, OpenFile file) {
    WrittenFile result;
    held -= file.writer().heldBytes();
    try {
      result = file.writer().finish();
    } catch (BackendException | UncheckedIOException e) {
      throw unwritable(e);
    }
    add(partition, file.location(), result);
  }

  /** Adds a complete file. */
  void add(PartitionKey partition, String location, WrittenFile result) {
    written.add(
        new DataFileEntry(
            location,
            result.bytes(),
            result.rows(),
            result.metrics(),
            result.splitOffsets(),
            spec.isUnpartitioned()
                ? null
                : new PartitionData(spec.partitionType()).copyFor(partition)));
  }

  /** The name of a folder contains a partition value, and file systems limit its length. */
  private void checkFolderNames(PartitionKey partition) {
    int limit = RecordChecks.maxFolderBytes(spec);
    String[] folders = spec.partitionToPath(partition).split("/", -1);
    for (int i = 0; i < folders.length; i++) {
      int bytes = folders[i].getBytes(StandardCharsets.UTF_8).length;
      if (bytes > limit) {
        throw Failure.of(action)
            .because(
                "a value of partition "
                    + spec.fields().get(i).name()
                    + " creates a folder name of "
                    + bytes
                    + " bytes, and the limit is "
                    + limit)
            .state("Nothing was published.")
            .fix("Partition by a column with short values.")
            .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
      }
    }
  }

  /**
   * Locations contain partition values, so the message names the publish instead. A store that
   * knows why it failed, and whether a retry helps, keeps its own exception.
   */
  BackendException unwritable(RuntimeException cause) {
    if (cause instanceof BackendException store
        && store.errorCode() != ErrorCode.STORAGE_UNWRITABLE) {
      return store;
    }
    if (ThreadInterruption.isCauseOf(cause)) {
      return ThreadInterruption.ofChange(action, cause);
    }
    return Failure.of(action)
        .because("data file " + paths.size() + " of publish " + publishId + " could not be written")
        .state("Nothing was published.")
        .fix(
            "Free disk space, or correct the permissions of the folder of "
                + table
                + ", and run it again.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  private record OpenFile(String location, PositionOutputStream stream, ParquetWriter writer) {
    /** Closes the stream; the caller deletes the file. */
    void abandon() {
      writer.close();
      DataFileWriter.abandon(location, stream);
    }
  }

  /** Closes the stream of a file; the caller deletes the file. Never throws. */
  static void abandon(String location, PositionOutputStream stream) {
    try {
      stream.close();
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} was abandoned and could not be closed", location, e);
    }
  }
}
