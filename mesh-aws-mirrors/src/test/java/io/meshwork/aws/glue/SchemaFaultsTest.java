package io.meshwork.aws.glue;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.error.FindingCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a run does when the Schema Registry fails at one schema. That the next run completes what a
 * failed one left, {@link MirrorFaultWalkTest} shows, also for Data Quality.
 */
class SchemaFaultsTest extends EmulatorFixture {
  private GlueAccount account;

  @BeforeEach
  void make() {
    account = GlueAccount.make(aws, config -> config.schemaRegistry().dataQuality());
  }

  @AfterEach
  void close() {
    if (account != null) {
      account.close();
    }
  }

  @Test
  void aFailedSchemaDoesNotStopTheOthers() {
    account.etl.defineProduct("plant/faulty").contract(GlueAccount.FIRST).commit();
    for (int attempt = 1; attempt <= 3; attempt++) {
      aws.on("glue", "CreateSchema").nth(attempt).fail500();
    }

    assertThat(GlueAccount.codes(account.mirror().remaining()))
        .containsExactly(FindingCode.MIRROR_FAILED);
    aws.reset();
    assertThat(account.mirror().remaining()).isEmpty();
  }
}
