package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.product.Principal;
import io.meshwork.testkit.Faults.Death;
import io.meshwork.testkit.Faults.Port;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashHarnessTest {
  record Total(long orders, long cents) {}

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("shop", "etl"));
  }

  /** What is there before the job runs. */
  private static void prepare(Mesh mesh) {
    shop(mesh).registerDomain("shop").owner("shop@example.org").commit();
    shop(mesh).defineProduct("shop/orders").contract(Contract.of(Order.class)).commit();
    shop(mesh).defineProduct("shop/totals").contract(Contract.of(Total.class)).commit();
    shop(mesh).publish("shop/orders").records(Order.range(1, 3)).idempotencyKey("orders").commit();
  }

  /** A job: reads one product and replaces another. */
  private static void addUp(Mesh mesh, Consumer<Total> publishing) {
    long orders = 0;
    long cents = 0;
    try (Rows<Order> rows = shop(mesh).read("shop/orders").as(Order.class).rows()) {
      for (Order order : rows) {
        orders++;
        cents += order.amount().unscaledValue().longValue();
      }
    }
    publishing.accept(new Total(orders, cents));
  }

  private static void addUp(Mesh mesh) {
    addUp(
        mesh,
        total ->
            shop(mesh)
                .publish("shop/totals")
                .records(List.of(total))
                .idempotencyKey("totals of today")
                .commit());
  }

  private static void addUpWithoutKey(Mesh mesh) {
    addUp(mesh, total -> shop(mesh).publish("shop/totals").records(List.of(total)).commit());
  }

  @Test
  void aJobThatPublishesWithAKeySurvivesEveryCrash() {
    // tag::harness[]
    CrashReport report =
        CrashHarness.of("totals", mesh -> addUp(mesh))
            .after(mesh -> prepare(mesh))
            .check(
                "one total",
                mesh -> {
                  try (Rows<?> totals = shop(mesh).read("shop/totals").rows()) {
                    assertThat(totals).hasSize(1);
                  }
                })
            .atMost(40)
            .run();
    // end::harness[]

    assertThat(report.tried()).isEqualTo(40);
    assertThat(report.possible()).isGreaterThan(400);
    assertThat(report.undone()).isPositive();
    assertThat(report.done()).isPositive();
    assertThat(report.leftovers()).isPositive();
    assertThat(report.calls()).containsKeys(Port.REGISTRY_COMMIT, Port.FILE_READ, Port.FILE_CLOSE);
    assertThat(report.toString()).startsWith("totals: ").contains("40 of ");
  }

  @Test
  void aLostReplyIsResolvedByRunningTheJobAgain() {
    // tag::faults[]
    Faults faults = Faults.seeded(42);
    try (Mesh mesh = InMemoryMesh.builder(faults).testing().sleeper(wait -> {}).open()) {
      prepare(mesh);
      faults.on(Port.REGISTRY_COMMIT).path("shop/totals").nth(1).loseReply();
      faults.on(Port.REGISTRY_RESOLVE).failBefore();
      assertThatThrownBy(() -> addUp(mesh)).isInstanceOf(OutcomeUnknownException.class);

      faults.clear();
      addUp(mesh);

      assertThat(shop(mesh).publishHistory("shop/totals").receipts()).hasSize(1);
    }
    // end::faults[]
  }

  @Test
  void aJobWithoutAKeyFailsAndItsPointCanBeRunAlone() {
    CrashHarness harness =
        CrashHarness.of("no key", CrashHarnessTest::addUpWithoutKey)
            .after(CrashHarnessTest::prepare)
            .deaths(Death.KILL)
            .atMost(10);

    Throwable failure = catchThrowable(harness::run);

    assertThat(failure)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "'no key' does not survive", "of 10 crashes", "the content differs");
    Matcher point = Pattern.compile("only\\(\"([^\"]*)\"\\)").matcher(failure.getMessage());
    assertThat(point.find()).isTrue();
    assertThatThrownBy(() -> harness.only(point.group(1)).run())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 of 1 crashes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9999 BEFORE KILL 0.0 false",
        "1 BEFORE KILL 0.0 false then 9999 BEFORE KILL 0.0 false"
      })
  void aSinglePointThatIsNeverReachedFails(String point) {
    CrashHarness harness =
        CrashHarness.of("short", CrashHarnessTest::addUp)
            .after(CrashHarnessTest::prepare)
            .only(point);

    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("call 9999 was not reached", "after call");
  }

  @Test
  void additionalChecksAreRun() {
    CrashHarness harness =
        CrashHarness.of("checked", CrashHarnessTest::addUp)
            .after(CrashHarnessTest::prepare)
            .check("the moon is green", mesh -> assertThat(mesh.doctor().isHealthy()).isFalse())
            .atMost(2);

    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("the moon is green: ");
  }

  @Test
  void aReaderLeftOpenByAFailedJobIsFound() {
    CrashHarness harness =
        CrashHarness.of(
                "leaking",
                mesh -> {
                  Rows<Order> rows = shop(mesh).read("shop/orders").as(Order.class).rows();
                  rows.iterator().next();
                  addUp(mesh);
                  rows.close();
                })
            .after(CrashHarnessTest::prepare)
            .deaths(Death.NONE)
            .atMost(12);

    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("streams were left open");
  }

  @Test
  void maintenanceThatLeavesUnusedFilesIsFound() {
    CrashHarness harness =
        CrashHarness.of("unkempt", CrashHarnessTest::addUp)
            .after(CrashHarnessTest::prepare)
            .maintainBy(mesh -> assertThat(mesh.doctor().isHealthy()).isTrue())
            .deaths(Death.KILL)
            .atMost(12);

    assertThatThrownBy(harness::run)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("maintenance left [memory:/mesh/data/");
  }

  @Test
  void anInvalidPointIsRejected() {
    CrashHarness harness = CrashHarness.of("any", CrashHarnessTest::addUp);

    assertThatThrownBy(() -> harness.only("17 BEFORE"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("five words");
  }

  @Test
  void aJobRunsOnAnyTestBackend(@TempDir Path folder) {
    CrashReport report =
        CrashHarness.of("totals", CrashHarnessTest::addUp)
            .after(CrashHarnessTest::prepare)
            .on(() -> MeshPlace.of(new TestBackend.OnDisk(), folder))
            .atMost(3)
            .run();

    assertThat(report.tried()).isEqualTo(3);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aBackendThatCannotReopenItsMeshIsNamed(@TempDir Path folder) {
    try (MeshPlace place = MeshPlace.of(new TestBackend.InMemory(), folder)) {
      place.open().open().close();

      assertThatThrownBy(place::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("in memory", "existingMesh");
    }
  }
}
