package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import io.meshwork.testkit.RecordingNotifier;
import io.meshwork.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that operates a mesh is killed, and the next one does what it left. */
class KilledOperateTest {
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final String ORDERS = "commerce/orders";
  private static final int PUBLISHES = 12;

  /** A notice of each publish, and those of the definition and the subscription. */
  private static final int NOTICES = PUBLISHES + 2;

  @TempDir private Path folder;

  /** Makes a mesh whose notices wait, and whose files are to be compacted. */
  private static void make(Path mesh, Path outbox) {
    try (Mesh opened = open(mesh, outbox, new RecordingNotifier(), Duration.ZERO)) {
      MeshClient commerce = opened.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).openToMesh().commit();
      MeshClient finance = opened.clientAs(Principal.of("finance", "etl"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      finance.subscribe(ORDERS).name("tax").purpose("Tax").contact("tax@example.org").commit();
      for (int i = 0; i < PUBLISHES; i++) {
        commerce.publish(ORDERS).records(List.of(new SmallOrder("o-" + i, i))).commit();
      }
    }
  }

  /** Opens the mesh with the notifier that the processes have, and one that is never disturbed. */
  private static Mesh open(Path mesh, Path outbox, RecordingNotifier calm, Duration later) {
    return LocalMesh.builder(mesh)
        .notifier("outbox", Notifier.toOutbox(outbox))
        .notifier("calm", calm)
        .clock(() -> Instant.now().plus(later))
        .open();
  }

  private static List<Path> filesOf(Path outbox) throws IOException {
    if (!Files.isDirectory(outbox)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(outbox)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  /**
   * Kills a process that operates the mesh some time after it delivered so many notices: then it
   * delivers the others, and maintains the mesh.
   */
  private void killAfter(int delivered, Duration more, Path mesh, Path outbox) throws Exception {
    Path err = mesh.resolveSibling("err.txt");
    Process process =
        new MeshProcess(mesh.getParent())
            .start(
                List.of(
                    "operate",
                    "--within",
                    "5m",
                    "--mesh",
                    mesh.toString(),
                    "--to",
                    outbox.toString()),
                mesh.resolveSibling("out.txt"),
                err);
    try {
      while (filesOf(outbox).size() < delivered) {
        assertThat(process.isAlive()).as(Files.readString(err)).isTrue();
      }
      assertThat(process.waitFor(more.toMillis(), TimeUnit.MILLISECONDS)).as("it ended").isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theNextRunDoesWhatAKilledOneLeft() throws Exception {
    for (int delivered : List.of(1, 5, PUBLISHES, NOTICES)) {
      Path place = Files.createDirectory(folder.resolve("after-" + delivered));
      Path mesh = place.resolve("mesh");
      Path outbox = place.resolve("outbox");
      make(mesh, outbox);
      RecordingNotifier calm = new RecordingNotifier();

      killAfter(delivered, Duration.ZERO, mesh, outbox);

      int left = filesOf(outbox).size();
      try (Mesh next = open(mesh, outbox, calm, Duration.ZERO)) {
        if (delivered < NOTICES) { // later, the run may have ended, and freed the mesh
          assertThat(codes(next.operate(WITHIN)))
              .as("killed after %s, the mesh is held", delivered)
              .containsExactly(FindingCode.OPERATED_ELSEWHERE);
          assertThat(filesOf(outbox)).hasSize(left);
        }
      }
      assertNextRunDoesTheRest("killed after " + delivered, mesh, outbox, calm);
    }
  }

  @Test
  void theNextRunDoesWhatWasLeftWheneverTheFirstIsKilled() {
    Seeds.forEach(
        3,
        random -> {
          Path place = Files.createTempDirectory(folder, "at-any-time");
          Path mesh = place.resolve("mesh");
          Path outbox = place.resolve("outbox");
          make(mesh, outbox);
          int delivered = random.nextBoolean() ? NOTICES : 1 + random.nextInt(NOTICES);
          Duration more = Duration.ofMillis(random.nextInt(400));

          killAfter(delivered, more, mesh, outbox);

          String when = "killed %s after %d notices".formatted(more, delivered);
          assertNextRunDoesTheRest(when, mesh, outbox, new RecordingNotifier());
        });
  }

  /** The killed run delivered the first notices, the next run the others and all to calm. */
  private static void assertNextRunDoesTheRest(
      String when, Path mesh, Path outbox, RecordingNotifier calm) throws IOException {
    Set<String> before = ids(outbox);
    try (Mesh next = open(mesh, outbox, calm, WITHIN.plusMinutes(1))) {
      assertThat(codes(next.operate(WITHIN))).as(when).isEmpty();
      assertThat(next.deliverNotices().delivered()).isZero();
      assertThat(next.maintain().plan().steps()).isEmpty();
      assertThat(next.doctor().problems()).isEmpty();
      List<String> orders = new ArrayList<>();
      try (Rows<Map<String, Object>> rows =
          next.clientAs(Principal.of("commerce", "etl")).read(ORDERS).asMaps().rows()) {
        rows.forEach(row -> orders.add((String) row.get("id")));
      }
      assertThat(orders)
          .as(when)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, PUBLISHES).mapToObj(i -> "o-" + i).toList());
    }
    List<String> inOrder = calm.once().stream().map(Notice::id).toList();
    assertThat(ids(outbox)).as(when).hasSize(NOTICES).isEqualTo(new HashSet<>(inOrder));
    assertThat(new HashSet<>(inOrder.subList(0, before.size())))
        .as("%s: what was delivered first", when)
        .isEqualTo(before);
    assertThat(whatAndToWhom(outbox)).as("no second ID").doesNotHaveDuplicates();
  }

  private static List<FindingCode> codes(Maintain.Report report) {
    return report.remaining().stream().map(Finding::code).toList();
  }

  private static Set<String> ids(Path outbox) throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path file : filesOf(outbox)) {
      ids.add(TestShell.JSON.readTree(file.toFile()).get("id").asText());
    }
    return ids;
  }

  private static List<String> whatAndToWhom(Path outbox) throws IOException {
    List<String> all = new ArrayList<>();
    for (Path file : filesOf(outbox)) {
      JsonNode notice = TestShell.JSON.readTree(file.toFile());
      all.add(
          Stream.of("eventId", "kind", "to", "subject")
              .map(field -> notice.path(field).asText())
              .toList()
              .toString());
    }
    return all;
  }
}
