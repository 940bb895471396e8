package io.meshwork.aws;

import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Glue fails at calls for databases and tables, except DeleteDatabase, and hangs at one; the next
 * run completes what is missing, and does nothing twice.
 */
class GlueFaultsTest extends EmulatorFixture {
  /**
   * Faults of all attempts of a call. A lost reply comes first: what it left is then interrupted.
   */
  private static final List<Consumer<FaultRule>> FAULTS =
      List.of(
          FaultRule::loseReply, FaultRule::fail500, FaultRule::throttle, FaultRule::expireToken);

  private GlueAccount account;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws);
  }

  @AfterEach
  void close() {
    if (account != null) {
      account.close();
    }
  }

  /** Runs the mirrors as another process: the limits of one may wait for the service. */
  private Mirrors.Report run() {
    try (Mesh mesh = AwsLocal.quick(account.config, account.account, "plant-etl").open()) {
      return mesh.mirrors().commit();
    }
  }

  /** Runs the mirrors with each fault of an operation, and then without. */
  private void failAt(String operation, Runnable change) {
    FaultSample.of(FAULTS)
        .forEach(
            fault -> {
              change.run();
              aws.reset();
              fault.accept(aws.on("glue", operation));
              assertThat(run().left()).as(operation).isNotEmpty();
              assertThat(aws.calls()).contains("glue:" + operation);
            });
    aws.reset();
    assertThat(run().left()).as(operation).isEmpty();
    aws.reset();
    assertThat(run().isEmpty()).as(operation).isTrue();
    assertThat(account.writes()).as(operation).isEmpty();
  }

  private static void nothing() {}

  private int products;

  private void define() {
    account
        .etl
        .defineProduct("plant/series" + ++products)
        .contract(Contract.of(GlueAccount.SensorReading.class))
        .commit();
  }

  private void describe() {
    account
        .etl
        .registerDomain(GlueAccount.DATABASE)
        .describedAs("Version " + ++products)
        .ownedBy("plant@example.org")
        .accounts(account.account)
        .commit();
  }

  record Kelvin(long id, double kelvin) {}

  @Test
  void theNextRunCompletesARunThatFailedAtAnyCall() {
    failAt("GetDatabase", GlueFaultsTest::nothing);
    failAt("GetTables", GlueFaultsTest::nothing);
    failAt("CreateTable", this::define);
    failAt("UpdateTable", account::publish);
    failAt("UpdateDatabase", this::describe);

    assertThat(account.metadata())
        .as("after a publish for each fault")
        .contains("/metadata/0000%d-".formatted(1 + FaultSample.of(FAULTS).size()));
    assertThat(account.hasTable("series1_v1")).isTrue();
    assertThat(account.mesh.mirrors().verify().findings()).isEmpty();
  }

  @Test
  void theNextRunCompletesTheFirstRun() {
    aws.on("glue", "CreateDatabase").fail500();
    assertThat(codes(run().left()))
        .containsExactly(FindingCode.MIRROR_FAILED, FindingCode.MIRROR_BLOCKED);
    aws.reset();
    aws.on("glue", "CreateDatabase").loseReply();
    assertThat(run().left()).hasSize(2);
    aws.reset();

    assertThat(run().total(Work.ADOPTED)).isEqualTo(1);
    assertThat(account.hasTable(GlueAccount.TABLE)).isTrue();
  }

  @Test
  void theNextRunCompletesARemoval() {
    run();
    account.retireFor(Contract.of(Kelvin.class));
    for (String operation : List.of("GetTable", "DeleteTable")) {
      FaultSample.of(FAULTS)
          .forEach(
              fault -> {
                aws.reset();
                fault.accept(aws.on("glue", operation));
                run();
              });
      aws.reset();
    }

    run();
    assertThat(account.hasTable(GlueAccount.TABLE)).isFalse();
    assertThat(account.hasTable("readings_v2")).isTrue();
    assertThat(run().isEmpty()).isTrue();
  }

  @Test
  void aRunWithOneLostReplyIsComplete() {
    for (String operation : List.of("CreateDatabase", "CreateTable")) {
      aws.on("glue", operation).nth(1).loseReply();
    }

    assertThat(account.mirror().left()).isEmpty();
    account.publish();
    aws.on("glue", "UpdateTable").nth(1).loseReply();
    assertThat(account.mirror().left()).isEmpty();
    assertThat(account.metadata()).contains("/metadata/00002-");
  }

  @Test
  void aCallThatHangsEndsWithItsTimeout() {
    AwsTimeouts impatient =
        new AwsTimeouts(
            Duration.ofSeconds(3),
            Duration.ofMillis(700),
            Duration.ofSeconds(2),
            DynamoTimeouts.STANDARD,
            AwsLocal.QUICK.pause());
    aws.on("glue", "CreateTable").hang();

    try (Mesh mesh =
        AwsMesh.builder(
                account.config, () -> AwsLocal.role(account.account, "plant-etl"), impatient)
            .open()) {
      assertThat(codes(mesh.mirrors().commit().left())).containsExactly(FindingCode.MIRROR_FAILED);
    }
    aws.reset();
    assertThat(account.mirror().left()).isEmpty();
    assertThat(account.hasTable(GlueAccount.TABLE)).isTrue();
  }

  @Test
  void aFailedTableDoesNotStopTheOthers() {
    account
        .etl
        .defineProduct("plant/alarms")
        .contract(Contract.of(GlueAccount.SensorReading.class))
        .commit();
    for (int attempt = 1; attempt <= 3; attempt++) {
      aws.on("glue", "CreateTable").nth(attempt).fail500();
    }

    Mirrors.Report report = account.mirror();

    assertThat(codes(report.left())).containsExactly(FindingCode.MIRROR_FAILED);
    assertThat(report.left().get(0).where())
        .isEqualTo("glue plant/alarms_v1 in " + account.account);
    assertThat(account.hasTable(GlueAccount.TABLE)).isTrue();
  }
}
