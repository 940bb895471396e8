package io.meshwork.internal.conformance.publish;

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
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.operation.Operation;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A dry run shows the effect of a publish and changes nothing. */
public abstract class DryRunsSuite extends MeshFixture {
  private static final String PARTS = "commerce/parts";

  record Part(long id, String shop, long weight) {}

  private static final Contract LOOSE = Contract.of(Part.class);

  private static List<Part> parts(long from, long to, String shop) {
    return LongStream.range(from, to).mapToObj(id -> new Part(id, shop, id)).toList();
  }

  private MeshClient defineParts(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(PARTS).contract(contract).partitionBy(by("shop")).commit();
    return shop;
  }

  private Publish<Part> of(List<Part> parts) {
    return shop().publish(PARTS).records(parts);
  }

  /** Asserts that the dry run changes nothing and that the commit does what the dry run shows. */
  private PublishReceipt checkAndCommit(Publish<?> publish, long removed) {
    return checkAndCommit(publish::plan, publish, removed);
  }

  private PublishReceipt checkAndCommit(Erase erase, long removed) {
    return checkAndCommit(erase::plan, erase, removed);
  }

  private PublishReceipt checkAndCommit(
      Supplier<PublishPlan> preview, Operation<PublishReceipt> publish, long removed) {
    PublishPlan dryRun = unchanged(preview);
    assertThat(dryRun.isAccepted()).as("%s", dryRun).isTrue();
    assertThat(dryRun.rowsRemoved()).isEqualTo(removed);

    PublishReceipt receipt = publish.commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(removed);
    assertThat(receipt.mode()).isEqualTo(dryRun.mode());
    assertThat(receipt.contractVersion()).isEqualTo(dryRun.contract());
    assertThat(receipt.quality().toJson()).isEqualTo(dryRun.quality().toJson());
    assertWhole();
    return receipt;
  }

  private PublishPlan dryRun(Publish<?> publish) {
    return unchanged(publish::plan);
  }

  private PublishPlan unchanged(Supplier<PublishPlan> preview) {
    State before = state();
    PublishPlan dryRun = preview.get();
    assertNothingChanged(before);
    return dryRun;
  }

  /** Asserts that the dry run shows the rejection with the message of the commit. */
  private PublishPlan refused(Publish<?> publish, Publish<?> same) {
    PublishPlan dryRun = dryRun(publish);
    MeshException thrown = catchThrowableOfType(MeshException.class, same::commit);
    assertThat(dryRun.isAccepted()).isFalse();
    assertThat(dryRun.rejection()).contains(String.valueOf(thrown.getMessage()));
    assertThat(dryRun.rowsRemoved()).isZero();
    return dryRun;
  }

  @Test
  void aDryRunShowsWhatTheCommitDoes() throws IOException {
    defineParts(LOOSE.require(between("weight", 0, 1_000)));

    checkAndCommit(of(parts(0, 10, "a")), 0);
    checkAndCommit(of(parts(10, 14, "b")), 0);
    checkAndCommit(of(parts(20, 23, "b")).replacePartitions(), 4);
    checkAndCommit(of(parts(0, 2, "a")).replaceWhere("shop = 'a' and id < 5"), 5);
    checkAndCommit(shop().erase(PARTS).where("id >= 21").because("asked to"), 2);
    checkAndCommit(shop().erase(PARTS).where("id = 4711").because("asked to"), 0);
    Path file = copyOfDataFile(PARTS, "parts.parquet");
    checkAndCommit(shop().publish(PARTS).files(file).replaceAll(), 8);
    checkAndCommit(of(List.of()).replaceAll().allowEmpty(), rows());
    assertThat(shop().publishHistory(PARTS).changes()).hasSize(8);
  }

  private long rows() {
    return all(shop().read(PARTS).as(Part.class)).size();
  }

  @Test
  void aDryRunOfBadRowsFailsWithTheMessageOfTheCommit() {
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
    refused(of(List.of()).replaceAll(), of(List.of()).replaceAll());
    refused(
        of(parts(10, 12, "b")).replaceWhere("shop = 'a'"),
        of(parts(10, 12, "b")).replaceWhere("shop = 'a'"));
    assertThat(dryRun(of(parts(10, 12, "b"))).isAccepted()).isTrue();
  }

  @Test
  void aDryRunCountsTheRowsThatWouldBeQuarantined() {
    defineParts(
        LOOSE
            .require(between("weight", 0, 100))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(50));

    PublishPlan dryRun = dryRun(of(parts(98, 103, "a")));
    assertThat(dryRun.isAccepted()).isTrue();
    assertThat(dryRun.quality().rowsAccepted()).isEqualTo(3);
    assertThat(dryRun.quality().rowsQuarantined()).isEqualTo(2);
    checkAndCommit(of(parts(98, 103, "a")), 0);
    assertThat(dryRun(of(parts(100, 104, "a"))).rejection().orElseThrow()).contains("50 percent");
  }

  @Test
  void aDryRunUnderAUsedKeyShowsTheReceiptOfTheReplay() {
    defineParts(LOOSE);
    PublishReceipt first = of(parts(0, 3, "a")).idempotencyKey("monday").verifyReplay().commit();

    PublishPlan again = dryRun(of(parts(5, 9, "a")).idempotencyKey("monday"));

    assertThat(again.earlierReceipt().orElseThrow().publishId()).isEqualTo(first.publishId());
    assertThat(again.toString()).contains("nothing", first.publishId());
    assertThatThrownBy(() -> of(parts(5, 9, "a")).idempotencyKey("monday").verifyReplay().plan())
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> of(parts(5, 9, "a")).idempotencyKey("monday").replaceAll().plan())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("append", "replace-all");
  }

  @Test
  void aSourceReadByADryRunIsNotCommittedAsEmpty() {
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
  void aDryRunNeedsThePermissionToPublish() {
    defineParts(LOOSE);
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.publish(PARTS).records(parts(0, 3, "a")).plan())
        .isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().publish(PARTS).plan(),
        "records(..), files(..), batches(..), resultSet(..), or republish(..) is missing");
    Map<String, PublishMode> modes = new TreeMap<>();
    modes.put("append", of(parts(0, 1, "a")).plan().mode());
    modes.put("erase", shop().erase(PARTS).where("id = 1").because("x").plan().mode());
    assertThat(modes)
        .containsEntry("append", PublishMode.APPEND)
        .containsEntry("erase", PublishMode.ERASE);
  }
}
