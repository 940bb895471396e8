package io.meshwork.aws.glue;

import static io.meshwork.aws.GlueAccount.READINGS;
import static io.meshwork.aws.GlueAccount.codes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.publish.Erase;
import io.meshwork.publish.PublishReceipt;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** A run for one product updates its tables, whatever else the mesh has; a run of all is due. */
class MirroredProductTest extends EmulatorFixture {
  /** A row of the next major version. */
  record NextReading(long id, double kelvin) {}

  private static void define(GlueAccount account, int from, int to) {
    for (int i = from; i < to; i++) {
      account.etl.defineProduct("plant/other" + i).contract(GlueAccount.FIRST).commit();
    }
  }

  private static Mirrors.Report mirrorReadings(GlueAccount account) {
    return account.mesh.mirrors().of(READINGS).commit();
  }

  /** Publishes, mirrors the product, and returns the requests of the mirror. */
  private List<String> requests(GlueAccount account) {
    account.publish();
    aws.reset();
    Mirrors.Report report = mirrorReadings(account);
    assertThat(report.total(Work.CHANGED)).isEqualTo(1);
    assertThat(report.remaining()).isEmpty();
    return aws.calls();
  }

  @Test
  void theRequestsForAProductDoNotGrowWithTheOthers() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      define(account, 1, 4);
      account.mirror();
      requests(account); // assumes the role, and learns the mesh
      List<String> amongFour = requests(account);
      define(account, 4, 12);
      account.mirror();
      List<String> amongTwelve = requests(account);

      assertThat(amongTwelve).hasSameSizeAs(amongFour).hasSizeLessThan(25);
      assertThat(amongTwelve)
          .filteredOn(call -> call.startsWith("glue:"))
          .containsExactly("glue:GetDatabase", "glue:GetTable", "glue:UpdateTable");
      System.out.println("mirror of one product: " + amongTwelve.size() + " requests");
      assertThat(account.metadata()).contains("/metadata/00004-");
      assertThat(account.mesh.mirrors().plan().isEmpty()).isTrue();
    }
  }

  @Test
  void aNewTableIsMadeAndOthersStayAsTheyAre() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      define(account, 1, 3);

      assertThat(mirrorReadings(account).total(Work.MADE)).isEqualTo(2);
      assertThat(mirrorReadings(account).isEmpty()).isTrue();

      assertThat(account.hasTable(GlueAccount.TABLE)).isTrue();
      assertThat(account.hasTable("other1_v1")).isFalse();
      assertThat(account.mirror().total(Work.MADE)).isEqualTo(2);
      assertThatThrownBy(() -> account.mesh.mirrors().of("plant/none").commit())
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void aMetadataFileThatGlueShowsIsNamedByAnErasureAndDeletedOnceTheMirrorMoved() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      account.publish();
      account.mirror();
      assertThatThrownBy(() -> erasure(account, "first"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("A mirror shows a snapshot with the rows");
      account.mirror();
      String shown = account.metadata();

      assertThat(erasure(account, "first").outOfReach())
          .filteredOn(sentence -> sentence.contains(fileName(shown)))
          .singleElement()
          .asString()
          .contains("a mirror shows it to engines");
      assertThat(isStored(account, shown)).isTrue();

      account.mirror();
      assertThat(erasure(account, "second").outOfReach())
          .noneMatch(sentence -> sentence.contains(fileName(shown)));
      assertThat(isStored(account, shown)).isFalse();
    }
  }

  private static Erase.Proof erasure(GlueAccount account, String key) {
    return account
        .etl
        .erase(READINGS)
        .where("id = 0")
        .because("asked")
        .idempotencyKey(key)
        .withProof()
        .commit();
  }

  private boolean isStored(GlueAccount account, String location) {
    URI file = URI.create(location);
    try (S3Client s3 = EmulatedClients.administrator(aws, account.account).s3()) {
      String key = file.getPath().substring(1);
      return s3.listObjectsV2(list -> list.bucket(file.getHost()).prefix(key)).keyCount() > 0;
    }
  }

  private static String fileName(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  @Test
  void whatOthersChangedStaysUntilARepair() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      account.mirror();
      account.change(input -> input.description("Mine"));

      assertThat(codes(mirrorReadings(account).remaining()))
          .containsExactly(FindingCode.MIRROR_CHANGED);
      assertThat(account.mesh.mirrors().of(READINGS).repair().commit().total(Work.RESTORED))
          .isEqualTo(1);
    }
  }

  @Test
  void whereLakeFormationPermitsReadsANewTableWaitsForAllMirrors() {
    try (GlueAccount account = GlueAccount.make(aws, AwsConfig::lakeFormation)) {
      Mirrors.Report first = mirrorReadings(account);
      assertThat(first.isEmpty()).isTrue();
      assertThat(first.remaining())
          .isNotEmpty()
          .allMatch(finding -> finding.code() == FindingCode.MIRROR_BLOCKED)
          .allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
      account.mirror();
      account.publish();

      assertThat(mirrorReadings(account).total(Work.CHANGED)).isEqualTo(1);
      assertThat(account.metadata()).contains("/metadata/00002-");
    }
  }

  @Test
  void theOwnerSeesThatATableIsShownInAnEarlierState() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      account.publish();
      assertThat(account.etl.health().findings()).as("nothing is mirrored").isEmpty();
      account.mirror();
      assertThat(account.etl.health().findings()).isEmpty();

      account.publish();

      assertThat(account.etl.health().findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_OVERDUE);
                assertThat(finding.count()).isEqualTo(1);
                assertThat(finding.samples()).containsExactly("plant/" + GlueAccount.TABLE);
                assertThat(finding.what()).contains("should have changed at", "The last run");
                assertThat(finding.fix()).contains("mesh mirror");
              });
      account.mirror();
      assertThat(account.etl.health().findings()).isEmpty();
    }
  }

  @Test
  void theOwnerSeesThatConfiguredMirrorsWereNeverRun() {
    try (GlueAccount account = GlueAccount.make(aws, AwsConfig::lakeFormation)) {
      assertThat(account.etl.health().findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.code()).isEqualTo(FindingCode.MIRROR_OVERDUE);
                assertThat(finding.where()).isEqualTo("plant");
                assertThat(finding.what())
                    .contains("Lake Formation", "never run", "1 published product,");
                assertThat(finding.fix()).contains("mesh mirror --plan");
              });

      account.mirror();

      assertThat(account.etl.health().findings()).isEmpty();
    }
  }

  @Test
  void aReceiptTellsWhetherGlueShowsItForAtMostTwoReads() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      assertThat(shown(account)).as("no mirror was ever run").isEmpty();
      account.mirror();
      assertThat(shown(account)).containsExactly(Map.entry("glue in " + account.account, true));
      account.publish();

      assertThat(shown(account)).containsExactly(Map.entry("glue in " + account.account, false));

      PublishReceipt earlier = newest(account);
      account.publish();
      mirrorReadings(account);
      assertThat(shown(account)).containsExactly(Map.entry("glue in " + account.account, true));
      assertThat(account.etl.publishHistory(READINGS).mirrored(earlier))
          .as("a newer state has it, too")
          .containsExactly(Map.entry("glue in " + account.account, true));
      account.retireFor(Contract.of(NextReading.class));
      account
          .etl
          .publish(READINGS)
          .records(List.of(new NextReading(1, 293)))
          .idempotencyKey("next")
          .commit();
      assertThat(shown(account))
          .as("Glue does not have the table yet")
          .containsExactly(Map.entry("glue in " + account.account, false));
    }
  }

  private static PublishReceipt newest(GlueAccount account) {
    List<PublishReceipt> all = account.etl.publishHistory(READINGS).receipts();
    return all.get(all.size() - 1);
  }

  private Map<String, Boolean> shown(GlueAccount account) {
    PublishReceipt receipt = newest(account);
    aws.reset();
    Map<String, Boolean> shown = account.etl.publishHistory(READINGS).mirrored(receipt);
    assertThat(aws.calls()).hasSizeLessThanOrEqualTo(2);
    return shown;
  }

  @Test
  void operatingKeepsUpMirrorsThatWereRunBefore() {
    try (GlueAccount account = GlueAccount.make(aws)) {
      account.mesh.operate(Duration.ofMinutes(13));
      assertThat(account.writes()).as("nobody reviewed a first run").isEmpty();
      account.mirror();
      account.publish();

      Maintain.Report report = account.mesh.operate(Duration.ofMinutes(13));

      assertThat(report.total(Maintain.Report.Work.OBJECTS_MIRRORED)).isEqualTo(1);
      assertThat(report.remaining()).isEmpty();
      assertThat(account.metadata()).contains("/metadata/00002-");
      assertThat(account.mesh.operate(Duration.ofMinutes(13)).due()).isEmpty();
    }
  }
}
