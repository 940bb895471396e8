package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest {
  private static final Key KEY = new Key("shop/orders", "head");

  private final Faults faults = Faults.seeded(7);
  private final Registry real = new InMemoryRegistry();
  private final Registry registry = faults.registry(real);
  private final FileIO realFiles = new MemoryFileIO();
  private final FileIO files = faults.files(realFiles);

  @Test
  void theNthCallIsCountedSinceTheFaultWasSet() {
    registry.read(KEY);
    faults.on(Port.REGISTRY_READ).nth(2).failBefore();

    assertThat(registry.read(KEY)).isEmpty();
    assertThatThrownBy(() -> registry.read(KEY)).isInstanceOf(BackendException.class);
    assertThat(registry.read(KEY)).isEmpty();
  }

  @Test
  void aFaultWithoutANumberLastsUntilItIsCleared() {
    faults.on(Port.REGISTRY_READ, Port.REGISTRY_LIST).failBefore();

    assertThatThrownBy(() -> registry.read(KEY)).isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> registry.list("shop", "", null)).isInstanceOf(BackendException.class);
    faults.clear();
    assertThat(registry.read(KEY)).isEmpty();
  }

  @Test
  void onlyCallsThatMatchThePathFail() throws IOException {
    faults.on(Port.FILE_WRITE).path("**/data/*.parquet").failBefore();
    faults.on(Port.REGISTRY_READ).path("shop/orders/h?ad").failBefore();

    write("mem:/a/metadata/one.parquet");
    write("mem:/a/data/deep/one.parquet");
    assertThatThrownBy(() -> write("mem:/a/data/one.parquet"))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(registry.read(new Key("shop/orders", "log/1"))).isEmpty();
    assertThatThrownBy(() -> registry.read(KEY)).isInstanceOf(BackendException.class);
  }

  @Test
  void probabilitiesDependOnTheSeed() {
    assertThat(failures(11)).isEqualTo(failures(11)).isNotEqualTo(failures(12));
    assertThat(failures(11)).hasSizeBetween(5, 60);
  }

  private static List<Integer> failures(long seed) {
    Faults chance = Faults.seeded(seed);
    Registry registry = chance.registry(new InMemoryRegistry());
    chance.on(Port.REGISTRY_READ).probability(0.2).failBefore();
    List<Integer> failed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      try {
        registry.read(KEY);
      } catch (BackendException e) {
        failed.add(i);
      }
    }
    return failed;
  }

  @Test
  void aCommitWithALostReplyIsStoredAndAFailedOneIsNot() {
    faults.on(Port.REGISTRY_COMMIT).nth(1).failBefore();
    faults.on(Port.REGISTRY_COMMIT).nth(2).loseReply();
    Transaction transaction = Transaction.attempt("1").insert(KEY, "{}").build();

    assertThatThrownBy(() -> registry.commit(transaction))
        .isInstanceOfSatisfying(
            BackendException.class, failed -> assertThat(failed.retryable()).isTrue());
    assertThat(real.read(KEY)).isEmpty();
    assertThat(registry.commit(transaction)).isEqualTo(Outcome.UNKNOWN);
    assertThat(real.read(KEY)).isPresent();
  }

  @Test
  void aDelayedCommitArrivesLater() {
    faults.on(Port.REGISTRY_COMMIT).holdBack();

    assertThat(registry.commit(Transaction.attempt("1").insert(KEY, "{}").build()))
        .isEqualTo(Outcome.UNKNOWN);
    assertThat(real.read(KEY)).isEmpty();
    assertThat(faults.deliver()).containsExactly(Outcome.COMMITTED);
    assertThat(real.read(KEY)).isPresent();
    assertThat(faults.deliver()).isEmpty();
  }

  @Test
  void anotherCommitMayComeFirst() {
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> registry.commit(Transaction.attempt("2").insert(KEY, "{}").build()));
    faults.on(Port.REGISTRY_COMMIT).nth(3).conflict();

    Outcome lost = registry.commit(Transaction.attempt("1").insert(KEY, "{}").build());
    Outcome conflict =
        registry.commit(Transaction.attempt("3").insert(new Key("shop", "x"), "{}").build());

    assertThat(lost).isEqualTo(Outcome.conflict(List.of(KEY)));
    assertThat(conflict).isEqualTo(Outcome.conflict(List.of(new Key("shop", "x"))));
  }

  @Test
  void resolvingAnAttemptMayFail() {
    faults.on(Port.REGISTRY_RESOLVE).nth(1).failBefore();
    faults.on(Port.REGISTRY_RESOLVE).nth(2).loseReply();

    assertThat(registry.resolve("shop", "1")).isEqualTo(Outcome.UNKNOWN);
    assertThat(real.read(new Key("shop", "attempt/1"))).isEmpty();
    assertThat(registry.resolve("shop", "1")).isEqualTo(Outcome.UNKNOWN);
    assertThat(real.read(new Key("shop", "attempt/1"))).isPresent();
    assertThat(registry.resolve("shop", "1")).isEqualTo(Outcome.ABORTED);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4.9E-324, 1", "0.5, 50", "1, 99"})
  void aTornWriteWritesSoManyBytesOf100(double share, int bytes) throws IOException {
    List<Integer> written = new ArrayList<>();
    OutputStream counting =
        new FaultyOutputStream(new CountingStream(written), "mem:/x", faults, () -> () -> {});
    faults.on(Port.FILE_WRITE).nth(1).tear(share);

    assertThatThrownBy(() -> counting.write(new byte[100])).isInstanceOf(IOException.class);

    assertThat(written).containsExactly(bytes);
    assertThatThrownBy(() -> counting.write(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(counting::close).isInstanceOf(IOException.class);
    counting.close();
  }

  @Test
  void aFileWithAFailedWriteIsNotCreated() throws IOException {
    faults.on(Port.FILE_WRITE).path("**torn").nth(2).tear(0.5);
    faults.on(Port.FILE_CLOSE).path("**unnamed").failBefore();
    faults.on(Port.FILE_CLOSE).path("**doubtful").failAfter();

    for (String name : List.of("torn", "unnamed", "doubtful")) {
      assertThatThrownBy(() -> write("mem:/" + name)).isInstanceOf(IOException.class);
    }

    assertThat(realFiles.newInputFile("mem:/torn").exists()).isFalse();
    assertThat(realFiles.newInputFile("mem:/unnamed").exists()).isFalse();
    assertThat(realFiles.newInputFile("mem:/doubtful").exists()).isTrue();
  }

  @Test
  void aTornDeletionDeletesOnlyTheFirstFiles() throws IOException {
    List<String> names = List.of("mem:/f/1", "mem:/f/2", "mem:/f/3", "mem:/f/4");
    for (String name : names) {
      write(name);
    }
    faults.on(Port.FILE_DELETE).nth(1).tear(0.5);
    faults.on(Port.FILE_DELETE).nth(2).tear(0.5);

    assertThatThrownBy(() -> ((SupportsBulkOperations) files).deleteFiles(names))
        .isInstanceOfSatisfying(
            BulkDeletionFailureException.class,
            failed -> assertThat(failed.numberFailedObjects()).isEqualTo(2));
    assertThat(listed()).isEqualTo(2);
    assertThatThrownBy(() -> ((SupportsPrefixOperations) files).deletePrefix("mem:/f"))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(listed()).isEqualTo(1);
  }

  private long listed() {
    Iterable<?> left = ((SupportsPrefixOperations) realFiles).listPrefix("mem:/f");
    return StreamSupport.stream(left.spliterator(), false).count();
  }

  @Test
  void aReadFailsWithAnIoException() throws IOException {
    write("mem:/f");
    faults.on(Port.FILE_READ).nth(2).failBefore();

    try (InputStream in = files.newInputFile("mem:/f").newStream()) {
      assertThatThrownBy(in::read).isInstanceOf(IOException.class);
      assertThat(in.readAllBytes()).hasSize(200);
    }
  }

  @Test
  void noCallSucceedsAfterAKill() throws IOException {
    faults.on(Port.FILE_CLOSE).nth(1).crash(Phase.AFTER, Death.KILL);

    assertThatThrownBy(() -> write("mem:/f")).isInstanceOf(SimulatedCrash.class);
    assertThatThrownBy(() -> registry.read(KEY))
        .isInstanceOf(SimulatedCrash.class)
        .hasMessageContaining("FILE_CLOSE mem:/f");
    faults.clear();
    assertThatThrownBy(() -> files.deleteFile("mem:/f")).isInstanceOf(SimulatedCrash.class);
    assertThat(realFiles.newInputFile("mem:/f").exists()).isTrue();
  }

  @Test
  void finallyBlocksCanUseThePortsAfterAThrow() {
    faults.on(Port.FILE_CLOSE).nth(1).crash(Phase.BEFORE, Death.THROW);

    assertThatThrownBy(() -> write("mem:/f")).isInstanceOf(SimulatedCrash.class);
    files.deleteFile("mem:/f");
    assertThat(faults.isDead()).isFalse();
  }

  @Test
  void aKillWithALostReplyTakesEffectAtTheNextCall() {
    faults.on(Port.REGISTRY_COMMIT).nth(1).crash(Phase.REPLY_LOST, Death.KILL);

    assertThat(registry.commit(Transaction.attempt("1").insert(KEY, "{}").build()))
        .isEqualTo(Outcome.UNKNOWN);
    assertThat(real.read(KEY)).isPresent();
    assertThatThrownBy(() -> registry.resolve("shop/orders", "1"))
        .isInstanceOf(SimulatedCrash.class);
  }

  @Test
  void aTraceIsReplayed() {
    faults.on(Port.REGISTRY_READ).probability(0.3).failBefore();
    faults.onAny().probability(0.1).tear(0.25);
    faults.onAny().nth(90).crash(Phase.TORN, Death.KILL);
    String trace = randomCalls(faults, 3);

    assertThat(trace).contains("FAIL_BEFORE", "TEAR 0.25", "90 ", "CRASH TORN KILL 0.5");
    assertThat(randomCalls(Faults.replay(trace), 3)).isEqualTo(trace);
    assertThat(randomCalls(Faults.seeded(7), 3)).isNotEqualTo(trace);
  }

  private static String randomCalls(Faults faults, long seed) {
    Random random = new Random(seed);
    Registry registry = faults.registry(new InMemoryRegistry());
    FileIO files = faults.files(new MemoryFileIO());
    for (int i = 0; i < 100; i++) {
      try {
        if (random.nextBoolean()) {
          registry.read(KEY);
        } else {
          files.deleteFile("mem:/" + i);
        }
      } catch (RuntimeException | SimulatedCrash expected) {
        assertThat(expected).as("call %d", i).isNotInstanceOf(NullPointerException.class);
      }
    }
    return faults.trace();
  }

  private void write(String location) throws IOException {
    try (OutputStream out = files.newOutputFile(location).create()) {
      out.write(new byte[200]);
    }
  }

  /** Counts the bytes of each write. */
  private static final class CountingStream extends org.apache.iceberg.io.PositionOutputStream {
    private final List<Integer> written;

    CountingStream(List<Integer> written) {
      this.written = written;
    }

    @Override
    public long getPos() {
      return written.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void write(int value) {
      written.add(1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      written.add(length);
    }
  }

  @Test
  void aFailedReplacementKeepsTheFileAndLeavesNothing(@TempDir Path folder) throws IOException {
    Faults faults = Faults.seeded(1);
    FileIO files = faults.files(new LocalFileIO());
    String location = folder.resolve("x").toString();
    write(files, location, "before");
    faults.on(Port.FILE_CLOSE).nth(1).failBefore();

    assertThatThrownBy(() -> write(files, location, "after")).isInstanceOf(IOException.class);

    assertThat(folder.resolve("x")).hasContent("before");
    assertThat(folder.toFile().list()).containsExactly("x");
  }

  private static void write(FileIO files, String location, String text) throws IOException {
    try (OutputStream out = files.newOutputFile(location).createOrOverwrite()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
