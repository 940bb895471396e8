package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Files;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans that decode columns and open files on an executor. */
class ConcurrentScanTest {
  private static final int ROWS = 30_000;
  private static final Schema TABLE =
      new Schema(
          NestedField.required(1, "id", Types.LongType.get()),
          NestedField.optional(2, "mixed", Types.LongType.get()),
          NestedField.required(3, "note", Types.StringType.get()),
          NestedField.required(4, "codes", Types.ListType.ofRequired(5, Types.LongType.get())));

  @TempDir private Path folder;
  private final CountedFiles files = new CountedFiles();
  private final ExecutorService workers = Executors.newFixedThreadPool(3);

  @AfterEach
  void stopWorkers() {
    workers.shutdownNow();
  }

  private DataFile write(String name, int first, int rows) {
    return write(name, first, rows, Integer.MAX_VALUE);
  }

  private DataFile write(String name, int first, int rows, int groupRows) {
    Path path = folder.resolve(name);
    Random random = new Random(first);
    try (ParquetWriter writer =
        ParquetWriter.open(
            Files.localOutput(path.toFile()).create(), TABLE, EncodingProfile.FAST, Map.of())) {
      VectorBatch batch = VectorBatch.empty(TABLE);
      for (int row = first; row < first + rows; row++) {
        ((LongVector) batch.vector(0)).append(row);
        if (row % 7 == 0) {
          batch.vector(1).appendNull();
        } else {
          ((LongVector) batch.vector(1)).append(random.nextLong());
        }
        ((BytesVector) batch.vector(2))
            .append(("note " + random.nextInt(1_000)).getBytes(StandardCharsets.UTF_8));
        ListVector codes = (ListVector) batch.vector(3);
        ((LongVector) codes.elements()).append(row);
        codes.append();
        boolean endsGroup = (row - first + 1) % groupRows == 0;
        if (endsGroup || batch.rows() == VectorBatch.ROWS) {
          writer.write(batch);
          batch.reset();
        }
        if (endsGroup) {
          writer.flush();
        }
      }
      writer.write(batch);
      return entry(path, writer.finish());
    }
  }

  private static DataFile entry(Path path, WrittenFile written) {
    return new DataFileEntry(
            path.toString(),
            written.bytes(),
            written.rows(),
            written.metrics(),
            written.splitOffsets(),
            null)
        .toDataFile(PartitionSpec.unpartitioned());
  }

  private List<DataFile> smallFiles(int count) {
    List<DataFile> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      written.add(write("small-" + i + ".parquet", i * 10, 10));
    }
    return written;
  }

  private SnapshotScan scan(
      List<DataFile> of, String filter, long limit, @Nullable Executor executor) {
    ScanFilter selected =
        filter.isEmpty() ? ScanFilter.ALL : ScanFilter.ALL.and(RowPredicate.parse(filter, TABLE));
    SnapshotScan scan =
        SnapshotScan.of(files, of, TABLE, TABLE, selected, limit, MeshAction.of(Verb.READ, "rows"));
    return executor == null ? scan : scan.on(executor);
  }

  private static List<List<Object>> rows(SnapshotScan scan) {
    List<List<Object>> rows = new ArrayList<>();
    try (scan) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          List<Object> values = new ArrayList<>();
          for (NestedField column : TABLE.columns()) {
            values.add(batch.valueAt(column.name(), row));
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  @Test
  void rowsAndTheirOrderAreThoseOfAScanOnOneThread() {
    List<DataFile> of =
        List.of(
            write("a.parquet", 0, ROWS),
            write("b.parquet", ROWS, 10),
            write("c.parquet", ROWS + 10, ROWS));
    for (String filter : List.of("", "id >= 29000", "mixed > 0 AND note <> 'note 7'", "id < 0")) {
      List<List<Object>> expected = rows(scan(of, filter, Long.MAX_VALUE, null));
      assertThat(rows(scan(of, filter, Long.MAX_VALUE, workers))).as(filter).isEqualTo(expected);
      assertThat(rows(scan(of, filter, Long.MAX_VALUE, Runnable::run)))
          .as("%s, each batch after the next one was read", filter)
          .isEqualTo(expected);
      assertThat(rows(scan(of, filter, 29_500, workers)))
          .as(filter)
          .isEqualTo(expected.subList(0, Math.min(29_500, expected.size())));
    }
    assertThat(files.closed).isEqualTo(files.opened);
  }

  @Test
  void smallColumnsThatLieTogetherAreReadAtOnce() {
    List<DataFile> one = List.of(write("a.parquet", 0, ROWS));

    assertThat(rows(scan(one, "", Long.MAX_VALUE, null))).hasSize(ROWS);
    assertThat(files.reads).as("the end of the file, and its four columns").isEqualTo(2);
    assertThat(files.bytes).isLessThanOrEqualTo(one.get(0).fileSizeInBytes() + (64 << 10));
  }

  @Test
  void fourFilesAreOpenedAheadAndClosedWithTheScan() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    SnapshotScan scan = scan(smallFiles(10), "", Long.MAX_VALUE, waiting::add);

    assertThat(scan.next()).isNotNull();
    assertThat(files.opened).as("the first, on the calling thread").isEqualTo(1);
    waiting.forEach(Runnable::run);
    assertThat(files.opened).isEqualTo(5);

    scan.close();
    assertThat(files.closed).isEqualTo(5);
  }

  @Test
  void eachFileIsClosedAlsoIfOthersCannotBe() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    SnapshotScan scan = scan(smallFiles(10), "", Long.MAX_VALUE, waiting::add);
    assertThat(scan.next()).isNotNull();
    waiting.forEach(Runnable::run);
    int open = files.opened - files.closed;
    assertThat(open).isGreaterThan(2);
    files.failToClose = true;

    assertThatThrownBy(scan::close)
        .isInstanceOf(UncheckedIOException.class)
        .satisfies(e -> assertThat(suppressed(e)).isEqualTo(open - 1));
    assertThat(files.closed).isEqualTo(files.opened);
  }

  /** The number of failures that a failure suppresses, directly or through others. */
  private static int suppressed(Throwable failure) {
    int all = 0;
    for (Throwable each : failure.getSuppressed()) {
      all += 1 + suppressed(each);
    }
    return all;
  }

  @Test
  void rowGroupsOfSeveralFilesAreClosedAlsoIfOneCannotBe() {
    SnapshotScan scan = scan(smallFiles(6), "", Long.MAX_VALUE, Runnable::run);
    for (int i = 0; i < 3; i++) {
      assertThat(scan.next()).isNotNull();
    }
    files.failToClose = true;

    assertThatThrownBy(scan::close).isInstanceOf(UncheckedIOException.class);
    assertThat(files.closed).isEqualTo(files.opened);
  }

  @Test
  void theNextBatchIsReadWhileTheCallerUsesTheOneBeforeAlsoOfTheNextFile() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    SnapshotScan scan = scan(smallFiles(3), "", Long.MAX_VALUE, waiting::add);

    assertThat(scan.next().longAt("id", 9)).isEqualTo(9);
    runAll(waiting);
    int before = files.reads;
    VectorBatch second = scan.next();
    int used = files.reads;
    assertThat(used).isGreaterThan(before);
    runAll(waiting);
    assertThat(files.reads).as("the columns of the third file").isGreaterThan(used);
    assertThat(second.longAt("id", 9)).isEqualTo(19);
    assertThat(scan.isAtEnd()).isFalse();

    used = files.reads;
    assertThat(scan.next().longAt("id", 9)).isEqualTo(29);
    assertThat(files.reads).isEqualTo(used);
    assertThat(scan.next()).isNull();
    assertThat(scan.isAtEnd()).isTrue();
    assertThat(files.closed).isEqualTo(files.opened);
  }

  @Test
  void theNextRowGroupIsRequestedWhileOneIsDecodedWithAsManyRequests() {
    List<DataFile> of = List.of(write("groups.parquet", 0, 60_000, 20_000));
    List<List<Object>> expected = rows(scan(of, "", Long.MAX_VALUE, null));
    assertThat(files.reads).as("the end of the file, and three row groups").isEqualTo(4);
    long bytes = files.bytes;

    files.reset();
    Deque<Runnable> waiting = new ArrayDeque<>();
    SnapshotScan scan = scan(of, "", Long.MAX_VALUE, waiting::add);
    scan.next();
    runAll(waiting);
    assertThat(files.reads).as("the first row group").isEqualTo(2);
    VectorBatch last = scan.next();
    assertThat(last.rows()).isEqualTo(20_000 - VectorBatch.ROWS);
    assertThat(files.reads).isEqualTo(2);
    runAll(waiting);
    assertThat(files.reads).as("the second row group, before it is needed").isEqualTo(3);
    assertThat(scan.next().longAt("id", 0)).isEqualTo(20_000);
    runAll(waiting);
    assertThat(files.reads).as("with the third, and nothing twice").isEqualTo(4);
    scan.close();

    for (Executor executor : List.<Executor>of(workers, Runnable::run)) {
      files.reset();
      assertThat(rows(scan(of, "", Long.MAX_VALUE, executor))).isEqualTo(expected);
      assertThat(files.reads).isEqualTo(4);
      assertThat(files.bytes).isEqualTo(bytes);
    }
  }

  @Test
  void noRowGroupIsRequestedBeyondALimit() {
    List<DataFile> of = List.of(write("groups.parquet", 0, 60_000, 20_000));
    assertThat(rows(scan(of, "", 20_000, Runnable::run))).hasSize(20_000);
    assertThat(files.reads).isEqualTo(2);
    files.reset();
    assertThat(rows(scan(of, "", 20_001, Runnable::run))).hasSize(20_001);
    assertThat(files.reads).isEqualTo(3);
  }

  @Test
  void rowGroupsOfAFileAreDecodedSideBySideWithTheSameRows() {
    List<DataFile> of =
        List.of(
            write("a.parquet", 0, 60_000, 10_000),
            write("b.parquet", 60_000, 20_000, 7_000),
            write("c.parquet", 80_000, 1_000));
    List<List<Object>> expected = rows(scan(of, "", Long.MAX_VALUE, null));
    for (int round = 0; round < 3; round++) {
      assertThat(rows(scan(of, "", Long.MAX_VALUE, workers))).isEqualTo(expected);
      assertThat(rows(scan(of, "", 45_001, workers))).isEqualTo(expected.subList(0, 45_001));
      assertThat(rows(scan(of, "id >= 9999", 45_001, workers)))
          .isEqualTo(expected.subList(9_999, 55_000));
    }
    assertThat(files.closed).isEqualTo(files.opened);
  }

  @Test
  void ofLargeColumnsOnlyTheFirstBytesAreRequestedAhead() {
    Schema columns =
        new Schema(
            NestedField.required(1, "one", Types.LongType.get()),
            NestedField.required(2, "two", Types.LongType.get()));
    Path path = folder.resolve("large.parquet");
    Random random = new Random(7);
    DataFile file;
    try (ParquetWriter writer =
        ParquetWriter.open(
            Files.localOutput(path.toFile()).create(), columns, EncodingProfile.FAST, Map.of())) {
      VectorBatch batch = VectorBatch.empty(columns);
      for (int group = 0; group < 2; group++) {
        for (int part = 0; part < 80; part++) {
          batch.reset();
          for (int row = 0; row < VectorBatch.ROWS; row++) {
            ((LongVector) batch.vector(0)).append(random.nextLong());
            ((LongVector) batch.vector(1)).append(random.nextLong());
          }
          writer.write(batch);
        }
        writer.flush();
      }
      file = entry(path, writer.finish());
    }
    long[] sums = new long[2];
    int[] reads = new int[2];
    for (int i = 0; i < 2; i++) {
      files.reset();
      SnapshotScan scan =
          SnapshotScan.of(
              files, List.of(file), columns, Long.MAX_VALUE, MeshAction.of(Verb.READ, "rows"));
      try (SnapshotScan of = i == 0 ? scan : scan.on(workers)) {
        for (VectorBatch batch = of.next(); batch != null; batch = of.next()) {
          for (int row = 0; row < batch.rows(); row++) {
            sums[i] += 31 * sums[i] + batch.longAt("one", row) + 7 * batch.longAt("two", row);
          }
        }
      }
      reads[i] = files.reads;
    }
    assertThat(sums[1]).isEqualTo(sums[0]);
    assertThat(reads[1]).as("requests").isLessThanOrEqualTo(reads[0] + 2);
  }

  @Test
  void aScanThatIsClosedEarlyHasNotEndedAlsoIfItsLimitWasReachedAhead() {
    SnapshotScan scan = scan(smallFiles(5), "", 25, Runnable::run);
    scan.next();
    scan.next();
    int read = files.reads;
    scan.close();
    assertThat(scan.isAtEnd()).isFalse();
    assertThat(files.reads).isEqualTo(read);
    assertThat(files.closed).isEqualTo(files.opened);
    assertThatThrownBy(scan::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptedThreadGetsNoFurtherBatch() throws InterruptedException {
    SnapshotScan scan = scan(smallFiles(5), "", Long.MAX_VALUE, workers);
    assertThat(scan.next()).isNotNull();
    assertThat(scan.next()).isNotNull();
    Thread.currentThread().interrupt();
    assertThatThrownBy(scan::next)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(scan::next).isInstanceOf(BackendException.class);
    awaitWorkers();
    assertThat(files.closed).isEqualTo(files.opened);
  }

  private static void runAll(Deque<Runnable> waiting) {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }

  @Test
  void aFileThatIsOpenedAfterTheScanWasClosedIsClosed() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    SnapshotScan scan = scan(smallFiles(3), "", Long.MAX_VALUE, waiting::add);
    assertThat(scan.next()).isNotNull();

    scan.close();
    waiting.forEach(Runnable::run);

    assertThat(files.opened).isEqualTo(1);
    assertThat(files.closed).isEqualTo(1);
  }

  @Test
  void aLimitOpensNoFileBeyondIt() {
    assertThat(rows(scan(smallFiles(10), "", 25, Runnable::run))).hasSize(25);
    assertThat(files.opened).isEqualTo(3);
  }

  @Test
  void anExecutorThatRejectsTasksLeavesThemToTheCaller() {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    assertThat(rows(scan(smallFiles(10), "", Long.MAX_VALUE, full))).hasSize(100);
    assertThat(files.closed).isEqualTo(files.opened).isEqualTo(10);
  }

  /** A file that a thread was opening is closed by that thread. */
  private void awaitWorkers() throws InterruptedException {
    workers.shutdown();
    assertThat(workers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aDamagedFileFailsWhenItIsReached() throws IOException, InterruptedException {
    List<DataFile> of = smallFiles(6);
    try (RandomAccessFile bytes = new RandomAccessFile(of.get(2).location(), "rw")) {
      bytes.setLength(bytes.length() - 1);
    }
    SnapshotScan scan = scan(of, "", Long.MAX_VALUE, workers);
    assertThat(scan.next()).isNotNull();
    assertThat(scan.next()).isNotNull();
    assertThatThrownBy(scan::next)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("small-2.parquet")
        .hasMessageContaining("was published with");
    assertThatThrownBy(scan::next).isInstanceOf(BackendException.class);
    scan.close();
    awaitWorkers();
    assertThat(files.closed).isEqualTo(files.opened);
  }

  @Test
  void aKnownFooterIsNotReadAgain() {
    List<DataFile> of = smallFiles(3);
    FooterCache footers = new FooterCache(1 << 20);
    List<List<Object>> first = rows(scan(of, "", Long.MAX_VALUE, null).withFooters(footers));
    long before = files.bytes;
    files.reset();

    assertThat(rows(scan(of, "", Long.MAX_VALUE, null).withFooters(footers))).isEqualTo(first);

    assertThat(files.bytes).isLessThan(before / 2);
    assertThat(files.reads).as("one for the columns of each file").isEqualTo(3);
  }

  @Test
  void footersThatDoNotFitAreReadAgain() {
    List<DataFile> of = smallFiles(3);
    FooterCache none = new FooterCache(1_000);
    rows(scan(of, "", Long.MAX_VALUE, null).withFooters(none));
    int before = files.reads;
    files.reset();

    assertThat(rows(scan(of, "", Long.MAX_VALUE, null).withFooters(none))).hasSize(30);
    assertThat(files.reads).isEqualTo(before);
  }
}
