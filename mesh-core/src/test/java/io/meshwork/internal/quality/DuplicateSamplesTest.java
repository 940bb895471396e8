package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.uniqueness.CountedKeys;
import io.meshwork.internal.vector.RowMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The guide says among how many keys the sample of a duplicate contains its values. */
class DuplicateSamplesTest {
  private static final Pattern DOCUMENTED =
      Pattern.compile("among\\s+the\\s+first\\s+([0-9,]+)\\s+keys\\s+of\\s+a\\s+rule");

  private static final Contract CONTRACT =
      Contract.of(
              new Schema.Parser()
                  .parse(
                      """
                      {"type":"record","name":"row","fields":[{"name":"id","type":"long"}]}
                      """))
          .require(Rule.unique("id"));

  private static int documented() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Matcher number =
        DOCUMENTED.matcher(Files.readString(module.resolveSibling("docs/publishing.md")));
    assertThat(number.find()).as("docs/publishing.md has the number of keys").isTrue();
    return Integer.parseInt(number.group(1).replace(",", ""));
  }

  /** Returns the samples of rows with different keys and one that repeats the first. */
  private static List<String> samplesOfOneDuplicateAfter(int keys) {
    org.apache.iceberg.Schema schema = IcebergSchemas.fromAvro(CONTRACT.schema());
    List<Object[]> rows = new ArrayList<>();
    for (long id = 0; id < keys; id++) {
      rows.add(new Object[] {id});
    }
    rows.add(new Object[] {0L});
    QualityGate gate =
        QualityGate.open(CONTRACT, schema, OnViolation.REJECT, RuleContext.at(Instant.EPOCH));
    gate.evaluate(RowBatches.batch(schema, rows), new RowMask(0), 0);
    gate.endOfInput();
    return gate.finish(List.of()).report().rules().get(0).samples();
  }

  @Test
  void aDuplicateAmongTheDocumentedNumberOfKeysIsShownWithItsValues() throws IOException {
    int most = documented();

    assertThat(samplesOfOneDuplicateAfter(most - 1))
        .containsExactly("{\"row\":" + most + ",\"values\":{\"id\":0}}");
  }

  @Test
  void aDuplicateAfterTheDocumentedNumberOfKeysIsShownByItsRowNumber() throws IOException {
    int most = documented();

    assertThat(most).isEqualTo(CountedKeys.MOST_IN_SET);
    assertThat(samplesOfOneDuplicateAfter(most)).containsExactly("{\"row\":" + (most + 1) + "}");
  }
}
