package io.meshwork.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StoredSnapshotsTest {
  @Test
  void theSnapshotsOfALargeFileAreThoseOfTheFile() {
    for (int count : new int[] {0, 1, 2, 130, 2_000}) {
      String json =
          IntStream.range(0, count).mapToObj(this::snapshot).collect(Collectors.joining(","));

      StoredSnapshots found = find(json);

      assertThat(found.text()).isEqualTo(json);
      assertThat(found.length()).isEqualTo(json.getBytes(StandardCharsets.UTF_8).length);
      assertThat(found.count()).isEqualTo(count);
      assertThat(found.lastText()).isEqualTo(count == 0 ? "" : snapshot(count - 1));
    }
  }

  @Test
  void oneMoreSnapshotIsTheLastAndLeavesTheOthers() {
    StoredSnapshots all = find("");
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      StoredSnapshots before = all;
      json.append(i == 0 ? "" : ",").append(snapshot(i));

      all = before.plus(snapshot(i));

      assertThat(all.lastText()).isEqualTo(snapshot(i));
      assertThat(all.count()).isEqualTo(i + 1);
      assertThat(before.count()).isEqualTo(i);
    }
    assertThat(all.text()).isEqualTo(json.toString()).isEqualTo(find(json.toString()).text());
  }

  @Test
  void consecutiveFilesShareTheirParts() {
    StoredSnapshots first =
        find(IntStream.range(0, 2_000).mapToObj(this::snapshot).collect(Collectors.joining(",")));
    StoredSnapshots next = first.plus(snapshot(2_000));

    List<byte[]> shared = first.parts().subList(0, first.parts().size() - 1);
    assertThat(shared).hasSizeGreaterThan(2);
    for (int i = 0; i < shared.size(); i++) {
      assertThat(next.parts().get(i)).isSameAs(shared.get(i));
    }
  }

  @Test
  void aCompressedListOfOneMoreSnapshotIsTheSameText() {
    StoredSnapshots all = find(snapshot(0)).compressed();
    for (int i = 1; i < 1_300; i++) {
      all = all.plus(snapshot(i));
    }
    StoredSnapshots found = find(all.text()).compressed();

    for (StoredSnapshots each : List.of(all, found)) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      CopiedJson copied = new CopiedJson(each, StoredSnapshotLog.none());
      GzipMetadata.content(bytes("["), copied, bytes("]")).forEach(file::writeBytes);
      assertThat(GzipMetadata.text("a.gz.metadata.json", file.toByteArray(), 1 << 20))
          .isEqualTo(bytes("[" + all.text() + "]"));
    }
    assertThat(all.compressed()).isSameAs(all);
    assertThat(all.size()).isLessThan(all.length() * 5 / 4);
  }

  @Test
  void aFileThatContinuesAnEarlierOneSharesItsCompression() {
    StoredSnapshots earlier = find(snapshots(0, 500)).compressed();
    for (int count : new int[] {500, 501, 503}) {
      StoredSnapshots found = find(snapshots(0, count), earlier);

      assertThat(found.text()).isEqualTo(snapshots(0, count));
      assertThat(found.count()).isEqualTo(count);
      assertThat(found.lastText()).isEqualTo(snapshot(count - 1));
      assertThat(found.deflated().get(0)).startsWith(earlier.deflated().get(0));
      assertThat(found.checksum()).isEqualTo(find(found.text()).compressed().checksum());
    }
  }

  @Test
  void aFileWithoutTheFirstSnapshotsOfAnEarlierOneIsSearchedWhole() {
    StoredSnapshots earlier = find(snapshots(0, 5)).compressed();
    List<String> others =
        List.of("", snapshots(0, 4), snapshots(1, 6), snapshots(0, 5).replace(":3", ":33"));
    for (String json : others) {
      StoredSnapshots found = find(json, earlier);

      assertThat(found.text()).isEqualTo(json);
      assertThat(found.count()).isEqualTo(find(json).count());
      assertThat(found.deflated()).isEmpty();
    }
    assertThat(find(snapshots(0, 2), find("")).text()).isEqualTo(snapshots(0, 2));
    assertThat(StoredSnapshots.find(bytes("{\"snapshots\":[" + snapshots(0, 6)), earlier))
        .isEmpty();
  }

  @Test
  void aListThatDoesNotEndIsNotFound() {
    assertThat(StoredSnapshots.find(bytes("{\"snapshots\":[" + snapshot(1)))).isEmpty();
    assertThat(StoredSnapshots.find(bytes("{}"))).isEmpty();
  }

  private static StoredSnapshots find(String json) {
    return find(json, StoredSnapshots.none());
  }

  private static StoredSnapshots find(String json, StoredSnapshots earlier) {
    byte[] file = bytes("{\"id\":1,\"snapshots\":[" + json + "],\"log\":[{}]}");
    return StoredSnapshots.find(file, earlier).orElseThrow();
  }

  private String snapshots(int first, int end) {
    return IntStream.range(first, end).mapToObj(this::snapshot).collect(Collectors.joining(","));
  }

  private String snapshot(int number) {
    return "{\"snapshot-id\":"
        + number
        + ",\"summary\":{\"text\":\"\\\"]},[{ñ"
        + "x".repeat(480)
        + "\"},\"parents\":[]}";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
