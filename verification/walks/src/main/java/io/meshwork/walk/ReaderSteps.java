package io.meshwork.walk;

import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.walk.RolloutModel.Copy;
import io.meshwork.walk.RolloutModel.Version;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Steps of consumers that keep copies. */
final class ReaderSteps {
  private static final int MOST_COPIES = 3;
  private static final int MOST_BATCHES = 100;

  /** Why a poll may be refused. */
  private static final Set<ErrorCode> REFUSALS =
      EnumSet.of(
          ErrorCode.READS_SUSPENDED,
          ErrorCode.MAJOR_RETIRED,
          ErrorCode.PURPOSE_NOT_ALLOWED,
          ErrorCode.ACCESS_DENIED);

  private final RolloutWorld world;
  private final RolloutModel model;

  ReaderSteps(RolloutWorld world) {
    this.world = world;
    this.model = world.model;
  }

  void run(RolloutStep step) {
    List<Version> open = model.published();
    if (open.isEmpty()) {
      return;
    }
    if (step.kind() == RolloutStep.Kind.SUBSCRIBE) {
      subscribe(step, step.subject(open));
      return;
    }
    if (model.copies.isEmpty()) {
      return;
    }
    Copy copy = step.subject(model.copies);
    Version version = another(step, open, copy);
    switch (step.kind()) {
      case POLL -> drain(copy);
      case POLL_AGAIN -> {
        pollOnly(copy);
        if (step.oneIn(2, 4)) { // the batch comes again
          drain(copy);
        }
      }
      case MOVE -> {
        move(step, copy, version);
        if (step.oneIn(2, 1)) {
          drain(copy);
        }
      }
      case TRY_OUT -> plan(step, copy, version);
      default -> throw new IllegalStateException(step.kind().toString());
    }
  }

  /** Chooses a version that a copy is not of, if there is one. */
  private static Version another(RolloutStep step, List<Version> open, Copy copy) {
    List<Version> others = open.stream().filter(each -> each.number != copy.major).toList();
    List<Version> among = others.isEmpty() ? open : others;
    return among.get(step.third() % among.size());
  }

  private void subscribe(RolloutStep step, Version version) {
    if (model.copies.size() >= MOST_COPIES) {
      return;
    }
    String purpose = step.oneIn(3, 3) ? "marketing" : "audit";
    Copy copy = new Copy("c" + world.nextNumber(), step.oneIn(4, 2), purpose, version.number);
    boolean done = open(step, copy, version, purpose);
    if (done) {
      copy.major = subscription(copy).major();
      world.require(
          Law.L3,
          !model.forbids(purpose),
          "version "
              + copy.major
              + " is read for '"
              + purpose
              + "', although purposes are restricted to "
              + model.purposes,
          "");
      model.copies.add(copy);
    }
  }

  private boolean open(RolloutStep step, Copy copy, Version version, String purpose) {
    String name = world.process(step).name;
    return world.call(
        step,
        "copy(\"%s\", %s, () -> %s.commit())"
            .formatted(copy.name, name, text(copy, version, purpose)),
        process ->
            world.subscriptions.put(
                copy.name,
                new OpenedSubscription(
                    process, in -> subscribe(in, copy, version, purpose).commit())));
  }

  private static Subscribe<Map<String, Object>> subscribe(
      ShopProcess process, Copy copy, Version version, String purpose) {
    var start = process.fin().subscribe(RolloutWorld.PRODUCT).name(copy.name).purpose(purpose);
    if (copy.following) {
      start.followRollouts();
    } else {
      start.majorVersion(version.number).allowDeprecated().because("x");
    }
    return start.columns("id", version.form.region(), "price").asMaps();
  }

  private static String text(Copy copy, Version version, String purpose) {
    return "@fin.subscribe(P).name(\"%s\").purpose(\"%s\").%s.columns(\"id\", \"%s\", \"price\").asMaps()"
        .formatted(
            copy.name,
            purpose,
            copy.following
                ? "followRollouts()"
                : "majorVersion(%d).allowDeprecated().because(\"x\")".formatted(version.number),
            version.form.region());
  }

  private Subscription<Map<String, Object>> subscription(Copy copy) {
    return opened(copy).get();
  }

  private OpenedSubscription opened(Copy copy) {
    OpenedSubscription opened = world.subscriptions.get(copy.name);
    if (opened == null) {
      throw new IllegalStateException("no subscription " + copy.name);
    }
    return opened;
  }

  private void move(RolloutStep step, Copy copy, Version version) {
    if (copy.following) {
      return;
    }
    if (open(step, copy, version, copy.purpose)) {
      copy.major = version.number;
    }
  }

  /** Moves all copies of a version, and reads the other one, so that the version can retire. */
  void moveAll(RolloutStep step, int from, int to) {
    for (Copy copy : model.copies) {
      if (copy.major == from) {
        move(step, copy, model.version(to));
        drain(copy);
      }
    }
  }

  /** Brings all copies up to date. */
  void drainAll() {
    model.copies.forEach(this::drain);
  }

  private void pollOnly(Copy copy) {
    world.call(
        opened(copy).process,
        "poll(\"" + copy.name + "\", false)",
        process -> {
          try (Batch<Map<String, Object>> batch = subscription(copy).poll()) {
            rows(batch);
          }
        });
  }

  private List<Order> rows(Batch<Map<String, Object>> batch) {
    List<Order> rows = new ArrayList<>();
    batch.forEach(row -> rows.add(OrderForm.order(row).withoutName()));
    for (Order row : rows) {
      world.require(
          Law.L2,
          model.erasedRows.stream().noneMatch(erased -> erased.withoutName().equals(row)),
          "a batch has the erased row " + row,
          "");
    }
    return rows;
  }

  private void drain(Copy copy) {
    List<@Nullable MeshException> refusals = new ArrayList<>();
    boolean done =
        world.call(
            opened(copy).process,
            "poll(\"" + copy.name + "\", true)",
            process -> {
              refusals.clear();
              try {
                apply(copy);
              } catch (MeshException e) {
                refusals.add(e);
                throw e;
              }
            });
    if (!done) {
      MeshException why = refusals.isEmpty() ? null : refusals.get(0);
      if (why != null && isExpired(why)) {
        drain(copy);
        return;
      }
      if (why != null) {
        world.require(
            Law.L5,
            REFUSALS.contains(why.errorCode()),
            "a poll of version " + copy.major + " is refused: " + why.getMessage(),
            "");
      }
      return;
    }
    copy.major = subscription(copy).major();
    Version version = model.version(copy.major);
    if (version.isKnown) {
      List<Order> want = RowLists.withoutNames(version.rows);
      List<Order> have = RowLists.sorted(copy.rows);
      world.require(
          Law.L5,
          have.equals(want),
          "the copy of version "
              + copy.major
              + " has "
              + RowLists.minus(have, want)
              + " too many and lacks "
              + RowLists.minus(want, have),
          "one.show(%d);".formatted(copy.major));
    }
  }

  /**
   * True if maintenance deleted files between the poll and the first row, so that it is repeated.
   */
  private boolean isExpired(MeshException why) {
    return world.isDisturbed() && why.errorCode() == ErrorCode.SNAPSHOT_EXPIRED;
  }

  private void apply(Copy copy) {
    Subscription<Map<String, Object>> subscription = subscription(copy);
    for (int count = 0; count < MOST_BATCHES; count++) {
      try (Batch<Map<String, Object>> batch = subscription.poll()) {
        if (batch.isEmpty()) {
          return;
        }
        List<Order> rows = rows(batch);
        String filter = batch.predicate().orElse("");
        if (!batch.id().equals(copy.applied)) {
          apply(copy, batch.kind(), filter, model.version(subscription.major()).form);
          copy.rows.addAll(rows);
          copy.applied = batch.id();
        }
        batch.ack();
      }
    }
    throw new BrokenLaw(Law.L5, "a subscription gets batches without end", "");
  }

  private static void apply(Copy copy, Batch.Kind kind, String filter, OrderForm form) {
    if (kind == Batch.Kind.RESET) {
      copy.rows.clear();
    } else if (!filter.isEmpty()) {
      copy.rows.removeIf(RowFilter.parse(filter, form)::test);
    }
  }

  private void plan(RolloutStep step, Copy copy, Version version) {
    if (copy.major == version.number) {
      return;
    }
    List<SubscriptionPlan> plans = new ArrayList<>();
    String purpose = copy.purpose;
    Copy moved = new Copy(copy.name, false, purpose, version.number);
    boolean done =
        world.call(
            step,
            text(moved, version, purpose) + ".plan()",
            process -> {
              plans.clear();
              plans.add(subscribe(process, moved, version, purpose).plan());
            });
    Version old = model.version(copy.major);
    if (done && plans.get(0).hasSamePublishes() && old.isKnown && version.isKnown) {
      SubscriptionPlan plan = plans.get(0);
      boolean same =
          RowLists.sorted(old.rows).equals(RowLists.sorted(version.rows))
              && model.pairs.stream().noneMatch(pair -> pair.apart);
      world.require(
          Law.L5,
          !same || plan.rowsBefore() == plan.rowsAfter(),
          "a plan counts " + plan.rowsBefore() + " and " + plan.rowsAfter() + " rows",
          "");
    }
  }
}
