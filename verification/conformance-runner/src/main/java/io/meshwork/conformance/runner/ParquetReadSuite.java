package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * Reads Parquet files and writes one line of JSON for each: its rows, and of each column the nulls
 * and the SHA-256 of the canonical text of its values; or why it cannot be read.
 */
final class ParquetReadSuite {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The time in which a file has to be read. */
  private static final Duration MOST = Duration.ofSeconds(10);

  /** The columns of a file below this fraction of the heap are read in parallel, */
  private static final int SMALL_FILE = 16;

  /** unless there are more: what is known of each is in memory too. */
  private static final int FEW_COLUMNS = 1_000;

  private static final Set<CompressionCodec> SLOW =
      EnumSet.of(CompressionCodec.GZIP, CompressionCodec.BROTLI);

  private final Path folder;
  private final PrintStream out;
  private final Duration most;

  ParquetReadSuite(Path folder, PrintStream out) {
    this(folder, out, MOST);
  }

  /** Gives up on a file that takes longer. */
  ParquetReadSuite(Path folder, PrintStream out, Duration most) {
    this.folder = folder;
    this.out = out;
    this.most = most;
  }

  /** Returns the files of the folder and its folders, in order of their paths. */
  List<String> files() {
    return new FolderFiles(folder).endingWith(".parquet");
  }

  /** Reads a file and writes its line; returns why the reader gave up, or null if it answered. */
  @Nullable String fault(String name) {
    TimeLimit time = new TimeLimit(most);
    ObjectNode line = JSON.createObjectNode().put("file", name);
    try {
      answer(folder.resolve(name), line, time);
      // A file without rows has no batches, and a late error no more of them.
      time.check();
    } catch (TimeLimit.ExceededException e) {
      return e.getMessage();
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return e.toString();
    }
    out.println(line);
    return null;
  }

  private static void answer(Path file, ObjectNode line, TimeLimit time) throws IOException {
    try {
      read(file, line, time);
      line.put("millis", time.taken().toMillis());
    } catch (UnreadableFileException e) {
      refuse(line, e.reason(), file + ": " + e.whatAndWhere());
    } catch (ColumnMismatchException e) {
      refuse(line, UnreadableFileException.Reason.UNSUPPORTED, file + ": " + e.getMessage());
    }
  }

  private static void refuse(
      ObjectNode line, UnreadableFileException.Reason reason, String message) {
    line.put("error", reason.name()).put("message", message);
  }

  private static void read(Path file, ObjectNode line, TimeLimit time) throws IOException {
    long size = Files.size(file);
    TextLimit limit = new TextLimit(file, size);
    try (ParquetReader reader = open(file)) {
      if (reader.storage().stream().anyMatch(leaf -> !Collections.disjoint(leaf.codecs(), SLOW))) {
        limit.expectSlowPages();
      }
      List<ObjectNode> answers =
          size < Runtime.getRuntime().maxMemory() / SMALL_FILE
                  && reader.columns().size() <= FEW_COLUMNS
              ? readSmall(reader, limit, time)
              : readInOrder(reader, limit, time);
      line.put("rows", reader.rows()).putArray("columns").addAll(answers);
    }
  }

  /** Columns that do not fit into the heap together may fit one by one. */
  private static List<ObjectNode> readSmall(ParquetReader reader, TextLimit limit, TimeLimit time) {
    try {
      return new ParallelColumns(reader, (each, column) -> readColumn(each, column, limit, time))
          .answers(time);
    } catch (UnreadableFileException e) {
      if (e.reason() != UnreadableFileException.Reason.LIMIT || limit.isExceeded()) {
        throw e;
      }
    } catch (OutOfMemoryError e) {
      // Nothing of the columns is referenced any longer.
    }
    limit.reset();
    return readInOrder(reader, limit, time);
  }

  private static List<ObjectNode> readInOrder(
      ParquetReader reader, TextLimit limit, TimeLimit time) {
    return IntStream.range(0, reader.columns().size())
        .mapToObj(i -> readColumn(reader, i, limit, time))
        .toList();
  }

  private static ParquetReader open(Path file) {
    return ParquetReader.openStored(org.apache.iceberg.Files.localInput(file.toFile()));
  }

  private static ObjectNode readColumn(
      ParquetReader reader, int index, TextLimit limit, TimeLimit time) {
    time.check();
    Field column = reader.columns().get(index);
    StoredText text = StoredText.of(column);
    TextDigest digest = new TextDigest(bytes -> limit.take(bytes, column.path()));
    long nulls = 0;
    long rows = 0;
    try (BatchReader batches = reader.readColumn(index)) {
      batches.countingPages(bytes -> limit.takePage(bytes, column.path()));
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        Vector values = batch.vector(0);
        limit.takeValues(values, column.path());
        int size = values.size();
        for (int row = 0; row < size; row++) {
          text.append(values, row, digest);
          digest.append('\n');
        }
        nulls += values.nullCount();
        rows += size;
        time.check();
      }
    }
    if (rows != reader.rows()) {
      throw new IllegalStateException(
          "column " + column.path() + " has " + rows + " rows instead of " + reader.rows());
    }
    return JSON.createObjectNode()
        .put("name", column.name())
        .put("type", type(column))
        .put("nulls", nulls)
        .put("sha256", digest.finish());
  }

  private static String type(Field column) {
    if (column.leaf() == null) {
      return column.describe();
    }
    ValueType type = column.leaf().type();
    LogicalType annotation = type.annotation();
    return annotation == null
        ? type.physical().name()
        : annotation.getSetField() + " (" + type.physical() + ")";
  }
}
