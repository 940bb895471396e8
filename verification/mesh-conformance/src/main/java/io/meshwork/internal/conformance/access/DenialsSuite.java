package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A denial names the missing grant and who can create it. */
public abstract class DenialsSuite extends GrantFixture {
  @Test
  void theFirstDenialNamesAGrantAsItsExplanationDoes() {
    shopBesideFinance();

    assertThatThrownBy(() -> finance().read(ORDERS).rows())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.missing()).isEqualTo("a grant of SELECT on " + ORDERS))
        .hasMessageContainingAll("no active grant", "(NO_GRANT)", "requestAccess");
    ExplainedAccess explained = finance().access().explain(ETL, ORDERS);
    assertThat(explained.missing()).singleElement().asString().startsWith("NO_GRANT: ");
  }

  @Test
  void aDenialNamesWhoCanGrantAccess() {
    MeshClient shop = shopBesideFinance();
    shop.grant(ORDERS).toAccounts("finance").because("Without option").commit();
    assertReadsNothing(ETL, "without grant option", "Ask shop@example.org", "withGrantOption()");
    assertThat(shop.access().explain(ETL, ORDERS).whoCanGrant())
        .containsExactly("shop@example.org");

    Instant end = clock.instant().plus(Duration.ofHours(2));
    shop.grant(ORDERS).to(ANALYST).until(end).because("Closing").commit();
    clock.advance(Duration.ofHours(2));
    assertReadsNothing(ANALYST, "access ended at " + end);
    assertThat(shop.access().explain(Principal.of("growth", "etl"), ORDERS).missing())
        .noneMatch(missing -> missing.contains("ended"));

    String whole = shop.grant(ORDERS).to(ETL).because("All").commit().get(0).id();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).columns("id").to(ETL).because("Some").commit(),
        "PARTIAL_SELECT_CONFLICT",
        "finance/etl has the whole product already",
        "Revoke grant " + whole + " first");
    String list = shop.grant(ORDERS).columns("id").to(ANALYST).because("S").commit().get(0).id();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ANALYST).because("All").commit(),
        "finance/analyst has a list of columns already",
        "Revoke grant " + list + " first");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.grantByTags(where("domain", "commerce").and("classification", "private"))
                .to(ETL)
                .because("A")
                .commit(),
        "'classification'",
        "has no value 'private'");
    assertThatThrownBy(() -> finance().subscribe(ORDERS).commit())
        .hasMessageContaining("name(..) and purpose(..) are missing");
  }

  @Test
  void aDenialDoesNotSuggestOpeningASensitiveProduct() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).classification(Classification.CONFIDENTIAL))
        .commit();
    registerFinance();
    assertThatThrownBy(() -> all(finance().read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("requestAccess(\"" + ORDERS)
        .hasMessageNotContaining("openToMesh");
  }

  @Test
  void anOpenProductIsExplainedAsAStandingGrant() {
    defineOrders();
    registerFinance();

    ExplainedAccess explained = finance().access().explain(ETL, ORDERS);

    assertThat(explained.isAllowed()).isTrue();
    assertThat(explained.because()).containsExactly("openToMesh()");
    assertThat(shop().access().whoCanRead(ORDERS))
        .extracting(ExplainedAccess::who)
        .containsExactly("every role of account commerce", "the mesh");
  }
}
