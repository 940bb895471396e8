package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Partition.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys are unique over all publishes of a product, also with concurrent publishers. */
public abstract class RowKeysSuite extends MeshFixture {
  private static final String KEYED = "commerce/keyed";
  private static final int ROUNDS = 4;

  /** A row whose customer must not appear in messages. */
  record Line(long id, int line, String shop, String customer) {
    static Line of(long id, int line, String shop) {
      return new Line(id, line, shop, CANARY);
    }

    static List<Line> range(long from, long to, String shop) {
      return Stream.iterate(from, id -> id < to, id -> id + 1).map(id -> of(id, 1, shop)).toList();
    }
  }

  private static Contract keyed() {
    return Contract.of(Line.class).primaryKey("id", "line");
  }

  private Publish<?> lines(List<Line> lines) {
    return shop().publish(KEYED).records(lines);
  }

  private void define(Contract contract) {
    registerShop().defineProduct(KEYED).contract(contract).partitionBy(by("shop")).commit();
  }

  private void defineUnpartitioned(Contract contract) {
    registerShop().defineProduct(KEYED).contract(contract).commit();
  }

  private List<Line> published() {
    return all(shop().read(KEYED).as(Line.class));
  }

  private static List<Line> and(List<Line> lines, Line... more) {
    List<Line> all = new ArrayList<>(lines);
    all.addAll(List.of(more));
    return all;
  }

  /**
   * Asserts that the key rule rejects the publish, and that the message contains row numbers but no
   * values.
   */
  private void assertTaken(Publish<?> publish, long rows, String... words) {
    assertThatThrownBy(publish::commit)
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            refused -> {
              Finding finding = refused.findings().get(0);
              assertThat(finding.where()).isEqualTo("primaryKey");
              assertThat(finding.count()).isEqualTo(rows);
              assertThat(finding.what()).doesNotContain(CANARY);
            })
        .hasMessageContainingAll(KEYED, "primaryKey", "Nothing was published")
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void aDuplicateOfAPublishedKeyIsRejected() {
    define(keyed());
    lines(Line.range(0, 10, "a")).commit();
    lines(Line.range(10, 20, "b")).commit();
    State before = state();

    assertTaken(
        lines(and(Line.range(20, 24, "a"), Line.of(13, 1, "c"), Line.of(14, 2, "c"))),
        1,
        "1 of 6 rows",
        "first in row 5",
        "already");
    assertTaken(
        lines(and(Line.range(20, 24, "a"), Line.of(21, 1, "a"))), 1, "row 5", "the key of row 2");
    assertNothingChanged(before);

    lines(List.of(Line.of(13, 2, "b"), Line.of(14, 2, "a"))).commit();
    assertThat(published()).hasSize(22);
    assertWhole();
  }

  @Test
  void duplicateKeysAreQuarantined() {
    define(keyed().onViolation(OnViolation.QUARANTINE).maxQuarantineShare(60));
    lines(Line.range(0, 10, "a")).commit();

    PublishReceipt receipt =
        lines(and(Line.range(8, 14, "b"), Line.of(12, 1, "a"), Line.of(15, 1, "a"))).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(5);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(3);
    assertThat(receipt.quality().failed())
        .extracting(QualityReport.RuleResult::ruleId)
        .containsExactly("primaryKey");
    List<Line> expected = new ArrayList<>(Line.range(0, 10, "a"));
    expected.addAll(Line.range(10, 14, "b"));
    expected.add(Line.of(15, 1, "a"));
    assertThat(published()).containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void onlyFilesThatMayContainAKeyAreOpened() {
    defineUnpartitioned(keyed());
    lines(Line.range(0, 100, "a")).commit();
    lines(Line.range(200, 300, "a")).commit();
    lines(
            Stream.iterate(400L, id -> id < 800, id -> id + 2)
                .map(id -> Line.of(id, 1, "a"))
                .toList())
        .commit();

    assertThat(files.dataFilesAsked(() -> lines(Line.range(100, 200, "a")).commit())).isZero();
    assertThat(files.dataFilesAsked(() -> lines(Line.range(900, 1_000, "a")).commit())).isZero();
    assertThat(files.dataFilesAsked(() -> lines(List.of(Line.of(501, 1, "a"))).commit()))
        .as("within the bounds of one file that does not contain the key")
        .isEqualTo(1);
    assertTaken(lines(List.of(Line.of(502, 1, "a"))), 1, "row 1");
  }

  @Test
  void replacesCheckKeysOnTheResultingTable() {
    define(keyed());
    lines(Line.range(0, 10, "a")).commit();
    lines(Line.range(10, 20, "b")).commit();

    lines(Line.range(5, 15, "a")).replaceWhere("id >= 5 and id < 15").commit();
    assertTaken(
        lines(Line.range(5, 7, "a")).replaceWhere("id >= 5 and id < 6 or id = 6 and line = 2"),
        1,
        "row 2");
    lines(Line.range(0, 15, "a")).replacePartitions().commit();
    State before = state();
    assertTaken(lines(Line.range(14, 16, "a")).replacePartitions(), 1, "row 2", "already");
    assertNothingChanged(before);
    lines(Line.range(0, 20, "c")).replaceAll().commit();
    assertThat(published()).containsExactlyInAnyOrderElementsOf(Line.range(0, 20, "c"));

    shop().erase(KEYED).where("id < 5").because("asked to").commit();
    lines(Line.range(0, 5, "d")).commit();
    assertThat(published()).hasSize(20);
    assertWhole();
  }

  @Test
  void keysOfConcurrentPublishesAreChecked() {
    define(keyed());
    lines(Line.range(0, 10, "a")).commit();

    Publish<?> late =
        beforeCommit(
            lines(and(Line.range(20, 30, "a"), Line.of(40, 1, "a"))),
            () -> {
              lines(Line.range(30, 35, "b")).commit();
              lines(Line.range(39, 43, "b")).commit();
            });
    assertTaken(late, 1, "1 of 11 rows", "first in row 11", "the product now contains");
    assertThat(published()).hasSize(19);

    beforeCommit(lines(Line.range(50, 60, "a")), () -> lines(Line.range(60, 70, "a")).commit())
        .commit();
    assertThat(published()).hasSize(39);
    assertWhole();
  }

  @Test
  void replacedPartitionsAreCheckedAgainstTheOthers() {
    define(keyed().onViolation(OnViolation.QUARANTINE).maxQuarantineShare(60));
    lines(and(Line.range(0, 10, "a"), Line.of(10, 1, "b"), Line.of(11, 1, "c"))).commit();

    PublishReceipt receipt =
        lines(and(Line.range(8, 12, "a"), Line.of(12, 1, "b"))).replacePartitions().commit();

    assertThat(receipt.quality().rowsQuarantined()).as("the row of shop c").isEqualTo(1);
    assertThat(receipt.rowsAccepted()).isEqualTo(4);
    List<Line> expected = new ArrayList<>(Line.range(8, 11, "a"));
    expected.add(Line.of(12, 1, "b"));
    expected.add(Line.of(11, 1, "c"));
    assertThat(published()).containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void duplicateKeysInTouchedPartitionsAreQuarantined() {
    define(
        Contract.of(Line.class)
            .require(Rule.unique("id").scope(Rule.Scope.PARTITION))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(60));
    lines(and(Line.range(0, 5, "a"), Line.of(7, 1, "b"))).commit();

    PublishReceipt receipt = lines(and(Line.range(3, 9, "a"), Line.of(20, 1, "c"))).commit();

    assertThat(receipt.quality().rowsQuarantined()).as("shop b is not affected").isEqualTo(2);
    assertThat(published()).hasSize(11);
    assertWhole();
  }

  @Test
  void aConflictUnderQuarantineSucceedsWhenRepeated() {
    define(keyed().onViolation(OnViolation.QUARANTINE).maxQuarantineShare(60));
    lines(Line.range(0, 10, "a")).commit();

    assertTaken(
        beforeCommit(
            lines(Line.range(20, 30, "a")).idempotencyKey("again"),
            () -> lines(Line.range(28, 33, "b")).commit()),
        2,
        "with the same idempotency key",
        "are quarantined");
    PublishReceipt again = lines(Line.range(20, 30, "a")).idempotencyKey("again").commit();

    assertThat(again.quality().rowsQuarantined()).isEqualTo(2);
    assertThat(published()).hasSize(23);
    assertWhole();
  }

  @Test
  void exactlyOneOfTwoConcurrentPublishesOfAKeySucceeds() throws Exception {
    define(keyed());
    for (int round = 0; round < ROUNDS; round++) {
      long first = round * 100L;
      CyclicBarrier judged = new CyclicBarrier(2);
      List<Callable<@Nullable Throwable>> publishers = new ArrayList<>();
      for (String shop : List.of("a", "b")) {
        Publish<?> publish =
            beforeCommit(lines(Line.range(first, first + 20, shop)), () -> await(judged));
        publishers.add(() -> catchThrowable(publish::commit));
      }

      List<@Nullable Throwable> ends = ConcurrentCalls.run(publishers);

      assertThat(ends).containsOnlyOnce((Throwable) null);
      assertThat(ends.stream().filter(end -> end != null))
          .singleElement()
          .isInstanceOfSatisfying(
              ContractViolationException.class,
              refused -> assertThat(refused.findings().get(0).where()).isEqualTo("primaryKey"));
      assertThat(published()).hasSize((round + 1) * 20);
    }
    assertWhole();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aReplayIsNotRejectedForItsOwnRows() {
    define(keyed());

    PublishReceipt first = lines(Line.range(0, 5, "a")).idempotencyKey("k").commit();
    PublishReceipt again = lines(Line.range(0, 5, "a")).idempotencyKey("k").commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.publishId()).isEqualTo(first.publishId());
  }

  @Test
  void aUniqueRuleAppliesToTheTableOrToTouchedPartitions() {
    define(
        Contract.of(Line.class)
            .require(
                Rule.unique("id").scope(Rule.Scope.PARTITION).id("in-shop"),
                Rule.unique("id", "line").scope(Rule.Scope.TABLE).id("anywhere"),
                Rule.unique("customer", "id", "line").id("at-once")));
    lines(Line.range(0, 10, "a")).commit();

    lines(List.of(Line.of(3, 2, "b"))).commit();
    assertThat(rulesThatRefuse(lines(List.of(Line.of(3, 3, "a"))))).containsExactly("in-shop");
    assertThat(rulesThatRefuse(lines(List.of(Line.of(3, 1, "c"))))).containsExactly("anywhere");
    assertThat(rulesThatRefuse(lines(List.of(Line.of(3, 2, "b"))))).contains("anywhere");
    assertThat(published()).hasSize(11);
  }

  private static List<String> rulesThatRefuse(Publish<?> publish) {
    return catchThrowableOfType(ContractViolationException.class, publish::commit)
        .findings()
        .stream()
        .map(Finding::where)
        .toList();
  }

  @Test
  void nestedKeysAreUnique() {
    record Customer(long number, String name) {}
    record Visit(Customer customer, String shop) {}
    MeshClient shop = registerShop();
    shop.defineProduct(KEYED)
        .contract(Contract.of(Visit.class).primaryKey("customer.number", "shop"))
        .commit();
    shop.publish(KEYED).records(List.of(new Visit(new Customer(1, "x"), "a"))).commit();

    shop.publish(KEYED).records(List.of(new Visit(new Customer(1, "y"), "b"))).commit();
    assertTaken(
        shop.publish(KEYED).records(List.of(new Visit(new Customer(1, "z"), "a"))), 1, "row 1");
  }
}
