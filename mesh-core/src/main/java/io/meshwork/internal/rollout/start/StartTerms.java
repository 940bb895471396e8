package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the caller of a rollout, or of an amendment, specified. Immutable.
 *
 * @param partitioning empty for the partitioning of the current major version
 * @param renamings the new paths of renamed columns by their old paths
 * @param retireAfter empty for the earliest possible day
 * @param excludedRows selects the rows that only the new major version has; empty for none
 * @param withoutHistory true if the new major version starts without rows
 * @param suggestions the IDs of the suggestions that it delivers
 */
record StartTerms(
    Contract contract,
    Optional<List<Partition>> partitioning,
    Map<String, String> renamings,
    String because,
    Optional<LocalDate> retireAfter,
    Optional<String> excludedRows,
    boolean withoutHistory,
    List<String> suggestions) {
  StartTerms {
    partitioning = partitioning.map(List::copyOf);
    renamings = Map.copyOf(renamings);
    suggestions = List.copyOf(suggestions);
  }
}
