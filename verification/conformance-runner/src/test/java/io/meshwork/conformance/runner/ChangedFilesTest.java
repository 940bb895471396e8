package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite {@code parquet-read} answers for files of which bytes were changed. */
class ChangedFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** A file, the pages that its checksums cover, and what is read from it. */
  private record Original(byte[] bytes, CheckedPages pages, int[] covered, ObjectNode answer) {}

  @Test
  void changedFilesHaveRowsOrATypedErrorAndChangesUnderAChecksumTheSameRows() throws IOException {
    assertAnswered(2_000);
  }

  @Tag("nightly")
  @Test
  void aHundredThousandChangedFilesHaveRowsOrATypedError() throws IOException {
    assertAnswered(100_000);
  }

  private void assertAnswered(int mutants) throws IOException {
    long seed = Long.getLong("mesh.parquet.seed", new Random().nextLong());
    List<Original> originals = originals();
    Random random = new Random(seed);
    int covered = 0;
    for (int i = 0; i < mutants; i++) {
      Original original = originals.get(i % originals.size());
      byte[] mutant = mutant(original, random);
      String what = "mutant %d of -Dmesh.parquet.seed=%d".formatted(i, seed);
      ObjectNode answer = answer(mutant, what);
      if (original.pages.coverChanges(mutant)) {
        covered++;
        if (answer.has("error")) {
          assertThat(answer.path("error").asText())
              .as(what)
              .isIn("CORRUPT", "UNSUPPORTED", "LIMIT");
        } else {
          assertThat(answer).as(what).isEqualTo(original.answer);
        }
      }
    }
    assertThat(covered).as("changes under a checksum").isGreaterThan(mutants / 20);
  }

  private List<Original> originals() throws IOException {
    Path good = Files.createDirectory(folder.resolve("good"));
    for (int i = 0; i < 40; i++) {
      Random random = new Random(1_000 + i);
      RandomMessage message = new RandomMessage(random);
      MessageType schema = message.schema();
      List<Group> rows = new ArrayList<>();
      for (int row = random.nextInt(60); row >= 0; row--) {
        rows.add(message.row(schema));
      }
      SampleFiles.write(good.resolve(i + ".parquet"), schema, rows, random);
    }
    SampleFiles.writeWithDuckDb(good, 40);
    List<Path> ours = new ArrayList<>();
    for (EncodingProfile profile : EncodingProfile.values()) {
      ours.add(good.resolve(profile + ".parquet"));
      SampleFiles.writeWithMeshwork(ours.get(ours.size() - 1), profile);
    }
    Files.createDirectory(folder.resolve("bad"));
    List<Original> originals = new ArrayList<>();
    try (Stream<Path> files = Files.list(good)) {
      for (Path file : files.sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        CheckedPages pages = new CheckedPages(bytes);
        ObjectNode answer = answer(bytes, file.toString());
        assertThat(answer.has("columns")).as(answer.toString()).isTrue();
        assertThat(pages.offsets().length > 0 || !ours.contains(file)).as(file.toString()).isTrue();
        originals.add(new Original(bytes, pages, pages.offsets(), answer));
      }
    }
    return originals;
  }

  /** Returns the line of a file, without its time. */
  private ObjectNode answer(byte[] file, String what) throws IOException {
    Path bad = folder.resolve("bad");
    Files.write(bad.resolve("mutant.parquet"), file);

    Run run = Run.of("parquet-read", bad);

    assertThat(run.output()).as(what).hasSize(2).last().isEqualTo("1 passed, 0 failed");
    ObjectNode line = (ObjectNode) JSON.readTree(run.output().get(0));
    line.remove("millis");
    return line;
  }

  private static byte[] mutant(Original original, Random random) {
    byte[] mutant = original.bytes.clone();
    int[] covered = original.covered;
    boolean inPages = covered.length > 0 && random.nextInt(3) == 0;
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int from = random.nextBoolean() ? CheckedPages.footer(original.bytes) : 4;
      int at =
          inPages
              ? covered[random.nextInt(covered.length)]
              : from + random.nextInt(mutant.length - from);
      switch (random.nextInt(6)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt();
        case 2 -> mutant[at] = (byte) 0xFF;
        case 3 -> mutant[at] = 0x7F;
        case 4 ->
            Arrays.fill(mutant, at, Math.min(mutant.length, at + 1 + random.nextInt(8)), (byte) 0);
        default -> {
          int other = 4 + random.nextInt(mutant.length - 4);
          int length = Math.min(1 + random.nextInt(16), mutant.length - Math.max(at, other));
          System.arraycopy(original.bytes, other, mutant, at, length);
        }
      }
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
  }
}
