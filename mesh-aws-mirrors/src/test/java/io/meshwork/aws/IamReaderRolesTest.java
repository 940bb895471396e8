package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;

/** The standing readers have exactly the policies that {@link AwsPolicies} prints. */
class IamReaderRolesTest extends EmulatorFixture {
  private static final String OPEN = "mesh-reader";
  private static final String RESTRICTED = "mesh-reader-restricted";
  private static final String PRICES = "commerce/prices";

  private static LakeFormationAccounts accounts;
  private static AwsPolicies policies;

  @BeforeAll
  static void start() {
    accounts = LakeFormationAccounts.make(aws);
    policies = AwsPolicies.of(accounts.config);
    accounts.shop.governance().defineTag("kind", "secret").commit();
    accounts.shop.access().tag(LakeFormationAccounts.ORDERS).set("kind", "secret").commit();
    for (String role : List.of(OPEN, RESTRICTED)) {
      accounts
          .shop
          .grantByTags(where("kind", "secret"))
          .to(accounts.in(role))
          .because("Readers")
          .includeSensitive()
          .commit();
    }
    accounts.shop.defineProduct(PRICES).contract(Contract.of(Order.class)).openToMesh().commit();
    accounts.shop.publish(PRICES).records(List.of(new Order("2", "EU", 3, "x"))).commit();
    assertThat(accounts.mirror().remaining()).isEmpty();
    accounts.closeBucketToReaders();
    accounts.createRole(accounts.finance, OPEN, policies.openReader(accounts.finance));
    accounts.createRole(accounts.finance, RESTRICTED, policies.restrictedReader(accounts.finance));
    accounts.createRole(accounts.finance, "athena", policies.engineReader());
    accounts.createRole(
        accounts.finance,
        "engineer",
        policies.files(accounts.finance, AwsRoleKind.consumer("finance")));
    EmulatedClients administrator = EmulatedClients.administrator(aws, accounts.catalog);
    administrator.createRole("mesh-registration", policies.registrationTrust());
    administrator.putRolePolicy("mesh-registration", policies.registration());
  }

  @AfterAll
  static void stop() {
    if (accounts != null) {
      accounts.close();
    }
  }

  private static List<String> read(String role, String product) {
    try (Rows<Order> rows = accounts.as("finance", role).read(product).as(Order.class).rows()) {
      return rows.stream().map(Order::id).toList();
    }
  }

  @Test
  void theRestrictedReaderReadsWhatItsTagsAllow() {
    assertThat(read(RESTRICTED, LakeFormationAccounts.ORDERS)).containsExactly("1");
  }

  @Test
  void anOpenProductIsReadByTheGrantToTheOrganization() {
    assertThat(read(RESTRICTED, PRICES)).containsExactly("2");
  }

  @Test
  void theOpenReaderGetsNothingFromLakeFormationThoughItHasTheGrant() {
    assertThatThrownBy(() -> read(OPEN, LakeFormationAccounts.ORDERS))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContaining("lakeformation:GetDataAccess");
  }

  @Test
  void readersWithEnginesAndConsumersLookUpTablesByTheirLinks() {
    for (String role : List.of("athena", "engineer", RESTRICTED)) {
      try (GlueClient glue = accounts.inFinance(role).glue()) {
        assertThat(
                glue.getTable(get -> get.databaseName("commerce__tables").name("prices_v1"))
                    .table()
                    .targetTable()
                    .catalogId())
            .as(role)
            .isEqualTo(accounts.catalog);
        assertThat(
                glue.getTable(
                        get ->
                            get.catalogId(accounts.catalog)
                                .databaseName("commerce")
                                .name("prices_v1"))
                    .table()
                    .name())
            .as(role)
            .isEqualTo("prices_v1");
      }
    }
    try (GlueClient glue = accounts.inFinance(OPEN).glue()) {
      assertThatThrownBy(
              () -> glue.getTable(get -> get.databaseName("commerce__tables").name("prices_v1")))
          .hasMessageContaining("glue:GetTable");
    }
  }

  @Test
  void withLakeFormationNoReaderIsPrintedIntoThePolicyOfABucket() {
    assertThatThrownBy(
            () ->
                policies.bucket(
                    accounts.catalog,
                    AwsPolicies.TableReaders.of(PRICES, 1, accounts.in("analyst"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(PRICES, "Lake Formation", "a way around its grants");
    Principal registration = Principal.of(accounts.catalog, "mesh-registration");
    AwsPolicies registered = policies.registrationRole(registration);

    assertThat(registered.bucket(accounts.commerce))
        .contains(accounts.config.roleArn(registration), "ReadRegisteredData");
    assertThat(registered.bucket(accounts.catalog)).doesNotContain("ReadRegisteredData");
  }

  @Test
  void theTrustOfReadersNamesTheServices() {
    assertThat(policies.readerServiceTrust(accounts.in("dashboard")))
        .contains(accounts.config.roleArn(accounts.in("dashboard")), "sts:AssumeRole")
        .doesNotContain(":root");
    assertThat(policies.registrationTrust())
        .contains("lakeformation.amazonaws.com", "glue.amazonaws.com")
        .doesNotContain("\"AWS\"");
    assertThatThrownBy(policies::readerServiceTrust)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Name the roles of the services");
  }
}
