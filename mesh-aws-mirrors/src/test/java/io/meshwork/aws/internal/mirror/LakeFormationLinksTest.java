package io.meshwork.aws.internal.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.access.Permission;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.DatabaseShare.TableReader;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.rights.CatalogAccess;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The links of an account follow from what a catalog shares with it. */
class LakeFormationLinksTest {
  private static final String CATALOG = "111111111111";
  private static final String FINANCE = "333333333333";
  private static final String GROUP = FINANCE + ":IAMPrincipals";
  private static final String ANALYST_ARN = "arn:aws:iam::333333333333:role/analyst";
  private static final Grantee ANALYST = Grantee.of(Principal.of(FINANCE, "analyst"));
  private static final Resource.Table ORDERS = new Resource.Table(CATALOG, "shop", "orders_v1");
  private static final Instant NOW = Instant.parse("2026-05-01T00:00:00Z");

  private static CatalogShares shares(Grant... grants) {
    AccessState state =
        AccessState.builder()
            .accounts(Account.of(CATALOG).in("mesh"), Account.of(FINANCE).in("mesh"))
            .databases(
                Database.of(
                    CATALOG,
                    "shop",
                    Table.of("orders_v1", "id", "email"),
                    Table.of("prices_v1", "id")))
            .grants(grants)
            .build();
    LakeFormationNames names =
        new LakeFormationNames(
            new MirrorSettings(new ResourceNames("eu-central-1", Map.of()), true, Optional.empty()),
            List.of(CATALOG, FINANCE));
    return new CatalogShares(CATALOG, AccessEvaluator.over(state), names, NOW);
  }

  private static Grant grant(Grantee to, Resource on) {
    return Grant.of("g" + to + on, to, on, Permission.SELECT, Permission.DESCRIBE);
  }

  private static List<String> links(CatalogShares shares, Stage... stages) {
    return new LinkImages(CATALOG, FINANCE)
        .objects(shares.with(FINANCE), NamedLinks.none(), Set.of()).stream()
            .filter(object -> List.of(stages).contains(object.stage()))
            .map(object -> object.key() + " " + Mirror.contentOf(object.content()))
            .toList();
  }

  @Test
  void aTableThatIsSharedHasALinkInADatabaseOfLinks() {
    CatalogShares shares = shares(grant(ANALYST, ORDERS));

    assertThat(shares.with(FINANCE))
        .singleElement()
        .satisfies(
            share -> {
              assertThat(share.whole()).isFalse();
              assertThat(share.readers())
                  .containsExactly(new TableReader("orders_v1", ANALYST_ARN, true));
            });
    assertThat(links(shares, Stage.LINK_DATABASE, Stage.LINK_TABLE))
        .containsExactly(
            "link/shop__tables {\"Name\":\"shop__tables\",\"Parameters\":{\"meshwork.linksTo\":"
                + "\"111111111111\"}}",
            "link/shop__tables/orders_v1 {\"DatabaseName\":\"shop__tables\",\"Name\":\"orders_v1\","
                + "\"TargetTable\":{\"CatalogId\":\"111111111111\",\"DatabaseName\":\"shop\","
                + "\"Name\":\"orders_v1\"}}");
    assertThat(links(shares, Stage.GRANT))
        .hasSize(2)
        .allMatch(object -> object.contains(ANALYST_ARN) && object.contains("[\"DESCRIBE\"]"));
    assertThat(shares.with("444444444444")).isEmpty();
  }

  @Test
  void aDatabaseThatIsSharedHasOneLinkWithItsName() {
    CatalogShares shares =
        shares(
            grant(Grantee.account(FINANCE), new Resource.AllTables(CATALOG, "shop"))
                .withGrantOption(),
            grant(Grantee.principalsOf(FINANCE), new Resource.AllTables(CATALOG, "shop"))
                .madeIn(FINANCE),
            grant(ANALYST, ORDERS));

    assertThat(links(shares, Stage.LINK_DATABASE, Stage.LINK_TABLE))
        .containsExactly(
            "link/shop {\"Name\":\"shop\",\"TargetDatabase\":{\"CatalogId\":\"111111111111\","
                + "\"DatabaseName\":\"shop\"}}");
    assertThat(links(shares, Stage.GRANT))
        .as("all principals of the account, who include the analyst")
        .singleElement()
        .asString()
        .contains(GROUP);
  }

  @Test
  void aTableThatAnAccountMayPassOnIsLinkedBeforeItIsPassedOn() {
    CatalogShares shares =
        shares(
            grant(Grantee.account(FINANCE), ORDERS).withGrantOption(),
            grant(CatalogAccess.MESH, new Resource.Table(CATALOG, "shop", "prices_v1"))
                .withGrantOption());

    assertThat(links(shares, Stage.LINK_TABLE)).hasSize(2);
    assertThat(links(shares, Stage.GRANT)).isEmpty();
  }

  @Test
  void readersOfSomeColumnsAreNotReadersOfTheWholeTable() {
    CatalogShares shares =
        shares(
            Grant.of(
                "c",
                ANALYST,
                new Resource.Columns(CATALOG, "shop", "orders_v1", List.of("id")),
                Permission.SELECT));

    assertThat(shares.with(FINANCE).get(0).readers())
        .containsExactly(new TableReader("orders_v1", ANALYST_ARN, false));
    assertThat(shares.typesFor(FINANCE)).containsExactly(ShareType.TABLE);
  }
}
