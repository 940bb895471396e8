package io.meshwork.odcs.internal.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Searches the columns that identify each row: one column, otherwise two, otherwise three. */
public final class KeySearch {
  /** With fewer rows, too many columns are unique. */
  public static final int MIN_ROWS = 10;

  private static final int MAX_COMBINED = 10;
  private static final int MAX_KEYS = 3;

  /**
   * Columns that are unique.
   *
   * @param rows the number of checked rows
   */
  public record Key(List<String> columns, long rows) {}

  private record Candidate(String name, int position, ValueProfile profile) {
    boolean isTime() {
      return profile.kinds().stream()
          .anyMatch(
              kind ->
                  kind == ValueKind.DATE
                      || kind == ValueKind.TIME
                      || kind == ValueKind.LOCAL_TIMESTAMP
                      || kind == ValueKind.INSTANT);
    }
  }

  private final SourceProfile observed;

  public KeySearch(SourceProfile observed) {
    this.observed = observed;
  }

  /** Returns the shortest keys, the most likely first; empty if no three columns are unique. */
  public List<Key> keys() {
    if (observed.count() < MIN_ROWS) {
      return List.of();
    }
    List<Candidate> candidates = candidates();
    List<Key> keys = single(candidates);
    if (keys.isEmpty()) {
      List<Candidate> combined =
          candidates.stream()
              .filter(each -> each.profile.distinct().count() > 1)
              .sorted(Comparator.comparingLong(each -> -each.profile.distinct().count()))
              .limit(MAX_COMBINED)
              .sorted(Comparator.comparingInt(Candidate::position))
              .toList();
      combine(combined, 2, 0, new ArrayList<>(), keys);
      if (keys.isEmpty()) {
        combine(combined, 3, 0, new ArrayList<>(), keys);
      }
    }
    return keys.subList(0, Math.min(keys.size(), MAX_KEYS));
  }

  private List<Candidate> candidates() {
    List<Candidate> keys = new ArrayList<>();
    int position = 0;
    for (Map.Entry<String, ValueProfile> field : observed.rows().fields().entrySet()) {
      ValueProfile profile = field.getValue();
      if (position < RowHashSample.MAX_COLUMNS
          && observed.rows().nullsOf(profile) == 0
          && profile.isOfOneForm()
          && profile.kinds().stream().allMatch(ValueKind::canBeKey)) {
        keys.add(new Candidate(field.getKey(), position, profile));
      }
      position++;
    }
    return keys;
  }

  private List<Key> single(List<Candidate> candidates) {
    List<Key> keys = new ArrayList<>();
    for (Candidate each : candidates) {
      HashSet64 distinct = each.profile.distinct();
      if (distinct.isComplete()) {
        if (distinct.count() == observed.count()) {
          keys.add(new Key(List.of(each.name), observed.count()));
        }
      } else if (observed.hashes().areDistinct(new int[] {each.position})) {
        keys.add(new Key(List.of(each.name), observed.hashes().rows()));
      }
    }
    List<String> times =
        candidates.stream().filter(Candidate::isTime).map(Candidate::name).toList();
    keys.sort(Comparator.comparing(key -> times.containsAll(key.columns())));
    return keys;
  }

  private void combine(
      List<Candidate> from, int size, int next, List<Candidate> chosen, List<Key> keys) {
    if (keys.size() == MAX_KEYS) {
      return;
    }
    if (chosen.size() == size) {
      if (observed.hashes().areDistinct(chosen.stream().mapToInt(Candidate::position).toArray())) {
        keys.add(new Key(chosen.stream().map(Candidate::name).toList(), observed.hashes().rows()));
      }
      return;
    }
    for (int i = next; i < from.size(); i++) {
      chosen.add(from.get(i));
      combine(from, size, i + 1, chosen, keys);
      chosen.remove(chosen.size() - 1);
    }
  }
}
