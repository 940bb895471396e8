package io.meshwork.internal.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.NewSnapshot;
import io.meshwork.internal.event.EventDetails.Restoration;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.table.TableState;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublishLogTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final Instant AT = Instant.parse("2026-11-20T08:00:00Z");
  private static final PublishIntent REPLACE =
      new PublishIntent(
          PublishMode.REPLACE_WHERE,
          Optional.of("id = 1"),
          Optional.empty(),
          Optional.of("corrected"),
          List.of(
              new PublishReceipt.Input(
                  ProductName.of("commerce/sales"),
                  ContractVersion.parse("1.2.0"),
                  "77",
                  List.of("total=amount"))),
          Optional.of(AT));

  private static QualityReport report(long accepted, long quarantined, boolean judged) {
    List<RuleResult> rules =
        judged ? List.of(result(Outcome.PASS), result(Outcome.FAIL)) : List.of();
    return new QualityReport(accepted + quarantined, accepted, quarantined, 0, rules, List.of());
  }

  private static RuleResult result(Outcome outcome) {
    return new RuleResult(
        "between.v",
        "between(v, 0, 9)",
        Rule.Severity.ERROR,
        outcome,
        3,
        50,
        OptionalDouble.empty(),
        "",
        List.of());
  }

  private static StoredReceipt receipt(
      int major, Optional<String> snapshot, QualityReport quality, PublishIntent intent) {
    return new StoredReceipt(
        "p-1",
        "monday",
        ORDERS,
        major,
        ContractVersion.parse(major + ".1.0"),
        snapshot,
        snapshot.isPresent() ? OptionalLong.of(10L + major) : OptionalLong.empty(),
        quality,
        intent,
        2,
        0,
        Optional.of("rows-1:abc"),
        3,
        100,
        AT,
        false);
  }

  private static StoredReceipt receipt(int major) {
    return receipt(major, Optional.of("70" + major), report(40L + major, major, true), REPLACE);
  }

  private static MajorCommit committed(StoredReceipt receipt) {
    return PublishLog.major(
        receipt, new TableState("x", 1, 1_000L + receipt.major(), 9, 9), 0, Optional.empty());
  }

  private static TableCommit event(String type, ObjectNode details) {
    ObjectNode entry = DocumentJson.create();
    entry.put("sequence", 7).put("at", AT.toString()).put("event", type);
    entry.put("principal", "commerce/etl").put("subject", ORDERS.toString());
    entry.set("details", details);
    return (TableCommit)
        EventDetailsCodec.detailsOf(
            MeshEvent.fromJson(ORDERS.toString(), DocumentJson.write(entry)));
  }

  @Test
  void aPublishToOneMajorVersionIsFlat() {
    assertThat(PublishLog.details(receipt(1), List.of(committed(receipt(1)))))
        .hasToString(
            "{\"publishId\":\"p-1\",\"mode\":\"replace-where\",\"reason\":\"corrected\","
                + "\"dataTime\":\"2026-11-20T08:00:00Z\",\"major\":1,"
                + "\"contractVersion\":\"1.1.0\",\"rowsAccepted\":41,\"rowsQuarantined\":1,"
                + "\"rowsRemoved\":2,\"files\":3,\"snapshotId\":\"701\",\"sequence\":11,"
                + "\"rowsTotal\":1001,\"scopeHash\":"
                + "\"cec3cc22944a81c1a4cdd216858a5c2d44544a9619fb15b78c6d2b32c5c7868b\","
                + "\"derivedFrom\":[{\"product\":\"commerce/sales\","
                + "\"contractVersion\":\"1.2.0\",\"snapshotId\":\"77\","
                + "\"columns\":[\"total=amount\"]}],\"qualityScore\":97.61904761904762,"
                + "\"rulesPassed\":1,\"rulesEvaluated\":2}");
  }

  @Test
  void aPublishWithoutRulesOrSnapshotHasNeitherScoresNorASequence() {
    StoredReceipt receipt =
        receipt(1, Optional.empty(), report(0, 0, false), PublishIntent.append());

    assertThat(PublishLog.details(receipt, List.of(committed(receipt))))
        .hasToString(
            "{\"publishId\":\"p-1\",\"mode\":\"append\",\"major\":1,"
                + "\"contractVersion\":\"1.1.0\",\"rowsAccepted\":0,\"rowsQuarantined\":0,"
                + "\"rowsRemoved\":2,\"files\":3}");
    assertThat(receipt.toJson()).doesNotContain("sequence").doesNotContain("also");
  }

  @Test
  void aPublishToSeveralMajorVersionsHasOnePartForEachTheLeadingOneFirst() {
    ObjectNode details =
        PublishLog.details(receipt(2), List.of(committed(receipt(2)), committed(receipt(1))));

    assertThat(details.fieldNames())
        .toIterable()
        .containsExactly("publishId", "mode", "reason", "dataTime", "majors");
    assertThat(details.path("majors").get(0).path("major").asInt()).isEqualTo(2);
    assertThat(details.path("majors").get(0).has("mode")).isFalse();
    TableCommit commit = event(MeshEvent.Type.PRODUCT_PUBLISHED.text(), details);
    assertThat(commit.publishId()).isEqualTo("p-1");
    assertThat(commit.mode()).contains("replace-where");
    assertThat(commit.reason()).contains("corrected");
    assertThat(commit.dataTime()).contains(AT);
    assertThat(commit.majors()).extracting(MajorCommit::major).containsExactly(2, 1);
    assertThat(commit.majors()).extracting(MajorCommit::rowsAccepted).containsExactly(42L, 41L);
    assertThat(commit.majors())
        .extracting(MajorCommit::snapshot)
        .containsExactly(
            Optional.of(new NewSnapshot("702", 12, 1_002)),
            Optional.of(new NewSnapshot("701", 11, 1_001)));
  }

  @Test
  void whatAMajorVersionSaysDoesNotDependOnItsCompany() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Integer> numbers = new ArrayList<>(List.of(1, 2, 3));
      Collections.shuffle(numbers, random);
      List<MajorCommit> majors = new ArrayList<>();
      for (int number : numbers.subList(0, 2 + random.nextInt(2))) {
        majors.add(random(number, random));
      }

      TableCommit together =
          event(MeshEvent.Type.PRODUCT_ROLLED_BACK.text(), PublishLog.details(receipt(1), majors));

      List<MajorCommit> alone = new ArrayList<>();
      for (MajorCommit major : majors) {
        TableCommit one =
            event(
                MeshEvent.Type.PRODUCT_ROLLED_BACK.text(),
                PublishLog.details(receipt(1), List.of(major)));
        assertThat(one.publishId()).isEqualTo(together.publishId());
        assertThat(one.mode()).isEqualTo(together.mode());
        alone.addAll(one.majors());
      }
      assertThat(alone).as("seed %d", seed).isEqualTo(majors);
      assertThat(together.majors()).as("seed %d", seed).isEqualTo(majors);
    }
  }

  private static MajorCommit random(int major, Random random) {
    Optional<String> snapshot =
        random.nextBoolean() ? Optional.of("" + random.nextInt(1_000)) : Optional.empty();
    StoredReceipt receipt =
        receipt(
            major,
            snapshot,
            report(random.nextInt(100), random.nextInt(100), random.nextBoolean()),
            REPLACE);
    Optional<Restoration> restoration =
        random.nextBoolean()
            ? Optional.of(
                new Restoration(
                    "5",
                    random.nextInt(50),
                    List.of("between.v"),
                    Optional.of("the auditor asked")))
            : Optional.empty();
    return PublishLog.major(
        receipt, new TableState("x", 1, random.nextInt(500), 9, 9), random.nextInt(3), restoration);
  }

  @Test
  void theReceiptOfSeveralMajorVersionsIsStoredAndReadAsOne() {
    StoredReceipt leading = receipt(2).leading(List.of(receipt(1), receipt(3)));

    StoredReceipt stored = StoredReceipt.fromDocument(leading.toDocument(), false);

    assertThat(stored).isEqualTo(leading);
    assertThat(stored.otherVersions()).extracting(PublishReceipt::major).containsExactly(1, 3);
    assertThat(stored.otherVersions()).allMatch(receipt -> receipt.otherVersions().isEmpty());
    assertThat(stored.otherVersions().get(0).scope()).contains("id = 1");
    assertThat(stored.toJson()).contains("\"also\":[{").doesNotContain("id = 1");
    StoredReceipt replayed = StoredReceipt.fromDocument(leading.toDocument(), true);
    assertThat(replayed.otherVersions()).allMatch(PublishReceipt::replayed);
  }

  @Test
  void theReceiptOfSeveralMajorVersionsFitsIntoADocument() {
    List<RuleResult> rules =
        IntStream.range(0, 2_000)
            .mapToObj(
                i ->
                    new RuleResult(
                        "rule-" + i,
                        "between(column_" + i + ", 0, 9)",
                        Rule.Severity.ERROR,
                        Outcome.FAIL,
                        3,
                        50,
                        OptionalDouble.empty(),
                        "3 of 50 rows fail it, " + Long.toHexString(i * 0x9E3779B97F4A7C15L),
                        List.of()))
            .toList();
    QualityReport large = new QualityReport(50, 47, 3, 0, rules, List.of());
    StoredReceipt leading =
        receipt(2, Optional.of("702"), large, REPLACE)
            .leading(
                List.of(
                    receipt(1, Optional.of("701"), large, REPLACE),
                    receipt(3, Optional.of("703"), large, REPLACE)));
    ObjectNode document = leading.toDocument();
    assertThat(PackedPart.bytes(document)).isGreaterThan(PackedPart.MAX_BYTES);

    PublishReceipts.reduceSize(document);

    assertThat(PackedPart.bytes(document)).isLessThanOrEqualTo(PackedPart.MAX_BYTES);
    StoredReceipt stored = StoredReceipt.fromDocument(document, false);
    assertThat(stored.quality().rules()).isEqualTo(rules);
    assertThat(stored.otherVersions())
        .extracting(PublishReceipt::major, receipt -> receipt.quality().rules())
        .containsExactly(tuple(1, rules), tuple(3, rules));
  }

  @Test
  void anEventOfOneMajorVersionHasOneElement() {
    TableCommit commit =
        event(
            MeshEvent.Type.PRODUCT_PUBLISHED.text(),
            PublishLog.details(receipt(1), List.of(committed(receipt(1)))));

    assertThat(commit.majors()).hasSize(1);
    assertThat(commit.majors().get(0).derivedFrom())
        .isEqualTo(
            List.of(
                new PublishReceipt.Input(
                    ProductName.of("commerce/sales"),
                    ContractVersion.parse("1.2.0"),
                    "77",
                    List.of("total=amount"))));
  }
}
