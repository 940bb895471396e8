package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;
import static io.meshwork.aws.LakeFormationAccounts.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.link.ResourceLink;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.Table;

/** Links that a consumer gave names to are in Glue of its account under these names. */
class GlueNamedLinksTest extends LakeFormationFixture {
  private static final String NAMED = "finance_db";
  private static final String COMPUTED = "commerce__tables";

  private MeshClient finance;

  @BeforeEach
  void makeWithAReader() {
    accounts = LakeFormationAccounts.makeWithoutOrganization(aws);
    accounts.createMirrorRole(
        accounts.finance,
        AwsPolicies.of(accounts.config).recipientMirror(),
        Policies.allow("glue:GetDatabases", "*")); // For this test, which lists them.
    accounts.grant("auditor");
    finance = accounts.as("finance", "etl");
  }

  private void link() {
    finance.linkResource(ORDERS).database(NAMED).name("orders").commit();
  }

  private void mirrorAll() {
    Mirrors.Report report = accounts.mirror();
    assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
    assertThat(report.byHand()).isEmpty();
    assertThat(accounts.mesh.mirrors().verify().findings()).extracting(Finding::toString).isEmpty();
    assertThat(accounts.mirror().isEmpty()).as("a repeated run changes nothing").isTrue();
  }

  private Table asAuditor(String database, String name) {
    try (GlueClient glue = accounts.inFinance("auditor").glue()) {
      return glue.getTable(get -> get.databaseName(database).name(name)).table();
    }
  }

  /** Returns the links of finance, each with the name of its target. */
  private Map<String, String> links() {
    Map<String, String> links = new TreeMap<>();
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      for (Database database : glue.getDatabases(get -> {}).databaseList()) {
        if (database.targetDatabase() == null) {
          links.put(database.name(), "");
          glue.getTables(get -> get.databaseName(database.name()))
              .tableList()
              .forEach(
                  table ->
                      links.put(
                          database.name() + "." + table.name(),
                          table.targetTable() == null ? "" : table.targetTable().name()));
        }
      }
    }
    return links;
  }

  @Test
  void enginesFindATableByTheNameThatItsConsumerGaveAndByThatOfTheMirror() {
    link();

    mirrorAll();

    assertThat(LakeAccount.columnsOf(asAuditor(NAMED, "orders")))
        .containsExactlyElementsOf(COLUMNS);
    assertThat(LakeAccount.columnsOf(asAuditor(COMPUTED, TABLE)))
        .containsExactlyElementsOf(COLUMNS);
    finance.unlinkResource(NAMED + ".orders").commit();

    mirrorAll();

    assertThat(links()).containsOnlyKeys(COMPUTED, COMPUTED + "." + TABLE);
  }

  @Test
  void linksAndTheCardOfAProductSayTheirNamesInGlueOnceTheyAreThere() {
    link();
    finance.linkDomain("commerce", "shop").commit();

    assertThat(finance.links()).extracting(ResourceLink::nameInGlue).containsOnly(Optional.empty());
    assertThat(finance.describe(ORDERS).namesInGlue()).isEmpty();

    mirrorAll();

    assertThat(finance.links())
        .filteredOn(link -> link.nameInGlue().isPresent())
        .allSatisfy(link -> assertThat(link.nameInGlue()).hasValue(link.name()))
        .extracting(ResourceLink::name)
        .contains(NAMED + ".orders", "shop", "shop.orders");
    assertThat(links()).containsKeys(NAMED + ".orders", "shop.orders");
    assertThat(finance.describe(ORDERS).namesInGlue())
        .containsExactly(NAMED + ".orders", "shop.orders");
    assertThat(accounts.shop.describe(ORDERS).namesInGlue()).as("the owner's").isEmpty();
    finance.unlinkResource(NAMED + ".orders").commit();
    mirrorAll();
    assertThat(finance.describe(ORDERS).namesInGlue()).containsExactly("shop.orders");
  }

  @Test
  void aLinkFollowsItsProductToAnotherTableAndKeepsItsReaders() {
    finance.linkResource(ORDERS).database(NAMED).name("orders").followRollouts().commit();
    mirrorAll();
    MajorRollout rollout =
        accounts
            .shop
            .startRollout(ORDERS)
            .contract(Contract.of(SmallOrder.class))
            .because("x")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
    mirrorAll();
    assertThat(links()).containsEntry(NAMED + ".orders", TABLE);
    rollout.makeCurrent().commit();

    mirrorAll();

    assertThat(links()).containsEntry(NAMED + ".orders", "orders_v2");
    assertThat(LakeAccount.columnsOf(asAuditor(NAMED, "orders"))).containsExactly("id", "amount");
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();

    mirrorAll();

    assertThat(LakeAccount.columnsOf(asAuditor(NAMED, "orders"))).containsExactly("id", "amount");
  }

  @Test
  void aLinkToADomainHasTheNamesThatItHasInTheMesh() {
    accounts
        .shop
        .defineProduct("commerce/open-prices")
        .contract(Contract.of(SmallOrder.class))
        .commit();
    accounts.shop.publish("commerce/open-prices").records(List.of(new SmallOrder("1", 2))).commit();
    accounts.shop.grant("commerce/open-prices").to(accounts.in("auditor")).because("x").commit();
    finance.linkDomain("commerce", "shop").commit();

    mirrorAll();

    assertThat(links())
        .containsEntry("shop.orders", TABLE)
        .containsEntry("shop.open_prices", "open_prices_v1");
    assertThat(LakeAccount.columnsOf(asAuditor("shop", "open_prices")))
        .containsExactly("id", "amount");
  }

  @Test
  void aLinkIsMadeWithTheFirstReaderAndEndsWithTheLast() {
    accounts.revokeAll();
    link();
    mirrorAll();
    assertThat(links()).doesNotContainKey(NAMED);
    accounts.grant("auditor");
    mirrorAll();
    assertThat(links()).containsEntry(NAMED + ".orders", TABLE);
    accounts.revokeAll();

    mirrorAll();

    assertThat(links()).isEmpty();
  }

  @Test
  void whatOthersMadeUnderTheNamesIsNeverReplacedOrRemoved() {
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      glue.createDatabase(create -> create.databaseInput(input -> input.name(NAMED)));
      glue.createTable(
          create -> create.databaseName(NAMED).tableInput(input -> input.name("orders")));
      link();

      assertThat(codes(accounts.mirror().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
      assertThat(codes(accounts.repair().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
      assertThat(links()).containsEntry(NAMED + ".orders", "").containsKey(COMPUTED);
      glue.deleteDatabase(delete -> delete.name(NAMED));
      mirrorAll();
      glue.createTable(
          create -> create.databaseName(NAMED).tableInput(input -> input.name("theirs")));
      finance.unlinkResource(NAMED + ".orders").commit();

      assertThat(codes(accounts.mirror().remaining())).containsExactly(FindingCode.MIRROR_FOREIGN);
      assertThat(links()).containsKey(NAMED + ".theirs").doesNotContainKey(NAMED + ".orders");
    }
  }

  @Test
  void anAccountThatMovesToAnotherDomainKeepsTheLinksThatBothDomainsHave() {
    link();
    mirrorAll();
    String other = GlueAccount.newAccount();
    MeshClient books = accounts.mesh.clientAs(Principal.of(other, "etl"));
    books.registerDomain("books").accounts(other).owner("books@example.org").commit();
    books.linkResource(ORDERS).database(NAMED).name("orders").commit();
    String left = GlueAccount.newAccount();
    finance
        .registerDomain("finance")
        .accounts(left)
        .administrators(Principal.of(left, "etl"))
        .owner("books@example.org")
        .commit();
    books
        .registerDomain("books")
        .accounts(other, accounts.finance)
        .owner("books@example.org")
        .commit();

    mirrorAll();

    assertThat(links()).containsEntry(NAMED + ".orders", TABLE);
    assertThat(LakeAccount.columnsOf(asAuditor(NAMED, "orders")))
        .containsExactlyElementsOf(COLUMNS);
  }

  @Test
  void linksThatAreNotKnownAtTheMomentStay() {
    link();
    mirrorAll();
    Map<String, String> before = links();
    Runnable restoration = accounts.damageProduct();

    assertThat(codes(accounts.mirror().remaining())).contains(FindingCode.MIRROR_UNCERTAIN);
    assertThat(links()).isEqualTo(before);
    restoration.run();

    mirrorAll();
    assertThat(links()).isEqualTo(before);
  }

  @Test
  void aDatabaseThatTheMirrorNamesItselfIsNotSharedWithLinks() {
    finance.linkResource(ORDERS).database(COMPUTED).name("mine").commit();

    assertThat(codes(accounts.mirror().remaining())).containsExactly(FindingCode.LINK_NAME_TAKEN);
    assertThat(links()).containsKey(COMPUTED + "." + TABLE).doesNotContainKey(COMPUTED + ".mine");
    try (GlueClient glue = accounts.inFinance("mesh-mirror").glue()) {
      assertThat(glue.getDatabase(get -> get.name(COMPUTED)).database().parameters())
          .containsEntry("meshwork.linksTo", accounts.catalog);
    }
  }
}
