package io.meshwork.internal.rollouts;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.RolloutPlan.Downstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the products that derive from a product, by their last publish, or whose rules refer to it.
 * Stateless.
 */
final class DownstreamProducts {
  /** The log entries that are searched for the last publish of a product. */
  private static final int MAX_ENTRIES = 100;

  private DownstreamProducts() {}

  /** The products in all catalogs of the mesh, by name. */
  static List<Downstream> of(ClientSession session, ProductName product) {
    List<Downstream> downstream = new ArrayList<>();
    for (ProductEntry other : session.catalog().products()) {
      if (!other.name().equals(product)) {
        if (derives(session, other.name(), product)) {
          downstream.add(new Downstream(other.name(), "derives from it"));
        }
        rules(session, other, product)
            .forEach(
                rule ->
                    downstream.add(
                        new Downstream(other.name(), "rule " + rule.id() + " refers to it")));
      }
    }
    return downstream;
  }

  /** Warns of rules of other products on columns that only the old major version has. */
  static List<Finding> lostRules(ClientSession session, TransitionContext context) {
    List<Finding> findings = new ArrayList<>();
    ProductName product = context.product().name();
    List<String> columns = context.next().map(VersionEntry::columns).orElse(List.of());
    String cause =
        context
            .next()
            .map(to -> ", which major version " + to.major() + " does not have.")
            .orElse(" of this product, which ends.");
    for (ProductEntry other : session.catalog().products()) {
      for (Rule rule :
          other.name().equals(product) ? List.<Rule>of() : rules(session, other, product)) {
        List<String> lost = new ArrayList<>(rule.otherColumns());
        lost.removeIf(column -> columns.contains(column.split("[.\\[{]", 2)[0]));
        if (!lost.isEmpty()) {
          findings.add(
              new Finding(
                  "RULE_LOSES_COLUMNS",
                  Severity.WARNING,
                  other.name().toString(),
                  "Rule "
                      + rule.id()
                      + " of "
                      + other.name()
                      + " refers to "
                      + String.join(", ", lost)
                      + cause,
                  0,
                  List.of(),
                  "Ask its owner to amend the rule first; afterwards it cannot be evaluated."));
        }
      }
    }
    return List.copyOf(findings);
  }

  private static List<Rule> rules(ClientSession session, ProductEntry other, ProductName product) {
    return session
        .catalog()
        .requireFor(
            Use.DESCRIBE,
            other.name(),
            other.currentMajor(),
            MeshAction.of(Verb.DESCRIBE, other.name()))
        .contract()
        .rules()
        .stream()
        .filter(rule -> rule.product().equals(Optional.of(product)))
        .toList();
  }

  private static boolean derives(ClientSession session, ProductName other, ProductName product) {
    Optional<VersionedDocument> entry = session.ledger().newestEntry(RegistryKeys.partition(other));
    for (int searched = 0; entry.isPresent() && searched < MAX_ENTRIES; searched++) {
      JsonNode json = entry.get().json();
      if (json.path("event").asText().equals(MeshEvent.PRODUCT_PUBLISHED)) {
        return json.path("details").findValues("derivedFrom").stream()
            .flatMap(inputs -> inputs.findValuesAsText("product").stream())
            .anyMatch(product.toString()::equals);
      }
      entry = session.ledger().entryBefore(entry.get());
    }
    return false;
  }
}
