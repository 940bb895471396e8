package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.COLUMNS;
import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Account;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;

/** A trusted engine filters columns and rows itself; Lake Formation knows it by a session tag. */
class LakeFormationEnginesTest {
  private static final String ENGINE = "meshwork";

  private static AwsEmulator aws;
  private static LakeFormationAccounts accounts;
  private static DataLakeSettings trusted;

  @BeforeAll
  static void start() {
    aws = AwsLocal.emulator();
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.shop.publish(ORDERS).records(List.of(new Order("2", "US", 7, "c@d.e"))).commit();
    trustFinance();
    trusted = settings();
    accounts.closeBucketToReaders();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) { // null if the emulator is missing
      accounts.close();
    }
  }

  @BeforeEach
  void reset() {
    aws.reset();
    put(trusted);
  }

  private static void trustNone() {
    put(
        trusted.toBuilder()
            .allowExternalDataFiltering(false)
            .externalDataFilteringAllowList(List.of())
            .authorizedSessionTagValueList(List.of())
            .build());
  }

  private static DataLakeSettings settings() {
    return accounts.in(Account.CATALOG).getDataLakeSettings(get -> {}).dataLakeSettings();
  }

  private static void put(DataLakeSettings settings) {
    accounts.in(Account.CATALOG).putDataLakeSettings(put -> put.dataLakeSettings(settings));
  }

  /** Runs the mirrors of a configuration that trusts engines in finance. */
  private static void trustFinance() {
    try (Mesh mesh = mirrors(accounts.config.externalDataFiltering(ENGINE, accounts.finance))) {
      assertThat(mesh.mirrors().commit().remaining()).isEmpty();
    }
  }

  private static Mesh mirrors(AwsConfig config) {
    return AwsLocal.quick(config, accounts.catalog, "operator").clock(accounts.clock).open();
  }

  private static Mesh engine(String role) {
    return open(accounts.config.trustedEngine(ENGINE), role);
  }

  private static Mesh open(AwsConfig config, String role) {
    return AwsLocal.quick(config, accounts.finance, role).clock(accounts.clock).open();
  }

  private static List<Map<String, Object>> read(Mesh mesh) {
    try (mesh;
        Rows<Map<String, Object>> rows = mesh.client().read(ORDERS).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private static void assertRefused(Mesh mesh, ErrorCode code, String... words) {
    assertThatThrownBy(() -> read(mesh))
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void aReaderOfSomeColumnsReadsThem() {
    assertThat(read(engine("lister")))
        .containsExactlyInAnyOrder(
            Map.of("id", "1", "region", "EU"), Map.of("id", "2", "region", "US"));
  }

  @Test
  void aReaderOfSomeRowsReadsThemWithItsColumns() {
    assertThat(read(engine("european")))
        .containsExactly(Map.of("id", "1", "region", "EU", "amount", 12L));
  }

  @Test
  void columnsAndRowsThatAreNotGrantedCannotBeSelected() {
    try (Mesh mesh = engine("european")) {
      assertThatThrownBy(() -> mesh.client().read(ORDERS).columns("email").rows())
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("email");
      try (Rows<Map<String, Object>> rows =
          mesh.client().read(ORDERS).where("region = 'US'").asMaps().rows()) {
        assertThat(rows.stream()).isEmpty();
      }
    }
  }

  @Test
  void aSubscriptionPollsWhatIsGranted() {
    try (Mesh mesh = engine("european")) {
      Subscription<?> copy =
          mesh.client().subscribe(ORDERS).name("european").purpose("A copy").fromStart().commit();
      try (Batch<?> batch = copy.poll()) {
        assertThat(batch.stream()).hasSize(1);
      }
    }
  }

  @Test
  void aProcessThatActsAsAReaderTagsItsSession() {
    try (Mesh mesh = engine("scheduler");
        Rows<Map<String, Object>> rows =
            mesh.clientAs(accounts.in("lister")).read(ORDERS).asMaps().rows()) {
      assertThat(rows.stream()).hasSize(2);
    }
  }

  @Test
  void aReaderOfTheWholeTableIsNotAffected() {
    assertThat(read(open(accounts.config, "auditor"))).hasSize(2);
    assertThat(read(engine("auditor")))
        .allSatisfy(row -> assertThat(row).containsOnlyKeys(COLUMNS));

    trustNone();

    assertThat(read(open(accounts.config, "auditor"))).hasSize(2);
    assertThat(read(engine("auditor"))).hasSize(2);
  }

  @Test
  void aProcessThatDoesNotDeclareItselfIsSentToAnEngine() {
    assertRefused(open(accounts.config, "lister"), ErrorCode.FILTERED_READ, "Amazon Athena");
  }

  @Test
  void anEngineThatTheSettingsDoNotNameIsRefused() {
    trustNone();
    assertRefused(
        engine("lister"),
        ErrorCode.ACCESS_DENIED,
        "ExternalDataFilteringAllowList",
        "externalDataFiltering(\"meshwork\", \"" + accounts.finance + "\")");

    put(trusted);
    assertRefused(
        open(accounts.config.trustedEngine("other"), "lister"),
        ErrorCode.ACCESS_DENIED,
        "'other' in AuthorizedSessionTagValueList");

    put(trusted.toBuilder().externalDataFilteringAllowList(List.of()).build());
    assertRefused(engine("lister"), ErrorCode.ACCESS_DENIED, accounts.finance);
  }

  @Test
  void aRoleThatDoesNotTrustItselfLearnsThePermission() {
    Principal role = accounts.in("untrusted");
    accounts.shop.grant(ORDERS).columns("id").to(role).because("x").commit();
    accounts.mirror();
    accounts.createRole(accounts.finance, "untrusted", policies(role));
    trust("untrusted", Policies.trust(accounts.finance));

    assertRefused(
        engine("untrusted"),
        ErrorCode.NOT_THIS_PRINCIPAL,
        "sts:TagSession with the tag LakeFormationAuthorizedCaller=meshwork",
        "role/untrusted");
  }

  @Test
  void thePrintedPoliciesOfATrustedEngineAreEnough() {
    Principal role = accounts.in("printed");
    accounts.shop.grant(ORDERS).columns("id").to(role).because("x").commit();
    accounts.mirror();
    accounts.createRole(accounts.finance, "printed", policies(role));
    String administrator = "arn:aws:iam::" + accounts.finance + ":root";
    trust(
        "printed",
        AwsPolicies.of(accounts.config.trustedEngine(ENGINE))
            .engineTrust(role)
            .replaceFirst(
                "\\[",
                "[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
                    + administrator
                    + "\"},\"Action\":\"sts:AssumeRole\"},"));

    assertThat(read(engine("printed"))).contains(Map.of("id", "1"));
    assertRefused(
        open(accounts.config.trustedEngine("other"), "printed"),
        ErrorCode.NOT_THIS_PRINCIPAL,
        "LakeFormationAuthorizedCaller=other");
  }

  private static void trust(String role, String policy) {
    EmulatedClients.administrator(aws, accounts.finance)
        .iam("UpdateAssumeRolePolicy", Map.of("RoleName", role, "PolicyDocument", policy));
  }

  private static String[] policies(Principal role) {
    AwsPolicies policies = AwsPolicies.of(accounts.config.trustedEngine(ENGINE));
    return new String[] {
      policies.caller(role), policies.files(accounts.finance, AwsRoleKind.consumer("finance"))
    };
  }

  @Test
  void theMirrorKeepsWhatOthersTrust() {
    put(
        settings().toBuilder()
            .allowExternalDataFiltering(false)
            .externalDataFilteringAllowList(
                DataLakePrincipal.builder().dataLakePrincipalIdentifier("999999999999").build())
            .authorizedSessionTagValueList("theirs")
            .build());

    trustFinance();

    DataLakeSettings settings = settings();
    assertThat(settings.allowExternalDataFiltering()).isTrue();
    assertThat(settings.authorizedSessionTagValueList()).containsExactly("theirs", ENGINE);
    assertThat(settings.externalDataFilteringAllowList())
        .extracting(DataLakePrincipal::dataLakePrincipalIdentifier)
        .containsExactly("999999999999", accounts.finance);
    aws.reset();
    trustFinance();
    accounts.mirror();
    assertThat(accounts.writes()).as("nothing is left to do, and nothing is undone").isEmpty();
  }
}
