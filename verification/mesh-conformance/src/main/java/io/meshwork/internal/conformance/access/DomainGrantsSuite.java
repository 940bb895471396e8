package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A grant on a whole domain, or to the whole mesh, covers sensitive data only explicitly. */
public abstract class DomainGrantsSuite extends AuthorizationFixture {
  @Test
  void theTagOfTheDomainCoversTheWholeDomain() {
    MeshClient shop = shopBesideOthers();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantByTags(where("domain", "commerce")).to(ETL).because("All").plan();
    assertThat(plan.findings()).extracting(Finding::code).containsExactly(FindingCode.WHOLE_DOMAIN);
    defineCards(shop);
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grantByTags(where("domain", "commerce")).to(ETL).because("All").commit(),
        "SENSITIVE_DATA",
        "commerce/cards",
        "includeSensitive()");
    assertNothingChanged(before);
    ofDomain().forAnyConsumer().commit();
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain", "commerce"))
                .to(ETL)
                .includeSensitive()
                .because("All")
                .commit(),
        "OWNER_ONLY");
    assertThat(
            shop.grantByTags(where("domain", "commerce"))
                .to(ETL)
                .includeSensitive()
                .because("All")
                .commit())
        .hasSize(2);
  }

  private static void defineCards(MeshClient shop) {
    shop.defineProduct("commerce/cards")
        .contract(Contract.of(Order.class).classification(Classification.RESTRICTED, "customer"))
        .commit();
  }

  @Test
  void grantingProductsAboveInternalToTheMeshMustBeExplicit() {
    MeshClient shop = shopBesideOthers();
    defineCards(shop);
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant("commerce/cards").toMesh().because("All").commit(),
        "SENSITIVE_DATA",
        "includeSensitive()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.grantByTags(where("classification", "internal", "restricted"))
                .toMesh()
                .because("All")
                .commit(),
        "SENSITIVE_DATA",
        "commerce/cards");
    assertNothingChanged(before);
    ofDomain().forAnyConsumer().commit();
    assertUnauthorized(
        () -> steward().grant("commerce/cards").toMesh().includeSensitive().because("All").commit(),
        "EXECUTOR_IS_CONSUMER");
    assertThat(
            shop.grant("commerce/cards").exceptColumns("customer").toMesh().because("x").commit())
        .hasSize(1);
    assertThat(shop.grantByTags(where("classification", "internal")).toMesh().because("x").commit())
        .hasSize(2);
    assertThat(
            shop.grant("commerce/cards")
                .columns("customer")
                .toMesh()
                .includeSensitive()
                .because("x")
                .commit())
        .hasSize(1);
  }

  @Test
  void grantingAWholeDomainWarnsAndExcludesSensitiveProductsByDefault() {
    MeshClient shop = shopBesideOthers();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantDomain("commerce").to(ETL).because("All of it").plan();
    assertThat(plan.findings()).extracting(Finding::code).containsExactly(FindingCode.WHOLE_DOMAIN);
    assertThat(plan.findings().get(0).severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(plan.findings().get(0).fix()).contains("grant(\"commerce/orders\")", "grantByTags(");
    assertThat(plan.gains()).extracting(AccessChange::who).containsExactly("finance/etl");
    GrantSummary grant = plan.commit().get(0);
    assertThat(grant.on()).isEqualTo("all of commerce");
    assertThat(shop.access().grants()).containsExactly(grant);
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(columnsReadBy(ANALYST)).isEmpty();

    shop.defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    assertThat(as("finance").access().explain(ETL, "commerce/returns").isAllowed())
        .as("later products are included")
        .isTrue();
    shop.defineProduct("commerce/cards")
        .contract(Contract.of(Order.class).classification(Classification.RESTRICTED, "customer"))
        .commit();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grantDomain("commerce").to(ANALYST).because("All of it").commit(),
        "SENSITIVE_DATA",
        "commerce/cards",
        "includeSensitive()");
    assertThat(shop.grantDomain("commerce").to(ANALYST).includeSensitive().because("All").commit())
        .hasSize(1);
    assertThatThrownBy(() -> shop.grant("commerce"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("domain/product");
    shop.access()
        .authorizeDomain("commerce")
        .executors(STEWARD)
        .forAnyConsumer()
        .because("Stewards")
        .commit();
    assertUnauthorized(
        () -> steward().grantDomain("commerce").to(ETL).because("All").commit(), "OWNER_ONLY");

    AccessPlan<List<GrantSummary>> revoking = shop.revoke(grant.id()).plan();
    assertThat(revoking.losses())
        .extracting(loss -> loss.product().toString())
        .contains(ORDERS, "commerce/returns");
    revoking.commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
  }

  @Test
  void aGrantOnAWholeDomainIsPassedOnWhollyOrPartly() {
    MeshClient shop = shopBesideOthers();
    shop.grantDomain("commerce")
        .toAccounts("finance")
        .withGrantOption()
        .because("Finance knows who needs what")
        .commit();
    assertThat(columnsReadBy(ETL)).isEmpty();

    assertThat(as("finance").grant(ORDERS).to(ETL).because("Reports").commit())
        .extracting(GrantSummary::passedOn)
        .containsExactly(true);
    as("finance").grantDomain("commerce").to(ANALYST).because("All").commit();

    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(columnsReadBy(ANALYST)).contains("id");
  }

  @Test
  void anOpenProductStaysAtInternalAndOneAboveIsNotOpened() {
    MeshClient shop = registerShop();
    Contract plain = Contract.of(Order.class);
    shop.defineProduct(ORDERS).contract(plain).openToMesh().commit();
    Contract raised = plain.classification(Classification.CONFIDENTIAL, "customer");
    assertThat(shop.amendContract(ORDERS, raised).plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.OPEN_AND_SENSITIVE);
    shop.amendContract(ORDERS, raised).because("Cards").commit();
    assertThat(registerFinance().access().explain(ETL, ORDERS).columns())
        .containsExactly("id", "amount", "note");
    shop.amendContract(ORDERS, plain.classification(Classification.RESTRICTED)).commit();
    assertThatThrownBy(() -> all(as("finance").read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class);

    String closed = "commerce/cards";
    Contract cards = plain.classification(Classification.CONFIDENTIAL, "customer");
    shop.defineProduct(closed).contract(cards).commit();
    State before = state();
    assertRefused(
        ErrorCode.CONTRACT_INVALID,
        () -> shop.defineProduct(closed).contract(cards).openToMesh().commit(),
        closed,
        "customer",
        "INTERNAL");
    assertNothingChanged(before);
    assertThat(as("stranger").describe(closed).columns())
        .as("every principal has DESCRIBE on every product")
        .isNotEmpty();
    assertThat(as("stranger").describe(closed).access())
        .isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
  }
}
