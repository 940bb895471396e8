package io.meshwork.internal.index;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Adds to transactions which products their product depends on, so that its consumers are found
 * without reading all products. Nothing is removed, because who reads it decides on the contract
 * and the log. Thread-safe.
 */
final class DependentUpdates {
  /** The most new inputs of a transaction to write by themselves, as its actions are limited. */
  private static final int MAX_INPUTS = 20;

  private final Ledger ledger;

  DependentUpdates(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Adds the products to which rules of a contract refer. */
  void addReferences(CommitDraft<?> draft, ProductName dependent, Contract contract) {
    add(
        draft,
        dependent,
        contract.rules().stream()
            .map(Rule::product)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet()));
  }

  /** Adds the products that a publish states as its inputs. */
  void addInputs(CommitDraft<?> draft, ProductName dependent) {
    add(draft, dependent, MovedTables.inputs(draft.details()));
  }

  /** Adds what is missing of the products on which a product depends. */
  void add(CommitDraft<?> draft, ProductName dependent, Set<ProductName> inputs) {
    Set<Key> missing = new LinkedHashSet<>();
    for (ProductName input : inputs) {
      if (!input.equals(dependent)) {
        addIfMissing(draft, RegistryKeys.dependent(input, dependent), missing);
      }
    }
    if (missing.size() > MAX_INPUTS) {
      missing.clear();
      addIfMissing(draft, RegistryKeys.dependentOnMany(dependent), missing);
    }
    missing.forEach(key -> draft.insert(key, DocumentJson.create()));
  }

  private void addIfMissing(CommitDraft<?> draft, Key key, Set<Key> missing) {
    if (!draft.writtenKeys().contains(key) && !ledger.holds(key)) {
      missing.add(key);
    }
  }
}
