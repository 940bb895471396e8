package io.meshwork.governance;

import io.meshwork.access.GrantCard;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The grants of a domain with how they are used; {@code revoke(..)} takes their ids. Immutable.
 *
 * @param domain whose grants they are
 * @param at when it was looked at
 * @param entries by the product or choice that they are on, then by grantee
 */
public record AccessReview(String domain, Instant at, List<Entry> entries) {
  /** Copies the entries. */
  public AccessReview {
    entries = List.copyOf(entries);
  }

  /**
   * One grant and its use.
   *
   * @param grant the grant
   * @param made when it was made, the last time that it was not there before; empty if no log tells
   *     of that
   * @param lastUsed when somebody whom it is for last read what it is on, in the last year; a grant
   *     by tags counts as used by any read of a product of the domain
   * @param unusedColumns columns that it allows and that nobody whom it is for read in that time;
   *     of a grant by tags none are named
   */
  public record Entry(
      GrantCard grant,
      Optional<Instant> made,
      Optional<Instant> lastUsed,
      List<String> unusedColumns) {
    /** Copies the columns. */
    public Entry {
      unusedColumns = List.copyOf(unusedColumns);
    }
  }

  /**
   * Grants that were made so long ago or longer, and that nobody whom they are for used in that
   * time, though before perhaps. Those of which no log tells when they were made are never among
   * them: look at {@link #entries} for these.
   *
   * @param time up to the year that a review looks back on
   */
  public List<Entry> unusedFor(Duration time) {
    Instant since = at.minus(time.isZero() ? time : ArgumentChecks.span("unusedFor", time));
    return entries.stream()
        .filter(entry -> entry.made().filter(made -> !made.isAfter(since)).isPresent())
        .filter(entry -> entry.lastUsed().filter(used -> used.isAfter(since)).isEmpty())
        .toList();
  }

  /** Grants that end within this time. */
  public List<Entry> expiringWithin(Duration time) {
    Instant last = at.plus(ArgumentChecks.span("expiringWithin", time));
    return entries.stream()
        .filter(entry -> entry.grant().until().filter(end -> !end.isAfter(last)).isPresent())
        .toList();
  }

  /** Grants that are used, and that allow columns which nobody reads. */
  public List<Entry> broaderThanUsed() {
    return entries.stream()
        .filter(entry -> entry.lastUsed().isPresent() && !entry.unusedColumns().isEmpty())
        .toList();
  }

  /** The ids of some grants, as {@code revoke(..)} takes them. */
  public static String[] ids(List<Entry> entries) {
    return entries.stream().map(entry -> entry.grant().id()).toArray(String[]::new);
  }

  /** A table of text, one grant a line; conditions on rows are not shown. */
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
    return table.toString();
  }
}
