package io.meshwork.internal.rights;

import io.meshwork.internal.ledger.VersionedDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The grants of a partition at one version of its policy, by sort key. A list after a few changes
 * shares what is indexed of the one before. Immutable.
 */
final class GrantList {
  /** How many changes to hold outside the index until all is indexed again. */
  private static final int MAX_CHANGES = 64;

  private final IndexedGrants indexed;

  /** The grants that were written since, and what was removed. */
  private final SortedMap<String, Optional<StoredGrant>> changes;

  private final IndexedGrants written;

  private GrantList(IndexedGrants indexed, SortedMap<String, Optional<StoredGrant>> changes) {
    this.indexed = indexed;
    this.changes = changes;
    SortedMap<String, StoredGrant> bySort = new TreeMap<>();
    changes.forEach((sort, grant) -> grant.ifPresent(each -> bySort.put(sort, each)));
    this.written = IndexedGrants.of(bySort);
  }

  /** Grants in the order of their sort keys. */
  private record IndexedGrants(List<String> sorts, GrantsByGrantee grants) {
    static IndexedGrants of(SortedMap<String, StoredGrant> bySort) {
      return new IndexedGrants(
          new ArrayList<>(bySort.keySet()), new GrantsByGrantee(new ArrayList<>(bySort.values())));
    }

    void addTo(
        Map<String, StoredGrant> allGrants, Function<GrantsByGrantee, Set<Integer>> selection) {
      selection
          .apply(grants)
          .forEach(position -> allGrants.put(sorts.get(position), grants.all().get(position)));
    }
  }

  static GrantList of(List<VersionedDocument> documents) {
    SortedMap<String, StoredGrant> bySort = new TreeMap<>();
    documents.forEach(stored -> bySort.put(stored.key().sort(), StoredGrant.of(stored)));
    return new GrantList(IndexedGrants.of(bySort), new TreeMap<>());
  }

  /**
   * Returns the list after a change.
   *
   * @param more the grants by sort key; empty for one that is removed
   */
  GrantList with(Map<String, Optional<VersionedDocument>> more) {
    if (more.isEmpty()) {
      return this;
    }
    SortedMap<String, Optional<StoredGrant>> all = new TreeMap<>(changes);
    more.forEach((sort, stored) -> all.put(sort, stored.map(StoredGrant::of)));
    GrantList changed = new GrantList(indexed, all);
    return all.size() <= MAX_CHANGES
        ? changed
        : new GrantList(
            IndexedGrants.of(changed.bySort(GrantsByGrantee::everywhere)), new TreeMap<>());
  }

  /** Returns the grants at the positions that a selection returns, in the order of sort keys. */
  List<StoredGrant> select(Function<GrantsByGrantee, Set<Integer>> selection) {
    return List.copyOf(bySort(selection).values());
  }

  private SortedMap<String, StoredGrant> bySort(Function<GrantsByGrantee, Set<Integer>> selection) {
    SortedMap<String, StoredGrant> grants = new TreeMap<>();
    indexed.addTo(grants, selection);
    grants.keySet().removeAll(changes.keySet());
    written.addTo(grants, selection);
    return grants;
  }

  boolean has(String sort) {
    return changes.containsKey(sort) || Collections.binarySearch(indexed.sorts(), sort) >= 0;
  }

  int size() {
    return indexed.sorts().size() + changes.size();
  }
}
