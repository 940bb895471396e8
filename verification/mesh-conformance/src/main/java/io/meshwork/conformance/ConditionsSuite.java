package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import org.junit.jupiter.api.Test;

/** The columns that a condition names are judged as columns that it reveals. */
abstract class ConditionsSuite extends PeopleFixture {
  private static final Principal LEAD = Principal.of("finance", "etl");
  private static final Principal PROBE = Principal.of("finance", "probe");
  private static final String BY_EMAIL = "email LIKE 'a%'";

  private MeshClient lead() {
    return mesh.actingAs(LEAD);
  }

  private static void raise(MeshClient shop) {
    shop.amendContract(PEOPLE)
        .change(current -> current.classified(Classification.RESTRICTED, "email"))
        .commit();
  }

  @Test
  void anAccountPassesNothingOnByAColumnThatItMayNotRead() {
    MeshClient shop = shopOfPeople();
    MeshClient lead = lead();
    shop.grant(PEOPLE)
        .columns("id", "country")
        .toAccounts("finance")
        .withGrantOption()
        .because("Ids")
        .commit();

    assertThatThrownBy(
            () ->
                lead.grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Probe").commit())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED))
        .hasMessageContaining("COLUMNS_NOT_SUBSET")
        .hasMessageNotContaining("a%");
    assertThatThrownBy(
            () ->
                lead.grant(PEOPLE)
                    .columns("id")
                    .rows(BY_EMAIL)
                    .toEveryRoleOf("finance")
                    .because("Probe")
                    .commit())
        .isInstanceOf(AccessDeniedException.class);
    lead.grant(PEOPLE).columns("id").rows("country = 'SE'").to(PROBE).because("Sweden").commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void aGrantThatWasPassedOnGivesNothingOnceItsAccountMayNotReadTheColumnOfItsCondition() {
    MeshClient shop = shopOfPeople();
    MeshClient lead = lead();
    shop.grant(PEOPLE).toAccounts("finance").withGrantOption().because("All").commit();
    lead.grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Some").commit();
    assertThat(readableTo(PROBE)).containsExactly("id");

    raise(shop);

    assertThatThrownBy(() -> mesh.actingAs(PROBE).read(PEOPLE).asMaps().read())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(shop.explainAccess(PROBE, PEOPLE).allowed()).isFalse();
  }

  @Test
  void aGrantOnRowsByAColumnThatBecomesRestrictedIsWithheldUntilItIsGrantedAgain() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Some").commit();
    assertThat(readableTo(PROBE)).containsExactly("id");

    raise(shop);
    assertThatThrownBy(() -> mesh.actingAs(PROBE).read(PEOPLE).asMaps().read())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("COLUMNS_WITHHELD");
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .contains(FindingCode.CONDITION_REVEALS);

    shop.grant(PEOPLE)
        .columns("id")
        .rows(BY_EMAIL)
        .to(PROBE)
        .includingSensitive()
        .because("Some")
        .commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void theWholeMeshGetsNoRowsByARestrictedColumn() {
    MeshClient shop = shopOfPeople();
    raise(shop);

    assertThatThrownBy(
            () ->
                shop.grant(PEOPLE)
                    .columns("id")
                    .rows(BY_EMAIL)
                    .toMesh()
                    .withGrantOption()
                    .because("All")
                    .commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("SENSITIVE_DATA");
  }
}
