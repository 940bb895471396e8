package io.meshwork.internal.majors;

import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.DependentProducts;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Downstream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The products that derive from a major version, directly or through others, and products whose
 * rules refer to one of these. Immutable.
 *
 * @param products by the number of products between, then by name
 * @param findings a warning for each product whose log was not searched to the end
 */
public record DownstreamProducts(List<Downstream> products, List<Finding> findings) {
  /** Nothing was searched. */
  public static final DownstreamProducts NONE = new DownstreamProducts(List.of(), List.of());

  private static final Comparator<ProductName> BY_NAME =
      Comparator.comparing(ProductName::toString);

  public DownstreamProducts {
    products = List.copyOf(products);
    findings = List.copyOf(findings);
  }

  /**
   * Searches the products in all catalogs of the mesh that their indexes name as dependent.
   *
   * @param breaks the changes that break a reader of these columns; of all columns if none are
   *     given
   */
  public static DownstreamProducts of(
      ClientSession session,
      ProductEntry product,
      int major,
      Function<List<String>, List<ContractDifference.Change>> breaks) {
    DownstreamSearch search = new DownstreamSearch(session, product, major, breaks);
    return new DownstreamProducts(search.products(), search.findings());
  }

  /** Walks from a product to its dependents. Used by one thread. */
  private static final class DownstreamSearch {
    private final ClientSession session;
    private final ProductEntry product;
    private final MajorVersion source;
    private final Function<List<String>, List<ContractDifference.Change>> breaks;
    private final Instant since;
    private final Map<ProductName, ProductInputs> inputs = new TreeMap<>(BY_NAME);

    DownstreamSearch(
        ClientSession session,
        ProductEntry product,
        int major,
        Function<List<String>, List<ContractDifference.Change>> breaks) {
      this.session = session;
      this.product = product;
      this.source = new MajorVersion(product.name(), major);
      this.breaks = breaks;
      this.since = session.runtime().clock().instant().minus(UsageEntry.RECENT);
    }

    /** Rules change no rows, so that only derivations are followed. */
    List<Downstream> products() {
      List<Downstream> downstream = new ArrayList<>();
      Map<ProductName, List<ProductName>> paths = new LinkedHashMap<>();
      Deque<ProductName> open = new ArrayDeque<>(List.of(source.product()));
      paths.put(source.product(), List.of());
      for (ProductName input = open.poll(); input != null; input = open.poll()) {
        List<ProductName> through = paths.getOrDefault(input, List.of());
        for (ProductEntry dependent : DependentProducts.candidates(session, input)) {
          ProductName name = dependent.name();
          if (name.equals(source.product())) {
            continue;
          }
          ProductInputs from =
              inputs.computeIfAbsent(name, each -> ProductInputs.of(session.ledger(), each, since));
          if (!paths.containsKey(name) && derives(from, input)) {
            downstream.add(derived(dependent, columns(from, input), through));
            paths.put(name, append(through, name));
            open.add(name);
          }
          for (Rule rule : rules(session, dependent, input)) {
            downstream.add(referring(dependent, rule, through));
          }
        }
      }
      return downstream;
    }

    private boolean derives(ProductInputs from, ProductName input) {
      return from.inputs().keySet().stream().anyMatch(each -> isInput(each, input));
    }

    /** Of a product between, every major version counts. */
    private boolean isInput(MajorVersion each, ProductName input) {
      return input.equals(source.product()) ? each.equals(source) : each.product().equals(input);
    }

    /** The columns of the input that a product names; empty if a publish names none. */
    private List<String> columns(ProductInputs from, ProductName input) {
      List<List<String>> byMajor =
          from.inputs().entrySet().stream()
              .filter(each -> isInput(each.getKey(), input))
              .map(Map.Entry::getValue)
              .toList();
      return byMajor.contains(List.<String>of())
          ? List.of()
          : byMajor.stream().flatMap(List::stream).distinct().sorted().toList();
    }

    private Downstream derived(
        ProductEntry dependent, List<String> columns, List<ProductName> through) {
      return downstream(
          dependent,
          "derives from it",
          through,
          columns,
          through.isEmpty() ? breaks.apply(columns) : List.of());
    }

    private Downstream referring(ProductEntry dependent, Rule rule, List<ProductName> through) {
      List<String> columns = rule.otherColumns();
      return downstream(
          dependent,
          "rule " + rule.id() + " refers to it",
          through,
          columns,
          through.isEmpty() && isEvaluatedOnSource(columns) ? breaks.apply(columns) : List.of());
    }

    /** A rule without columns refers to the number of rows, which no change of columns breaks. */
    private boolean isEvaluatedOnSource(List<String> columns) {
      return !columns.isEmpty()
          && source.major()
              == session
                  .catalog()
                  .majorForRule(product, columns, MeshAction.of(Verb.DESCRIBE, product.name()));
    }

    private Downstream downstream(
        ProductEntry dependent,
        String because,
        List<ProductName> through,
        List<String> columns,
        List<ContractDifference.Change> broken) {
      ProductName name = dependent.name();
      String contact = session.catalog().ownerOf(dependent, MeshAction.of(Verb.DESCRIBE, name));
      return new Downstream(name, because, through, contact, columns, broken);
    }

    private static List<ProductName> append(List<ProductName> path, ProductName name) {
      List<ProductName> longer = new ArrayList<>(path);
      longer.add(name);
      return List.copyOf(longer);
    }

    List<Finding> findings() {
      List<Finding> findings = new ArrayList<>();
      inputs.forEach(
          (name, from) -> {
            if (!from.complete()) {
              findings.add(incomplete(name));
            }
          });
      return findings;
    }

    private Finding incomplete(ProductName name) {
      return new Finding(
          FindingCode.DOWNSTREAM_INCOMPLETE,
          Severity.WARNING,
          name.toString(),
          "The newest "
              + ProductInputs.MAX_ENTRIES
              + " entries of the log of "
              + name
              + " have no publish that added rows, and older entries were not searched.",
          0,
          List.of(),
          "Ask its owner whether it derives from " + source.product() + ".");
    }
  }

  /** Warns of rules of other products on columns that only the old major version has. */
  public static List<Finding> lostRules(
      ClientSession session, ProductName product, Optional<VersionEntry> next) {
    List<Finding> findings = new ArrayList<>();
    List<String> columns = next.map(VersionEntry::columns).orElse(List.of());
    String cause =
        next.map(to -> ", which major version " + to.major() + " does not have.")
            .orElse(" of this product, which ends.");
    for (ProductEntry dependent : DependentProducts.candidates(session, product)) {
      for (Rule rule : rules(session, dependent, product)) {
        List<String> lost = new ArrayList<>(rule.otherColumns());
        lost.removeIf(column -> columns.contains(column.split("[.\\[{]", 2)[0]));
        if (!lost.isEmpty()) {
          findings.add(
              new Finding(
                  FindingCode.RULE_LOSES_COLUMNS,
                  Severity.WARNING,
                  dependent.name().toString(),
                  "Rule "
                      + rule.id()
                      + " of "
                      + dependent.name()
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

  /** The rules of the live contracts of a product that refer to another one, each once. */
  private static List<Rule> rules(
      ClientSession session, ProductEntry dependent, ProductName product) {
    return session
        .catalog()
        .liveMajors(dependent, MeshAction.of(Verb.DESCRIBE, dependent.name()))
        .stream()
        .flatMap(version -> version.contract().rules().stream())
        .filter(rule -> rule.product().equals(Optional.of(product)))
        .distinct()
        .toList();
  }
}
