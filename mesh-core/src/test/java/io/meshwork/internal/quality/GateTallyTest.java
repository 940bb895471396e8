package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.RowMask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

/** Compares the verdict on all rows with that on the tallies of their parts. */
class GateTallyTest {
  private static final Contract CONTRACT =
      Contract.of(
              new org.apache.avro.Schema.Parser()
                  .parse(
                      """
                      {"type":"record","name":"row","fields":[
                        {"name":"k","type":"long"},
                        {"name":"s","type":["null","string"]},
                        {"name":"d","type":["null","double"]}]}
                      """))
          .require(
              Rule.atLeast("k", 3),
              Rule.matches("s", "a.*").warn(),
              Rule.atMost("d", 3).where("s = 'abc'"),
              Rule.rowCount(1, 40),
              Rule.sum("d", 0, 100),
              Rule.mean("k", 0, 9),
              Rule.stddev("d", 0, 2),
              Rule.max("d", null, 9),
              Rule.min("k", 0, null),
              Rule.completeness("s", 80).scope(Rule.Scope.TABLE),
              Rule.custom("absent", 1).warn(),
              Rule.text("be good"));

  private static final Schema SCHEMA = IcebergSchemas.fromAvro(CONTRACT.schema());
  private static final RuleContext CONTEXT = RuleContext.at(Instant.EPOCH);

  @Test
  void talliesOfPartsAddUpToTheVerdictOnAllRows() throws Exception {
    int refused = 0;
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      OnViolation policy = random.nextBoolean() ? OnViolation.REJECT : OnViolation.QUARANTINE;
      Contract contract = CONTRACT.maxQuarantineShare(random.nextInt(101));
      List<Object[]> rows = rows(random);
      PublishVerdict whole;
      try (QualityGate gate = QualityGate.open(contract, SCHEMA, policy, CONTEXT)) {
        whole = tally(gate, rows, 0).verdict(List.of());
      }

      List<GateCounts> parts = new ArrayList<>();
      int from = 0;
      while (from < rows.size()) {
        int to = Math.min(rows.size(), from + 1 + random.nextInt(9));
        try (QualityGate gate = QualityGate.ofPart(contract, SCHEMA, policy, CONTEXT)) {
          parts.add(sent(tally(gate, rows.subList(from, to), from).counts()));
        }
        from = to;
      }
      PublishVerdict sum;
      try (QualityGate gate = QualityGate.open(contract, SCHEMA, policy, CONTEXT)) {
        parts.forEach(gate::add);
        parts.forEach(gate::addMeasures);
        gate.endOfInput();
        sum = gate.tally().verdict(List.of());
      }

      String seen = "seed " + seed + " " + policy + " in " + parts.size() + " parts";
      assertThat(sum.report()).as(seen).isEqualTo(whole.report());
      assertThat(sum.findings()).as(seen).isEqualTo(whole.findings());
      assertThat(sum.rejection()).as(seen).isEqualTo(whole.rejection());
      assertThat(sum.measures()).as(seen).isEqualTo(whole.measures());
      assertThat(sum.ofFirst().report()).as(seen).isEqualTo(whole.ofFirst().report());
      refused += whole.refused() ? 1 : 0;
    }
    assertThat(refused).isBetween(100, 450);
  }

  /** The counts as another process receives them. */
  private static GateCounts sent(GateCounts counts) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(counts);
    }
    assertThat(bytes.size()).isLessThan(32_768);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (GateCounts) in.readObject();
    }
  }

  private static List<Object[]> rows(Random random) {
    List<Object[]> rows = new ArrayList<>();
    int invalid = random.nextInt(30);
    for (int i = 0; i <= random.nextInt(60); i++) {
      rows.add(
          new Object[] {
            random.nextInt(100) < invalid ? null : random.nextLong(2, 12),
            random.nextInt(5) == 0 ? null : random.nextBoolean() ? "abc" : "xyz",
            random.nextInt(5) == 0 ? null : random.nextInt(8) / 2.0
          });
    }
    return rows;
  }

  /** The tally of a gate that evaluates some rows, of which each tenth does not fit its column. */
  private static GateTally tally(QualityGate gate, List<Object[]> rows, int first) {
    RowMask malformed = new RowMask(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if ((first + i) % 10 == 9) {
        malformed.set(i);
        gate.addMisfit(
            first + i, List.of(new Violation("s", FindingCode.REQUIRED_NULL, "is a number")));
      }
    }
    gate.evaluate(RowBatches.batch(SCHEMA, rows), malformed, first);
    gate.endOfInput();
    return gate.tally();
  }
}
