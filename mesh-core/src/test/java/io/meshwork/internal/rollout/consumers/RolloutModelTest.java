package io.meshwork.internal.rollout.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.consumers.RolloutModel.Event;
import io.meshwork.internal.rollout.consumers.RolloutModel.Node;
import io.meshwork.internal.rollout.consumers.RolloutModel.World;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Visits every state of a rollout that eight events can reach, and checks what must hold whatever
 * happens. A build visits those of seven events of ends and amendments. The invariants use a plain
 * account of the events, and none of the rules.
 */
class RolloutModelTest {
  private static final int DEPTH = 8;
  private static final int SHORTER = 7;
  private static final long DAY = RolloutModel.DAY;

  private static final Set<Event> OF_NEW_VERSION =
      EnumSet.of(Event.ACTIVATE, Event.PUBLISH_ONLY_ONE, Event.A_READS_2, Event.B_READS_2);

  private Kind kind = Kind.NEW_MAJOR_VERSION;
  private RolloutModel model = new RolloutModel(kind);
  private final Map<World, Step> cameBy = new HashMap<>();
  private final Set<Event> accepted = EnumSet.noneOf(Event.class);
  private final Set<CheckedNode> checked = new HashSet<>();
  private Step step = new Step(model.start(), Event.ANNOUNCE);

  private record Step(World before, Event event) {}

  private record CheckedNode(Node consumer, int phase) {}

  @Test
  void noSequenceOfEightEventsBreaksAPromise() {
    visitAll(
        Kind.NEW_MAJOR_VERSION, DEPTH, EnumSet.complementOf(EnumSet.of(Event.HOT_FIX)), 50_000);
  }

  @Test
  void noSequenceOfSevenEventsEndsAProductTooEarly() {
    visitAll(Kind.END, SHORTER, eventsOfEnd(), 5_000);
  }

  @Tag("nightly")
  @Test
  void noSequenceOfEightEventsEndsAProductTooEarly() {
    visitAll(Kind.END, DEPTH, eventsOfEnd(), 10_000);
  }

  @Test
  void noSequenceOfSevenEventsWeakensAPromiseTooEarly() {
    visitAll(Kind.AMENDMENT, SHORTER, eventsOfAmendment(), 5_000);
  }

  @Tag("nightly")
  @Test
  void noSequenceOfEightEventsWeakensAPromiseTooEarly() {
    visitAll(Kind.AMENDMENT, DEPTH, eventsOfAmendment(), 10_000);
  }

  private static Set<Event> eventsOfEnd() {
    Set<Event> events = EnumSet.complementOf(EnumSet.copyOf(OF_NEW_VERSION));
    events.remove(Event.HOT_FIX);
    return events;
  }

  private static Set<Event> eventsOfAmendment() {
    Set<Event> events = EnumSet.complementOf(EnumSet.copyOf(OF_NEW_VERSION));
    events.removeAll(
        EnumSet.of(
            Event.CLOSE,
            Event.FORCE,
            Event.RESTORE,
            Event.ASK_DORMANT_B,
            Event.APPROVE_DORMANT_B,
            Event.A_MOVED,
            Event.B_MOVED));
    return events;
  }

  private void visitAll(Kind ofRollout, int depth, Set<Event> expected, int states) {
    kind = ofRollout;
    model = new RolloutModel(kind);
    step = new Step(model.start(), Event.ANNOUNCE);
    visit(model.start(), depth);

    assertThat(accepted).as("events that happened").isEqualTo(expected);
    assertThat(cameBy.size()).as("visited states").isGreaterThan(states);
  }

  private void visit(World start, int depth) {
    ArrayDeque<World> ahead = new ArrayDeque<>(List.of(start));
    cameBy.put(start, new Step(start, Event.NEXT_PHASE));
    for (int level = 1; level <= depth; level++) {
      ArrayDeque<World> next = new ArrayDeque<>();
      for (World world : ahead) {
        for (Event event : Event.values()) {
          World after = model.after(world, event).orElse(null);
          if (after != null) {
            accepted.add(event);
            step = new Step(world, event);
            checkStep(world, event, after);
            checkTracks(after);
            // The states of the last level are checked and not visited again.
            if (level < depth && cameBy.putIfAbsent(after, step) == null) {
              next.add(after);
            }
          }
        }
      }
      ahead = next;
    }
  }

  private void checkStep(World before, Event event, World after) {
    switch (event) {
      case RETIRE -> checkRetirement(before, after);
      case FORCE -> checkForce(before, after);
      case ABORT -> checkAbort(before, after);
      case NEXT_PHASE, AFTER_NOTICE -> checkReminders(before, after);
      default ->
          require(
              before.readable1() == after.readable1() || event == Event.RESTORE,
              "only a retirement makes v1 unreadable");
    }
    require(
        before.pointer() == after.pointer() || event == Event.PUBLISH_ONLY_ONE,
        "only a publish moves the pointer of v1");
    checkContract(before, event, after);
  }

  /** Promises are weakened only by the step that takes effect; what else was amended stays. */
  private void checkContract(World before, Event event, World after) {
    boolean weaker = fresh(after).equals(RolloutModel.STALER);
    require(weaker == (after.state() == Rollout.State.AMENDED), "weaker without the step, or not");
    require(
        event == Event.HOT_FIX
            || model.contract(after).description().equals(model.contract(before).description()),
        "a hot-fix is lost");
    require(
        !weaker
            || model
                .contract(after)
                .equals(
                    RolloutModel.CONTRACT
                        .description(model.contract(after).description())
                        .freshWithin(RolloutModel.STALER)),
        "the contract has other terms");
  }

  private Duration fresh(World world) {
    return model.contract(world).freshWithin().orElseThrow();
  }

  private void checkRetirement(World before, World after) {
    long now = before.now();
    boolean allLeft = true;
    for (ModelConsumer consumer : consumers(before)) {
      boolean gone = consumer.isGone(kind, now);
      allLeft &= gone;
      require(consumer.isReleased(kind, now), "unreleased loses v1", consumer);
      require(gone || now >= (consumer.date() + 1) * DAY, "date lost", consumer);
    }
    require(allLeft || now >= (RolloutModel.NOTICE + 1) * DAY, "the notice was cut short");
    require(
        before.state()
            == (kind == Kind.AMENDMENT ? Rollout.State.ANNOUNCED : Rollout.State.CLOSING),
        "retired without closing");
    require(!before.apart(), "retired although the versions differ");
    require(after.readable1() == (kind == Kind.AMENDMENT), "an amendment retires no version");
  }

  private void checkForce(World before, World after) {
    long now = before.now();
    for (ModelConsumer consumer : consumers(before)) {
      boolean gone = consumer.isGone(kind, now);
      boolean named = after.forced().contains(consumer.facts().consumer());
      require(named == !consumer.isReleased(kind, now), "named by force", consumer);
      require(gone || now >= (consumer.date() + 1) * DAY, "force took a date", consumer);
    }
    require(now >= (RolloutModel.NOTICE + 1) * DAY, "force skipped the notice");
    require(!before.apart(), "force retired although the versions differ");
  }

  private void checkAbort(World before, World after) {
    require(after.readable1() && !after.readable2(), "abort leaves v1 alone");
    for (ModelConsumer consumer : consumers(before)) {
      boolean uses2 =
          !consumer.left() && consumer.read2() > 0 && before.now() - consumer.read2() < 35 * DAY;
      require(!uses2, "abort takes v2 from", consumer);
    }
    require(
        before.state() != Rollout.State.RETIRED && before.state() != Rollout.State.AMENDED,
        "abort after the end of the rollout");
  }

  /** Who can lose v1 on its date heard of it during the three days before. */
  private void checkReminders(World before, World after) {
    if (!RolloutModel.isOpen(before.state())) {
      return;
    }
    int from = RolloutModel.PHASES[before.phase()];
    int to = RolloutModel.PHASES[after.phase()];
    for (int i = 0; i < consumers(before).size(); i++) {
      ModelConsumer consumer = consumers(before).get(i);
      int date = consumer.date();
      boolean passes = from < date && date < to && !consumer.isReleased(kind, (date + 1) * DAY - 1);
      int reminded = consumers(after).get(i).remindedDay();
      require(
          !passes || (reminded > date - 3 && reminded <= date),
          "not reminded before its date",
          consumer);
    }
  }

  private void checkTracks(World world) {
    if (world.state() == Rollout.State.PLANNED) {
      return;
    }
    for (Node node : world.nodes()) {
      if (checked.add(new CheckedNode(node, world.phase()))) {
        checkTrack(node.consumer(), node.track(world.phase()), world.now());
      }
    }
  }

  private void checkTrack(ModelConsumer consumer, TrackStatus track, long now) {
    boolean silent = consumer.read2() == 0 && consumer.moved() == 0;
    require(
        !silent || (track.state() != State.MIGRATED && track.state() != State.MIGRATING),
        "silence counts as moved",
        track);
    require(
        track.date().equals(ModelConsumer.date(consumer.date())),
        "the date is not the one that was agreed",
        consumer,
        track);
    require(
        track.released() == consumer.isReleased(kind, now),
        "released without reason, or not",
        consumer,
        track);
  }

  private static List<ModelConsumer> consumers(World world) {
    return world.nodes().stream().map(Node::consumer).toList();
  }

  private void require(boolean holds, String what, Object... about) {
    if (!holds) {
      throw new AssertionError(what + " " + List.of(about) + "\n  after " + path());
    }
  }

  private List<Event> path() {
    List<Event> events = new ArrayList<>(List.of(step.event()));
    World at = step.before();
    while (cameBy.get(at) != null && cameBy.get(at).before() != at) {
      events.add(0, cameBy.get(at).event());
      at = cameBy.get(at).before();
    }
    return events;
  }
}
