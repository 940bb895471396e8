package io.meshwork.internal.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishMode;
import java.util.List;

/**
 * Requires that a replacement in several major versions removes the same rows from each: a row is
 * in all of them or in none. An erase removes what it finds.
 */
record SameRowsCheck(
    ClientSession session, ProductName product, PublishMode mode, MeshAction action) {
  /**
   * The rows that a publish removes from a major version.
   *
   * @param count their number
   */
  record RemovedRows(int major, long count) {}

  /**
   * Checks the major versions of a publish.
   *
   * @param majors the leading one first
   * @throws io.meshwork.error.ConflictException if one loses other rows
   */
  void check(List<RemovedRows> majors) {
    if (majors.size() < 2
        || (mode != PublishMode.REPLACE_WHERE && mode != PublishMode.REPLACE_PARTITIONS)) {
      return;
    }
    List<RolloutEntry> open =
        session.ledger().list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
            .map(RolloutEntry::of)
            .filter(rollout -> !rollout.state().isEnded())
            .toList();
    // Not if one started without the history of the other or lacks rows of it.
    if (open.isEmpty() || !open.stream().allMatch(RolloutEntry::isLevel)) {
      return;
    }
    boolean partial = open.stream().anyMatch(rollout -> rollout.leftOut().isPresent());
    majors.forEach(each -> check(majors.get(0), each, partial));
  }

  /**
   * Checks one major version.
   *
   * @param partial true if a newer major version has rows that an older one does not have
   */
  private void check(RemovedRows leading, RemovedRows other, boolean partial) {
    boolean leads = leading.major() > other.major();
    RemovedRows newer = leads ? leading : other;
    RemovedRows older = leads ? other : leading;
    boolean same = partial ? newer.count() >= older.count() : newer.count() == older.count();
    if (!same) {
      throw Failure.of(action)
          .because(
              "it would remove "
                  + leading.count()
                  + " rows of major version "
                  + leading.major()
                  + " and "
                  + other.count()
                  + " rows of major version "
                  + other.major()
                  + ", which would no longer have the same rows")
          .state("Nothing was published.")
          .fix(
              "Call alsoTo("
                  + other.major()
                  + ", mapping, filter) with a filter that selects the same rows.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }
}
