package io.meshwork.aws.glue;

import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.error.FindingCode;
import io.meshwork.maintenance.Mirrors;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a run does when Glue fails: it repeats a call, and makes the other tables. That the next run
 * completes what a failed one left, {@code MirrorFaultWalkTest} shows.
 */
class GlueFaultsTest extends EmulatorFixture {
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

  @Test
  void aRunWithOneLostReplyIsComplete() {
    for (String operation : List.of("CreateDatabase", "CreateTable")) {
      aws.on("glue", operation).nth(1).loseReply();
    }

    assertThat(account.mirror().remaining()).isEmpty();
    account.publish();
    aws.on("glue", "UpdateTable").nth(1).loseReply();
    assertThat(account.mirror().remaining()).isEmpty();
    assertThat(account.metadata()).contains("/metadata/00002-");
  }

  @Test
  void aFailedTableDoesNotStopTheOthers() {
    account.etl.defineProduct("plant/alarms").contract(GlueAccount.FIRST).commit();
    for (int attempt = 1; attempt <= 3; attempt++) {
      aws.on("glue", "CreateTable").nth(attempt).fail500();
    }

    Mirrors.Report report = account.mirror();

    assertThat(codes(report.remaining())).containsExactly(FindingCode.MIRROR_FAILED);
    assertThat(report.remaining().get(0).where())
        .isEqualTo("glue plant/alarms_v1 in " + account.account);
    assertThat(account.hasTable(GlueAccount.TABLE)).isTrue();
  }
}
