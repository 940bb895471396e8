package io.meshwork.walk;

import io.meshwork.consume.Rows;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is checked from outside after each step. */
final class RolloutLaws {
  /** Of so many refused publishes, one is checked to have changed no rows. */
  private static final int REFUSED = 4;

  private final RolloutWorld world;
  private final RolloutModel model;
  private final RolloutStates states;
  private final Map<Integer, ReadRows> read = new HashMap<>();

  RolloutLaws(RolloutWorld world) {
    this.world = world;
    this.model = world.model;
    this.states = new RolloutStates(world);
  }

  /** Checks all laws; maintenance may have deleted files of tables that did not change. */
  void check() {
    read.clear();
    states.readRollouts();
    states.readVersions();
    checkRows(true);
    checkReaders();
    checkPairs();
  }

  /** Checks the laws that a step can break. */
  void check(RolloutStep step) {
    if (world.isDisturbed()) {
      check();
      return;
    }
    if (step.kind() == RolloutStep.Kind.JUMP || step.kind() == RolloutStep.Kind.MEANWHILE) {
      checkReaders();
    }
    if (!world.hasCalled()) {
      return;
    }
    if (world.hasChanged()) {
      states.readRollouts();
    }
    switch (step.kind()) {
      case MAINTAIN -> check();
      case ADVANCE, BACK_FILL, RESTORE, ABORT, PURGE, MAKE_CURRENT -> {
        if (world.hasChanged()) {
          checkRows(true);
          checkReaders();
        }
      }
      case ERASE -> checkRows(true);
      case ERASE_NOW -> {
        read.clear();
        checkRows(true);
      }
      case PUBLISH, PUBLISH_TO_ONE, REPLACE, ROLL_BACK, PROMOTE, REPUBLISH, CLEAR_QUARANTINE -> {
        if (world.hasChanged() || step.oneIn(REFUSED, 70)) {
          checkRows(false);
        }
      }
      case RAISE, LOWER, PURPOSES, FOUR_EYES, TAG, GRANT, REVOKE, SUSPEND, APPROVE, RESUME ->
          checkReaders();
      default -> {}
    }
    checkPairs();
  }

  /**
   * Checks the rows of versions.
   *
   * @param frozen true to read those that no publish writes, too
   */
  private void checkRows(boolean frozen) {
    for (Version version : model.all()) {
      if (version.hasFiles() && (frozen || !version.state.isRetired())) {
        checkRows(version);
      }
    }
  }

  private void checkReaders() {
    for (Version version : model.published()) {
      checkReader(version);
    }
    if (model.fourEyes) {
      world.require(
          Law.L3,
          world.one.shop().describe(RolloutWorld.PRODUCT).contract().requiresFourEyes(),
          "two approvals were required in one version, and the product does not require them",
          "");
    }
  }

  private void checkPairs() {
    for (Pair pair : model.pairs) {
      checkPair(pair);
    }
  }

  /** The rows that a table had when it was read. */
  private record ReadRows(String table, List<Order> rows) {}

  /** Reads the rows of a version, if its table changed since they were read. */
  private List<Order> rows(Version version) {
    String table = world.one.table(version.number);
    ReadRows last = read.get(version.number);
    if (last != null && last.table().equals(table)) {
      return last.rows();
    }
    List<Order> have = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        world.one.shop().read(RolloutWorld.PRODUCT).majorVersion(version.number).asMaps().rows()) {
      rows.forEach(row -> have.add(OrderForm.order(row)));
    } catch (MeshException e) {
      throw new BrokenLaw(
          Law.L8, "the owner cannot read version " + version.number + ": " + e.getMessage(), "");
    }
    read.put(version.number, new ReadRows(table, have));
    return have;
  }

  /** The owner reads the rows that the model has, and none that was erased. */
  private void checkRows(Version version) {
    List<Order> have = rows(version);
    String show = "one.show(%d);".formatted(version.number);
    if (version.isKnown) {
      List<Order> erased = have.stream().filter(model.erasedRows::contains).toList();
      world.require(
          Law.L2,
          erased.isEmpty(),
          "version "
              + version.number
              + ", which is "
              + version.state
              + ", has the erased rows "
              + erased,
          show);
      List<Order> want = RowLists.sorted(version.rows);
      List<Order> sorted = RowLists.sorted(have);
      world.require(
          Law.L1,
          sorted.equals(want),
          "version "
              + version.number
              + " has "
              + RowLists.minus(sorted, want)
              + " too many and lacks "
              + RowLists.minus(want, sorted),
          show);
    }
  }

  /** Two versions between which a rollout stands differ only in what the rollout knows. */
  private void checkPair(Pair pair) {
    Version from = model.version(pair.from);
    Version to = model.version(pair.to);
    if (!pair.stands() || pair.behind || !from.isKnown || !to.isKnown) {
      return;
    }
    List<Order> older = RolloutDifference.unexplained(model, pair, true);
    List<Order> newer = RolloutDifference.unexplained(model, pair, false);
    world.require(
        Law.L1,
        older.size() + newer.size() <= pair.changedAlone,
        "the rollout knows "
            + pair.changedAlone
            + " rows that changed in one version alone, and only version "
            + pair.from
            + " has "
            + older
            + ", only version "
            + pair.to
            + " has "
            + newer,
        "one.show(%d); one.show(%d);".formatted(pair.from, pair.to));
  }

  /** A consumer sees what protections and suspensions leave. */
  private void checkReader(Version version) {
    Instant now = world.clock.instant();
    boolean suspended = model.isSuspended(version.number, now);
    String show = "one.showTo(%d);".formatted(version.number);
    List<String> columns;
    try (Rows<Map<String, Object>> rows =
        world.one.fin().read(RolloutWorld.PRODUCT).majorVersion(version.number).asMaps().rows()) {
      columns = rows.columns();
    } catch (MeshException e) {
      if (e.errorCode() != ErrorCode.READS_SUSPENDED) {
        throw new BrokenLaw(
            Law.L8,
            "a consumer cannot read version " + version.number + ": " + e.getMessage(),
            show);
      }
      world.require(
          Law.L4,
          !model.suspensions.isEmpty(),
          "version " + version.number + " is suspended, although each suspension ended",
          show);
      return;
    }
    world.require(
        Law.L4,
        !suspended,
        "a consumer reads version " + version.number + ", which is suspended",
        show);
    world.require(
        Law.L3,
        !model.nameRestricted
            || model.nameOpenIn.contains(version.number)
            || !columns.contains(version.form.name()),
        "a consumer reads the column '"
            + version.form.name()
            + "' of version "
            + version.number
            + ", which is restricted",
        show);
  }
}
