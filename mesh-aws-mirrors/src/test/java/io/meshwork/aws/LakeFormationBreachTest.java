package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Readers try to read what they must not: by predicates on columns that are not granted, after the
 * end of a grant, with credentials that are kept, and as a process that Lake Formation does not
 * trust.
 */
class LakeFormationBreachTest {
  private static final String ENGINE = "meshwork";

  private static AwsEmulator aws;
  private static LakeFormationAccounts accounts;

  @BeforeAll
  static void start() {
    aws = AwsLocal.emulator();
    accounts = LakeFormationAccounts.withGrants(aws);
    accounts.shop.publish(ORDERS).records(List.of(new Order("2", "US", 7, "c@d.e"))).commit();
    mirror();
    accounts.closeBucketToReaders();
  }

  @AfterAll
  static void stop() {
    if (accounts != null) { // null if the emulator is missing
      accounts.close();
    }
  }

  /** Runs the mirrors, which trust engines in finance. */
  private static void mirror() {
    AwsConfig trusting = accounts.config.externalDataFiltering(ENGINE, accounts.finance);
    try (Mesh mesh = open(trusting, accounts.catalog, "operator")) {
      assertThat(mesh.mirrors().commit().remaining()).isEmpty();
    }
  }

  private static Mesh open(AwsConfig config, String account, String role) {
    return AwsLocal.quick(config, account, role).clock(accounts.clock).open();
  }

  private static Mesh engine(String role) {
    return open(accounts.config.trustedEngine(ENGINE), accounts.finance, role);
  }

  private static List<Map<String, Object>> rows(Mesh mesh, UnaryOperator<Read<?>> change) {
    try (Rows<Map<String, Object>> rows =
        change.apply(mesh.client().read(ORDERS)).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private static void assertRefused(Mesh mesh, ErrorCode code) {
    assertThatThrownBy(() -> rows(mesh, read -> read))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.errorCode()).as(e.toString()).isEqualTo(code));
  }

  private static void revoke(String role) {
    accounts.shop.access().grants().stream()
        .filter(grant -> grant.to().equals(accounts.in(role).toString()))
        .forEach(grant -> accounts.shop.revoke(grant.id()).because("End").commit());
  }

  /** A number of rows would tell whether the value is in a column that is not granted. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "email = 'a@b.c'",
        "email is not null",
        "region = 'EU' and email = 'a@b.c'",
        "not email = 'a@b.c'"
      })
  void aConditionOnAColumnThatIsNotGrantedIsRefused(String condition) {
    try (Mesh mesh = engine("european")) {
      assertThatThrownBy(() -> rows(mesh, read -> read.where(condition)))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining("email")
          .hasMessageNotContaining("c@d.e");
    }
  }

  @Test
  void aConditionDoesNotReachRowsThatAreNotGranted() {
    try (Mesh mesh = engine("european")) {
      for (String condition : List.of("region = 'US'", "amount < 10", "not region = 'EU'")) {
        assertThat(rows(mesh, read -> read.where(condition))).as(condition).isEmpty();
      }
      assertThat(rows(mesh, read -> read.where("region = 'US' or amount > 0"))).hasSize(1);
      assertThat(rows(mesh, read -> read.columns("id"))).containsExactly(Map.of("id", "1"));
    }
  }

  @Test
  void aGrantThatEndsBetweenTwoReadsEndsBeforeTheMirrorsRun() {
    Principal role = accounts.in("limited");
    accounts
        .shop
        .grant(ORDERS)
        .columns("id")
        .to(role)
        .until(accounts.clock.instant().plus(Duration.ofMinutes(10)))
        .because("x")
        .commit();
    mirror();
    try (Mesh mesh = engine("limited")) {
      assertThat(rows(mesh, read -> read)).hasSize(2);
      Subscription<?> copy =
          mesh.client().subscribe(ORDERS).name("limited").purpose("A copy").fromStart().commit();
      accounts.clock.advance(Duration.ofMinutes(11));

      assertRefused(mesh, ErrorCode.ACCESS_DENIED);
      assertThatThrownBy(
              () -> {
                try (Batch<?> batch = copy.poll()) {
                  batch.ack();
                }
              })
          .isInstanceOf(MeshException.class);
    }
  }

  @Test
  void credentialsOfTheWholeTableThatAreKeptGiveNothingAfterTheGrantIsRevokedOrReduced() {
    accounts.grant("kept");
    mirror();
    try (Mesh mesh = open(accounts.config, accounts.finance, "kept")) {
      assertThat(rows(mesh, read -> read)).hasSize(2);
      revoke("kept");

      assertRefused(mesh, ErrorCode.ACCESS_DENIED);
      accounts.shop.grant(ORDERS).columns("id").to(accounts.in("kept")).because("x").commit();
      assertRefused(mesh, ErrorCode.FILTERED_READ);
      revoke("kept");
    }
  }

  @Test
  void aTrustedEngineReadsNothingThatTheMeshDoesNotGrant() {
    try (Mesh mesh = engine("stranger")) {
      assertRefused(mesh, ErrorCode.ACCESS_DENIED);
    }
  }

  @Test
  void aRoleOfAnotherAccountWithTheTagIsNotTrusted() {
    Principal role = Principal.of(accounts.catalog, "visitor");
    accounts
        .as("finance", "etl")
        .registerDomain("audit")
        .accounts(accounts.catalog)
        .owner("audit@example.org")
        .commit();
    accounts.shop.grant(ORDERS).columns("id").to(role).because("x").commit();
    try (Mesh mesh = open(accounts.config.trustedEngine(ENGINE), accounts.catalog, "visitor")) {
      assertThatThrownBy(() -> rows(mesh, read -> read)).isInstanceOf(MeshException.class);
    }
  }
}
