package io.meshwork.testkit;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.testkit.MeshAssertions.assertThatContractIsBroken;
import static io.meshwork.testkit.MeshAssertions.assertThatProduct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.notice.Notice;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult.Status;

/** What users meet who write their tests with {@link MeshTest}. */
class MeshTestTest {
  private static final String ORDERS = "commerce/orders";
  private static final String CANARY = "canary-41cc";

  private static void define(MeshClient commerce) {
    commerce
        .defineProduct(ORDERS)
        .contract(Contract.of(Order.class).require(between("amount", 0, 1_000)))
        .openToMesh()
        .commit();
  }

  @MeshTest(
      domains = {"commerce", "finance"},
      on = {TestBackend.InMemory.class, TestBackend.OnDisk.class},
      startingAt = "2026-11-20T08:00:00Z")
  static class Fresh {
    private static final List<Mesh> SEEN = new ArrayList<>();

    @BeforeEach
    void define(@As("commerce/etl") MeshClient commerce) {
      MeshTestTest.define(commerce);
    }

    @Test
    void publishes(
        @As("commerce/etl") MeshClient commerce,
        @As("finance/analyst") MeshClient finance,
        Mesh mesh,
        ManualClock clock) {
      clock.advance(Duration.ofHours(1));
      commerce.publish(ORDERS).records(Order.range(0, 3)).commit();

      assertThatProduct(finance, ORDERS).hasRows(3).hasSnapshots(1);
      assertThat(commerce.publishHistory(ORDERS).receipts().get(0).committedAt())
          .isEqualTo(Instant.parse("2026-11-20T09:00:00Z"));
      assertThat(finance.principal()).hasToString("finance/analyst");
      SEEN.add(mesh);
    }

    @Test
    void startsEmpty(@As("commerce/etl") MeshClient commerce, Mesh mesh) {
      assertThatProduct(commerce, ORDERS).isEmpty().hasSnapshots(0);
      SEEN.add(mesh);
    }

    @Nested
    class Within {
      @Test
      void hasAMeshAsWell(@As("commerce/etl") MeshClient commerce) {
        assertThatProduct(commerce, ORDERS).isEmpty();
      }
    }
  }

  @Test
  void everyTestHasAFreshMeshOnEachBackend() {
    LaunchedTests launched = LaunchedTests.of(Fresh.class);

    assertThat(launched.results()).containsKeys("in memory", "on disk");
    for (String test : List.of("publishes", "startsEmpty", "hasAMeshAsWell")) {
      assertThat(launched.results())
          .hasEntrySatisfying(
              nameOf(launched, test),
              results ->
                  assertThat(results)
                      .hasSize(2)
                      .allSatisfy(
                          result ->
                              assertThat(result.getStatus())
                                  .as(result.toString())
                                  .isEqualTo(Status.SUCCESSFUL)));
    }
    assertThat(Fresh.SEEN).hasSize(4).doesNotHaveDuplicates();
    assertThat(launched.printed()).isEmpty();
  }

  @MeshTest(domains = "commerce")
  static class Failing {
    @Test
    void failing(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      commerce.publish(ORDERS).records(Order.range(0, 2)).idempotencyKey("day-1").commit();
      Order dear = new Order(3, CANARY, BigDecimal.valueOf(7_777_77, 2), Optional.of(CANARY));
      assertThatContractIsBroken(() -> commerce.publish(ORDERS).records(List.of(dear)).commit())
          .breaksOnly("between.amount");
      throw new AssertionError("the test's own failure");
    }

    @Test
    void aborted() {
      Assumptions.abort("not today");
    }
  }

  @MeshTest(domains = "commerce")
  static class FailingBeforeItsFirstPublish {
    @Test
    void failing(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      throw new AssertionError("the test's own failure");
    }
  }

  @Test
  void aFailedTestThatChangedNoRowsSaysOnlyThat() {
    LaunchedTests launched = LaunchedTests.of(FailingBeforeItsFirstPublish.class);

    assertThat(launched.printed())
        .contains("no rows were published, erased, or rolled back")
        .as("it registered a domain and defined a product")
        .doesNotContain("no operation was committed");
  }

  @Test
  void aFailedTestReportsPublishesAndRejectionsWithoutValues() {
    LaunchedTests launched = LaunchedTests.of(Failing.class);

    assertThat(launched.failureOf(nameOf(launched, "failing")))
        .hasMessage("the test's own failure");
    assertThat(launched.printed())
        .contains("'failing(MeshClient)' in memory")
        .contains("commerce/etl: publish to commerce/orders: {", "\"idempotencyKey\":\"day-1\"")
        .contains("commerce/etl: publish to commerce/orders: rejected, CONTRACT_VIOLATED")
        .contains("the log of commerce/orders", "by commerce/etl: APPEND, 2 rows added")
        .doesNotContain(CANARY, "7777");
    assertThat(launched.printed().split("What happened", -1)).as("told once").hasSize(2);
  }

  @MeshTest(domains = "commerce")
  static class Leaking {
    @Test
    void leaks(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      commerce.publish(ORDERS).records(Order.range(0, 2)).commit();
      open(commerce);
      Rows<GenericRecord> closed = commerce.read(ORDERS).rows();
      closed.close();
      commerce.quarantine(ORDERS).rows();
    }

    private static void open(MeshClient commerce) {
      assertThat(commerce.read(ORDERS).limit(1).rows()).hasSize(1);
    }

    @Test
    void failsAndLeaks(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      commerce.read(ORDERS).rows();
      throw new AssertionError("the test's own failure");
    }
  }

  @Test
  void aReaderLeftOpenFailsTheTestWithTheLineThatOpenedIt() {
    LaunchedTests launched = LaunchedTests.of(Leaking.class);

    Throwable leak = launched.failureOf(nameOf(launched, "leaks"));
    assertThat(leak)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("read commerce/orders", "commerce/etl", "Leaking.open(")
        .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("open"));
    assertThat(leak.getSuppressed())
        .singleElement()
        .satisfies(
            e ->
                assertThat(e)
                    .hasMessageContainingAll("quarantine of commerce/orders", "Leaking.leaks("));
    assertThat(launched.printed())
        .as("what happened is told of both, although one fails by its reader alone")
        .contains("'leaks(MeshClient)' in memory", "'failsAndLeaks(MeshClient)' in memory");
    assertThat(launched.failureOf(nameOf(launched, "failsAndLeaks")))
        .hasMessage("the test's own failure")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  @MeshTest(domains = "commerce")
  static class LeakingABatch {
    @Test
    void leaks(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      commerce.publish(ORDERS).records(Order.range(0, 2)).commit();
      Subscription<Order> orders =
          commerce.subscribe(ORDERS).name("copy").purpose("A copy").as(Order.class).commit();
      poll(orders);
    }

    private static void poll(Subscription<Order> orders) {
      orders.poll().ack();
    }
  }

  @Test
  void aBatchLeftOpenFailsTheTest() {
    LaunchedTests launched = LaunchedTests.of(LeakingABatch.class);

    assertThat(launched.failureOf(nameOf(launched, "leaks")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(ORDERS, "commerce/etl", "LeakingABatch.poll(");
  }

  @MeshTest(domains = "commerce")
  static class Uncommitted {
    @Test
    void forgets(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      assertThat(commerce.publish(ORDERS).records(Order.range(0, 2))).isNotNull();
      assertThat(commerce.grant(ORDERS)).isNotNull();
    }

    @Test
    void failsAndForgets(@As("commerce/etl") MeshClient commerce) {
      assertThat(commerce.registerDomain("sales")).isNotNull();
      throw new AssertionError("the test's own failure");
    }

    @Test
    void looksOnly(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      assertThat(commerce.publish(ORDERS).records(Order.range(0, 2)).plan()).isNotNull();
      assertThat(commerce.registerDomain("commerce").owner("x@y").commit()).isNotNull();
    }
  }

  @Test
  void anUncommittedOperationFailsTheTestAndIsNamed() {
    LaunchedTests launched = LaunchedTests.of(Uncommitted.class);

    Throwable forgotten = launched.failureOf(nameOf(launched, "forgets"));
    assertThat(forgotten)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "publish to commerce/orders, by commerce/etl",
            "Uncommitted.forgets(MeshTestTest.java:",
            "commit()",
            "allowUncommitted")
        .satisfies(e -> assertThat(e.getStackTrace()[0].getMethodName()).isEqualTo("forgets"));
    assertThat(forgotten.getSuppressed())
        .singleElement()
        .satisfies(
            e ->
                assertThat(e)
                    .hasMessageContainingAll("grant commerce/orders", "Uncommitted.forgets("));
    assertThat(launched.printed())
        .contains("'forgets(MeshClient)' in memory")
        .doesNotContain("looksOnly");
    assertThat(launched.failureOf(nameOf(launched, "failsAndForgets")))
        .hasMessage("the test's own failure")
        .hasNoSuppressedExceptions();
    assertThat(launched.of(nameOf(launched, "looksOnly")).getStatus()).isEqualTo(Status.SUCCESSFUL);
  }

  @MeshTest(domains = "commerce")
  static class Refused {
    @Test
    void isRefusedWhileDescribing(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      assertThatThrownBy(
              () -> commerce.publish(ORDERS).records(Order.range(0, 2)).timeout(Duration.ZERO))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> commerce.subscribe(ORDERS).name("no such name!"))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> commerce.rollBack(ORDERS).commit())
          .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void failsToMakeItsRows(@As("commerce/etl") MeshClient commerce) {
      define(commerce);
      assertThatThrownBy(() -> commerce.publish(ORDERS).records(unreadable()).commit())
          .hasMessage("no rows today");
    }

    private static List<Order> unreadable() {
      throw new IllegalStateException("no rows today");
    }
  }

  @Test
  void anOperationWhoseDescriptionFailsIsNotForgotten() {
    LaunchedTests launched = LaunchedTests.of(Refused.class);

    for (String test : List.of("isRefusedWhileDescribing", "failsToMakeItsRows")) {
      assertThat(launched.of(nameOf(launched, test)).getStatus()).isEqualTo(Status.SUCCESSFUL);
    }
  }

  @MeshTest(domains = "commerce", allowUncommitted = true)
  static class Allowing {
    @Test
    void forgets(@As("commerce/etl") MeshClient commerce) {
      assertThat(commerce.registerDomain("sales")).isNotNull();
    }
  }

  @Test
  void aTestMayAllowUncommittedOperations() {
    LaunchedTests launched = LaunchedTests.of(Allowing.class);

    assertThat(launched.of(nameOf(launched, "forgets")).getStatus()).isEqualTo(Status.SUCCESSFUL);
  }

  @MeshTest(
      domains = {"commerce", "finance"},
      on = {TestBackend.InMemory.class, TestBackend.OnDisk.class})
  static class Failed {
    @Test
    void aLostReplyIsResolvedAndTheRowsArePublishedOnce(
        @As("commerce/etl") MeshClient commerce, Faults faults) {
      define(commerce);
      faults.on(Faults.Port.REGISTRY_COMMIT).nth(1).loseReply();

      commerce.publish(ORDERS).records(Order.range(0, 3)).commit();

      assertThatProduct(commerce, ORDERS).hasRows(3).hasSnapshots(1);
    }

    // tag::notices[]
    @Test
    void aSubscriberIsNotified(
        @As("commerce/etl") MeshClient commerce,
        @As("finance/analyst") MeshClient finance,
        Mesh mesh,
        RecordingNotifier notices) {
      define(commerce);
      finance.subscribe(ORDERS).name("revenue").purpose("Revenue").contact("me@x").commit();
      commerce.publish(ORDERS).records(Order.range(0, 3)).commit();

      mesh.deliverNotices();

      assertThat(notices.once()).extracting(Notice::to).contains("me@x");
    }

    // end::notices[]

    @Test
    void aFailedNotifierIsRetried(
        @As("commerce/etl") MeshClient commerce,
        Mesh mesh,
        Faults faults,
        RecordingNotifier notices,
        ManualClock clock) {
      define(commerce);
      faults.on(Faults.Port.NOTIFY).nth(1).failBefore();
      assertThat(mesh.deliverNotices().failed()).isEqualTo(1);
      assertThat(notices.all()).isEmpty();

      clock.advance(Duration.ofMinutes(2));
      assertThat(mesh.deliverNotices().delivered()).isPositive();
      assertThat(notices.all()).isNotEmpty();
    }
  }

  @Test
  void aTestInjectsFaultsAndReadsNotices() {
    LaunchedTests launched = LaunchedTests.of(Failed.class);

    for (String test :
        List.of(
            "aLostReplyIsResolvedAndTheRowsArePublishedOnce",
            "aSubscriberIsNotified",
            "aFailedNotifierIsRetried")) {
      assertThat(launched.results().get(nameOf(launched, test)))
          .hasSize(2)
          .allSatisfy(
              result ->
                  assertThat(result.getStatus())
                      .as(result.toString())
                      .isEqualTo(Status.SUCCESSFUL));
    }
  }

  @MeshTest
  static class Unsaid {
    @Test
    void nobodyActs(MeshClient client) {
      assertThat(client).isNull();
    }

    @Test
    void actsAsNoPrincipal(@As("commerce") MeshClient client) {
      assertThat(client).isNull();
    }
  }

  @MeshTest
  static class TooEarly {
    TooEarly(Mesh mesh) {
      assertThat(mesh).isNull();
    }

    @Test
    void neverRuns() {
      throw new AssertionError("it ran");
    }
  }

  @MeshTest(startingAt = "yesterday")
  static class WrongStart {
    @Test
    void neverRuns() {
      throw new AssertionError("it ran");
    }
  }

  @MeshTest(domains = "My Shop")
  static class WrongDomain {
    @Test
    void neverRuns(Mesh mesh) {
      throw new AssertionError("it ran");
    }
  }

  @MeshTest(domains = "commerce")
  static class WrongAccounts {
    @Test
    void actsForNoDomain(@As("finance/analyst") MeshClient finance) {
      finance.defineProduct("finance/costs").contract(Contract.of(Order.class)).commit();
    }

    @Test
    void actsAsAnInvalidAccount(@As("My Shop/etl") MeshClient shop) {
      assertThat(shop).isNull();
    }
  }

  @Test
  void aWrongDomainOrAccountNamesTheAnnotation() {
    LaunchedTests domain = LaunchedTests.of(WrongDomain.class);
    assertThat(domain.failureOf(nameOf(domain, "neverRuns")))
        .hasMessageContainingAll("@MeshTest(domains", "'My Shop'", "letters");
    LaunchedTests accounts = LaunchedTests.of(WrongAccounts.class);
    assertThat(accounts.failureOf(nameOf(accounts, "actsAsAnInvalidAccount")))
        .hasMessageContainingAll("@As(\"My Shop/etl\")", "account", "letters");
    assertThat(accounts.failureOf(nameOf(accounts, "actsForNoDomain"))).isNotNull();
    assertThat(accounts.printed())
        .contains("the accounts finance of @As; add them to @MeshTest(domains");
  }

  @Test
  void missingParametersAreReported() {
    LaunchedTests unsaid = LaunchedTests.of(Unsaid.class);
    assertThat(unsaid.failureOf(nameOf(unsaid, "nobodyActs")))
        .hasMessageContaining("@As(\"commerce/etl\")");
    assertThat(unsaid.failureOf(nameOf(unsaid, "actsAsNoPrincipal")))
        .hasMessageContaining("is not account/role");
    LaunchedTests early = LaunchedTests.of(TooEarly.class);
    assertThat(early.failureOf(nameOf(early, "neverRuns"))).hasMessageContaining("@BeforeEach");
    LaunchedTests wrong = LaunchedTests.of(WrongStart.class);
    assertThat(wrong.failureOf("MeshTestTest$WrongStart"))
        .hasMessageContainingAll("WrongStart", "'yesterday'", "2026-01-01T00:00:00Z");
  }

  /** A backend that says where its folder was. */
  static final class Watched implements TestBackend {
    private static final List<Path> FOLDERS = new ArrayList<>();

    @Override
    public io.meshwork.Mesh.Builder newMesh(Path folder) {
      FOLDERS.add(folder);
      return new OnDisk().newMesh(folder.resolve("mesh"));
    }
  }

  @MeshTest(on = Watched.class)
  static class Swept {
    @Test
    void leavesNothing(Mesh mesh) {
      assertThat(Watched.FOLDERS.get(0)).isNotEmptyDirectory();
      MeshAssertions.assertThat(mesh).isHealthy();
    }
  }

  @Test
  void theFolderOfATestIsDeleted() {
    LaunchedTests launched = LaunchedTests.of(Swept.class);

    assertThat(launched.of(nameOf(launched, "leavesNothing")).getStatus())
        .isEqualTo(Status.SUCCESSFUL);
    assertThat(Watched.FOLDERS).hasSize(1).noneMatch(folder -> folder.toFile().exists());
  }

  /** JUnit names a test by its method and the types of its parameters. */
  private static String nameOf(LaunchedTests launched, String method) {
    return launched.results().keySet().stream()
        .filter(name -> name.startsWith(method + "("))
        .findFirst()
        .orElseThrow(() -> new AssertionError(method + " never ran, there are " + launched));
  }
}
