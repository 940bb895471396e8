package io.meshwork.internal.suggestions;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads suggestions and their answers. A suggestion is stored in the consumer's partition, the
 * answer in the product's. Thread-safe.
 */
final class SuggestionDocuments {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Ledger ledger;
  private final Catalog catalog;

  SuggestionDocuments(Ledger ledger, Catalog catalog) {
    this.ledger = ledger;
    this.catalog = catalog;
  }

  /** Returns a suggestion to an owner; empty if there is none. */
  Optional<AnsweredSuggestion> find(String owner, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    for (String partition : partitionsTo(owner)) {
      Optional<VersionedDocument> document =
          ledger.read(RegistryKeys.suggestion(partition, owner, id));
      if (document.isPresent()) {
        return document.map(this::answered);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a suggestion of a consuming domain to any owner; empty if there is none.
   *
   * @throws BackendException if it was not found and a catalog could not be read
   */
  Optional<AnsweredSuggestion> findSent(String consumer, String id) {
    BackendException failure = null;
    for (String partition : catalog.consumerPartitions(consumer)) {
      try {
        Optional<VersionedDocument> document =
            in(partition, consumer, RegistryKeys.SUGGESTIONS).stream()
                .filter(stored -> stored.key().sort().endsWith("/" + id))
                .findFirst();
        if (document.isPresent()) {
          return document.map(this::answered);
        }
      } catch (BackendException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  List<AnsweredSuggestion> to(String owner) {
    List<VersionedDocument> suggestions = new ArrayList<>();
    for (String partition : partitionsTo(owner)) {
      suggestions.addAll(ledger.list(partition, RegistryKeys.suggestionsTo(owner)));
    }
    return answered(suggestions);
  }

  /** Returns all suggestions of a consuming domain. */
  List<AnsweredSuggestion> of(String consumer) {
    List<VersionedDocument> suggestions = new ArrayList<>();
    for (String partition : catalog.consumerPartitions(consumer)) {
      suggestions.addAll(in(partition, consumer, RegistryKeys.SUGGESTIONS));
    }
    return answered(suggestions);
  }

  /** Returns the suggestions of a consuming domain for one product. */
  List<AnsweredSuggestion> of(String consumer, ProductName product) {
    return answered(
        in(
                catalog.consumerPartition(consumer, product.domain()),
                consumer,
                RegistryKeys.suggestionsTo(product.domain()))
            .stream()
            .filter(stored -> SuggestionEntry.of(stored).product().equals(product))
            .toList());
  }

  /** Returns the suggestions to an owner whose answers name a rollout of a product. */
  List<AnsweredSuggestion> named(ProductName product, int rollout) {
    return ledger.list(RegistryKeys.partition(product), RegistryKeys.SUGGESTION_ANSWERS).stream()
        .map(AnswerEntry::of)
        .filter(answer -> answer.rollout().orElse(0) == rollout)
        .flatMap(answer -> find(product.domain(), answer.suggestion()).stream())
        .toList();
  }

  private List<VersionedDocument> in(String partition, String consumer, String prefix) {
    return ledger.list(partition, prefix).stream()
        .filter(
            stored ->
                NameGrammar.storage(SuggestionEntry.of(stored).domain())
                    .equals(NameGrammar.storage(consumer)))
        .toList();
  }

  private Set<String> partitionsTo(String owner) {
    Set<String> partitions = new LinkedHashSet<>();
    catalog.consumers(owner).forEach(consumer -> partitions.add(consumer.partition()));
    return partitions;
  }

  private AnsweredSuggestion answered(VersionedDocument suggestion) {
    SuggestionEntry entry = SuggestionEntry.of(suggestion);
    return answered(
        entry, suggestion, ledger.read(RegistryKeys.suggestionAnswer(entry.product(), entry.id())));
  }

  /** Returns suggestions with their answers. Reads the answers of each product once. */
  private List<AnsweredSuggestion> answered(List<VersionedDocument> suggestions) {
    Map<String, Map<Key, VersionedDocument>> answers = new HashMap<>();
    List<AnsweredSuggestion> all = new ArrayList<>();
    for (VersionedDocument suggestion : suggestions) {
      SuggestionEntry entry = SuggestionEntry.of(suggestion);
      Key key = RegistryKeys.suggestionAnswer(entry.product(), entry.id());
      Map<Key, VersionedDocument> ofProduct =
          answers.computeIfAbsent(key.partition(), this::answersIn);
      all.add(answered(entry, suggestion, Optional.ofNullable(ofProduct.get(key))));
    }
    return all;
  }

  private Map<Key, VersionedDocument> answersIn(String partition) {
    return ledger.list(partition, RegistryKeys.SUGGESTION_ANSWERS).stream()
        .collect(Collectors.toMap(VersionedDocument::key, stored -> stored));
  }

  private AnsweredSuggestion answered(
      SuggestionEntry entry, VersionedDocument suggestion, Optional<VersionedDocument> answer) {
    Optional<VersionedDocument> rollout =
        answer
            .map(AnswerEntry::of)
            .filter(last -> last.rollout().isPresent())
            .flatMap(
                last ->
                    ledger.read(RegistryKeys.rollout(entry.product(), last.rollout().getAsInt())));
    return new AnsweredSuggestion(entry, suggestion, answer, rollout);
  }
}
