package io.meshwork.conformance;

import static io.meshwork.conformance.CrashScenario.SALES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.conformance.CrashScenario.Sale;
import io.meshwork.consume.Rows;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.events.NoticesSuite;
import io.meshwork.internal.conformance.events.TamperedRegistry;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.maintenance.MeshDiagnosis;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.testkit.CrashHarness;
import io.meshwork.testkit.CrashReport;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.MeshPlace;
import io.meshwork.testkit.SimulatedCrash;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promises of Meshwork, by number. P6 and P9 have tests elsewhere. The tests of P12 for every
 * backend are in {@link NoticesSuite}.
 */
class PromisesTest {
  @TempDir private Path folder;

  private static Publish<?> publish(Mesh mesh, String key) {
    return CrashScenario.shop(mesh).publish(SALES).idempotencyKey(key);
  }

  private static List<Sale> sales(Mesh mesh) {
    List<Sale> sales = new ArrayList<>();
    try (Rows<Sale> rows = CrashScenario.shop(mesh).read(SALES).as(Sale.class).rows()) {
      rows.forEach(sales::add);
    }
    sales.sort(Comparator.comparingLong(Sale::id));
    return sales;
  }

  /** The state of the sales that a reader sees. */
  private record Visible(List<Sale> sales, long sequence, List<String> keys) {
    static Visible to(Mesh mesh) {
      MeshClient shop = CrashScenario.shop(mesh);
      return new Visible(
          PromisesTest.sales(mesh),
          shop.describe(SALES).current().orElseThrow().sequence(),
          shop.publishHistory(SALES).receipts().stream()
              .map(PublishReceipt::idempotencyKey)
              .toList());
    }
  }

  private static Mesh opened(MeshPlace place, long process, Faults faults) {
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    return place
        .open()
        .clock(clock)
        .testing()
        .sleeper(clock::advance)
        .testing()
        .idSeed(process)
        .testing()
        .wrapRegistry(real -> faults.registry(clock.registry(real)))
        .testing()
        .wrapFiles(faults::files)
        .open();
  }

  @Test
  @DisplayName("P1 A publish is visible as a whole or not at all, at each of its calls")
  void atomic() {
    Faults faults = Faults.seeded(1);
    try (MeshPlace place = MeshPlace.inMemory();
        Mesh writer = opened(place, 1, faults);
        Mesh reader = opened(place, 2, Faults.seeded(1))) {
      CrashScenario.define(writer);
      publish(writer, "a").records(Sale.range(0, 10)).commit();
      List<Visible> seen = new ArrayList<>();
      faults
          .on(Port.FILE_CLOSE, Port.FILE_DELETE, Port.REGISTRY_COMMIT, Port.REGISTRY_READ)
          .meanwhile(() -> seen.add(Visible.to(reader)));

      Visible before = Visible.to(reader);
      publish(writer, "b").records(Sale.range(3, 5)).replaceWhere("id >= 2").commit();
      Visible after = Visible.to(reader);

      assertThat(seen).hasSizeGreaterThan(10).containsOnly(before, after).contains(before);
      assertThat(after).isNotEqualTo(before);
      assertThat(after.sales()).hasSize(4);
    }
  }

  @Test
  @DisplayName("P1 A publish that crashes is visible as a whole or not at all")
  void atomicWhenItDies() {
    CrashReport report = CrashScenario.REPLACE_WHERE.harness().deaths(Death.KILL).atMost(40).run();

    assertThat(report.partly()).as("%s", report).isZero();
    assertThat(report.done()).as("%s", report).isPositive();
    assertThat(report.undone()).as("%s", report).isPositive();
  }

  @Test
  @DisplayName(
      "P2 COMMITTED publishes are visible, NOT_COMMITTED ones never, and UNKNOWN is resolved")
  void honestOutcome() {
    CrashReport report = CrashScenario.APPEND.harness().deaths(Death.NONE).atMost(60).run();
    assertThat(report.done()).as("%s", report).isPositive();

    for (Phase phase : List.of(Phase.REPLY_LOST, Phase.DELAYED)) {
      Faults faults = Faults.seeded(1);
      try (Mesh mesh = InMemoryMesh.builder(faults).testing().sleeper(wait -> {}).open()) {
        CrashScenario.define(mesh);
        faults.on(Port.REGISTRY_COMMIT).nth(1).crash(phase, Death.NONE);
        faults.on(Port.REGISTRY_RESOLVE).failBefore();

        assertThatThrownBy(() -> publish(mesh, "k").records(Sale.range(0, 3)).commit())
            .isInstanceOfSatisfying(
                OutcomeUnknownException.class,
                unknown -> assertThat(unknown.idempotencyKey()).isEqualTo("k"));
        faults.clear();
        PublishReceipt settled = publish(mesh, "k").records(Sale.range(0, 3)).commit();
        faults.deliver();

        assertThat(settled.replayed()).as("%s", phase).isEqualTo(phase == Phase.REPLY_LOST);
        assertThat(sales(mesh)).as("%s", phase).isEqualTo(Sale.range(0, 3));
      }
    }
  }

  @Test
  @DisplayName("P3 Five publishes with one key after a crash are one publish with one receipt")
  void idempotentRetry() {
    CrashReport report =
        CrashHarness.of("retry", mesh -> publish(mesh, "run").records(Sale.range(0, 4)).commit())
            .after(CrashScenario::define)
            .recoverBy(
                mesh -> {
                  PublishReceipt first = publish(mesh, "run").records(Sale.range(0, 4)).commit();
                  for (int retry = 2; retry <= 5; retry++) {
                    PublishReceipt again = publish(mesh, "run").records(Sale.range(0, 4)).commit();
                    assertThat(again.replayed()).isTrue();
                    assertThat(again.publishId()).isEqualTo(first.publishId());
                  }
                })
            .atMost(30)
            .run();
    assertThat(report.tried()).isEqualTo(30);
  }

  @Test
  @DisplayName("P3 A retry reads no rows, and a different request with the same key is rejected")
  void retriesDoNotRead() {
    try (Mesh mesh = InMemoryMesh.open()) {
      CrashScenario.define(mesh);
      PublishReceipt first = publish(mesh, "run").records(Sale.range(0, 4)).commit();
      Iterable<Sale> unreadable =
          () -> {
            throw new AssertionError("the rows were read");
          };

      assertThat(publish(mesh, "run").records(unreadable).commit().publishId())
          .isEqualTo(first.publishId());
      assertThatThrownBy(() -> publish(mesh, "run").records(unreadable).replaceAll().commit())
          .isInstanceOfSatisfying(
              AlreadyExistsException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.KEY_REUSED));
    }
  }

  @Test
  @DisplayName("P4 Accepted rows are stored once, and rejected rows are counted and quarantined")
  void rows() {
    CrashReport report =
        CrashScenario.APPEND_WITH_ROWS_SET_ASIDE
            .harness()
            .check(
                "rows",
                mesh -> {
                  PublishReceipt receipt =
                      CrashScenario.shop(mesh)
                          .publishHistory(SALES)
                          .findReceipt("run")
                          .orElseThrow();
                  assertThat(receipt.rowsAccepted()).isEqualTo(6);
                  assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
                  List<Sale> expected = new ArrayList<>(Sale.range(0, 10));
                  expected.addAll(Sale.range(20, 26));
                  assertThat(sales(mesh)).containsExactlyInAnyOrderElementsOf(expected);
                  try (Rows<?> aside = CrashScenario.shop(mesh).quarantine(SALES).rows()) {
                    assertThat(aside).hasSize(1);
                  }
                })
            .atMost(40)
            .run();
    assertThat(report.done()).as("%s", report).isPositive();
  }

  @Test
  @DisplayName("P5 A reader reads one snapshot, regardless of concurrent publishes")
  void pinnedReader() {
    try (Mesh mesh = InMemoryMesh.open()) {
      CrashScenario.define(mesh);
      publish(mesh, "a").records(Sale.range(0, 3)).commit();
      publish(mesh, "b").records(Sale.range(3, 6)).commit();
      try (Rows<Sale> rows = CrashScenario.shop(mesh).read(SALES).as(Sale.class).rows()) {
        Iterator<Sale> reading = rows.iterator();
        List<Sale> read = new ArrayList<>(List.of(reading.next()));

        publish(mesh, "c").records(Sale.range(6, 9)).commit();
        CrashScenario.shop(mesh)
            .erase(SALES)
            .where("id < 5")
            .because("was asked to")
            .idempotencyKey("d")
            .commit();
        publish(mesh, "e").records(Sale.range(9, 10)).replaceAll().commit();
        reading.forEachRemaining(read::add);

        assertThat(read).containsExactlyInAnyOrderElementsOf(Sale.range(0, 6));
      }
      assertThat(sales(mesh)).isEqualTo(Sale.range(9, 10));
    }
  }

  @Test
  @DisplayName("P5 Reads during publishes return one whole publish and never an older one")
  void readersDuringPublishes() throws Exception {
    int publishes = 25;
    AtomicInteger committed = new AtomicInteger();
    try (Mesh mesh = InMemoryMesh.open()) {
      CrashScenario.define(mesh);
      List<Callable<Integer>> atOnce = new ArrayList<>();
      atOnce.add(
          () -> {
            for (int round = 1; round <= publishes; round++) {
              publish(mesh, "r" + round)
                  .records(Sale.range(round * 100L, round * 100L + 8))
                  .replaceAll()
                  .commit();
              committed.set(round);
            }
            return publishes;
          });
      for (int reader = 0; reader < 2; reader++) {
        atOnce.add(() -> readUntil(mesh, committed, publishes));
      }

      assertThat(ConcurrentCalls.run(atOnce)).allMatch(looks -> looks > 0);
    }
  }

  private static int readUntil(Mesh mesh, AtomicInteger committed, int last) {
    int looks = 0;
    long round;
    do {
      int atLeast = committed.get();
      List<Sale> seen = sales(mesh);
      round = seen.isEmpty() ? 0 : seen.get(0).id() / 100;
      assertThat(round).isGreaterThanOrEqualTo(atLeast);
      if (round > 0) {
        assertThat(seen)
            .containsExactlyInAnyOrderElementsOf(Sale.range(round * 100, round * 100 + 8));
      }
      looks++;
    } while (round < last);
    return looks;
  }

  @Test
  @DisplayName("P7 A publish after a crash needs no repair, and leftover files are reported")
  void crashSafety() {
    long leftBehind = 0;
    for (int call = 1; call <= 70; call += 6) {
      Faults faults = Faults.seeded(1);
      try (MeshPlace place = MeshPlace.below(folder)) {
        Mesh killed = opened(place, 1, faults);
        CrashScenario.define(killed);
        faults.onAny().nth(call).crash(Phase.BEFORE, Death.KILL);
        Publish<?> publish = publish(killed, "killed").records(Sale.range(0, 4));
        assertThat(catchThrowable(publish::commit)).as("call %d", call).isNotNull();
        assertThat(faults.isDead()).as("call %d", call).isTrue();
        assertThat(catchThrowable(killed::close))
            .as("call %d", call)
            .satisfiesAnyOf(
                closed -> assertThat(closed).isNull(),
                closed -> assertThat(closed).isInstanceOf(SimulatedCrash.class));

        try (Mesh next = opened(place, 2, Faults.seeded(1))) {
          publish(next, "next").records(Sale.range(50, 54)).commit();

          assertThat(sales(next)).as("call %d", call).containsAll(Sale.range(50, 54));
          MeshDiagnosis diagnosis = next.doctor();
          assertThat(diagnosis.problems()).as("call %d", call).isEmpty();
          leftBehind +=
              diagnosis.findings().stream()
                  .filter(finding -> finding.code() == FindingCode.LEFTOVER_FILES)
                  .mapToLong(Finding::count)
                  .sum();
        }
      }
    }
    assertThat(leftBehind).isPositive();
  }

  @Test
  @DisplayName("P8 COMMITTED publishes survive a power loss, because files and folders are synced")
  void powerLoss() {
    CrashReport report =
        CrashScenario.APPEND
            .harness()
            .on(() -> MeshPlace.losingPower(folder, 0))
            .deaths(Death.KILL)
            .atMost(12)
            .run();

    assertThat(report.done()).as("%s", report).isPositive();
  }

  @Test
  @DisplayName("P10 Publishes to one product are serialized, and no update is lost")
  void concurrency() throws Exception {
    try (Mesh mesh = InMemoryMesh.open()) {
      CrashScenario.define(mesh);
      List<Callable<List<PublishReceipt>>> publishers = new ArrayList<>();
      for (int publisher = 0; publisher < 4; publisher++) {
        long first = publisher * 1_000L;
        publishers.add(
            () -> {
              List<PublishReceipt> receipts = new ArrayList<>();
              for (int round = 0; round < 5; round++) {
                long from = first + round * 10L;
                receipts.add(
                    publish(mesh, "k" + from).records(Sale.range(from, from + 3)).commit());
              }
              return receipts;
            });
      }

      List<PublishReceipt> receipts =
          ConcurrentCalls.run(publishers).stream().flatMap(List::stream).toList();

      assertThat(receipts)
          .extracting(receipt -> receipt.sequence().orElseThrow())
          .doesNotHaveDuplicates()
          .allMatch(sequence -> sequence >= 1 && sequence <= 20);
      assertThat(sales(mesh)).hasSize(60).doesNotHaveDuplicates();
      Snapshot current = CrashScenario.shop(mesh).describe(SALES).current().orElseThrow();
      assertThat(current.sequence()).isEqualTo(20);
    }
  }

  @Test
  @DisplayName("P10 A replace of concurrently changed data fails with a retryable conflict")
  void losersGetARetryableConflict() {
    Faults faults = Faults.seeded(1);
    try (Mesh mesh = InMemoryMesh.builder(faults).open()) {
      CrashScenario.define(mesh);
      publish(mesh, "a").records(Sale.range(0, 3)).commit();
      faults
          .on(Port.REGISTRY_COMMIT)
          .nth(1)
          .meanwhile(() -> publish(mesh, "faster").records(Sale.range(3, 6)).commit());

      Publish<?> slow = publish(mesh, "slow").records(Sale.range(7, 8)).replaceAll();

      assertThatThrownBy(slow::commit)
          .isInstanceOfSatisfying(
              ConflictException.class, lost -> assertThat(lost.retryable()).isTrue());
      assertThat(sales(mesh)).containsExactlyInAnyOrderElementsOf(Sale.range(0, 6));
      publish(mesh, "slow").records(Sale.range(7, 8)).replaceAll().commit();
      assertThat(sales(mesh)).isEqualTo(Sale.range(7, 8));
    }
  }

  @Test
  @DisplayName(
      "P12 Each notice is delivered at least once despite crashes, and repeats have the same ID")
  void notices() {
    CrashReport report = CrashScenario.DELIVER_NOTICES.harness().atMost(60).run();

    assertThat(report.calls()).as("%s", report).containsKey(Port.NOTIFY);
    assertThat(report.tried()).as("%s", report).isEqualTo(60);
  }

  @Test
  @DisplayName("P13 An edited, removed, inserted, or moved log entry is found")
  void chain() {
    String partition = "commerce/sales";
    Registry[] registry = new Registry[1];
    try (MeshPlace place = MeshPlace.inMemory();
        Mesh mesh = place.open().testing().wrapRegistry(real -> registry[0] = real).open()) {
      CrashScenario.define(mesh);
      publish(mesh, "a").records(Sale.range(0, 3)).commit();
      publish(mesh, "b").records(Sale.range(3, 6)).commit();
      SortedMap<String, String> whole = new TreeMap<>();
      for (Document document : registry[0].list(partition, "", null).documents()) {
        whole.put(document.key().sort(), document.json());
      }
      List<String> entries =
          whole.keySet().stream().filter(sort -> sort.startsWith("log/")).toList();

      assertThat(entries).hasSize(3);
      assertThat(problems(place, partition, whole)).isEmpty();
      for (String entry : entries) {
        String json = whole.get(entry);
        for (int at = 0; at < json.length(); at += 23) {
          assertFound(place, partition, whole, entry, edited(json, at), "edited at " + at);
        }
        assertFound(place, partition, whole, entry, null, "removed");
      }
      assertFound(place, partition, whole, entries.get(0), whole.get(entries.get(1)), "moved");
      assertFound(
          place, partition, whole, "log/00000000000000000004", whole.get(entries.get(2)), "added");
    }
  }

  private static String edited(String json, int from) {
    int at = from;
    while (!Character.isLetterOrDigit(json.charAt(at))) {
      at = (at + 1) % json.length();
    }
    char other = json.charAt(at) == '1' ? '2' : '1';
    return json.substring(0, at) + other + json.substring(at + 1);
  }

  private static void assertFound(
      MeshPlace place,
      String partition,
      SortedMap<String, String> whole,
      String entry,
      String json,
      String how) {
    SortedMap<String, String> tampered = new TreeMap<>(whole);
    if (json == null) {
      tampered.remove(entry);
    } else {
      tampered.put(entry, json);
    }
    assertThat(problems(place, partition, tampered)).as("%s %s", entry, how).isNotEmpty();
  }

  private static List<?> problems(
      MeshPlace place, String partition, SortedMap<String, String> documents) {
    try (Mesh mesh =
        place
            .open()
            .testing()
            .wrapRegistry((Registry real) -> new TamperedRegistry(real, partition, documents))
            .open()) {
      return mesh.doctor().problems();
    }
  }
}
