package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An account that was made by template, by plan, and by {@code AwsMesh.make} has equal settings,
 * property by property.
 */
class EqualSettingsTest {
  private static final Set<AccountResource.Type> OF_ORGANIZATIONS =
      EnumSet.of(
          AccountResource.Type.ORGANIZATIONAL_UNIT,
          AccountResource.Type.ORGANIZATION_POLICY,
          AccountResource.Type.PERMISSION_SET,
          AccountResource.Type.ASSIGNMENT,
          AccountResource.Type.TRAIL);

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  /** How rights reach those who read. */
  enum Access {
    IAM(UnaryOperator.identity()),
    LAKE_FORMATION(AwsConfig::lakeFormation),
    LAKE_FORMATION_WITH_METRICS_AND_A_KEY(
        config ->
            config
                .lakeFormation()
                .cloudWatch()
                .encryptionKey("arn:aws:kms:eu-central-1:" + config.account() + ":key/1234abcd"));

    private final UnaryOperator<AwsConfig> setting;

    Access(UnaryOperator<AwsConfig> setting) {
      this.setting = setting;
    }
  }

  private OnboardedAccounts accounts(Access access) {
    return OnboardedAccounts.on(aws).with(access.setting);
  }

  private static List<AccountSetup> setups(OnboardedAccounts accounts) {
    String table = "arn:aws:dynamodb:eu-central-1:" + accounts.commerce() + ":table/orders";
    return List.of(
        withQueries(
                accounts.ofGovernance().role(AccountRoles.OPERATOR, AwsRoleKind.operator()),
                accounts)
            .notices(accounts.commerce())
            .email("owner@example.org"),
        withQueries(accounts.ofCommerce(), accounts)
            .source("etl", "s3://raw/orders/", table)
            .export("etl", table, "s3://exports/orders/")
            .notices(accounts.governance())
            .email("owner@example.org", "steward@example.org"));
  }

  private static AccountSetup withQueries(AccountSetup setup, OnboardedAccounts accounts) {
    return accounts.config().usesLakeFormation()
        ? setup.role("dashboard", AwsRoleKind.engineReader())
        : setup;
  }

  /** A type or property that is added to templates has to be compared here, too. */
  @Test
  void eachPropertyThatTemplatesPrintIsCompared() {
    OnboardedAccounts accounts = accounts(Access.LAKE_FORMATION_WITH_METRICS_AND_A_KEY);

    assertThat(AccountSettings.printed(setups(accounts))).isEqualTo(AccountSettings.compared());
    assertThat(AccountSettings.printed(setups(accounts)))
        .as("the types of templates without those of organizations")
        .extracting(property -> property.split(" ")[0])
        .containsAll(
            Arrays.stream(AccountResource.Type.values())
                .filter(type -> !OF_ORGANIZATIONS.contains(type))
                .map(
                    type ->
                        AccountResource.deletedWithStack(
                                "Any", type, List.of(), AccountResource.node())
                            .json()
                            .path("Type")
                            .asText())
                .toList());
  }

  /** One in a build, by its seed. */
  private static List<Access> accesses() {
    return TestSample.oneOf(List.of(Access.values()));
  }

  @ParameterizedTest
  @MethodSource("accesses")
  void anAccountHasTheSameSettingsByTemplateByPlanAndByMake(Access access) {
    OnboardedAccounts byTemplate = accounts(access);
    for (AccountSetup setup : setups(byTemplate)) {
      for (Template template : setup.templates()) {
        byTemplate.deployByHand(template);
      }
    }
    OnboardedAccounts byPlan = accounts(access);
    onboard(byPlan);
    OnboardedAccounts byMake = accounts(access);
    aws.runAs(byMake.governance(), OnboardedAccounts.PLATFORM);
    AwsMesh.make(byMake.config());
    aws.runAs(byMake.commerce(), OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.makeBucket(byMake.config());

    for (boolean ofMesh : List.of(true, false)) {
      Map<String, String> stores = stores(byTemplate, ofMesh);
      assertThat(stores).hasSize(ofMesh ? 14 : 8);
      assertThat(stores(byPlan, ofMesh)).as("by plan").isEqualTo(stores);
      assertThat(stores(byMake, ofMesh)).as("by make").isEqualTo(stores);
    }

    onboard(byMake);

    for (boolean ofMesh : List.of(true, false)) {
      Map<String, String> all = all(byTemplate, ofMesh);
      assertThat(all.keySet().toString())
          .contains("trust of mesh-deployer", "bus policy", "targets of rule mesh-MESH-mail");
      assertThat(all(byPlan, ofMesh)).as("by plan").isEqualTo(all);
      assertThat(all(byMake, ofMesh)).as("by make, and adopted").isEqualTo(all);
    }
  }

  /** The bucket of commerce has the data of a catalog whose table is in another account. */
  @ParameterizedTest
  @EnumSource(names = {"IAM", "LAKE_FORMATION"})
  void aBucketHasTheSameSettingsByTemplateAndByMakeWithSeveralCatalogsAndReaders(Access access) {
    OnboardedAccounts byTemplate = accounts(access);
    for (AccountSetup setup : ofCatalogs(byTemplate)) {
      for (Template template : setup.templates().subList(0, 2)) {
        byTemplate.deployByHand(template);
      }
    }
    OnboardedAccounts byMake = accounts(access);
    List<AccountSetup> setups = ofCatalogs(byMake);
    for (AccountSetup setup : setups) {
      aws.runAs(setup.account(), OnboardedAccounts.ADMINISTRATOR);
      AwsMesh.makeBucket(setup.config(), setup.bucketPolicy());
    }
    aws.runAs(byMake.governance(), OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.make(byMake.config(), Topology.byLineOfBusiness(Map.of("retail", Set.of("commerce"))));

    for (String account : List.of(byTemplate.governance(), byTemplate.commerce())) {
      Map<String, String> stores =
          AccountSettings.ofStores(aws, byTemplate, account, ofCatalogs(byTemplate));
      assertThat(stores.get("bucket policy"))
          .contains(access == Access.IAM ? "TlsOnly" : "ReadRegisteredData");
      assertThat(
              AccountSettings.ofStores(
                  aws,
                  byMake,
                  account.equals(byTemplate.governance()) ? byMake.governance() : byMake.commerce(),
                  setups))
          .as("by make")
          .isEqualTo(stores);
    }
    aws.runAs(byMake.governance(), OnboardedAccounts.PLATFORM);
    setups.forEach(byMake::deployByHand);
    setups.forEach(byMake::run);
    for (AccountSetup setup : setups) {
      assertThat(byMake.plan(setup).findings()).as("drift").isEmpty();
    }
  }

  private static List<AccountSetup> ofCatalogs(OnboardedAccounts accounts) {
    AccountSetup commerce = accounts.ofCommerce().catalog("retail", accounts.other());
    return List.of(
        accounts.ofGovernance().catalog("retail", accounts.other()),
        accounts.config().usesLakeFormation()
            ? commerce
            : commerce.readers(
                TableReaders.of(
                    "commerce/orders", 1, Principal.of(accounts.governance(), "mesh-admin"))));
  }

  /** Onboards both accounts, after which nothing differs. */
  private void onboard(OnboardedAccounts accounts) {
    List<AccountSetup> setups = setups(accounts);
    accounts.deployByHand(setups.get(1));
    for (AccountSetup setup : setups) {
      Report report = accounts.run(setup);
      assertThat(report.byHand()).as("by hand").isEmpty();
      assertThat(report.remaining()).as("left").isEmpty();
    }
    for (AccountSetup setup : setups) {
      Plan<Report> plan = accounts.plan(setup);
      assertThat(plan.steps()).isEmpty();
      assertThat(plan.findings()).as("drift").isEmpty();
    }
  }

  private Map<String, String> stores(OnboardedAccounts accounts, boolean ofMesh) {
    return AccountSettings.ofStores(
        aws, accounts, ofMesh ? accounts.governance() : accounts.commerce(), setups(accounts));
  }

  private Map<String, String> all(OnboardedAccounts accounts, boolean ofMesh) {
    return AccountSettings.ofAll(
        aws, accounts, ofMesh ? accounts.governance() : accounts.commerce(), setups(accounts));
  }
}
