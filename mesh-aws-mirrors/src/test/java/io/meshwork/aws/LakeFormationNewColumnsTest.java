package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.contract.Contract;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Classification;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No one reads a new column before Lake Formation has what the mesh decides about it. */
class LakeFormationNewColumnsTest extends LakeFormationFixture {
  private static final List<String> OLD = List.of("amount", "email", "id", "region");

  record SocialSecurity(Optional<String> ssn) {}

  /** A build runs one of them, and the nightly tests run all. */
  static List<String> calls() {
    return TestSample.oneOf(
        List.of(
            "glue:UpdateTable",
            "lakeformation:AddLFTagsToResource",
            "lakeformation:BatchGrantPermissions"));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aRunThatIsKilledShowsANewColumnToNoOne(String call) {
    accounts = makeWithReaders();
    addColumn();
    aws.reset();
    String[] operation = call.split(":", 2);
    aws.on(operation[0], operation[1]).nth(1).killCaller();
    try (Mesh mesh = accounts.open(MirrorAccounts.IMPATIENT)) {
      Mirrors mirrors = mesh.mirrors().timeout(Duration.ofSeconds(8));
      assertThatThrownBy(mirrors::commit).isInstanceOf(MeshException.class);
    }
    aws.reset();
    accounts.clock.advance(Duration.ofMinutes(5));

    for (String role : List.of("tagged", "whole", "european")) {
      assertThat(accounts.readableOf("ssn", role)).as(role).isFalse();
    }
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertDecidesAsTheMesh();
  }

  @Test
  void aTableStaysClosedWhileATagOfItsNewColumnFails() {
    accounts = makeWithReaders();
    addColumn();
    aws.reset();
    for (int attempt = 2; attempt <= 4; attempt++) { // the first one closes the table
      aws.on("lakeformation", "AddLFTagsToResource").nth(attempt).fail500();
    }

    assertThat(codes(accounts.mirror().remaining()))
        .contains(FindingCode.MIRROR_FAILED, FindingCode.MIRROR_BLOCKED);

    assertThat(accounts.readableOf("ssn", "tagged")).isFalse();
    aws.reset();
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertDecidesAsTheMesh();
  }

  @Test
  void aTableThatIsNotClosedGetsNoNewColumn() {
    accounts = makeWithReaders();
    addColumn();
    aws.reset();
    for (int attempt = 1; attempt <= 3; attempt++) {
      aws.on("lakeformation", "AddLFTagsToResource").nth(attempt).fail500();
    }

    assertThat(codes(accounts.mirror().remaining())).contains(FindingCode.MIRROR_FAILED);

    assertThat(aws.calls()).doesNotContain("glue:UpdateTable");
    aws.reset();
    assertThat(accounts.mirror().remaining()).isEmpty();
    assertDecidesAsTheMesh();
  }

  private static LakeFormationAccounts makeWithReaders() {
    LakeFormationAccounts made = LakeFormationAccounts.make(aws);
    made.shop.governance().defineTag("kind", "plain", "secret").commit();
    made.shop.access().tag(ORDERS).set("kind", "plain").commit();
    made.shop.grantByTags(where("kind", "plain")).to(made.in("tagged")).because("x").commit();
    made.grant("whole");
    made.shop.grant(ORDERS).rows("region = 'EU'").to(made.in("european")).because("x").commit();
    assertThat(made.mirror().remaining()).isEmpty();
    return made;
  }

  private void addColumn() {
    accounts
        .shop
        .amendContract(ORDERS)
        .contract(
            Contract.of(Order.class)
                .addColumns(Contract.of(SocialSecurity.class))
                .classification(Classification.CONFIDENTIAL, "email")
                .classification(Classification.RESTRICTED, "ssn"))
        .commit();
    accounts.shop.access().tagColumns(ORDERS, "ssn").set("kind", "secret").commit();
  }

  private void assertDecidesAsTheMesh() {
    for (String role : List.of("tagged", "whole", "european")) {
      assertThat(accounts.readable(role)).as(role).containsExactlyElementsOf(OLD);
      assertThat(accounts.readableOf("ssn", role)).as(role).isFalse();
      assertThat(accounts.differences(role)).as(role).isEmpty();
    }
    assertThat(accounts.mirror().isEmpty()).isTrue();
  }
}
