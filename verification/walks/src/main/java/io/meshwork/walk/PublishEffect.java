package io.meshwork.walk;

import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.Rollout;
import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a publish that was accepted does to the rows of each version that it wrote. */
final class PublishEffect {
  private final RolloutWorld world;
  private final RolloutModel model;

  PublishEffect(RolloutWorld world) {
    this.world = world;
    this.model = world.model;
  }

  void apply(PublishReceipt receipt, Version lead, PublishCall publishing) {
    Map<Integer, PublishReceipt> written = new TreeMap<>();
    written.put(receipt.major(), receipt);
    receipt
        .otherVersions()
        .forEach(otherReceipt -> written.put(otherReceipt.major(), otherReceipt));
    Map<Integer, List<Order>> removed = new TreeMap<>();
    List<Version> versions = written.keySet().stream().map(model::version).toList();
    for (Version version : versions) {
      removed.put(version.number, remove(version, lead, publishing));
    }
    add(lead, versions, publishing.rows());
    if (publishing.isErase()) {
      forget(publishing);
    }
    for (Version version : versions) {
      PublishReceipt own = written.get(version.number);
      if (own != null) {
        own.snapshotId().ifPresent(version::remember);
        compare(own, version, lead, publishing, removed.get(version.number));
      }
    }
  }

  private List<Order> remove(Version version, Version lead, PublishCall publishing) {
    List<Order> removed = new ArrayList<>();
    RowFilter filter = publishing.filter(lead, version);
    if (publishing.mode() == PublishCall.Mode.REPLACE_ALL) {
      removed.addAll(version.rows);
    } else if (filter != null) {
      version.rows.stream().filter(filter::test).forEach(removed::add);
    }
    removed.forEach(version.rows::remove);
    return removed;
  }

  private void add(Version lead, List<Version> versions, List<Order> rows) {
    for (Order row : rows) {
      List<Version> into =
          versions.stream().filter(version -> !isLeftOut(row, lead, version)).toList();
      boolean fits = into.stream().allMatch(version -> version.form.fits(row));
      for (Version version : into) {
        if (fits) {
          version.rows.add(row);
          model.erasedRows.remove(row);
        } else {
          version.quarantined.put(row.id(), row);
        }
      }
    }
  }

  /** Rows that a rollout leaves out of the older version are in the newer one only. */
  private boolean isLeftOut(Order row, Version lead, Version version) {
    return row.region().equals("z")
        && model.pairs.stream()
            .anyMatch(
                pair ->
                    pair.leavingOut
                        && pair.state != Rollout.State.ABORTED
                        && pair.to <= lead.number
                        && version.number <= pair.from);
  }

  /** What one filter erased may be nowhere from now on. */
  private void forget(PublishCall publishing) {
    RowFilter filter = publishing.filter();
    if (filter != null && publishing.isOfAllVersions()) {
      erased(filter);
    }
  }

  /** Removes rows from all versions, of which none may have them again. */
  void erased(RowFilter filter) {
    for (Version version : model.all()) {
      List<Order> selected = version.rows.stream().filter(filter::test).toList();
      model.erasedRows.addAll(selected);
      selected.forEach(version.rows::remove);
    }
    model.staged.stream()
        .flatMap(staged -> staged.rows().stream())
        .filter(filter::test)
        .forEach(model.erasedRows::add);
    for (Pair pair : model.pairs) {
      pair.lacking.removeIf(filter::test);
    }
  }

  /** Rows that were published again leave the quarantines of all versions that were written. */
  void republished(PublishReceipt receipt, List<Order> rows) {
    List<PublishReceipt> written = new ArrayList<>(receipt.otherVersions());
    written.add(receipt);
    for (PublishReceipt each : written) {
      rows.forEach(row -> model.version(each.major()).quarantined.remove(row.id()));
    }
  }

  private void compare(
      PublishReceipt receipt,
      Version version,
      Version lead,
      PublishCall publishing,
      @Nullable List<Order> removed) {
    RowFilter filter = publishing.filter(lead, version);
    if (filter != null && receipt.scope().isPresent()) {
      RowFilter stored = null;
      try {
        stored = RowFilter.parse(receipt.scope().get(), version.form);
      } catch (IllegalArgumentException e) {
        // It is not the filter.
      }
      world.require(
          Law.L6,
          filter.equals(stored)
              && receipt.scope().get().contains(filter.in(version.form).split(" ", 2)[0]),
          "the receipt of version "
              + version.number
              + " has the filter '"
              + receipt.scope().get()
              + "', not '"
              + filter.in(version.form)
              + "'",
          "");
    }
    if (removed != null && version.isKnown) {
      world.require(
          Law.L6,
          publishing.isErase()
              ? receipt.rowsRemoved() >= removed.size()
              : receipt.rowsRemoved() == removed.size(),
          "the receipt of version "
              + version.number
              + " has "
              + receipt.rowsRemoved()
              + " removed rows, and "
              + removed.size()
              + " are gone",
          "");
    }
  }
}
