package io.meshwork.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxNotifierTest {
  static final String ID = "commerce/orders/17/published.finance.revenue";

  @TempDir Path scratch;

  /** A notice with these attributes. */
  private record WrittenNotice(
      String id,
      Kind kind,
      ProductName product,
      String to,
      Domain domain,
      String subject,
      String text,
      Instant at,
      String eventId,
      Map<String, String> facts)
      implements Notice {}

  static Notice notice(String id) {
    return new WrittenNotice(
        id,
        Kind.PUBLISHED,
        ProductName.of("commerce/orders"),
        "finance@example.org",
        new Domain("finance", "", "", "", List.of(), List.of(), List.of()),
        "commerce/orders: 2 rows added, 0 removed",
        "two \"rows\"",
        Instant.parse("2026-11-20T08:00:00Z"),
        "commerce/orders/17",
        Map.of("rowsAccepted", "2"));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aNoticeIsOneFileAndARepeatChangesNothing() throws IOException {
    Path folder = scratch.resolve("a/outbox");
    OutboxNotifier outbox = OutboxNotifier.in(folder);

    outbox.deliver(notice(ID));
    String written =
        Files.readString(folder.resolve("commerce.orders.17.published.finance.revenue.json"));
    outbox.deliver(notice(ID));

    assertThat(names(folder)).containsExactly("commerce.orders.17.published.finance.revenue.json");
    assertThat(written)
        .isEqualTo(
            "{\"format\":1,\"id\":\"commerce/orders/17/published.finance.revenue\","
                + "\"kind\":\"PUBLISHED\",\"product\":\"commerce/orders\","
                + "\"to\":\"finance@example.org\","
                + "\"subject\":\"commerce/orders: 2 rows added, 0 removed\","
                + "\"text\":\"two \\\"rows\\\"\",\"at\":\"2026-11-20T08:00:00Z\","
                + "\"eventId\":\"commerce/orders/17\",\"facts\":{\"rowsAccepted\":\"2\"}}\n");
  }

  @Test
  void aProcessedNoticeIsNotWrittenAgain() throws IOException {
    OutboxNotifier outbox = OutboxNotifier.in(scratch);
    outbox.deliver(notice(ID));
    Path done = Files.createDirectory(scratch.resolve(OutboxNotifier.DONE));
    String name = OutboxNotifier.fileName(ID);
    Files.move(scratch.resolve(name), done.resolve(name));

    outbox.deliver(notice(ID));

    assertThat(names(scratch)).containsExactly(OutboxNotifier.DONE);
  }

  @Test
  void filesOfACrashedWriterAreNotNoticesAndBlockNone() throws IOException {
    Files.writeString(scratch.resolve("." + OutboxNotifier.fileName(ID) + ".tmp"), "{\"half");

    OutboxNotifier.in(scratch).deliver(notice(ID));

    assertThat(Files.readString(scratch.resolve(OutboxNotifier.fileName(ID)))).endsWith("}\n");
  }

  @Test
  void aFolderThatCannotBeWrittenIsAFailureAndNotSilence() throws IOException {
    Path file = Files.createFile(scratch.resolve("file"));

    assertThatThrownBy(() -> OutboxNotifier.in(file).deliver(notice(ID)))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void longIdsThatDifferAtTheEndGetSeparateFiles() {
    String start = "commerce/orders/17/published." + "d".repeat(63) + "." + "s".repeat(120);

    String one = OutboxNotifier.fileName(start + "a");
    String other = OutboxNotifier.fileName(start + "b");

    assertThat(one).isNotEqualTo(other).hasSizeLessThan(255);
    assertThat(other).hasSizeLessThan(255);
  }
}
