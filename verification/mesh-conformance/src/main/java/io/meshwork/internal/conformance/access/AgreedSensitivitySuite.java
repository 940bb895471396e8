package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.TagSelection;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.Faults.Port;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * A grant covers data up to the sensitivity at its approval. More sensitive columns are withheld.
 */
public abstract class AgreedSensitivitySuite extends PeopleFixture {
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal AUDITOR = Principal.of("finance", "auditor");
  private static final Principal INTERN = Principal.of("finance", "intern");

  private static void raise(MeshClient shop, String column) {
    shop.amendContract(PEOPLE)
        .change(current -> current.classification(Classification.RESTRICTED, column))
        .commit();
  }

  @Test
  void aColumnThatBecomesMoreSensitiveIsWithheldUntilItIsGrantedAgain() {
    MeshClient shop = shopOfPeople();
    GrantSummary all = shop.grant(PEOPLE).to(ANALYST).because("All").commit().get(0);
    shop.grant(PEOPLE).columns("id", "email").to(AUDITOR).because("Some").commit();
    shop.grant(PEOPLE).rows("country = 'SE'").to(INTERN).because("Sweden").commit();

    ContractPlan plan =
        shop.amendContract(PEOPLE)
            .change(current -> current.classification(Classification.RESTRICTED, "email"))
            .plan();
    assertThat(plan.losses())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactlyInAnyOrder(
            tuple("finance/analyst", List.of("email")),
            tuple("finance/auditor", List.of("email")),
            tuple("finance/intern", List.of("email")));
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == FindingCode.COLUMNS_WITHHELD)
        .extracting(Finding::what)
        .anySatisfy(what -> assertThat(what).contains(all.id(), "finance/analyst", "email"))
        .hasSize(3);
    plan.commit();

    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    assertThat(readableTo(AUDITOR)).containsExactly("id");
    assertThat(readableTo(INTERN)).containsExactly("id", "country");
    assertThat(all(mesh.clientAs(ANALYST).read(PEOPLE).asMaps()).get(0).keySet())
        .containsExactlyInAnyOrder("id", "country");
    assertThat(mesh.clientAs(ANALYST).access().explain(ANALYST, PEOPLE).missing())
        .singleElement()
        .asString()
        .contains("COLUMNS_WITHHELD", "email", all.id(), "includeSensitive()");
    assertThat(mesh.clientAs(ANALYST).access().explain(ANALYST, PEOPLE).because())
        .singleElement()
        .asString()
        .contains(all.id())
        .doesNotContain("agreed");

    assertThat(shop.grant(PEOPLE).to(ANALYST).because("All").plan().isEmpty()).isTrue();
    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    GrantSummary again =
        shop.grant(PEOPLE).includeSensitive().to(ANALYST).because("All").commit().get(0);
    assertThat(again.id()).isEqualTo(all.id());
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");
    assertThat(readableTo(AUDITOR)).containsExactly("id");
    assertWhole();
  }

  @Test
  void aReaderWithoutColumnsLearnsWhichAreWithheld() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("email").to(ANALYST).because("Letters").commit();
    raise(shop, "email");

    assertThatThrownBy(() -> all(mesh.clientAs(ANALYST).read(PEOPLE)))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll(PEOPLE, "COLUMNS_WITHHELD", "shop@example.org");
    assertWhole();
  }

  @Test
  void aNewProductAboveInternalIsNotReadThroughAnEarlierGrant() {
    MeshClient shop = shopOfPeople();
    shop.grantByTags(where("domain", "commerce")).to(ANALYST).because("All").commit();
    shop.grantDomain("commerce").to(AUDITOR).because("All").commit();
    shop.grantByTags(where("domain", "commerce"))
        .includeSensitive()
        .to(INTERN)
        .because("All")
        .commit();
    Contract secret = people("iban", "bank").classification(Classification.CONFIDENTIAL, "iban");

    ContractPlan plan = shop.defineProduct("commerce/accounts").contract(secret).plan();
    assertThat(plan.gains())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactlyInAnyOrder(
            tuple("finance/analyst", List.of("bank")),
            tuple("finance/auditor", List.of("bank")),
            tuple("finance/intern", List.of("iban", "bank")));
    assertThat(plan.findings()).extracting(Finding::code).contains(FindingCode.COLUMNS_WITHHELD);
    plan.commit();

    for (Principal who : List.of(ANALYST, AUDITOR)) {
      assertThat(mesh.clientAs(who).access().explain(who, "commerce/accounts").columns())
          .containsExactly("bank");
      assertThat(readableTo(who)).containsExactly("id", "email", "country");
    }
    assertThat(mesh.clientAs(INTERN).access().explain(INTERN, "commerce/accounts").columns())
        .containsExactly("iban", "bank");
    assertWhole();
  }

  @Test
  void aGrantByTagsCoversTheProductsOfItsTimeOnly() {
    MeshClient shop = shopOfPeople();
    Contract secret = people("iban").classification(Classification.CONFIDENTIAL);
    shop.access().tag("commerce").set("kind", "plain").commit();
    shop.defineProduct("commerce/accounts").contract(secret).commit();
    shop.grantByTags(where("kind", "plain")).to(ANALYST).because("Plain").commit();

    shop.defineProduct("commerce/cards").contract(secret).commit();

    MeshClient analyst = mesh.clientAs(ANALYST);
    assertThat(analyst.access().explain(ANALYST, "commerce/accounts").columns())
        .containsExactly("iban");
    assertThat(analyst.access().explain(ANALYST, "commerce/cards").isAllowed()).isFalse();
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");
    assertWhole();
  }

  @Test
  void aGrantToTheMeshDoesNotCoverProductsThatBecomeSensitive() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).toMesh().withGrantOption().because("Open").commit();
    MeshClient finance = as("finance");
    finance.grant(PEOPLE).to(ANALYST).because("Ours").commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");

    raise(shop, "email");

    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    finance.grant(PEOPLE).columns("id").to(INTERN).because("Ours").commit();
    assertThat(readableTo(INTERN)).containsExactly("id");
    assertWhole();
  }

  @Test
  void aGrantToTheMeshByClassificationsCoversNoProductsThatAreReclassified() {
    MeshClient shop = shopOfPeople();
    TagSelection any = where("classification", "public", "internal", "confidential", "restricted");
    shop.grantByTags(any).toMesh().withGrantOption().because("Open").commit();
    MeshClient finance = as("finance");
    finance.grant(PEOPLE).to(ANALYST).because("Ours").commit();
    shop.grantByTags(any).to(AUDITOR).because("Audits").commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");

    raise(shop, "email");

    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    assertThat(readableTo(AUDITOR)).containsExactly("id", "email", "country");
    shop.grantByTags(any).toMesh().withGrantOption().includeSensitive().because("Open").commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");
    assertWhole();
  }

  @Test
  void aProductRaisedDuringAGrantToTheMeshIsNotOpened() {
    MeshClient shop = registerShop();
    registerFinance();
    shop.governance().defineTag("kind", "plain").commit();
    assertNotOpenedMeanwhile(
        shop, "named", product -> shop.grant(product).toMesh().withGrantOption().because("Open"));
    assertNotOpenedMeanwhile(
        shop,
        "tagged",
        product ->
            shop.grantByTags(where("kind", "plain")).toMesh().withGrantOption().because("Open"));
    assertWhole();
  }

  private void assertNotOpenedMeanwhile(
      MeshClient shop, String name, Function<String, AccessOperation<List<GrantSummary>>> opening) {
    boolean happened = true;
    // Each additional product causes more reads, so the number of the last read is unknown.
    for (int read = 0; happened && read < 16; read++) {
      String product = "commerce/" + name + "-" + read;
      shop.defineProduct(product).contract(people("id", "email")).commit();
      shop.access().tag(product).set("kind", "plain").commit();
      AtomicBoolean raised = new AtomicBoolean();
      faults
          .on(read == 0 ? Port.REGISTRY_COMMIT : Port.REGISTRY_READ)
          .nth(read == 0 ? 1 : read)
          .meanwhile(
              () -> {
                raised.set(true);
                shop.amendContract(product)
                    .change(current -> current.classification(Classification.RESTRICTED, "email"))
                    .commit();
              });
      boolean granted = true;
      try {
        opening.apply(product).commit();
      } catch (InvalidRequestException e) {
        granted = false;
        assertThat(e).as("%s, read %s", name, read).hasMessageContaining("SENSITIVE_DATA");
      }
      faults.clear();
      happened = raised.get();
      assertThat(happened || read > 5).as("%s, read %s", name, read).isTrue();
      if (granted) {
        as("finance").grant(product).to(ANALYST).because("Ours").commit();
        assertThat(mesh.clientAs(ANALYST).access().explain(ANALYST, product).columns())
            .as("%s, read %s", name, read)
            .containsExactlyElementsOf(happened ? List.of("id") : List.of("id", "email"));
        shop.revoke(shop.access().grants().stream().map(GrantSummary::id).toArray(String[]::new))
            .commit();
      }
      shop.access().tag(product).remove("kind").commit();
    }
  }

  @Test
  void aRequestShowsTheApprovedAndTheCurrentRisk() {
    MeshClient shop = shopOfPeople();
    AccessRequest request =
        mesh.clientAs(ANALYST).requests().requestAccess(PEOPLE).purpose("Letters").commit();
    assertThat(request.approvedRisk()).isEmpty();
    shop.requests().approve(request.id()).commit();
    raise(shop, "email");

    AccessRequest now = mesh.clientAs(ANALYST).requests().sent().get(0);
    assertThat(now.risk()).isEqualTo(Classification.RESTRICTED);
    assertThat(now.approvedRisk()).isEqualTo(Optional.of(Classification.INTERNAL));
    assertThat(now).asString().contains("risk RESTRICTED, approved at INTERNAL");
    assertThat(readableTo(ANALYST)).containsExactly("id", "country");

    String second =
        mesh.clientAs(ANALYST).requests().requestAccess(PEOPLE).purpose("Letters").commit().id();
    assertThat(shop.requests().approve(second).commit().approvedRisk())
        .isEqualTo(Optional.of(Classification.RESTRICTED));
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");
    assertWhole();
  }

  @Test
  void aNarrowedApprovalReportsOnlyWhatWasGranted() {
    MeshClient shop = shopOfPeople();
    AccessRequest request =
        mesh.clientAs(ANALYST)
            .requests()
            .requestAccess(PEOPLE)
            .columns("id", "email")
            .purpose("Letters")
            .commit();
    assertThat(request).asString().contains("asks for commerce/people (id, email)");

    AccessRequest approved = shop.requests().approve(request.id()).columns("id").commit();

    assertThat(approved).asString().contains("was granted commerce/people (id)");
    assertThat(approved.toString()).doesNotContain("email");
    assertThat(mesh.clientAs(ANALYST).requests().sent().get(0).toString()).doesNotContain("email");
    assertThat(approved.columns()).containsExactly("id", "email");
    assertThat(approved.granted().orElseThrow().columns()).containsExactly("id");
    assertWhole();
  }

  @Test
  void anOpenProductWithholdsColumnsThatBecomeSensitive() {
    MeshClient shop = shopOfPeople();
    shop.defineProduct(PEOPLE).contract(people("id", "email", "country")).openToMesh().commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");

    raise(shop, "email");

    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    assertThat(all(mesh.clientAs(ANALYST).read(PEOPLE).asMaps()).get(0).keySet())
        .containsExactlyInAnyOrder("id", "country");
    shop.grant(PEOPLE)
        .columns("email")
        .rows("country = 'SE'")
        .to(ANALYST)
        .because("Letters")
        .commit();
    shop.publish(PEOPLE)
        .records(List.of(java.util.Map.of("id", "2", "email", "b@example.org", "country", "NO")))
        .commit();
    assertThat(all(mesh.clientAs(ANALYST).read(PEOPLE).asMaps()))
        .hasSize(2)
        .anySatisfy(row -> assertThat(row.get("email")).isEqualTo("a@example.org"))
        .anySatisfy(row -> assertThat(row.get("email")).isNull());
    assertWhole();
  }
}
