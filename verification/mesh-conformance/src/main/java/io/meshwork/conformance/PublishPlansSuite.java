package io.meshwork.conformance;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A plan shows the effect of a publish and changes nothing. */
abstract class PublishPlansSuite extends MeshFixture {
  private static final String PARTS = "commerce/parts";

  record Part(long id, String shop, long weight) {}

  private static final Contract LOOSE = Contract.of(Part.class);

  private static List<Part> parts(long from, long to, String shop) {
    return LongStream.range(from, to).mapToObj(id -> new Part(id, shop, id)).toList();
  }

  private MeshClient defineParts(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(PARTS).contract(contract).partitionedBy(by("shop")).commit();
    return shop;
  }

  private Publish<Part> of(List<Part> parts) {
    return shop().publish(PARTS).records(parts);
  }

  /** Asserts that the plan changes nothing and that the commit does what the plan shows. */
  private PublishReceipt plannedAndDone(Publish<?> publish, long removed) {
    PublishPlan plan = planned(publish);
    assertThat(plan.isAccepted()).as("%s", plan).isTrue();
    assertThat(plan.rowsRemoved()).isEqualTo(removed);

    PublishReceipt receipt = publish.commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(removed);
    assertThat(receipt.mode()).isEqualTo(plan.mode());
    assertThat(receipt.contractVersion()).isEqualTo(plan.contract());
    assertThat(receipt.quality().toJson()).isEqualTo(plan.quality().toJson());
    assertWhole();
    return receipt;
  }

  private PublishPlan planned(Publish<?> publish) {
    State before = state();
    PublishPlan plan = publish.plan();
    assertNothingChanged(before);
    return plan;
  }

  /** Asserts that the plan shows the rejection with the message of the commit. */
  private PublishPlan refused(Publish<?> publish, Publish<?> same) {
    PublishPlan plan = planned(publish);
    MeshException thrown = catchThrowableOfType(MeshException.class, same::commit);
    assertThat(plan.isAccepted()).isFalse();
    assertThat(plan.refusal()).contains(String.valueOf(thrown.getMessage()));
    assertThat(plan.rowsRemoved()).isZero();
    return plan;
  }

  @Test
  void aPlanShowsWhatTheCommitDoes() throws IOException {
    defineParts(LOOSE.require(between("weight", 0, 1_000)));

    plannedAndDone(of(parts(0, 10, "a")), 0);
    plannedAndDone(of(parts(10, 14, "b")), 0);
    plannedAndDone(of(parts(20, 23, "b")).replacingPartitions(), 4);
    plannedAndDone(of(parts(0, 2, "a")).replacingWhere("shop = 'a' and id < 5"), 5);
    plannedAndDone(shop().publish(PARTS).erasingWhere("id >= 21", "asked to"), 2);
    plannedAndDone(shop().publish(PARTS).erasingWhere("id = 4711", "asked to"), 0);
    Path file = copyOfDataFile(PARTS, "parts.parquet");
    plannedAndDone(shop().publish(PARTS).files(file).replacingAll(), 8);
    plannedAndDone(of(List.of()).replacingAll().allowingEmpty(), rows());
    assertThat(shop().history(PARTS).changes()).hasSize(8);
  }

  private long rows() {
    return all(shop().read(PARTS).as(Part.class)).size();
  }

  @Test
  void aPlanOfBadRowsFailsWithTheMessageOfTheCommit() {
    defineParts(
        LOOSE
            .primaryKey("id")
            .require(between("weight", 0, 100))
            .require(Rule.rowCount(1, 12).scope(Rule.Scope.TABLE)));
    of(parts(0, 10, "a")).commit();

    PublishPlan heavy = refused(of(parts(99, 103, "a")), of(parts(99, 103, "a")));
    assertThat(heavy.quality().rowsOffered()).isEqualTo(4);
    assertThat(heavy.findings()).extracting(Finding::where).contains("between.weight");
    assertThat(heavy.toString()).contains("rejected", "between.weight", "2 of 4 rows");
    refused(of(parts(9, 11, "b")), of(parts(9, 11, "b")));
    refused(of(parts(10, 13, "b")), of(parts(10, 13, "b")));
    refused(of(List.of()).replacingAll(), of(List.of()).replacingAll());
    refused(
        of(parts(10, 12, "b")).replacingWhere("shop = 'a'"),
        of(parts(10, 12, "b")).replacingWhere("shop = 'a'"));
    assertThat(planned(of(parts(10, 12, "b"))).isAccepted()).isTrue();
  }

  @Test
  void aPlanCountsTheRowsThatWouldBeQuarantined() {
    defineParts(
        LOOSE
            .require(between("weight", 0, 100))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50));

    PublishPlan plan = planned(of(parts(98, 103, "a")));
    assertThat(plan.isAccepted()).isTrue();
    assertThat(plan.quality().rowsAccepted()).isEqualTo(3);
    assertThat(plan.quality().rowsQuarantined()).isEqualTo(2);
    plannedAndDone(of(parts(98, 103, "a")), 0);
    assertThat(planned(of(parts(100, 104, "a"))).refusal().orElseThrow()).contains("50 percent");
  }

  @Test
  void aPlanUnderAUsedKeyShowsTheReceiptOfTheReplay() {
    defineParts(LOOSE);
    PublishReceipt first = of(parts(0, 3, "a")).idempotencyKey("monday").verifyingReplay().commit();

    PublishPlan again = planned(of(parts(5, 9, "a")).idempotencyKey("monday"));

    assertThat(again.earlier().orElseThrow().publishId()).isEqualTo(first.publishId());
    assertThat(again.toString()).contains("nothing", first.publishId());
    assertThatThrownBy(() -> of(parts(5, 9, "a")).idempotencyKey("monday").verifyingReplay().plan())
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> of(parts(5, 9, "a")).idempotencyKey("monday").replacingAll().plan())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("append", "replace-all");
  }

  @Test
  void aSourceReadByAPlanIsNotCommittedAsEmpty() {
    defineParts(LOOSE);
    Publish<Part> iterator = shop().publish(PARTS).records(parts(0, 3, "a").iterator());
    Publish<Part> stream = shop().publish(PARTS).records(parts(0, 3, "a").stream());
    State before = state();
    for (Publish<Part> publish : List.of(iterator, stream)) {
      assertThat(publish.plan().quality().rowsAccepted()).isEqualTo(3);
      assertThat(catchThrowableOfType(InvalidRequestException.class, publish::commit))
          .isNotNull()
          .hasMessageContaining("plan()");
    }
    assertNothingChanged(before);
  }

  @Test
  void aPlanNeedsThePermissionToPublish() {
    defineParts(LOOSE);
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.publish(PARTS).records(parts(0, 3, "a")).plan())
        .isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().publish(PARTS).plan(),
        "records(..) or files(..) is missing");
    Map<String, PublishMode> modes = new TreeMap<>();
    modes.put("append", of(parts(0, 1, "a")).plan().mode());
    modes.put("erase", shop().publish(PARTS).erasingWhere("id = 1", "x").plan().mode());
    assertThat(modes)
        .containsEntry("append", PublishMode.APPEND)
        .containsEntry("erase", PublishMode.ERASE);
  }
}
