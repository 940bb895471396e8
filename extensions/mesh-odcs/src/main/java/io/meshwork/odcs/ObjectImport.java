package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.OdcsTypes.UnmappableException;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The contract of one object of a document, as its properties, checks, and terms say; without the
 * document itself.
 */
final class ObjectImport {
  private final JsonNode root;
  private final JsonNode object;
  private final String path;
  private final ImportFindings findings;
  private final List<Partition> partitions = new ArrayList<>();
  private Map<Rule, String> origins = Map.of();
  private @Nullable Contract contract;
  private String refusal = "";
  private Map<String, String> levels = Map.of();

  private ObjectImport(JsonNode root, int index, ImportFindings findings) {
    this.root = root;
    this.object = root.path("schema").path(index);
    this.path = "schema[" + index + "]";
    this.findings = findings;
  }

  static ObjectImport of(YamlNode root, int index, ImportFindings findings) {
    return of(root.json(), index, findings);
  }

  static ObjectImport of(JsonNode root, int index, ImportFindings findings) {
    ObjectImport result = new ObjectImport(root, index, findings);
    try {
      result.contract = result.read();
    } catch (UnmappableException e) {
      findings.refused(e.path(), String.valueOf(e.getMessage()));
      result.refusal = e.path() + ": " + e.getMessage();
    } catch (InvalidRequestException e) {
      findings.refused(result.path, e.reason());
      result.refusal = result.path + ": " + e.reason();
    }
    return result;
  }

  Optional<Contract> contract() {
    return Optional.ofNullable(contract);
  }

  /** Why the object has no contract. */
  String refusal() {
    return refusal;
  }

  List<Partition> partitions() {
    return List.copyOf(partitions);
  }

  /** Where each rule comes from. */
  Map<Rule, String> origins() {
    return origins;
  }

  /** The paths of the service levels that were mapped, by their usual names. */
  Map<String, String> levels() {
    return levels;
  }

  private Contract read() throws UnmappableException {
    Contract columns =
        Contract.of(new OdcsTypes(findings, SqlDialect.of(root)).record(object, path));
    columns = withKey(columns);
    readPartitions(columns);
    OdcsRules rules = new OdcsRules(findings, columns, object.path("name").asText());
    List<Rule> all = rules.of(object, path);
    origins = rules.origins();
    TermsImport terms = new TermsImport(root, object, findings);
    Contract contract = terms.of(columns).require(all.toArray(Rule[]::new));
    levels = terms.levels();
    return withColumnTerms(contract, terms);
  }

  private Contract withColumnTerms(Contract plain, TermsImport terms) {
    Map<String, String> descriptions = new LinkedHashMap<>();
    Map<Classification, List<String>> classified = new EnumMap<>(Classification.class);
    JsonNode properties = object.path("properties");
    for (int i = 0; i < properties.size(); i++) {
      JsonNode property = properties.get(i);
      String column = property.path("name").asText();
      String at = path + ".properties[" + i + "]";
      if (OdcsTypes.isCalculated(property)) {
        continue;
      }
      if (!property.path("description").asText().isEmpty()) {
        descriptions.put(column, property.path("description").asText());
        findings.mapped(at + ".description");
      }
      if (property.hasNonNull("classification")) {
        String text = property.path("classification").asText();
        findings.mapped(at + ".classification");
        classified
            .computeIfAbsent(
                terms.classification(text, at + ".classification"), each -> new ArrayList<>())
            .add(column);
      }
      for (String key : List.of("transformSourceObjects", "tags")) {
        if (property.has(key)) {
          findings.preserved(at + "." + key, "");
        }
      }
    }
    Contract result = plain.describeColumns(descriptions);
    for (Map.Entry<Classification, List<String>> each : classified.entrySet()) {
      result = result.classification(each.getKey(), each.getValue().toArray(String[]::new));
    }
    return result;
  }

  private List<JsonNode> ordered(String flag, String position) {
    List<JsonNode> sources = new ArrayList<>();
    object
        .path("properties")
        .forEach(
            each -> {
              if (each.path(flag).asBoolean() && !OdcsTypes.isCalculated(each)) {
                sources.add(each);
              }
            });
    sources.sort(
        Comparator.comparingInt(
            each ->
                each.path(position).asInt(-1) < 0
                    ? Integer.MAX_VALUE
                    : each.path(position).asInt()));
    return sources;
  }

  private Contract withKey(Contract columns) {
    String[] key =
        ordered("primaryKey", "primaryKeyPosition").stream()
            .map(each -> each.path("name").asText())
            .toArray(String[]::new);
    if (key.length == 0) {
      return columns;
    }
    try {
      Contract result = columns.primaryKey(key);
      findings.mapped(path + ".properties", "the primary key is " + String.join(", ", key));
      return result;
    } catch (InvalidRequestException e) {
      findings.ambiguous(path + ".properties", "the primary key: " + e.reason());
      return columns;
    }
  }

  private void readPartitions(Contract columns) {
    for (StatedPartition key : StatedPartition.of(ordered("partitioned", "partitionKeyPosition"))) {
      String column = key.column();
      try {
        if (columns.schema().getField(column) == null) {
          throw new IllegalArgumentException(column);
        }
        Partition partition = key.partition();
        partitions.add(partition);
        findings.mapped(path + ".properties", "partitioned by " + partition);
      } catch (IllegalArgumentException | InvalidRequestException e) {
        findings.ambiguous(
            path + ".properties", "the transform of the partition by " + column + " is not known");
      }
    }
  }
}
