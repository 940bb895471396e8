package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Partition.by;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.operation.Plan;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.testkit.Faults.Port;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A new rule on the table takes effect only if the current table passes it. */
public abstract class StricterRulesSuite extends MeshFixture {
  private static final String STOCK = "commerce/stock";

  record Item(long id, String shop, Optional<Long> partOf) {}

  private static final Contract ITEMS = Contract.of(Item.class);

  private static List<Item> items(long from, long to, String shop) {
    return LongStream.range(from, to).mapToObj(id -> new Item(id, shop, Optional.empty())).toList();
  }

  private MeshClient defineItems() {
    MeshClient shop = registerShop();
    shop.defineProduct(STOCK).contract(ITEMS).partitionBy(by("shop")).commit();
    return shop;
  }

  private Finding refusal(Contract next) {
    State before = state();
    ContractPlan plan = shop().amendContract(STOCK, next).plan();
    assertThat(plan.isAllowed()).isFalse();
    assertThat(plan.verdict()).isEqualTo(Verdict.REFUSED);

    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class, () -> shop().amendContract(STOCK, next).commit());

    assertNothingChanged(before);
    assertThat(refused.errorCode()).isEqualTo(ErrorCode.CHANGE_INCOMPATIBLE);
    Finding finding =
        refused.findings().stream()
            .filter(each -> each.severity() == Finding.Severity.ERROR)
            .findFirst()
            .orElseThrow();
    assertThat(finding.code()).isEqualTo(FindingCode.TABLE_FAILS_RULE);
    assertThat(refused).hasMessageContainingAll(STOCK, finding.what(), finding.fix());
    return finding;
  }

  private String version() {
    return shop().describe(STOCK).versions().get(0).version().toString();
  }

  @Test
  void aPrimaryKeyIsAddedOnlyToATableWithoutDuplicates() {
    MeshClient shop = defineItems();
    shop.publish(STOCK).records(items(0, 10, "a")).commit();
    shop.publish(STOCK).records(items(7, 12, "b")).commit();

    Finding finding = refusal(ITEMS.primaryKey("id"));
    assertThat(finding.where()).isEqualTo("primaryKey");
    assertThat(finding.count()).isEqualTo(3);
    assertThat(finding.what()).contains("3 of 15 rows");
    assertThat(finding.fix()).contains("replaceWhere(..)");

    shop.publish(STOCK).records(items(10, 12, "b")).replaceWhere("shop = 'b'").commit();
    shop.amendContract(STOCK, ITEMS.primaryKey("id")).commit();
    assertThat(version()).isEqualTo("1.1.0");
    assertThat(
            catchThrowableOfType(
                ContractViolationException.class,
                () -> shop.publish(STOCK).records(items(11, 13, "c")).commit()))
        .isNotNull();
    assertWhole();
  }

  @Test
  void aKeyThatIsAddedLaterHasBloomFiltersInAllNewFiles() {
    MeshClient shop = defineItems();
    shop.publish(STOCK).records(items(0, 10, "a")).commit();
    ContractPlan plan = shop.amendContract(STOCK, ITEMS.primaryKey("id")).plan();
    assertThat(plan.steps()).extracting(Plan.Step::verb).contains("filter columns");

    shop.amendContract(STOCK, ITEMS.primaryKey("id")).commit();

    assertThat(shop.amendContract(STOCK, ITEMS.primaryKey("id").description("x")).plan().steps())
        .as("the filter columns are already set")
        .extracting(Plan.Step::verb)
        .doesNotContain("filter columns");
    assertWhole();
  }

  @Test
  void addedTableAndPartitionRulesAreCheckedOnExistingRows() {
    MeshClient shop = defineItems();
    shop.amendContract(STOCK, ITEMS.require(Rule.rowCount(1, 50).scope(Scope.TABLE))).commit();
    assertThat(version()).as("the table is empty").isEqualTo("1.1.0");
    Contract now = shop.describe(STOCK).contract();
    shop.publish(STOCK).records(items(0, 10, "a")).commit();
    shop.publish(STOCK).records(items(5, 12, "b")).commit();

    assertThat(refusal(now.require(Rule.max("id", null, 10).scope(Scope.TABLE))).what())
        .contains("max");
    assertThat(refusal(now.require(Rule.rowCount(8, 50).id("few").scope(Scope.PARTITION))).what())
        .contains("1 of 2 partitions");
    assertThat(refusal(now.require(Rule.unique("id").scope(Scope.TABLE))).count()).isEqualTo(5);
    shop.amendContract(STOCK, now.require(Rule.unique("id").scope(Scope.PARTITION))).commit();
    shop.amendContract(STOCK)
        .change(current -> current.require(Rule.references("partOf", STOCK, "id")))
        .commit();
    shop.amendContract(STOCK)
        .change(
            current -> current.require(Rule.unique("id").id("warned").scope(Scope.TABLE).warn()))
        .commit();
    shop.amendContract(STOCK).change(current -> current.require(Rule.between("id", 0, 3))).commit();
    assertThat(version()).as("a row rule applies from its version on").isEqualTo("1.4.0");
    assertWhole();
  }

  @Test
  void addedRulesAreCheckedOnConcurrentPublishes() {
    MeshClient shop = defineItems();
    shop.publish(STOCK).records(items(0, 10, "a")).commit();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> shop.publish(STOCK).records(items(9, 11, "b")).commit());

    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> shop.amendContract(STOCK, ITEMS.primaryKey("id")).commit());

    assertThat(refused).hasMessageContaining("1 of 12 rows");
    faults.clear();
    assertThat(version()).isEqualTo("1.0.0");
    assertWhole();
  }
}
