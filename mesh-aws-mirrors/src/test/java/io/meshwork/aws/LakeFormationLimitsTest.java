package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Classification;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** A grant waits for the tags and filters without which it would give more than the mesh does. */
class LakeFormationLimitsTest extends LakeFormationFixture {
  private static final int ATTEMPTS = 3;

  @Test
  void aGrantByTagsWaitsForATagThatFailed() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set("kind", "plain").commit();
    accounts.mirror();
    accounts.shop.access().tagColumns(ORDERS, "amount").set("kind", "secret").commit();
    grantByKind("plain");
    aws.reset();
    failAll("AddLFTagsToResource");

    Mirrors.Report report = accounts.mirror();

    assertThat(accounts.readable("tagged")).as("the column has no tag yet").isEmpty();
    assertThat(codes(report.remaining()))
        .containsExactlyInAnyOrder(FindingCode.MIRROR_FAILED, FindingCode.MIRROR_BLOCKED);
    assertThat(report.remaining())
        .filteredOn(finding -> finding.code() == FindingCode.MIRROR_BLOCKED)
        .extracting(Finding::where)
        .singleElement()
        .asString()
        .contains("assignment/commerce/orders_v1/amount/kind");
    aws.reset();
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertThat(accounts.readable("tagged")).containsExactly("email", "id", "region");
  }

  @Test
  void aGrantByTagsDoesNotWaitForATagThatCanOnlyHideColumns() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set("kind", "secret").commit();
    accounts.mirror();
    accounts.shop.access().tagColumns(ORDERS, "amount").set("kind", "plain").commit();
    grantByKind("plain");
    aws.reset();
    failAll("AddLFTagsToResource");

    assertThat(codes(accounts.mirror().remaining())).containsExactly(FindingCode.MIRROR_FAILED);

    assertThat(accounts.readable("tagged")).isEmpty();
    aws.reset();
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertThat(accounts.readable("tagged")).containsExactly("amount");
  }

  @Test
  void aTagIsRemovedBeforeAGrantThatItWouldWiden() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set("kind", "secret").commit();
    accounts.shop.access().tagColumns(ORDERS, "amount", "id").set("kind", "plain").commit();
    accounts.mirror();
    accounts.shop.access().tagColumns(ORDERS, "amount").remove("kind").commit();
    grantByKind("plain");
    aws.reset();
    failAll("RemoveLFTagsFromResource");

    Mirrors.Report report = accounts.mirror();

    assertThat(accounts.readable("tagged")).as("the column still has its tag").isEmpty();
    assertThat(codes(report.remaining()))
        .containsExactlyInAnyOrder(FindingCode.MIRROR_FAILED, FindingCode.MIRROR_BLOCKED);
    aws.reset();
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertThat(accounts.readable("tagged")).containsExactly("id");
    List<String> writes = accounts.writes();
    assertThat(writes.indexOf("lakeformation:RemoveLFTagsFromResource"))
        .isLessThan(writes.indexOf("lakeformation:BatchGrantPermissions"));
  }

  @Test
  void aGrantByTagsWaitsWhileAnotherProgramHidesLess() {
    accounts = LakeFormationAccounts.make(aws);
    accounts.shop.governance().defineTag("kind", "plain", "secret").commit();
    accounts.shop.access().tag(ORDERS).set("kind", "plain").commit();
    accounts.shop.access().tagColumns(ORDERS, "amount").set("kind", "secret").commit();
    accounts.mirror();
    putKind("amount", "plain");
    grantByKind("plain");

    Mirrors.Report report = accounts.mirror();

    assertThat(codes(report.remaining()))
        .containsExactlyInAnyOrder(FindingCode.MIRROR_CHANGED, FindingCode.MIRROR_BLOCKED);
    assertThat(accounts.readable("tagged")).isEmpty();
    assertThat(accounts.repair().remaining()).isEmpty();
    assertThat(accounts.readable("tagged")).containsExactly("email", "id", "region");
  }

  /** Lake Formation permits 50 tags on a table. */
  @Test
  void grantsThatWithholdTheSameColumnsShareATag() {
    accounts = LakeFormationAccounts.make(aws);
    int grants = 51;
    for (int i = 0; i < grants; i++) {
      accounts.grant("reader" + i);
    }
    accounts
        .shop
        .amendContract(ORDERS)
        .change(current -> current.classification(Classification.RESTRICTED, "amount"))
        .commit();

    assertThat(accounts.mirror().remaining()).isEmpty();

    assertThat(accounts.readable("reader0")).containsExactly("email", "id", "region");
    assertThat(accounts.readable("reader" + (grants - 1))).containsExactly("email", "id", "region");
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }

  private void grantByKind(String value) {
    accounts.shop.grantByTags(where("kind", value)).to(accounts.in("tagged")).because("x").commit();
  }

  /** Fails an operation as often as a client of the SDK sends it. */
  private static void failAll(String operation) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      aws.on("lakeformation", operation).nth(attempt).fail500();
    }
  }

  private void putKind(String column, String value) {
    LakeFormationClient client = accounts.in(Account.CATALOG);
    client.addLFTagsToResource(
        add ->
            add.catalogId(accounts.catalog)
                .resource(
                    Resource.builder()
                        .tableWithColumns(
                            on ->
                                on.catalogId(accounts.catalog)
                                    .databaseName(LakeFormationAccounts.DATABASE)
                                    .name(LakeFormationAccounts.TABLE)
                                    .columnNames(column))
                        .build())
                .lfTags(
                    LFTagPair.builder()
                        .catalogId(accounts.catalog)
                        .tagKey("kind")
                        .tagValues(value)
                        .build()));
  }
}
