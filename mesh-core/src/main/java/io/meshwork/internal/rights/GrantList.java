package io.meshwork.internal.rights;

import io.meshwork.internal.ledger.VersionedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The grants of a partition at one version of its policy, by sort key. Immutable. */
final class GrantList {
  private final SortedMap<String, StoredGrant> bySort;
  private final GrantsByGrantee byGrantee;

  private GrantList(SortedMap<String, StoredGrant> bySort) {
    this.bySort = bySort;
    this.byGrantee = new GrantsByGrantee(new ArrayList<>(bySort.values()));
  }

  static GrantList of(List<VersionedDocument> documents) {
    SortedMap<String, StoredGrant> bySort = new TreeMap<>();
    documents.forEach(stored -> bySort.put(stored.key().sort(), StoredGrant.of(stored)));
    return new GrantList(bySort);
  }

  /**
   * Returns the list after a change.
   *
   * @param written the grants by sort key; empty for one that is removed
   */
  GrantList with(Map<String, Optional<VersionedDocument>> written) {
    if (written.isEmpty()) {
      return this;
    }
    SortedMap<String, StoredGrant> changed = new TreeMap<>(bySort);
    written.forEach(
        (sort, stored) ->
            stored.ifPresentOrElse(
                each -> changed.put(sort, StoredGrant.of(each)), () -> changed.remove(sort)));
    return new GrantList(changed);
  }

  GrantsByGrantee byGrantee() {
    return byGrantee;
  }

  int size() {
    return bySort.size();
  }
}
