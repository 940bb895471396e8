package io.meshwork.odcs;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.TreeMerge;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** Writes a contract into the document that it was read from, or into a new one. */
final class DocumentComposer {
  private static final String LEVELS = "slaProperties";
  private static final String ID = "id";

  private DocumentComposer() {}

  /**
   * The document of a contract that stores none.
   *
   * @param newest true for the elements of 3.2
   */
  static YamlNode compose(Contract contract, OdcsHeader header, boolean newest) {
    YamlNode document =
        withRules(
            ContractFormatter.of(contract, header, newest), contract.rules(), contract.schema());
    return ContractRemainder.added(document, contract);
  }

  /**
   * The document that a contract was read from, with what changed since.
   *
   * @param contract without a document
   * @param document with one object
   * @param before the header that the document has
   * @param after the header that it gets
   */
  static YamlNode compose(
      Contract contract, YamlNode document, OdcsHeader before, OdcsHeader after) {
    ImportFindings findings = new ImportFindings(document, false);
    ObjectImport read = ObjectImport.of(document, 0, findings);
    Contract old = ContractRemainder.applied(document, read.contract(), findings).orElse(null);
    if (old == null || (old.equals(contract) && before.equals(after))) {
      return document;
    }
    Set<String> removed = new HashSet<>();
    Set<Rule> added = new LinkedHashSet<>(contract.rules());
    Map<Rule, String> origins = read.origins();
    origins.forEach(
        (rule, path) -> {
          if (!contract.rules().contains(rule)) {
            removed.addAll(OptionRules.keysOf(path, rule));
          }
        });
    origins.forEach(
        (rule, path) -> {
          if (removed.stream().noneMatch(OptionRules.keysOf(path, rule)::contains)) {
            added.remove(rule);
          }
        });
    boolean newest = hasMap(document);
    YamlNode written = ContractFormatter.of(old, before, newest);
    YamlNode rewritten = ContractFormatter.of(contract, after, newest);
    String name = document.json().path("schema").path(0).path("name").asText();
    YamlNode merged =
        TreeMerge.merge(
            named(written, name).with(LEVELS, null).with(ID, null),
            TreeMerge.without(document, removed, "").with(LEVELS, null),
            named(rewritten, name).with(LEVELS, null).with(ID, null));
    YamlNode levels =
        ServiceLevelMerge.merge(
            written.get(LEVELS), document.get(LEVELS), rewritten.get(LEVELS), read.levels());
    merged = merged.with(LEVELS, levels);
    return ContractRemainder.added(
        withRules(merged, new ArrayList<>(added), contract.schema()), contract);
  }

  /** True if the document has a map as 3.2 writes it. */
  private static boolean hasMap(YamlNode node) {
    return node.textOf("logicalType").equals("map")
        || node.items().stream().anyMatch(DocumentComposer::hasMap)
        || node.entries().values().stream().anyMatch(entry -> hasMap(entry.value()));
  }

  private static YamlNode named(YamlNode document, String name) {
    YamlNode object = Objects.requireNonNull(document.get("schema")).items().get(0);
    return withObject(document, object.with("name", YamlNode.text(name)));
  }

  private static YamlNode withObject(YamlNode document, YamlNode object) {
    return document.with("schema", YamlNode.list(List.of(object), YamlNode.SourcePosition.NONE));
  }

  private static YamlNode withRules(YamlNode document, List<Rule> all, Schema columns) {
    YamlNode object = Objects.requireNonNull(document.get("schema")).items().get(0);
    List<Rule> rules = new ArrayList<>(all);
    object = withOptions(object, rules, new OptionFormatter(columns));
    QualityFormatter formatter = new QualityFormatter(object.textOf("name"));
    Map<String, List<YamlNode>> checks = new LinkedHashMap<>();
    for (Rule rule : rules) {
      checks
          .computeIfAbsent(QualityFormatter.columnOf(rule), column -> new ArrayList<>())
          .add(YamlNode.of(formatter.check(rule)));
    }
    List<YamlNode> own = checks.getOrDefault("", List.of());
    YamlNode properties = object.get("properties");
    if (properties == null) {
      own = checks.values().stream().flatMap(List::stream).toList();
    } else {
      List<YamlNode> items = new ArrayList<>();
      for (YamlNode each : properties.items()) {
        String name = each.textOf("name");
        items.add(
            withChecks(each, name.isEmpty() ? List.of() : checks.getOrDefault(name, List.of())));
      }
      object = object.with("properties", YamlNode.list(items, properties.place()));
    }
    return withObject(document, withChecks(object, own));
  }

  /** States rules as options of their columns, and takes these rules from the list. */
  private static YamlNode withOptions(YamlNode object, List<Rule> rules, OptionFormatter options) {
    YamlNode properties = object.get("properties");
    if (properties == null) {
      return object;
    }
    List<YamlNode> items = new ArrayList<>();
    for (YamlNode each : properties.items()) {
      YamlNode item = each;
      for (Rule rule : List.copyOf(rules)) {
        boolean own = QualityFormatter.columnOf(rule).equals(each.textOf("name"));
        Optional<YamlNode> stated = own ? options.with(item, rule) : Optional.empty();
        if (stated.isPresent()) {
          rules.remove(rule);
          item = stated.get();
        }
      }
      items.add(item);
    }
    return object.with("properties", YamlNode.list(items, properties.place()));
  }

  private static YamlNode withChecks(YamlNode element, List<YamlNode> checks) {
    if (checks.isEmpty()) {
      return element;
    }
    List<YamlNode> all = new ArrayList<>(element.items("quality"));
    all.addAll(checks);
    return element.with("quality", YamlNode.list(all, YamlNode.SourcePosition.NONE));
  }
}
