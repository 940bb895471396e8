package io.meshwork.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoredSnapshotLogTest {
  private static final String START = "],\"statistics\":[],\"snapshot-log\":[";

  @Test
  void theLogOfAFileIsFoundUpToItsLastEntry() {
    for (int count : new int[] {0, 1, 2, 100}) {
      String text = START + entries(count);

      assertThat(text(find(text))).isEqualTo(text);
      assertThat(find(text).startsWith(START)).isTrue();
      assertThat(find(text).startsWith(START + "{}")).isFalse();
      assertThat(find(text).startsWith(text + "]")).isFalse();
    }
  }

  @Test
  void aFileThatContinuesAnEarlierOneSharesItsCompression() {
    for (int before : new int[] {0, 1, 100}) {
      StoredSnapshotLog earlier = find(START + entries(before)).compressed();
      for (int count : new int[] {before, before + 1, before + 3}) {
        String text = START + entries(count);

        StoredSnapshotLog found =
            StoredSnapshotLog.find(bytes(text + "]}"), 0, earlier).orElseThrow();

        assertThat(text(found)).isEqualTo(text);
        assertThat(found.deflated()).startsWith(earlier.deflated());
        assertThat(found.checksum()).isEqualTo(find(text).compressed().checksum());
      }
    }
  }

  @Test
  void aFileWithAnotherLogIsSearchedWhole() {
    StoredSnapshotLog earlier = find(START + entries(3)).compressed();
    for (String text : List.of(START + entries(2), START + entry(1), START)) {
      StoredSnapshotLog found =
          StoredSnapshotLog.find(bytes(text + "]}"), 0, earlier).orElseThrow();

      assertThat(text(found)).isEqualTo(text);
      assertThat(found.deflated()).isEmpty();
    }
    assertThat(StoredSnapshotLog.find(bytes(START + entries(4)), 0, earlier)).isEmpty();
  }

  @Test
  void aBracketInATextDoesNotEndTheLog() {
    String text = START + "{\"x\":\"\\\"]}\",\"list\":[[1],{}]},{}";

    assertThat(text(find(text))).isEqualTo(text);
  }

  @Test
  void aLogThatIsMissingOrDoesNotEndIsNotFound() {
    assertThat(StoredSnapshotLog.find(bytes("],\"refs\":{}}"), 0)).isEmpty();
    assertThat(StoredSnapshotLog.find(bytes(START + "{}"), 0)).isEmpty();
    assertThat(StoredSnapshotLog.find(bytes(START + "{}]}"), 1)).isPresent();
    assertThat(StoredSnapshotLog.find(bytes(START + "{}]}"), 30)).isEmpty();
  }

  @Test
  void entriesAreAppended() {
    StoredSnapshotLog plain = find(START);
    StoredSnapshotLog compressed = find(START).compressed();
    for (int i = 0; i < 500; i++) {
      byte[] earlier = compressed.deflated();

      plain = plain.plus(entry(i));
      compressed = compressed.plus(entry(i));

      String text = START + entries(i + 1);
      assertThat(text(plain)).isEqualTo(text);
      assertThat(text(compressed)).isEqualTo(text);
      assertThat(compressed.deflated()).startsWith(earlier);
      assertThat(compressed.rest().length).isLessThanOrEqualTo(2 << 10);
    }
    assertThat(plain.deflated()).isEmpty();
    assertThat(plain.rest()).isEqualTo(plain.text());
    assertThat(compressed.compressed()).isSameAs(compressed);
    assertThat(compressed.size()).isLessThan(compressed.text().length * 3 / 2);
  }

  @Test
  void aCompressedFileHasTheWholeLog() {
    StoredSnapshotLog log = find(START).compressed();
    for (int i = 0; i < 300; i++) {
      log = log.plus(entry(i));

      ByteArrayOutputStream file = new ByteArrayOutputStream();
      CopiedJson copied = new CopiedJson(StoredSnapshots.none(), log);
      GzipMetadata.content(bytes("{"), copied, bytes("]}")).forEach(file::writeBytes);
      assertThat(GzipMetadata.text("a.gz.metadata.json", file.toByteArray(), 1 << 20))
          .isEqualTo(bytes("{" + START + entries(i + 1) + "]}"));
    }
  }

  private static StoredSnapshotLog find(String text) {
    return StoredSnapshotLog.find(bytes(text + "],\"metadata-log\":[{}]}"), 0).orElseThrow();
  }

  private static String text(StoredSnapshotLog log) {
    return new String(log.text(), StandardCharsets.UTF_8);
  }

  private static String entries(int count) {
    return IntStream.range(0, count)
        .mapToObj(StoredSnapshotLogTest::entry)
        .collect(Collectors.joining(","));
  }

  private static String entry(int number) {
    return "{\"timestamp-ms\":"
        + (1_700_000_000_000L + number)
        + ",\"snapshot-id\":"
        + number
        + "}";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
