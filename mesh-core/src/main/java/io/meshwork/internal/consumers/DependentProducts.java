package io.meshwork.internal.consumers;

import io.meshwork.contract.Rule;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the products that depend on a product: their logs name it as an input of rows that were
 * published in the last 90 days, or rules of their live contracts refer to it. Stateless.
 */
public final class DependentProducts {
  private static final long PAGE_SIZE = 1_000;

  private DependentProducts() {}

  /** What one product derived from one major. */
  static final class Derivation {
    private final Set<String> columns = new TreeSet<>();
    private boolean everyColumn;
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;
    private @Nullable Principal by;

    Instant first() {
      return first;
    }

    Instant last() {
      return last;
    }

    Optional<Principal> by() {
      return Optional.ofNullable(by);
    }

    /** The columns of the input; empty if a publish did not name them. */
    List<String> columns() {
      return everyColumn ? List.of() : List.copyOf(columns);
    }

    private void add(VersionedDocument entry, PublishReceipt.Input input) {
      Instant at = Ledger.time(entry);
      first = at.isBefore(first) ? at : first;
      if (at.isAfter(last)) {
        last = at;
        by = principal(entry.json().path("principal").asText()).orElse(null);
      }
      everyColumn |= input.columns().isEmpty();
      input.columns().forEach(pair -> columns.add(pair.substring(pair.indexOf('=') + 1)));
    }
  }

  /** Returns a principal from its text; empty if the text does not name one. */
  static Optional<Principal> principal(String text) {
    String[] parts = text.split("/", 2);
    return parts.length == 2 ? Optional.of(Principal.of(parts[0], parts[1])) : Optional.empty();
  }

  /** Returns the products of the mesh that may depend on a product, by domain and name. */
  public static List<ProductEntry> candidates(ClientSession session, ProductName input) {
    return session.catalog().domains().stream()
        .flatMap(domain -> candidates(session, domain.domain().name(), input).stream())
        .filter(product -> !product.name().equals(input))
        .sorted(Comparator.comparing(product -> product.name().toString()))
        .toList();
  }

  /** Returns the products of a domain that may depend on a product. */
  static List<ProductEntry> candidates(ClientSession session, String domain, ProductName input) {
    Ledger ledger = session.ledger();
    String index = RegistryKeys.index(domain);
    List<VersionedDocument> named =
        new ArrayList<>(ledger.listLenient(index, RegistryKeys.DEPENDENT_ON_MANY));
    named.addAll(ledger.listLenient(index, RegistryKeys.dependents(input)));
    return named.stream()
        .map(stored -> stored.key().sort())
        .map(sort -> ProductName.of(domain + "/" + sort.substring(sort.lastIndexOf('/') + 1)))
        .distinct()
        .flatMap(product -> session.catalog().findProduct(product).stream())
        .toList();
  }

  /** Returns the products on which a product depends, or depended in the last 90 days. */
  public static Set<ProductName> inputs(ClientSession session, ProductEntry product) {
    Set<ProductName> inputs = new LinkedHashSet<>();
    MeshAction action = MeshAction.of(Verb.DESCRIBE, product.name());
    for (int major : session.catalog().majors(product.name())) {
      session
          .catalog()
          .requireFor(Use.DESCRIBE, product.name(), major, action)
          .contract()
          .rules()
          .forEach(rule -> rule.product().ifPresent(inputs::add));
    }
    Instant since = session.runtime().clock().instant().minus(UsageEntry.RECENT);
    for (VersionedDocument entry : entriesSince(session.ledger(), product.name(), since)) {
      inputs.addAll(MovedTables.inputs(entry.json().path("details")));
    }
    inputs.remove(product.name());
    return inputs;
  }

  /** Returns what a product derived from majors of another in the last 90 days. */
  static Map<Integer, Derivation> derivations(
      ClientSession session, ProductName dependent, ProductName input, Instant now) {
    Map<Integer, Derivation> byMajor = new TreeMap<>();
    for (VersionedDocument entry :
        entriesSince(session.ledger(), dependent, now.minus(UsageEntry.RECENT))) {
      for (MovedTable table : MovedTables.of(entry.json().path("details"))) {
        for (PublishReceipt.Input named : table.derivedFrom()) {
          if (named.product().equals(input)) {
            byMajor
                .computeIfAbsent(named.contract().major(), first -> new Derivation())
                .add(entry, named);
          }
        }
      }
    }
    return byMajor;
  }

  private static List<VersionedDocument> entriesSince(
      Ledger ledger, ProductName product, Instant since) {
    String log = RegistryKeys.partition(product);
    List<VersionedDocument> dependents = new ArrayList<>();
    long sequence = ledger.newestSequence(log);
    boolean isRecent = sequence > 0;
    for (long page = sequence / PAGE_SIZE; isRecent && page >= 0; page--) {
      List<VersionedDocument> entries = ledger.thousand(log, page);
      entries.stream()
          .filter(entry -> !Ledger.time(entry).isBefore(since))
          .forEach(dependents::add);
      isRecent = !entries.isEmpty() && !Ledger.time(entries.get(0)).isBefore(since);
    }
    return dependents;
  }

  /** Returns the rules of the live contracts of a product that refer to another, each once. */
  static List<Rule> referringRules(
      ClientSession session, ProductEntry dependent, ProductName target, MeshAction action) {
    List<Rule> rules = new ArrayList<>();
    for (int major : session.catalog().visibleMajors(dependent.name())) {
      VersionEntry version =
          session.catalog().requireFor(Use.DESCRIBE, dependent.name(), major, action);
      if (version.state().isLive()) {
        version.contract().rules().stream()
            .filter(rule -> rule.product().equals(Optional.of(target)))
            .forEach(rules::add);
      }
    }
    return rules.stream().distinct().toList();
  }
}
