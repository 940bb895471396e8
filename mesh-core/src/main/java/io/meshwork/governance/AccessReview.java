package io.meshwork.governance;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The grants of a domain with their use, for {@code revoke(..)}. Immutable.
 *
 * @param domain the domain that granted them
 * @param at when the review was done
 * @param entries ordered by their product or tags, then by grantee
 * @param mirrorDifferences where a service outside the mesh, such as Lake Formation, lets a
 *     principal read something else of a product of the domain than the mesh does, as of the last
 *     run of {@code Mesh.mirrors()}; empty if the mesh has no such service
 */
public record AccessReview(
    String domain, Instant at, List<Entry> entries, List<String> mirrorDifferences) {
  public AccessReview {
    entries = List.copyOf(entries);
    mirrorDifferences = List.copyOf(mirrorDifferences);
  }

  /**
   * One grant and its use.
   *
   * @param grant the grant
   * @param made when it was granted, the last time if it was revoked in between; empty if no log
   *     has that
   * @param lastUsed when a grantee last used it to read, in the last year and before it ended;
   *     every read of a product of the domain counts as a use of a grant by tags
   * @param unusedColumns granted columns that no grantee read in that time; empty for a grant by
   *     tags
   */
  public record Entry(
      GrantSummary grant,
      Optional<Instant> made,
      Optional<Instant> lastUsed,
      List<String> unusedColumns) {
    public Entry {
      unusedColumns = List.copyOf(unusedColumns);
    }
  }

  /**
   * Grants that are at least this old and that no grantee used in this time. Grants without a
   * {@link Entry#made} time are never included; find these in {@link #entries}.
   *
   * @param time at most the year that a review covers
   */
  public List<Entry> unusedFor(Duration time) {
    Instant since = at.minus(time.isZero() ? time : ArgumentChecks.span("unusedFor", time));
    return entries.stream()
        .filter(entry -> entry.made().filter(createdAt -> !createdAt.isAfter(since)).isPresent())
        .filter(entry -> entry.lastUsed().filter(used -> used.isAfter(since)).isEmpty())
        .toList();
  }

  /** Grants that end within this time. Those that ended are not among them. */
  public List<Entry> expiringWithin(Duration time) {
    Instant last = at.plus(ArgumentChecks.span("expiringWithin", time));
    return entries.stream()
        .filter(
            entry ->
                entry
                    .grant()
                    .until()
                    .filter(end -> end.isAfter(at) && !end.isAfter(last))
                    .isPresent())
        .toList();
  }

  /** Grants that are used, but have unused columns. */
  public List<Entry> broaderThanUsed() {
    return entries.stream()
        .filter(entry -> entry.lastUsed().isPresent() && !entry.unusedColumns().isEmpty())
        .toList();
  }

  /** The IDs of grants, for {@code revoke(..)}. */
  public static String[] ids(List<Entry> entries) {
    return entries.stream().map(entry -> entry.grant().id()).toArray(String[]::new);
  }

  /**
   * A plain-text table with one line for each grant, then the differences of mirrors. Row filters
   * are not shown.
   */
  @Override
  public String toString() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("on", "to", "made", "last used", "ends", "unused columns", "id"));
    for (Entry entry : entries) {
      lines.add(
          List.of(
              entry.grant().on(),
              entry.grant().to(),
              entry.made().map(Instant::toString).orElse("unknown"),
              entry.lastUsed().map(Instant::toString).orElse("never"),
              entry.grant().until().map(Instant::toString).orElse("-"),
              entry.unusedColumns().isEmpty() ? "-" : String.join(", ", entry.unusedColumns()),
              entry.grant().id()));
    }
    StringBuilder table = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        row.append(line.get(i)).append(" ".repeat(width - line.get(i).length() + 2));
      }
      table.append(row.toString().stripTrailing()).append('\n');
    }
    mirrorDifferences.forEach(each -> table.append(each).append('\n'));
    return table.toString();
  }
}
