package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.SampleKeys;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Files;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files and bytes that are read with bloom filters, for files with wide rows. */
class BloomSkippingTest {
  private static final int ROWS = 30_000;

  /** The end of a file, which is read in one piece, and a filter with its header. */
  private static final long FOOTER_AND_FILTER = (64 << 10) + (64 << 10) + 100;

  private static final Contract CONTRACT =
      Contract.of(
              new org.apache.avro.Schema.Parser()
                  .parse(
                      """
                      {"type":"record","name":"row","fields":[
                        {"name":"id","type":"long"},
                        {"name":"code","type":"string"},
                        {"name":"note","type":"string"}]}
                      """))
          .primaryKey("id");

  private static final Schema TABLE = IcebergSchemas.fromAvro(CONTRACT.schema());

  @TempDir private Path folder;
  private final CountedFiles files = new CountedFiles();
  private final List<DataFile> live = new ArrayList<>();

  /** Three files with the IDs 0, 3, 6, and so on, in separate ranges. */
  @BeforeEach
  void writeFiles() {
    for (int file = 0; file < 3; file++) {
      live.add(write("f" + file, file * 3L * ROWS, Set.of(1, 2)));
    }
  }

  private DataFile write(String name, long first, Set<Integer> filtered) {
    Path path = folder.resolve(name + ".parquet");
    Random random = new Random(first);
    byte[] note = new byte[100];
    try (ParquetWriter writer =
        ParquetWriter.open(
                Files.localOutput(path.toFile()).create(),
                TABLE,
                EncodingProfile.COMPATIBLE,
                Map.of())
            .filtering(filtered)) {
      VectorBatch batch = VectorBatch.empty(TABLE);
      for (int row = 0; row < ROWS; row++) {
        ((LongVector) batch.vector(0)).append(first + row * 3L);
        ((BytesVector) batch.vector(1)).append(code(first + row * 3L));
        random.nextBytes(note);
        ((BytesVector) batch.vector(2)).append(note);
      }
      writer.write(batch);
      WrittenFile written = writer.finish();
      return new io.meshwork.internal.table.DataFileEntry(
              path.toString(),
              written.bytes(),
              written.rows(),
              written.metrics(),
              written.splitOffsets(),
              null)
          .toDataFile(PartitionSpec.unpartitioned());
    }
  }

  private static byte[] code(long id) {
    return String.format(Locale.ROOT, "c%03d-%d", id % 997, id).getBytes(StandardCharsets.UTF_8);
  }

  private long rowsRead(String filter) {
    files.reset();
    RowPredicate predicate = RowPredicate.parse(filter, TABLE);
    List<DataFile> left = live.stream().filter(predicate::mayMatch).toList();
    long rows = 0;
    try (SnapshotScan scan =
        SnapshotScan.of(
            files,
            left,
            TABLE,
            TABLE,
            predicate,
            Long.MAX_VALUE,
            MeshAction.of(Verb.READ, "rows"))) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        rows += batch.rows();
      }
    }
    return rows;
  }

  @Test
  void aReadOfAMissingKeyReadsNoColumn() {
    assertThat(rowsRead("id = 30001")).isZero();
    assertThat(files.opened).isEqualTo(1);
    assertThat(files.bytes).isLessThan(FOOTER_AND_FILTER);

    assertThat(rowsRead("code = 'c003-30001' and note <> 'x'")).isZero();
    assertThat(files.opened).as("codes have no order").isEqualTo(3);
    assertThat(files.bytes).isLessThan(3 * FOOTER_AND_FILTER);

    assertThat(rowsRead("id in (1, 2, 4, 5)")).isZero();
    assertThat(files.bytes).isLessThan(FOOTER_AND_FILTER);
  }

  @Test
  void aReadOfAnExistingKeyReadsOnlyItsFile() {
    assertThat(rowsRead("code = '" + new String(code(99_000), StandardCharsets.UTF_8) + "'"))
        .isEqualTo(1);
    assertThat(files.opened).isEqualTo(3);
    assertThat(files.bytes)
        .as("the codes of its file, and one page of each other column")
        .isBetween(1L << 20, (1L << 20) + ROWS * 20L + 3 * FOOTER_AND_FILTER);
    assertThat(rowsRead("code = 'c000-0' or id = 90003")).isEqualTo(2);
    assertThat(rowsRead("not (id = 30001)")).isEqualTo(3 * ROWS);
  }

  private PublishVerdict publish(long... ids) {
    files.reset();
    ExistingKeys table = SampleKeys.ofFiles(TABLE, files, live);
    try (QualityGate gate =
        QualityGate.open(
            CONTRACT,
            TABLE,
            OnViolation.REJECT,
            RuleContext.at(Instant.EPOCH),
            table,
            QualityGate.KEY_MEMORY)) {
      VectorBatch batch = VectorBatch.empty(TABLE);
      for (long id : ids) {
        ((LongVector) batch.vector(0)).append(id);
        ((BytesVector) batch.vector(1)).append(code(id));
        ((BytesVector) batch.vector(2)).append(code(id));
      }
      gate.evaluate(batch, new RowMask(0), 0);
      gate.endOfInput();
      return gate.finish(List.of());
    }
  }

  @Test
  void aPublishOfKeysBeyondAllBoundsOpensNoFile() {
    assertThat(publish(-1, -2, -3).refused()).isFalse();
    assertThat(files.opened).isZero();
    assertThat(publish(9L * ROWS, 9L * ROWS + 1).refused()).isFalse();
    assertThat(files.opened).isZero();
  }

  @Test
  void aPublishOfNewKeysWithinBoundsReadsOnlyFootersAndFilters() {
    assertThat(publish(1, 2, 4, 30_001).refused()).isFalse();
    assertThat(files.opened).isEqualTo(1);
    assertThat(files.bytes).isLessThan(FOOTER_AND_FILTER);

    assertThat(publish(1, 9L * ROWS - 1).refused()).isFalse();
    assertThat(files.opened).isEqualTo(3);
    assertThat(files.bytes).isLessThan(3 * FOOTER_AND_FILTER);
  }

  @Test
  void aPublishOfAnExistingKeyReadsOnlyTheKeys() {
    PublishVerdict judgement = publish(1, 2, 30_000, 4);

    assertThat(judgement.refused()).isTrue();
    assertThat(judgement.findings().get(0).what())
        .contains("1 of 4 rows", "row 3, whose key the product already contains");
    assertThat(files.opened).isEqualTo(1);
    assertThat(files.bytes).as("no column but the key").isLessThan(ROWS * 10L + FOOTER_AND_FILTER);
  }

  @Test
  void aFileWithoutBloomFiltersIsRead() {
    live.clear();
    live.add(write("older", 0, Set.of()));

    assertThat(publish(1, 2).refused()).isFalse();
    assertThat(files.bytes).isGreaterThan(ROWS);
    assertThat(publish(3).refused()).isTrue();
    assertThat(rowsRead("id = 3")).isEqualTo(1);
    assertThat(rowsRead("id = 4")).isZero();
  }
}
