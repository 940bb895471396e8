package io.meshwork.internal.uniqueness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RowBatches;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests keys that exceed the memory limit: where they are stored, and that no file remains. */
class KeyPartitionsTest {
  private static final int ROWS = 9_000;
  private static final long SMALL = 100_000;
  private static final Contract CONTRACT =
      Contract.of(
              new org.apache.avro.Schema.Parser()
                  .parse(
                      """
                      {"type":"record","name":"row","fields":[
                        {"name":"k","type":"long"},
                        {"name":"at","type":["null","long"]}]}
                      """))
          .maxQuarantineShare(100);
  private static final Schema SCHEMA = IcebergSchemas.fromAvro(CONTRACT.schema());

  @TempDir private Path folder;
  private String before;

  @BeforeEach
  void useAnotherFolder() {
    before = System.setProperty("java.io.tmpdir", folder.toString());
  }

  @AfterEach
  void useTheFolderAgain() {
    System.setProperty("java.io.tmpdir", before);
  }

  private static QualityGate gate(Contract contract, OnViolation policy, ExistingKeys table) {
    return QualityGate.open(contract, SCHEMA, policy, RuleContext.at(Instant.EPOCH), table, SMALL);
  }

  private static VectorBatch batch(long from, long to) {
    List<Object[]> rows = new ArrayList<>();
    for (long key = from; key < to; key++) {
      rows.add(new Object[] {key, null});
    }
    return RowBatches.batch(SCHEMA, rows);
  }

  private long temporaryFiles() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.toString().contains("meshwork-keys-")).count();
    }
  }

  @Test
  void firstRowOfAKeyIsReportedInMemoryAndInFiles() throws IOException {
    Contract contract = CONTRACT.require(Rule.unique("k"));
    for (long remaining : new long[] {SMALL, QualityGate.KEY_MEMORY}) {
      try (QualityGate gate =
          QualityGate.open(
              contract,
              SCHEMA,
              OnViolation.REJECT,
              RuleContext.at(Instant.EPOCH),
              ExistingKeys.NONE,
              remaining)) {
        gate.evaluate(batch(0, ROWS), new RowMask(0), 0);
        gate.evaluate(batch(ROWS - 3, ROWS + 5), new RowMask(0), ROWS);
        assertThat(temporaryFiles() > 0).isEqualTo(remaining == SMALL);
        gate.endOfInput();
        PublishVerdict judgement = gate.finish(List.of());

        RuleResult result = judgement.report().rules().get(0);
        assertThat(judgement.refused()).isTrue();
        assertThat(result.failingRows()).isEqualTo(3);
        assertThat(result.reason()).isEqualTo("first in row 9001, which has the key of row 8998");
        assertThat(result.samples()).hasSize(3);
        assertThat(result.samples().get(0)).startsWith("{\"row\":9001");
      }
      assertThat(temporaryFiles()).isZero();
    }
  }

  @Test
  void unfinishedPublishLeavesNoFiles() throws IOException {
    for (OnViolation policy : List.of(OnViolation.REJECT, OnViolation.QUARANTINE)) {
      Contract contract =
          CONTRACT.require(Rule.unique("k"), Rule.uniqueKeepLatestBy("at", "k").id("latest"));
      try (QualityGate gate = gate(contract, policy, ExistingKeys.NONE)) {
        gate.evaluate(batch(0, ROWS), new RowMask(0), 0);
        assertThat(temporaryFiles()).isPositive();
      }
      assertThat(temporaryFiles()).isZero();
    }
  }

  @Test
  void folderThatIsNotWritableIsReported() {
    System.setProperty("java.io.tmpdir", folder.resolve("absent").toString());
    try (QualityGate gate =
        gate(CONTRACT.require(Rule.unique("k")), OnViolation.REJECT, ExistingKeys.NONE)) {
      VectorBatch rows = batch(0, ROWS);
      assertThatThrownBy(() -> gate.evaluate(rows, new RowMask(0), 0))
          .isInstanceOfSatisfying(
              BackendException.class,
              failed -> assertThat(failed.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
          .hasMessageContainingAll("temporary files", "Nothing was published", "java.io.tmpdir");
    }
  }

  @Test
  void rowsAddedToTheTableLaterAreFoundAmongSpilledKeys() throws IOException {
    for (OnViolation policy : List.of(OnViolation.REJECT, OnViolation.QUARANTINE)) {
      NewKeys keys;
      try (QualityGate gate = gate(CONTRACT.primaryKey("k"), policy, ExistingKeys.NONE)) {
        QualityGate.Verdict verdict = gate.evaluate(batch(0, ROWS), new RowMask(0), 0);
        gate.endOfInput();
        int[] held = verdict.held().numbers();
        if (held.length > 0) {
          long[] numbers = new long[held.length];
          for (int i = 0; i < held.length; i++) {
            numbers[i] = held[i];
          }
          gate.judgeHeld(batch(0, ROWS).gather(held), numbers);
        }
        assertThat(gate.finish(List.of()).refused()).isFalse();
        keys = gate.keys();
      }
      try (keys) {
        assertThat(keys.among(Rule.Scope.TABLE, table(ROWS, ROWS + 50))).isEmpty();
        assertThat(keys.among(Rule.Scope.TABLE, table(ROWS - 2, ROWS + 50)))
            .hasValueSatisfying(
                finding -> {
                  assertThat(finding.count()).isEqualTo(2);
                  assertThat(finding.what()).contains("2 of 9000 rows", "row 8999");
                });
      }
      assertThat(temporaryFiles()).isZero();
    }
  }

  private static ExistingKeys table(long from, long to) {
    return new ExistingKeys() {
      @Override
      public boolean mightContain(KeyRange range) {
        return true;
      }

      @Override
      public void find(KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver) {
        receiver.accept(batch(from, to));
      }
    };
  }

  @Test
  void partitionsThatAreTooLargeAreDividedAgain() throws IOException {
    Set<Long> numbers = new TreeSet<>();
    int[] visited = {0};
    try (KeyPartitions partitions = new KeyPartitions(KeyPartitions.Contents.UNIQUE_KEYS, SMALL)) {
      byte[] key = new byte[9];
      for (long number = 0; number < 20_000; number++) {
        KeyBytes.putLong(key, 1, number % 9_999);
        long hash = KeyHash.ofBytes(KeyHash.START, key, 1, 8);
        partitions.add(key, 1, 8, hash, number);
      }
      assertThat(temporaryFiles()).isEqualTo(1);
      partitions.each(
          file -> {
            assertThat(file.bytes()).isEqualTo(file.records() * 28);
            file.divide(
                hash -> true,
                smaller ->
                    smaller.divide(
                        hash -> true,
                        part -> {
                          visited[0]++;
                          Map<Long, Integer> seen = new HashMap<>();
                          part.read(
                              (bytes, from, length, hash, number) -> {
                                numbers.add(number);
                                seen.merge(KeyBytes.longAt(bytes, from), 1, Integer::sum);
                              });
                          assertThat(seen.values())
                              .as("all rows of a key are in one part")
                              .allMatch(n -> n >= 2);
                          assertThat(seen).hasSizeLessThan(60);
                        }));
          });
    }
    assertThat(numbers).hasSize(20_000);
    assertThat(visited[0]).isGreaterThan(KeyPartitions.COUNT);
    assertThat(temporaryFiles()).isZero();
  }

  @Test
  void latestRowOfAKeyIsKept() {
    Rule rule = Rule.uniqueKeepLatestBy("at", "k");
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      List<Object[]> rows = new ArrayList<>();
      Map<Long, Integer> latest = new HashMap<>();
      for (int row = 0; row < 80; row++) {
        long key = random.nextInt(30);
        Long at = random.nextInt(6) == 0 ? null : (Long) (long) (random.nextInt(9) - 4);
        rows.add(new Object[] {key, at});
        Integer best = latest.get(key);
        Long bestAt = best == null ? null : (Long) rows.get(best)[1];
        if (best == null || (at != null && (bestAt == null || at > bestAt))) {
          latest.put(key, row);
        }
      }
      try (QualityGate gate =
          gate(CONTRACT.require(rule), OnViolation.QUARANTINE, ExistingKeys.NONE)) {
        QualityGate.Verdict first =
            gate.evaluate(RowBatches.batch(SCHEMA, rows), new RowMask(0), 0);
        gate.endOfInput();
        assertThat(first.held().count()).isEqualTo(rows.size());
        long[] numbers = new long[rows.size()];
        for (int row = 0; row < numbers.length; row++) {
          numbers[row] = row;
        }
        QualityGate.Verdict verdict = gate.judgeHeld(RowBatches.batch(SCHEMA, rows), numbers);
        Set<Integer> published = new TreeSet<>();
        for (int row : verdict.published().numbers()) {
          published.add(row);
        }
        assertThat(published).as("seed %s", seed).isEqualTo(new TreeSet<>(latest.values()));
        PublishVerdict judgement = gate.finish(List.of());
        assertThat(judgement.report().rules().get(0).reason()).contains("not the latest");
      }
    }
  }

  @Test
  void keysComeBackInOrderWhateverTheirLength() throws IOException {
    try (KeyPartitions partitions = new KeyPartitions(KeyPartitions.Contents.UNIQUE_KEYS, SMALL)) {
      Random random = new Random(8);
      List<byte[]> added = new ArrayList<>();
      for (int number = 0; number < 3_000; number++) {
        byte[] key = new byte[number % 500 == 3 ? 90_000 : random.nextInt(60)];
        random.nextBytes(key);
        added.add(key);
        partitions.add(key, 0, key.length, 7L << 40, number);
      }
      for (int time = 0; time < 2; time++) {
        List<byte[]> read = new ArrayList<>();
        partitions.each(
            file ->
                file.read(
                    (bytes, from, length, hash, number) -> {
                      assertThat(number).isEqualTo(read.size());
                      assertThat(hash).isEqualTo(7L << 40);
                      read.add(Arrays.copyOfRange(bytes, from, from + length));
                    }));
        assertThat(read).hasSameSizeAs(added);
        for (int i = 0; i < read.size(); i++) {
          assertThat(read.get(i)).isEqualTo(added.get(i));
        }
      }
    }
    assertThat(temporaryFiles()).isZero();
  }

  @Test
  void keysOfOneHashAreComparedInTheSmallestPartition() throws IOException {
    int rows = 6_000;
    KeyHash hash = KeyHash.narrowedBy(full -> full & 0xC000_0000_0000_0000L);
    try (QualityGate gate =
        QualityGate.open(
            CONTRACT.require(Rule.unique("k")),
            SCHEMA,
            OnViolation.REJECT,
            RuleContext.at(Instant.EPOCH),
            ExistingKeys.NONE,
            1,
            hash)) {
      gate.evaluate(batch(0, rows), new RowMask(0), 0);
      gate.evaluate(batch(rows - 7, rows), new RowMask(0), rows);
      gate.endOfInput();
      assertThat(gate.finish(List.of()).report().rules().get(0).failingRows()).isEqualTo(7);
    }
    assertThat(temporaryFiles()).isZero();
  }

  @Test
  void everyRowIsKnownThatWasDecidedBeforeMemoryEnded() {
    try (QualityGate gate =
        gate(CONTRACT.require(Rule.unique("k")), OnViolation.QUARANTINE, ExistingKeys.NONE)) {
      QualityGate.Verdict first = gate.evaluate(batch(0, ROWS), new RowMask(0), 0);
      QualityGate.Verdict second = gate.evaluate(batch(0, ROWS), new RowMask(0), ROWS);
      gate.endOfInput();
      int published = first.published().count();
      assertThat(published).isBetween(100, ROWS - 100);
      for (QualityGate.Verdict verdict : List.of(first, second)) {
        int[] held = verdict.held().numbers();
        long offset = verdict == first ? 0 : ROWS;
        long[] numbers = Arrays.stream(held).mapToLong(row -> row + offset).toArray();
        published += gate.judgeHeld(batch(0, ROWS).gather(held), numbers).published().count();
      }
      assertThat(published).isEqualTo(ROWS);
      gate.finish(List.of());
    }
  }

  @Test
  void duplicatesAmongManyKeysInMemoryAreFoundAtTheEnd() throws IOException {
    int rows = 90_000;
    for (long memory : new long[] {2 << 20, QualityGate.KEY_MEMORY}) {
      NewKeys keys;
      try (QualityGate gate =
          QualityGate.open(
              CONTRACT.primaryKey("k"),
              SCHEMA,
              OnViolation.REJECT,
              RuleContext.at(Instant.EPOCH),
              table(rows, rows + 9),
              memory)) {
        gate.evaluate(batch(0, rows), new RowMask(0), 0);
        assertThat(temporaryFiles() > 0).isEqualTo(memory < QualityGate.KEY_MEMORY);
        gate.endOfInput();
        assertThat(gate.finish(List.of()).refused()).isFalse();
        keys = gate.keys();
      }
      try (keys) {
        assertThat(keys.among(Rule.Scope.TABLE, table(rows, rows + 50))).isEmpty();
        assertThat(keys.among(Rule.Scope.TABLE, table(rows - 2, rows + 50)))
            .hasValueSatisfying(finding -> assertThat(finding.what()).contains("row 89999"));
      }
      try (QualityGate gate =
          QualityGate.open(
              CONTRACT.primaryKey("k"),
              SCHEMA,
              OnViolation.REJECT,
              RuleContext.at(Instant.EPOCH),
              table(70_000, 70_004),
              memory)) {
        gate.evaluate(batch(0, rows), new RowMask(0), 0);
        gate.evaluate(batch(80_000, 80_003), new RowMask(0), rows);
        gate.endOfInput();
        PublishVerdict verdict = gate.finish(List.of());
        RuleResult result = verdict.report().rules().get(0);
        assertThat(result.failingRows()).isEqualTo(7);
        assertThat(result.reason())
            .isEqualTo("first in row 70001, whose key the product already contains");
        assertThat(result.samples()).contains("{\"row\":90001}");
      }
      assertThat(temporaryFiles()).isZero();
    }
  }

  @Test
  void memoryOfKeysFollowsTheHeap() {
    assertThat(QualityGate.keyMemory(64L << 20)).isEqualTo(8L << 20);
    assertThat(QualityGate.keyMemory(1L << 20)).isEqualTo(4L << 20);
    assertThat(QualityGate.keyMemory(1L << 40)).isEqualTo(256L << 20);
  }
}
