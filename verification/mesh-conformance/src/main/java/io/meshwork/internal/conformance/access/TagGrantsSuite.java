package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.Permission;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tags are inherited and overridden, and grants by tags match them. */
public abstract class TagGrantsSuite extends GrantFixture {
  @Test
  void tagsAreInheritedOverriddenAndMatched() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("Sensitivity", "public", "secret").commit();
    assertThat(shop.governance().defineTag("sensitivity", "internal").commit())
        .containsExactly("internal", "public", "secret");
    AccessPlan<List<GrantSummary>> untagged =
        shop.grantByTags(where("domain", "commerce").and("sensitivity", "public"))
            .to(ETL)
            .because("What is public")
            .plan();
    assertThat(untagged.gains()).isEmpty();
    assertThat(untagged.findings()).extracting(Finding::where).containsExactly(ORDERS);
    List<GrantSummary> pair = untagged.commit();
    assertThat(pair)
        .extracting(GrantSummary::permissions)
        .containsExactly(
            List.of(Permission.DESCRIBE), List.of(Permission.DESCRIBE, Permission.SELECT));
    assertReadsNothing(ETL, "no active grant");

    AccessPlan<Map<String, String>> opening =
        shop.access().tag("commerce").set("sensitivity", "public").plan();
    assertThat(opening.gains()).extracting(AccessChange::who).containsExactly("finance/etl");
    assertThat(opening.gains().get(0).because()).contains("sensitivity=public (database)");
    opening.commit();
    assertReadsAll(ETL);

    AccessPlan<Map<String, String>> hiding =
        shop.access().tagColumns(ORDERS, "customer").set("sensitivity", "secret").plan();
    assertThat(hiding.losses()).hasSize(1);
    assertThat(hiding.losses().get(0).columns()).containsExactly("customer");
    assertThat(hiding.commit()).containsEntry("sensitivity", "secret").containsKey("domain");
    assertThat(columnsOf(ETL)).containsExactly("id", "amount", "note");
    assertThat(columnsRead(ETL)).doesNotContain("customer");

    shop.access().tag(ORDERS).set("sensitivity", "internal").commit();
    assertReadsNothing(ETL, "no active grant");
    shop.access().tag(ORDERS).remove("sensitivity").commit();
    shop.access().tagColumns(ORDERS, "customer").remove("sensitivity").commit();
    assertReadsAll(ETL);
    assertWhole();
  }

  @Test
  void domainAndClassificationAreTags() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).classification(Classification.CONFIDENTIAL, "customer"))
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    shop.grantByTags(where("domain", "commerce").and("classification", "public", "internal"))
        .to(ETL)
        .because("All that is not secret")
        .commit();

    assertThat(columnsOf(ETL)).containsExactly("id", "amount", "note");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.access().tag(ORDERS).set("classification", "public"),
            () -> shop.governance().defineTag("domain", "finance"))) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the mesh sets itself");
    }
  }

  @Test
  void aMisspelledColumnOrTagIsRejectedWithTheNearest() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("sensitivity", "internal", "public").commit();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.grant(ORDERS).columns("amuont").to(ETL).because("A").plan(),
            () -> shop.access().tagColumns(ORDERS, "amuont").set("sensitivity", "public").plan(),
            () ->
                finance().requests().requestAccess(ORDERS).columns("amuont").purpose("A").commit(),
            () -> Contract.of(Order.class).classification(Classification.INTERNAL, "amuont"))) {
      assertSuggests("Did you mean 'amount'?", call);
    }
    assertSuggests(
        "Did you mean 'sensitivity'?",
        () -> shop.access().tag(ORDERS).set("sensitvity", "internal").plan(),
        "defines no tag 'sensitvity'");
    assertSuggests(
        "Did you mean 'internal'?",
        () -> shop.access().tag(ORDERS).set("sensitivity", "intrnal").plan(),
        "has no value 'intrnal'");
    assertSuggests(
        "Did you mean 'public'?",
        () -> shop.grantByTags(where("sensitivity", "pubic")).to(ETL).because("A").plan());
  }

  private static void assertSuggests(String question, ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(question)
        .hasMessageContainingAll(facts.length == 0 ? new String[] {"Cannot"} : facts);
  }

  @Test
  void aTagDefinedAgainKeepsItsOtherValuesAsThePlanShows() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("kind", "a", "b").commit();

    assertThat(shop.governance().defineTag("kind", "b").plan().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.TAG_VALUES_REMAIN);
              assertThat(finding.what()).contains("keeps its values a");
            });
    assertThat(shop.governance().defineTag("kind", "c", "a", "b").plan().findings()).isEmpty();
  }

  @Test
  void aPlanWarnsOfGrantsWithoutEffect() {
    MeshClient shop = shopBesideFinance();
    Principal own = Principal.of("commerce", "reports");
    assertThat(shop.grant(ORDERS).toAccounts("finance").because("A").plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple(FindingCode.NO_GRANT_OPTION, "account finance"));
    assertThat(
            shop.grantByTags(where("domain", "commerce")).toMesh().because("A").plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.WHOLE_DOMAIN, "commerce"),
            tuple(FindingCode.NO_GRANT_OPTION, "the mesh"));
    assertThat(
            shop.grant(ORDERS)
                .to(own, Principal.of("unknown", "etl"), ETL)
                .because("A")
                .plan()
                .findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.OWNER_READS_ALREADY, "commerce/reports"),
            tuple(FindingCode.ACCOUNT_UNKNOWN, "unknown/etl"));
    AccessPlan<List<GrantSummary>> ownRole = shop.grant(ORDERS).to(own, ETL).because("A").plan();
    assertThat(ownRole.gains()).extracting(AccessChange::who).containsExactly("finance/etl");
    assertThat(ownRole.findings()).extracting(Finding::where).containsExactly("commerce/reports");
    AccessPlan<List<GrantSummary>> useful =
        shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("A").plan();
    assertThat(useful.findings()).isEmpty();
  }
}
