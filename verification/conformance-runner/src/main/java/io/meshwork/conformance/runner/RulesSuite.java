package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The suite {@code quality}: each case is a product with one rule, whose rows are published. The
 * quality report of the receipt contains the outcome of the rule. The rule only warns, so the rows
 * are published for each outcome.
 */
final class RulesSuite implements AutoCloseable {
  static final Set<String> FIELDS =
      Set.of("columns", "rows", "rule", "expectOutcome", "expectFailing", "measure");

  private static final double NEAR = 1e-9;

  private final Path folder;
  private final Mesh mesh;
  private final MeshClient client;
  private int products;

  private RulesSuite(Path folder, Mesh mesh) {
    this.folder = folder;
    this.mesh = mesh;
    this.client = mesh.clientAs(Principal.of("rules", "conformance"));
  }

  /** Opens a mesh in a new temporary folder. */
  static RulesSuite open() {
    try {
      Path folder = Files.createTempDirectory("meshwork-conformance-");
      RulesSuite suite = new RulesSuite(folder, LocalMesh.open(folder.resolve("mesh")));
      suite.client.registerDomain("rules").owner("rules@example.org").commit();
      return suite;
    } catch (IOException e) {
      throw new CannotRunException("Cannot make a folder to work in: " + e + ".");
    }
  }

  /** Returns why the case failed; null if it passed. */
  @Nullable String fault(CaseFile.Case testCase) {
    if (testCase.malformed() != null) {
      return testCase.malformed();
    }
    try {
      return difference(testCase, evaluate(testCase));
    } catch (InvalidValueException e) {
      return e.getMessage();
    } catch (MeshException e) {
      return String.valueOf(e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      return "it broke with " + e;
    }
  }

  private RuleResult evaluate(CaseFile.Case testCase) {
    Schema schema = schema(testCase.json().path("columns"));
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    if (!testCase.json().path("rows").isArray()) {
      throw new InvalidValueException("it has no list 'rows'");
    }
    for (JsonNode row : testCase.json().path("rows")) {
      rows.add(RowValue.record(schema, row));
    }
    String product = "rules/case-" + ++products;
    client
        .defineProduct(product)
        .contract(
            Contract.of(schema)
                .require(Rule.parse(testCase.text("rule")).warn())
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .commit();
    return client.publish(product).records(rows).commit().quality().rules().get(0);
  }

  private static Schema schema(JsonNode columns) {
    if (!columns.isObject()) {
      throw new InvalidValueException("it has no object 'columns'");
    }
    ObjectNode record =
        JsonNodeFactory.instance.objectNode().put("type", "record").put("name", "row");
    ArrayNode fields = record.putArray("fields");
    columns
        .properties()
        .forEach(
            column ->
                fields.addObject().put("name", column.getKey()).set("type", column.getValue()));
    return new Schema.Parser().parse(record.toString());
  }

  private static @Nullable String difference(CaseFile.Case testCase, RuleResult result) {
    String outcome = result.outcome().name().toLowerCase(Locale.ROOT);
    JsonNode failing = testCase.json().path("expectFailing");
    JsonNode measure = testCase.json().path("measure");
    if (!failing.isNull() && !failing.isIntegralNumber()) {
      throw new InvalidValueException("'expectFailing' is neither a whole number nor null");
    }
    String actual =
        outcome
            + (failing.isNull() ? "" : ", failing rows " + result.failingRows())
            + (measure.isNumber() ? ", measure " + result.measure() : "");
    boolean same =
        outcome.equals(testCase.text("expectOutcome"))
            && (failing.isNull() || failing.longValue() == result.failingRows())
            && (!measure.isNumber() || isNear(measure.doubleValue(), result));
    return same
        ? null
        : "expected "
            + testCase.text("expectOutcome")
            + (failing.isNull() ? "" : ", failing rows " + failing)
            + (measure.isNumber() ? ", measure " + measure : "")
            + "; found "
            + actual
            + (result.reason().isEmpty() ? "" : " (" + result.reason() + ")");
  }

  private static boolean isNear(double wanted, RuleResult result) {
    return result.measure().isPresent()
        && Math.abs(result.measure().getAsDouble() - wanted)
            <= NEAR * Math.max(1, Math.abs(wanted));
  }

  @Override
  public void close() {
    mesh.close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the folder " + folder, e);
    }
  }
}
