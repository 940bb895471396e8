package io.meshwork.walk;

import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.walk.RolloutModel.Pair;
import io.meshwork.walk.RolloutModel.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Steps of rollouts, from their start to the purge. */
final class VersionSteps {
  private static final int MOST_VERSIONS = 3;
  private static final long LIMIT = 10_000;
  private static final Duration NOTICE = Duration.ofDays(60);
  private final RolloutWorld world;
  private final RolloutModel model;
  private final RowSteps rowSteps;
  private final ReaderSteps readers;
  private final RolloutStates states;

  VersionSteps(RolloutWorld world, RowSteps rows, ReaderSteps readers) {
    this.rowSteps = rows;
    this.world = world;
    this.model = world.model;
    this.readers = readers;
    this.states = new RolloutStates(world);
  }

  void run(RolloutStep step) {
    switch (step.kind()) {
      case ADVANCE -> {
        advance(step);
        if (step.oneIn(3, 14)) {
          if (world.hasChanged()) {
            states.read();
          }
          advance(step);
        }
      }
      case BACK_FILL -> newest().ifPresent(pair -> backFill(step, pair));
      case RESTORE -> pair(step, Rollout.State.RETIRED).ifPresent(pair -> restore(step, pair));
      case ABORT -> abort(step);
      case PURGE ->
          pair(step, step.oneIn(2, 1) ? Rollout.State.RETIRED : Rollout.State.ABORTED)
              .ifPresent(
                  pair -> {
                    world.pass(Duration.ofDays(15));
                    change(step, pair, "purge().because(\"done\")");
                  });
      case VERIFY -> newest().ifPresent(pair -> verify(step, pair));
      case MAKE_CURRENT -> newest().ifPresent(pair -> change(step, pair, "makeCurrent()"));
      default -> throw new IllegalStateException(step.kind().toString());
    }
    if (world.hasChanged()) {
      states.read();
      if (step.kind() == RolloutStep.Kind.PURGE || step.kind() == RolloutStep.Kind.MAKE_CURRENT) {
        states.readVersions();
      }
    }
  }

  /** Restores a version, and sometimes erases from it once another one is prepared. */
  private void restore(RolloutStep step, Pair pair) {
    if (step.oneIn(3, 74)) {
      rowSteps.eraseAlone(step, model.version(pair.from));
    }
    if (change(step, pair, "restore().because(\"a report\")") && step.oneIn(2, 72)) {
      states.read();
      start(step);
      newest()
          .filter(next -> next.state == Rollout.State.PLANNED)
          .ifPresent(next -> backFill(step, next));
      rowSteps.erase(step, model.version(pair.from));
    }
  }

  private Optional<Pair> newest() {
    List<Pair> open = model.pairs.stream().filter(pair -> !pair.state.isEnded()).toList();
    return open.isEmpty() ? Optional.empty() : Optional.of(open.get(open.size() - 1));
  }

  private Optional<Pair> pair(RolloutStep step, Rollout.State state) {
    List<Pair> all = model.pairs.stream().filter(pair -> pair.state == state).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(step.subject(all));
  }

  private void advance(RolloutStep step) {
    List<Pair> open = model.pairs.stream().filter(pair -> !pair.state.isEnded()).toList();
    if (open.isEmpty()) {
      start(step);
      return;
    }
    Pair pair = step.subject(open);
    if (pair.apart && !step.oneIn(3, 15)) {
      level(step, pair);
      return;
    }
    switch (pair.state) {
      case PLANNED, ANNOUNCED -> {
        if (!pair.level) {
          backFill(step, pair);
        } else if (pair.state == Rollout.State.PLANNED && step.oneIn(2, 2)) {
          change(step, pair, "announce()");
        } else {
          activate(step, pair);
        }
      }
      case PARALLEL -> {
        if (step.oneIn(3, 3) && open.size() + 1 < MOST_VERSIONS) {
          start(step);
        } else {
          change(step, pair, "close()");
        }
      }
      default -> {
        if (!pair.announced) {
          change(step, pair, "announce()");
        } else if (step.oneIn(pair.behind ? 2 : 4, 5) && open.size() + 1 < MOST_VERSIONS) {
          start(step);
        } else if (pair.behind && !step.oneIn(3, 3)) {
          backFill(step, pair);
        } else {
          retire(step, pair);
        }
      }
    }
  }

  /** Publishes what one version lacks to it alone, and compares them. */
  private void level(RolloutStep step, Pair pair) {
    for (boolean older : new boolean[] {true, false}) {
      List<Order> rows = RolloutDifference.unpublished(model, pair, older);
      Version target = model.version(older ? pair.to : pair.from);
      if (!rows.isEmpty() && target.isOpen()) {
        rowSteps.publish(step, target, PublishCall.toOne(rows));
      }
    }
    verify(step, pair);
  }

  private void start(RolloutStep step) {
    List<Version> published = model.published();
    if (published.isEmpty()) {
      return;
    }
    Version from = published.get(published.size() - 1);
    OrderForm form = next(step, from.form);
    boolean leavingOut =
        step.oneIn(3, 6) && model.pairs.stream().noneMatch(pair -> pair.leavingOut);
    boolean withoutHistory = step.oneIn(12, 7);
    int number = 1 + model.versions.lastKey();
    StringBuilder text =
        new StringBuilder("@shop.startRollout(P).contract(V%d.contract())".formatted(number));
    if (!form.region().equals(from.form.region())) {
      text.append(".renameColumn(\"%s\", \"%s\")".formatted(from.form.region(), form.region()));
    }
    if (!form.name().equals(from.form.name())) {
      text.append(".renameColumn(\"%s\", \"%s\")".formatted(from.form.name(), form.name()));
    }
    String filter = form.region() + " = 'z'";
    if (leavingOut) {
      text.append(".excludeRows(\"%s\")".formatted(filter));
    }
    if (withoutHistory) {
      text.append(".withoutHistory()");
    }
    world.line("static Form V" + number + " = " + form.code() + ";");
    List<MajorRollout> started = new ArrayList<>();
    Function<ShopProcess, StartRollout> start =
        process -> {
          StartRollout rollout =
              process.shop().startRollout(RolloutWorld.PRODUCT).contract(form.contract());
          if (!form.region().equals(from.form.region())) {
            rollout.renameColumn(from.form.region(), form.region());
          }
          if (!form.name().equals(from.form.name())) {
            rollout.renameColumn(from.form.name(), form.name());
          }
          if (leavingOut) {
            rollout.excludeRows(filter);
          }
          if (withoutHistory) {
            rollout.withoutHistory();
          }
          return rollout.because("x");
        };
    if (world.callAsPreviewed(
        step,
        text + ".because(\"x\")",
        process -> start.apply(process).plan().isAllowed(),
        process -> {
          started.clear();
          started.add(start.apply(process).commit());
        })) {
      MajorRollout rollout = started.get(0);
      int to = rollout.to();
      Pair pair = new Pair(rollout.number(), from.number, to, leavingOut, withoutHistory);
      Version version = new Version(to, form);
      version.isKnown = withoutHistory;
      model.versions.put(to, version);
      model.pairs.add(pair);
    }
  }

  private OrderForm next(RolloutStep step, OrderForm form) {
    int bits = step.third() / 3 % 16;
    String region =
        bits % 2 == 0 ? form.region() : form.region().equals("area") ? "region" : "area";
    String name =
        bits / 2 % 3 != 1 ? form.name() : form.name().equals("person") ? "name" : "person";
    boolean note = bits / 4 % 3 == 1 && !form.note();
    boolean same = region.equals(form.region()) && name.equals(form.name()) && note == form.note();
    boolean cents = (same || bits / 8 == 1) ? !form.cents() : form.cents();
    long limit = step.oneIn(3, 8) ? LIMIT : 0;
    return new OrderForm(region, name, cents, note, limit, step.oneIn(6, 9));
  }

  private void backFill(RolloutStep step, Pair pair) {
    boolean back = pair.behind;
    Version source = model.version(back ? pair.to : pair.from);
    Version target = model.version(back ? pair.from : pair.to);
    boolean slowly = step.oneIn(4, 10);
    world.call(
        step,
        "@rollout(%d).backFill(V%d::of)%s.commit()"
            .formatted(
                pair.number,
                target.number,
                slowly ? ".rowsPerSecond(1).timeout(Duration.ofSeconds(2))" : ""),
        process -> {
          BackFill fill = process.rollout(pair.number).backFill(target.form::of);
          if (slowly) {
            fill.rowsPerSecond(1).timeout(Duration.ofSeconds(2));
          }
          fill.commit();
        });
    states.filled(pair, source, target);
  }

  private void activate(RolloutStep step, Pair pair) {
    long rejected = pair.withoutHistory ? 0 : pair.lacking.size();
    boolean accepting = rejected > 0 && !step.oneIn(5, 13);
    boolean done =
        change(
            step,
            pair,
            accepting
                ? "activateWithout(" + rejected + "L).because(\"it is nonsense\")"
                : "activate()");
    if (done && accepting && step.oneIn(3, 73)) {
      states.read();
      exchange(step, pair);
    }
  }

  /** Erases an accepted row, and publishes another one that only the older version gets. */
  private void exchange(RolloutStep step, Pair pair) {
    Version from = model.version(pair.from);
    RowFilter accepted = RowFilter.id(pair.lacking.get(0).id());
    rowSteps.publish(step, from, PublishCall.erasing(accepted, accepted));
    rowSteps.publish(step, from, PublishCall.toOne(List.of(rowSteps.fresh("a", 100))));
    verify(step, pair);
  }

  private boolean change(RolloutStep step, Pair pair, String what) {
    String text = "@rollout(%d).%s".formatted(pair.number, what);
    RolloutWorld.Call commit =
        process -> RolloutChanges.of(process.rollout(pair.number), what).commit();
    return step.oneIn(2, 11)
        ? world.callAsPreviewed(
            step,
            text,
            process -> RolloutChanges.of(process.rollout(pair.number), what).plan().isAllowed(),
            commit)
        : world.call(step, text + ".commit()", commit);
  }

  private void retire(RolloutStep step, Pair pair) {
    readers.moveAll(step, pair.from, pair.to);
    world.pass(NOTICE);
    List<Order> unexplained = RolloutDifference.unexplained(model, pair, true);
    boolean areKnown = model.version(pair.from).isKnown && model.version(pair.to).isKnown;
    boolean done = change(step, pair, "retire()");
    if (done && areKnown && !pair.behind) {
      world.require(
          Law.L1,
          unexplained.isEmpty(),
          "version " + pair.from + " retires with rows that no other version has: " + unexplained,
          "one.show(%d); one.show(%d);".formatted(pair.from, pair.to));
    }
    if (done && step.oneIn(4, 75)) {
      states.read();
      rowSteps.eraseAlone(step, model.version(pair.from));
      change(step, pair, "restore().because(\"too early\")");
    }
  }

  private void abort(RolloutStep step) {
    newest()
        .ifPresent(
            pair -> {
              if (step.oneIn(2, 12)) {
                world.pass(Duration.ofDays(40));
              }
              change(step, pair, "abort().because(\"no\")");
            });
  }

  /** Reads the states of rollouts and versions. */
  void readStates() {
    states.read();
  }

  /** After a change of one version alone, sometimes compares both, and tries to retire one. */
  void verifyApart(RolloutStep step) {
    if (world.hasChanged() && step.oneIn(3, 76)) {
      states.read();
      model.pairs.stream()
          .filter(pair -> pair.apart && pair.stands())
          .findFirst()
          .ifPresent(
              pair -> {
                verify(step, pair);
                if (pair.announced && step.oneIn(2, 77)) {
                  change(step, pair, "close()");
                  retire(step, pair);
                }
                states.read();
              });
    }
  }

  void verify(RolloutStep step, Pair pair) {
    if (!pair.stands()) {
      return;
    }
    Version from = model.version(pair.from);
    Version to = model.version(pair.to);
    List<MajorRollout.Verification> verified = new ArrayList<>();
    boolean done =
        world.call(
            step,
            "@verify(%d, %d, V%d::of)".formatted(pair.number, pair.from, pair.to),
            process -> {
              verified.clear();
              verified.add(process.rollout(pair.number).verify(pair.from, to.form::of).commit());
            });
    if (done && from.isKnown && to.isKnown) {
      requireCounts(verified.get(0), pair);
      List<Order> differ = new ArrayList<>(RolloutDifference.unexplained(model, pair, true));
      differ.addAll(RolloutDifference.unexplained(model, pair, false));
      world.require(
          Law.L1,
          verified.get(0).isEqual()
              ? differ.isEmpty()
              : !differ.isEmpty() || RolloutDifference.hasUnknown(model, pair),
          "verify() says level="
              + verified.get(0).isEqual()
              + ", and the versions differ in "
              + differ,
          "one.show(%d); one.show(%d);".formatted(pair.from, pair.to));
    }
  }

  /** A comparison finds just the rows that one version has and the other not. */
  private void requireCounts(MajorRollout.Verification verified, Pair pair) {
    List<Order> from = model.version(pair.from).rows;
    List<Order> to = model.version(pair.to).rows;
    int older = RowLists.minus(from, to).size();
    int newer = RolloutDifference.unexplained(model, pair, false).size();
    world.require(
        Law.L1,
        verified.onlyInOld() == older && verified.onlyInNew() == newer,
        "verify() finds "
            + verified.onlyInOld()
            + " and "
            + verified.onlyInNew()
            + " rows that one version has alone, which are "
            + older
            + " and "
            + newer,
        "one.show(%d); one.show(%d);".formatted(pair.from, pair.to));
  }
}
